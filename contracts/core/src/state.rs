//! What a pool stores: one root, one item per reserve, one per account, one per operator of an account, and the list of
//! who ever owed something.
//!
//! Every item is fixed-width and little-endian, so that two versions of a program agree on it byte for byte, and none
//! is longer than the 416 bytes of a storage item of the pallet.

pub mod account;
pub mod codec;
pub mod control;
pub mod indebted;
pub mod keys;
pub mod limits;
pub mod operator;
pub mod pause;
pub mod price;
pub mod rates;
pub mod reserve;
pub mod risk;
pub mod root;
pub mod steering;

pub use account::{ACCOUNT_MAX_LEN, Account, DebtLeg, MAX_DEBTS, MAX_SUPPLIES, SupplyLeg};
pub use codec::Corrupt;
pub use operator::{Grant, permission};
pub use reserve::{Balances, Fees, Flags, Reserve, ReserveId};
pub use root::Root;

/// Longest storage item of the pallet in bytes.
pub const MAX_ITEM: usize = 416;
