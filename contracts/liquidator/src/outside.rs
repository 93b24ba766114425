//! Calls to the pool and to the venue. One that says why it refuses ends the message with its own error.

use crate::{
    arguments::Job,
    refuse::{Refusal, word},
};
use ink::codegen::sol::selector_bytes;
use weir_core::address::Address;
use weir_shell::{
    chain::{self, Entry},
    writer::Writer,
};

const LIQUIDATE: [u8; 4] =
    selector_bytes("liquidate(address,address,address,uint128,uint128,bool,bytes)");
const FLASH_LOAN: [u8; 4] = selector_bytes("flashLoan(address,address,uint256,bytes)");
const SWAP: [u8; 4] = selector_bytes("swap(address,address,uint128,uint128,address)");

/// Most bytes of an error that is passed on; those of Weir have 68.
const ERROR: usize = 256;

/// Liquidates. With `callback` the pool calls back before it takes the repayment.
pub fn liquidate(pool: &Address, job: &Job, callback: bool) {
    let mut buffer = [0; 4 + 9 * 32];
    let mut input = Writer::new(&mut buffer);
    input.raw(&LIQUIDATE);
    input.address(&job.borrower);
    input.address(&job.debt);
    input.address(&job.collateral);
    input.number(job.max_repay);
    input.number(job.min_seized);
    // Assets, not shares: what is sold is tokens.
    input.number(0);
    input.number(7 * 32);
    // Any data asks for the callback.
    input.bytes(if callback { &[1] } else { &[] });
    let entry = if callback { Entry::Open } else { Entry::Closed };
    call(entry, pool, input.written());
}

/// Borrows what the job may repay, and has the pool call back with what it is for.
pub fn flash_loan(pool: &Address, job: &Job) {
    let mut buffer = [0; 4 + 8 * 32];
    let mut input = Writer::new(&mut buffer);
    input.raw(&FLASH_LOAN);
    input.address(&chain::this());
    input.address(&job.debt);
    input.number(job.max_repay);
    input.number(4 * 32);
    input.number(3 * 32);
    input.address(&job.borrower);
    input.address(&job.collateral);
    input.number(job.min_seized);
    call(Entry::Open, pool, input.written());
}

/// Sells all of `amount` for whatever it brings: whether that was enough is judged at the end of the job.
pub fn swap(venue: &Address, from: &Address, to: &Address, amount: u128) {
    let mut buffer = [0; 4 + 5 * 32];
    let mut input = Writer::new(&mut buffer);
    input.raw(&SWAP);
    input.address(from);
    input.address(to);
    input.number(amount);
    input.number(0);
    input.address(&chain::this());
    call(Entry::Closed, venue, input.written());
}

/// A call to an address without code would succeed with nothing done.
pub fn require_code(target: &Address) {
    if !chain::has_code(target) {
        Refusal::NotContract.end(&[word(target), word(0_u8)]);
    }
}

fn call(entry: Entry, target: &Address, input: &[u8]) {
    let mut buffer = [0; ERROR];
    match chain::call(entry, target, input, &mut buffer) {
        (Ok(()), _) => {}
        (Err(chain::REVERTED), error) if error.len() >= 4 => chain::revert(error),
        (Err(code), _) => Refusal::TargetFailed.end(&[word(target), word(u32::from(code))]),
    }
}
