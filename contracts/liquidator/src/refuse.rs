//! What the liquidator refuses, and words of its interface.

use weir_core::{
    address::Address,
    error::Word,
    units::{Assets, Overflow},
};
use weir_shell::token::TokenFailure;

weir_shell::refusals! {
    NotOwner = "NotOwner(uint256,uint256)",
    UnexpectedCallback = "UnexpectedCallback(uint256,uint256)",
    JobOpen = "JobOpen(uint256,uint256)",
    ProfitTooSmall = "ProfitTooSmall(uint256,uint256)",
    TokenFailed = "TokenFailed(uint256,uint256)",
    TargetFailed = "TargetFailed(uint256,uint256)",
    NotContract = "NotContract(uint256,uint256)",
    Overflow = "Overflow(uint256,uint256)",
    Corrupt = "Corrupt(uint256,uint256)",
}

/// A word of the interface.
pub fn word(value: impl Into<Word>) -> [u8; 32] {
    value.into().to_be_bytes()
}

/// What a token answered, or the end of the message.
pub fn moved<T>(token: &Address, result: Result<T, TokenFailure>) -> T {
    result
        .unwrap_or_else(|TokenFailure(flags)| Refusal::TokenFailed.end(&[word(token), word(flags)]))
}

/// The sum, or the end of the message.
pub fn fits(result: Result<Assets, Overflow>) -> Assets {
    result.unwrap_or_else(|_| Refusal::Overflow.end(&[word(0_u8), word(0_u8)]))
}
