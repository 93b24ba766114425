//! Rare operations: the code of the admin contract, run in the storage of the pool.

use weir_core::{
    address::Address,
    error::{Code, Word, refuse, refuse_one},
};
use weir_shell::{
    chain::{self, CallData, REVERTED},
    host,
    reader::{Range, Source as _},
    writer::Writer,
};

/// Longest call of the admin contract in bytes: `list` has 36 words.
const MAX_CALL: usize = 1_280;
/// Longest answer or error of it.
const MAX_ANSWER: usize = 1_024;

/// Runs the call and ends the message: with what the admin contract returned, or with its error.
#[inline(never)]
pub fn administer(admin: &Address, call: Range) -> ! {
    let mut input = [0; MAX_CALL];
    let Some(input) = input.get_mut(..call.length) else {
        let length = u64::try_from(call.length).unwrap_or(u64::MAX);
        host::refuse(&refuse(Code::BadParameter, Word::from(0_u8), Word::from(length)));
    };
    CallData.copy(call.start, input);
    let mut output = [0; MAX_ANSWER];
    let (result, output) = chain::delegate_call(admin, input, &mut output);
    match result {
        Ok(()) => answer(output),
        Err(REVERTED) => chain::revert(output),
        Err(_) => host::refuse(&refuse_one(Code::CallbackRefused, Word::from(admin))),
    }
}

/// Ends the message with a `bytes`.
fn answer(output: &[u8]) -> ! {
    let mut buffer = [0; 64 + MAX_ANSWER];
    let mut answer = Writer::new(&mut buffer);
    answer.length(32);
    answer.bytes(output);
    chain::answer(answer.written())
}
