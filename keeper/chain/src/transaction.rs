//! A transaction before it is signed.

use crate::{
    client::{ContractCall, Weight},
    runtime::{ContractDispatch, RuntimeCall},
};
use alloy_primitives::Address;

/// Blocks a transaction lives for unless told otherwise: long enough for a full pool, short enough to be given up.
pub(crate) const PERIOD: u64 = 64;

/// What a batch does when one of its calls fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchMode {
    /// Everything is undone.
    All,
    /// The others go on; see [`Included::items`](crate::Included::items).
    Force,
}

/// A transaction with its limits, ready to be signed.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub(crate) call: RuntimeCall,
    pub(crate) tip: u128,
    pub(crate) period: u64,
    pub(crate) nonce: Option<u64>,
}

impl Transaction {
    pub(crate) fn new(call: RuntimeCall) -> Self {
        Self { call, tip: 0, period: PERIOD, nonce: None }
    }

    /// A tip for whoever makes the block, in native units; raises the priority.
    #[must_use]
    pub fn tip(mut self, tip: u128) -> Self {
        self.tip = tip;
        self
    }

    /// Lives for at most this many blocks (rounded up to a power of two from 4 to 4096).
    #[must_use]
    pub fn mortal(mut self, blocks: u64) -> Self {
        self.period = blocks.clamp(4, 4096).next_power_of_two();
        self
    }

    /// Takes this nonce instead of the next one: replaces a transaction that waits in the pool, if the tip is higher.
    #[must_use]
    pub fn nonce(mut self, nonce: u64) -> Self {
        self.nonce = Some(nonce);
        self
    }

    /// The weight it may use at most.
    #[must_use]
    pub fn weight(&self) -> Weight {
        self.call.limits().0.into()
    }

    /// The storage deposit it may take at most, in native units.
    #[must_use]
    pub fn deposit(&self) -> u128 {
        self.call.limits().1
    }

    /// The contract call, if it is a single one.
    #[must_use]
    pub fn contract_call(&self) -> Option<ContractCall> {
        self.call.contract().map(|ContractDispatch { dest, value, data }| ContractCall {
            to: Address::from(dest),
            value,
            data,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ContractDispatch, RuntimeCall, Transaction};
    use crate::runtime::{ReviveCall, UtilityCall, Weight2};

    fn call(data: u8) -> RuntimeCall {
        RuntimeCall::Revive(ReviveCall::call {
            dest: [7; 20],
            value: 1,
            weight_limit: Weight2 { ref_time: 10, proof_size: 3 },
            storage_deposit_limit: 5,
            data: vec![data],
        })
    }

    #[test]
    fn an_era_is_a_power_of_two() {
        let period = |blocks| Transaction::new(call(0)).mortal(blocks).period;
        assert_eq!(
            (period(0), period(4), period(5), period(64), period(1 << 20)),
            (4, 4, 8, 64, 4096)
        );
    }

    #[test]
    fn a_batch_needs_the_sum() {
        let batch = Transaction::new(RuntimeCall::Utility(UtilityCall::batch_all {
            calls: vec![call(1), call(2)],
        }));
        assert_eq!(
            (batch.weight().ref_time, batch.weight().proof_size, batch.deposit()),
            (20, 6, 10)
        );
        assert!(batch.contract_call().is_none());
        let dispatch = ContractDispatch { dest: [7; 20], value: 1, data: vec![1] };
        assert_eq!(call(1).contract(), Some(dispatch));
    }
}
