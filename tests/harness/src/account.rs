//! Who signs.

use alloy_primitives::Address;
use pallet_revive::AddressMapper;
use sp_runtime::traits::{BlakeTwo256, Hash};
use weir_runtime::{AccountId, Runtime};

/// An account with the address under which contracts see it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    /// The account of the chain.
    pub id: AccountId,
    /// What a contract sees as caller.
    pub address: Address,
}

impl Account {
    /// The account of the chain's 32 bytes.
    pub fn new(id: AccountId) -> Self {
        let address = <Runtime as pallet_revive::Config>::AddressMapper::to_address(&id);
        Self { id, address: Address::from(address.0) }
    }

    /// The account that belongs to a name: the same in every world. Holds nothing until it is funded.
    pub fn named(name: &str) -> Self {
        Self::new(AccountId::new(BlakeTwo256::hash(name.as_bytes()).0))
    }
}
