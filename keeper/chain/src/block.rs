//! Blocks as Weir sees them: what contracts emitted, and how each transaction ended.

use crate::{account::AccountId, error::DispatchFailure};
use alloy_primitives::{Address, B256, LogData};
use alloy_sol_types::SolEvent;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Names a block by number (on the best chain) or by hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockId {
    /// By number.
    Number(u64),
    /// By hash.
    Hash(B256),
}

impl From<u64> for BlockId {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<B256> for BlockId {
    fn from(hash: B256) -> Self {
        Self::Hash(hash)
    }
}

impl From<BlockRef> for BlockId {
    fn from(block: BlockRef) -> Self {
        Self::Hash(block.hash)
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Hash(hash) => hash.fmt(f),
        }
    }
}

/// A block that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlockRef {
    /// Its height.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// The chain's clock in it, in seconds: what contracts see as the time.
    pub timestamp_secs: u64,
}

/// A block with what happened in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its height.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// Hash of the block before.
    pub parent: B256,
    /// The chain's clock in it, in seconds: what contracts see as the time.
    pub timestamp_secs: u64,
    /// What contracts emitted, in order.
    pub events: Vec<ContractEvent>,
    /// Contracts that came to be, in order.
    pub instantiated: Vec<Instantiated>,
    /// How each transaction ended, by index.
    pub extrinsics: Vec<ExtrinsicResult>,
}

impl Block {
    /// The block without its content.
    #[must_use]
    pub fn at(&self) -> BlockRef {
        BlockRef { number: self.number, hash: self.hash, timestamp_secs: self.timestamp_secs }
    }
}

/// An event of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractEvent {
    /// The contract.
    pub contract: Address,
    /// Topics; the first is the hash of the event's signature.
    pub topics: Vec<B256>,
    /// Fields that are no topics.
    pub data: Vec<u8>,
    /// Index of the transaction in its block.
    pub extrinsic: Option<u32>,
}

impl ContractEvent {
    /// Whether the signature is that of `E`. Other contracts may emit the same signature: look at `contract` too.
    #[must_use]
    pub fn is<E: SolEvent>(&self) -> bool {
        self.topics.first() == Some(&E::SIGNATURE_HASH)
    }

    /// Decodes the event; `None` if it is another one, or if its bytes do not fit.
    #[must_use]
    pub fn decode<E: SolEvent>(&self) -> Option<E> {
        if !self.is::<E>() {
            return None;
        }
        let log = LogData::new(self.topics.clone(), self.data.clone().into())?;
        E::decode_log_data(&log).ok()
    }
}

/// A contract that came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instantiated {
    /// Who made it.
    pub deployer: Address,
    /// Where it is.
    pub contract: Address,
    /// Index of the transaction in its block.
    pub extrinsic: Option<u32>,
}

/// How a transaction ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtrinsicResult {
    /// Index in the block.
    pub index: u32,
    /// Why it failed, if it did.
    pub failure: Option<DispatchFailure>,
    /// Fee with tip, in native units; 0 for what nobody pays.
    pub fee: u128,
    /// Who paid.
    pub payer: Option<AccountId>,
    /// For a batch: why each item failed, or `None` where it did not, in order.
    pub items: Vec<Option<DispatchFailure>>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

    use super::ContractEvent;
    use alloy_primitives::Address;
    use alloy_sol_types::SolEvent as _;
    use weir_abi::Pool;

    #[test]
    fn an_event_decodes_to_what_was_emitted_and_to_nothing_else() {
        let asset = Address::repeat_byte(1);
        let account = Address::repeat_byte(2);
        let sent = Pool::Supplied { asset, account, caller: account, assets: 5, shares: 7 };
        let log = sent.encode_log_data();
        let event = ContractEvent {
            contract: asset,
            topics: log.topics().to_vec(),
            data: log.data.to_vec(),
            extrinsic: None,
        };
        let back = event.decode::<Pool::Supplied>().unwrap();
        assert_eq!((back.asset, back.account, back.assets, back.shares), (asset, account, 5, 7));
        assert!(event.decode::<Pool::Repaid>().is_none());
        let cut = ContractEvent { data: event.data[..32].to_vec(), ..event };
        assert!(cut.decode::<Pool::Supplied>().is_none());
    }
}
