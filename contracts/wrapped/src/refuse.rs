//! What the token refuses, and words of its interface.

use weir_core::error::Word;

weir_shell::refusals! {
    ERC20InsufficientBalance = "ERC20InsufficientBalance(address,uint256,uint256)",
    ERC20InsufficientAllowance = "ERC20InsufficientAllowance(address,uint256,uint256)",
    ERC20InvalidReceiver = "ERC20InvalidReceiver(address)",
    NotWhole = "NotWhole(uint256,uint256)",
    PaymentFailed = "PaymentFailed(uint256,uint256)",
    BadParameter = "BadParameter(uint256,uint256)",
    Overflow = "Overflow(uint256,uint256)",
    ZeroAmount = "ZeroAmount(uint256,uint256)",
}

/// A word of the interface.
pub fn word(value: impl Into<Word>) -> [u8; 32] {
    value.into().to_be_bytes()
}
