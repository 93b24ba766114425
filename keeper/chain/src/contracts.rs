//! The contracts as typed handles. A handle is a connection and an address, cheap to clone.
//!
//! Messages that change something give a [`ContractCall`](crate::ContractCall) to be sent with a [`Sender`](crate::Sender); views are asked
//! at a block.

mod admin;
mod feed;
mod governor;
mod lens;
mod pool;
mod token;
mod wrapped;

pub use admin::AdminHandle;
pub use feed::FeedHandle;
pub use governor::GovernorHandle;
pub use lens::LensHandle;
pub use pool::{Liquidation, PoolHandle};
pub use token::TokenHandle;
pub use wrapped::WrappedHandle;

use crate::error::ChainError;
use alloy_primitives::U256;

/// What every handle has.
macro_rules! handle {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, Debug)]
        pub struct $name {
            client: crate::client::Client,
            address: alloy_primitives::Address,
        }

        impl $name {
            /// A handle to the contract at that address.
            #[must_use]
            pub fn new(client: crate::client::Client, address: alloy_primitives::Address) -> Self {
                Self { client, address }
            }

            /// The contract's address.
            #[must_use]
            pub fn address(&self) -> alloy_primitives::Address {
                self.address
            }

            /// The connection.
            #[must_use]
            pub fn client(&self) -> &crate::client::Client {
                &self.client
            }

            /// Any message of the interface, as a call.
            #[must_use]
            pub fn message<C: alloy_sol_types::SolCall>(&self, call: &C) -> crate::client::ContractCall {
                crate::client::ContractCall::new(self.address, call)
            }

            #[allow(dead_code, reason = "not every contract has views")]
            async fn ask<C: alloy_sol_types::SolCall>(
                &self,
                at: alloy_primitives::B256,
                call: &C,
            ) -> Result<C::Return, crate::error::ChainError> {
                self.client.view(at, self.address, call).await
            }
        }
    };
}
use handle;

/// An amount that has to fit 128 bits.
fn narrow(what: &str, amount: U256) -> Result<u128, ChainError> {
    u128::try_from(amount).map_err(|_| ChainError::TooLarge { what: what.to_owned() })
}
