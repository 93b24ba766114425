//! Moves tokens after everything is stored. A token that fails ends the message.

use crate::{
    chain, host,
    token::{self, TokenFailure},
};
use weir_core::{
    address::Address,
    error::{Code, Word, refuse},
    transfers::{Direction, Transfers},
    units::Assets,
};

/// Pulls from `caller`, then pushes to `to`: one call per token.
pub fn settle(caller: &Address, to: &Address, transfers: &Transfers) {
    for transfer in transfers.iter() {
        match transfer.direction {
            Direction::Pull => pull(&transfer.token, caller, transfer.amount),
            Direction::Push => push(&transfer.token, to, transfer.amount),
        }
    }
}

/// Takes tokens that their owner allowed the pool to take; none, no call.
#[inline(never)]
pub fn pull(token: &Address, owner: &Address, amount: Assets) {
    if !amount.is_zero() {
        check(token, token::transfer_from(token, owner, &chain::this(), amount.0));
    }
}

/// Gives tokens away; none, no call.
#[inline(never)]
pub fn push(token: &Address, to: &Address, amount: Assets) {
    if !amount.is_zero() {
        check(token, token::transfer(token, to, amount.0));
    }
}

fn check(token: &Address, moved: Result<(), TokenFailure>) {
    if let Err(TokenFailure(flags)) = moved {
        host::refuse(&refuse(Code::TokenFailed, Word::from(token), Word::from(flags)));
    }
}
