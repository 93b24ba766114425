//! Calls to listed tokens.
//!
//! A token is believed only if it returns exactly one word that is `true`: what returns nothing, something else or
//! something longer did not say that it paid. That it has code is checked once, at listing.

use crate::chain::{self, Entry, Failure};
use crate::writer::Writer;
use ink::codegen::sol::selector_bytes;
use weir_core::{address::Address, error::Word};

const TRANSFER: [u8; 4] = selector_bytes("transfer(address,uint256)");
const TRANSFER_FROM: [u8; 4] = selector_bytes("transferFrom(address,address,uint256)");
const APPROVE: [u8; 4] = selector_bytes("approve(address,uint256)");
const BALANCE_OF: [u8; 4] = selector_bytes("balanceOf(address)");
const DECIMALS: [u8; 4] = selector_bytes("decimals()");

/// A word, and one byte more, by which a longer answer is noticed.
const ANSWER: usize = 33;

/// How a token failed: the host's code of the call, zero where it answered something else than `true`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenFailure(pub u32);

/// Moves `amount` from `owner`, who allowed it, to `to`.
///
/// # Errors
/// [`TokenFailure`].
#[inline(never)]
pub fn transfer_from(
    token: &Address,
    owner: &Address,
    to: &Address,
    amount: u128,
) -> Result<(), TokenFailure> {
    let mut buffer = [0; 4 + 3 * 32];
    let mut input = Writer::new(&mut buffer);
    input.raw(&TRANSFER_FROM);
    input.address(owner);
    input.address(to);
    input.number(amount);
    pay(token, input.written())
}

/// Moves `amount` from this contract to `to`.
///
/// # Errors
/// [`TokenFailure`].
#[inline(never)]
pub fn transfer(token: &Address, to: &Address, amount: u128) -> Result<(), TokenFailure> {
    let mut buffer = [0; 4 + 2 * 32];
    let mut input = Writer::new(&mut buffer);
    input.raw(&TRANSFER);
    input.address(to);
    input.number(amount);
    pay(token, input.written())
}

/// Lets `spender` take `amount` of this contract's tokens.
///
/// # Errors
/// [`TokenFailure`].
pub fn approve(token: &Address, spender: &Address, amount: u128) -> Result<(), TokenFailure> {
    let mut buffer = [0; 4 + 2 * 32];
    let mut input = Writer::new(&mut buffer);
    input.raw(&APPROVE);
    input.address(spender);
    input.number(amount);
    pay(token, input.written())
}

fn pay(token: &Address, input: &[u8]) -> Result<(), TokenFailure> {
    let mut buffer = [0; ANSWER];
    let (result, answer) = chain::call(Entry::Closed, token, input, &mut buffer);
    result.map_err(failure)?;
    if answer == Word::from(true).to_be_bytes() { Ok(()) } else { Err(TokenFailure(0)) }
}

/// What `holder` has.
///
/// # Errors
/// [`TokenFailure`], also where it is more than a `u128`.
pub fn balance_of(token: &Address, holder: &Address) -> Result<u128, TokenFailure> {
    let mut buffer = [0; 4 + 32];
    let mut input = Writer::new(&mut buffer);
    input.raw(&BALANCE_OF);
    input.address(holder);
    ask(token, input.written())
}

/// The token's decimals.
///
/// # Errors
/// [`TokenFailure`], also where they are more than a `u8`.
pub fn decimals(token: &Address) -> Result<u8, TokenFailure> {
    let decimals = ask(token, &DECIMALS)?;
    u8::try_from(decimals).map_err(|_| TokenFailure(0))
}

fn ask(token: &Address, input: &[u8]) -> Result<u128, TokenFailure> {
    let mut buffer = [0; ANSWER];
    let (result, answer) = chain::call(Entry::ReadOnly, token, input, &mut buffer);
    result.map_err(failure)?;
    let (high, low) = answer.split_first_chunk::<16>().ok_or(TokenFailure(0))?;
    let low = <[u8; 16]>::try_from(low).map_err(|_| TokenFailure(0))?;
    if *high == [0; 16] { Ok(u128::from_be_bytes(low)) } else { Err(TokenFailure(0)) }
}

fn failure(code: Failure) -> TokenFailure {
    TokenFailure(code.into())
}
