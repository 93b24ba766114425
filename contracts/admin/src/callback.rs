//! The callback of a liquidation with data.
//!
//! The liquidator has the collateral by then and may do what he likes with it, calls to this pool included: everything
//! is stored, and no check is pending. What works on prices or lends within a call is refused until he is back.

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
const MAX_DATA: usize = 4_096;
/// Selector, six words of head, length of the data.
const HEAD: usize = 4 + 7 * 32;

const ON_LIQUIDATE: [u8; 4] =
    ink::codegen::sol::selector_bytes("onLiquidate(address,address,address,uint128,uint128,bytes)");
/// What the receiver answers if it means the callback.
const CONFIRMED: [u8; 32] = ink::codegen::sol::keccak_256(b"WeirLiquidator.onLiquidate");

/// Whether a callback to `receiver` with this data can begin; ends the message if not.
pub fn check(receiver: &Address, data: Range) {
    lock::refuse_while_open();
    if data.length > MAX_DATA {
        let length = u64::try_from(data.length).unwrap_or(u64::MAX);
        // The seventh argument of `liquidate`.
        host::refuse(&refuse(Code::BadParameter, Word::from(6_u8), Word::from(length)));
    }
    if !chain::has_code(receiver) {
        host::refuse(&refuse_one(Code::NotContract, Word::from(receiver)));
    }
}

/// Calls the receiver; ends the message if it does not confirm.
#[inline(never)]
pub fn call(receiver: &Address, order: &Order, outcome: &Outcome, data: Range) {
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
    let padded = data.length.next_multiple_of(32);
    // The padding of the calldata was not looked at; what is passed on is clean.
    if let Some(tail) = buffer.get_mut(HEAD..HEAD + data.length) {
        CallData.copy(data.start, tail);
    }
    let input = buffer.get(..HEAD + padded).unwrap_or_default();
    let mut answer = [0; 33];
    lock::close();
    let (result, answer) = chain::call(Entry::Open, receiver, input, &mut answer);
    lock::open();
    if result.is_err() || answer != CONFIRMED {
        host::refuse(&refuse_one(Code::CallbackRefused, Word::from(receiver)));
    }
}
