//! Callbacks: what a liquidator with data and a receiver of a flash loan are called with.
//!
//! They have the tokens by then and may do what they like with them, calls to this pool included: everything is stored,
//! and no check is pending. What works on prices or lends within a call is refused until they are back.

use weir_core::{
    address::Address,
    error::{Code, Word, refuse, refuse_one},
    liquidate::{Order, Outcome},
};
use weir_shell::{
    chain::{self, CallData, Entry},
    host, lock,
    reader::{Range, Source as _},
    writer::Writer,
};

/// Most bytes of data that are passed on.
pub const MAX_DATA: usize = 4_096;
/// Selector, six words of head, length of the data.
const HEAD: usize = 4 + 7 * 32;

const ON_LIQUIDATE: [u8; 4] =
    ink::codegen::sol::selector_bytes("onLiquidate(address,address,address,uint128,uint128,bytes)");
/// What the receiver answers if it means the callback.
const CONFIRMED: [u8; 32] = ink::codegen::sol::keccak_256(b"WeirLiquidator.onLiquidate");

/// Whether a callback to `receiver` with this data, an argument of the message at `place`, can begin; ends the message
/// if not.
pub fn check(receiver: &Address, data: Range, place: u8) {
    lock::refuse_while_open();
    if data.length > MAX_DATA {
        let length = u64::try_from(data.length).unwrap_or(u64::MAX);
        host::refuse(&refuse(Code::BadParameter, Word::from(place), Word::from(length)));
    }
    if !chain::has_code(receiver) {
        host::refuse(&refuse_one(Code::NotContract, Word::from(receiver)));
    }
}

/// Calls a liquidator; ends the message if it does not confirm.
#[inline(never)]
pub fn on_liquidate(receiver: &Address, order: &Order, outcome: &Outcome, data: Range) {
    let mut buffer = [0; HEAD + MAX_DATA];
    let mut input = Writer::new(&mut buffer);
    input.raw(&ON_LIQUIDATE);
    input.address(&order.borrower);
    input.address(&order.debt);
    input.address(&order.collateral);
    input.number(outcome.repay.0);
    input.number(outcome.pay_out.0);
    input.length(6 * 32);
    input.length(data.length);
    let head = input.used();
    call(receiver, &mut buffer, head, data, &CONFIRMED);
}

/// Calls a receiver with what stands in the first `head` bytes of the buffer and the data behind it; ends the message
/// if it does not confirm.
#[inline(never)]
pub fn call(receiver: &Address, buffer: &mut [u8], head: usize, data: Range, confirmed: &[u8; 32]) {
    // The padding of the calldata was not looked at; what is passed on is clean.
    if let Some(tail) = buffer.get_mut(head..head + data.length) {
        CallData.copy(data.start, tail);
    }
    let end = head + data.length.next_multiple_of(32);
    let input = buffer.get(..end).unwrap_or_default();
    let mut answer = [0; 33];
    lock::close();
    let (result, answer) = chain::call(Entry::Open, receiver, input, &mut answer);
    lock::open();
    if result.is_err() || answer != confirmed {
        host::refuse(&refuse_one(Code::CallbackRefused, Word::from(receiver)));
    }
}
