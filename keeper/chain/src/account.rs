//! Native accounts: 32 bytes on the Substrate side, and the 20-byte address under which contracts see them.

use alloy_primitives::{Address, keccak256};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use subxt::utils::AccountId32;

/// A native account.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(pub [u8; 32]);

impl AccountId {
    /// The address under which contracts see this account (`pallet_revive::AccountId32Mapper`): the last 20 bytes of
    /// the Keccak hash; for accounts that were made from an address (they end with twelve 0xEE) that address.
    #[must_use]
    pub fn address(&self) -> Address {
        let (head, tail) = self.0.split_at(20);
        if tail == [0xEE; 12] {
            return Address::from_slice(head);
        }
        Address::from_word(keccak256(self.0))
    }

    /// The account behind an address that no key was mapped to: contracts, and addresses of Ethereum keys.
    #[must_use]
    pub fn fallback(address: Address) -> Self {
        let mut bytes = [0xEE; 32];
        let (head, _) = bytes.split_at_mut(20);
        head.copy_from_slice(address.as_slice());
        Self(bytes)
    }

    pub(crate) fn native(self) -> AccountId32 {
        AccountId32(self.0)
    }
}

impl From<AccountId32> for AccountId {
    fn from(account: AccountId32) -> Self {
        Self(account.0)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.native().fmt(f)
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is no SS58 address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no SS58 address: {reason}")]
pub struct AccountError {
    given: String,
    reason: String,
}

impl FromStr for AccountId {
    type Err = AccountError;

    fn from_str(text: &str) -> Result<Self, AccountError> {
        AccountId32::from_str(text)
            .map(Self::from)
            .map_err(|error| AccountError { given: text.to_owned(), reason: error.to_string() })
    }
}

impl Serialize for AccountId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::AccountId;
    use alloy_primitives::{Address, address};

    /// Alice's well-known account and the address that revive's development chains list for her.
    #[test]
    fn alice_has_her_published_address() {
        let alice: AccountId = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY".parse().unwrap();
        assert_eq!(alice.address(), address!("9621dde636de098b43efb0fa9b61facfe328f99d"));
        assert_eq!(alice.to_string(), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
    }

    #[test]
    fn a_contracts_account_leads_back_to_its_address() {
        let address = Address::repeat_byte(0x12);
        assert_eq!(AccountId::fallback(address).address(), address);
    }

    #[test]
    fn a_mistyped_account_is_refused() {
        let error =
            "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQX".parse::<AccountId>().unwrap_err();
        assert!(error.to_string().contains("checksum"), "{error}");
    }
}
