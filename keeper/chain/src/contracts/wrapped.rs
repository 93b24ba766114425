//! The native token as an ERC-20. What every token can do is with [`TokenHandle`](super::TokenHandle).

use super::handle;
use crate::client::ContractCall;
use alloy_primitives::U256;
use weir_abi::Wrapped;

handle! {
    /// The wrapper of the native token. Amounts are native units, which are its tokens' smallest units.
    WrappedHandle
}

impl WrappedHandle {
    /// Turns native money into tokens.
    #[must_use]
    pub fn deposit(&self, amount: u128) -> ContractCall {
        ContractCall { value: amount, ..self.message(&Wrapped::depositCall {}) }
    }

    /// Turns tokens into native money.
    #[must_use]
    pub fn withdraw(&self, amount: u128) -> ContractCall {
        self.message(&Wrapped::withdrawCall { amount: U256::from(amount) })
    }
}
