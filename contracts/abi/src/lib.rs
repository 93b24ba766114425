//! The Solidity interfaces of the Weir contracts as clients see them: messages, events, errors.
//!
//! Shells and clients meet here. A test proves that the built contracts answer exactly these selectors.

#![forbid(unsafe_code)]
#![allow(clippy::too_many_arguments, reason = "the sol! macro makes a function of every message")]
#![allow(missing_docs, reason = "the sol! macro documents what the interface documents")]

pub mod admin;
pub mod error;
pub mod feed;
pub mod governor;
pub mod lens;
pub mod liquidator;
pub mod mocks;
pub mod pool;
pub mod token;
pub mod wrapped;

pub use admin::Admin;
pub use error::ContractError;
pub use feed::PriceFeed;
pub use governor::Governor;
pub use lens::Lens;
pub use liquidator::Liquidator;
pub use mocks::{MockAmm, MockFlashBorrower, Venue};
pub use pool::{FlashReceiver, LiquidationReceiver, Pool};
pub use token::{Erc20, MockToken};
pub use wrapped::Wrapped;

pub use {alloy_json_abi, alloy_primitives, alloy_sol_types};

use alloy_json_abi::JsonAbi;

/// The contracts, by the names under which they are built.
pub const CONTRACTS: [&str; 11] = [
    "pool",
    "admin",
    "lens",
    "price-feed",
    "feed-admin",
    "token",
    "wrapped",
    "governor",
    "liquidator",
    "amm",
    "flash-borrower",
];

/// The standard Solidity ABI of a contract of [`CONTRACTS`].
#[must_use]
pub fn abi(contract: &str) -> Option<JsonAbi> {
    Some(match contract {
        "pool" => Pool::abi::contract(),
        "admin" => Admin::abi::contract(),
        "lens" => Lens::abi::contract(),
        "price-feed" => PriceFeed::abi::contract(),
        "feed-admin" => feed::rare(),
        "token" => MockToken::abi::contract(),
        "wrapped" => Wrapped::abi::contract(),
        "governor" => Governor::abi::contract(),
        "liquidator" => Liquidator::abi::contract(),
        "amm" => MockAmm::abi::contract(),
        "flash-borrower" => MockFlashBorrower::abi::contract(),
        _ => return None,
    })
}
