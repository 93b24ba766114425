//! Moves tokens after everything is stored.

use weir_core::{
    address::Address,
    error::{Code, Word, refuse},
    transfers::{Direction, Transfers},
};
use weir_shell::{chain, host, token};

/// Pulls from `caller`, then pushes to `to`: one call per token. Ends the message if a token fails.
pub fn settle(caller: &Address, to: &Address, transfers: &Transfers) {
    let this = chain::this();
    for transfer in transfers.iter() {
        let (token, amount) = (&transfer.token, transfer.amount.0);
        let moved = match transfer.direction {
            Direction::Pull => token::transfer_from(token, caller, &this, amount),
            Direction::Push => token::transfer(token, to, amount),
        };
        if let Err(failure) = moved {
            let flags = Word::from(failure.0);
            host::refuse(&refuse(Code::TokenFailed, Word::from(token), flags));
        }
    }
}
