//! Dry runs: what a call would do at a block, what it would cost, and why it would be refused.

use super::Client;
use crate::{
    account::AccountId,
    error::{ChainError, DispatchFailure, Revert},
    keys::Signer,
    runtime::{Weight2, call_arguments, instantiate_arguments, upload_arguments},
};
use alloy_primitives::{Address, B256};
use alloy_sol_types::SolCall;
use codec::{Compact, Decode};
use std::sync::PoisonError;

/// A call of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractCall {
    /// The contract.
    pub to: Address,
    /// Native units sent along.
    pub value: u128,
    /// Selector and arguments.
    pub data: Vec<u8>,
}

impl ContractCall {
    /// A call without value.
    #[must_use]
    pub fn new<C: SolCall>(to: Address, call: &C) -> Self {
        Self { to, value: 0, data: call.abi_encode() }
    }
}

/// In whose name a dry run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A native account.
    Account(AccountId),
    /// An address; its account is looked up.
    Address(Address),
}

impl From<AccountId> for Origin {
    fn from(account: AccountId) -> Self {
        Self::Account(account)
    }
}

impl From<Address> for Origin {
    fn from(address: Address) -> Self {
        Self::Address(address)
    }
}

impl From<&Signer> for Origin {
    fn from(signer: &Signer) -> Self {
        Self::Account(signer.account_id())
    }
}

/// What a dispatch costs of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Weight {
    /// Computation, in picoseconds.
    pub ref_time: u64,
    /// Storage proof, in bytes.
    pub proof_size: u64,
}

impl Weight {
    /// The weight times `bps` / 10 000, rounded up; stays at the maximum if it would overflow.
    #[must_use]
    pub fn scaled(self, bps: u32) -> Self {
        let scale = |part: u64| {
            let scaled = (u128::from(part) * u128::from(bps)).div_ceil(10_000);
            u64::try_from(scaled).unwrap_or(u64::MAX)
        };
        Self { ref_time: scale(self.ref_time), proof_size: scale(self.proof_size) }
    }

    /// The larger of both in each dimension.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            ref_time: self.ref_time.max(other.ref_time),
            proof_size: self.proof_size.max(other.proof_size),
        }
    }

    /// The smaller of both in each dimension.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self {
            ref_time: self.ref_time.min(other.ref_time),
            proof_size: self.proof_size.min(other.proof_size),
        }
    }

    pub(crate) fn native(self) -> Weight2 {
        Weight2 { ref_time: self.ref_time, proof_size: self.proof_size }
    }
}

impl From<Weight2> for Weight {
    fn from(weight: Weight2) -> Self {
        Self { ref_time: weight.ref_time, proof_size: weight.proof_size }
    }
}

/// The result of a dry run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryRun {
    /// The contract that was called.
    pub contract: Address,
    /// What it answered.
    pub outcome: DryOutcome,
    /// Weight that the call needs, without a margin.
    pub weight: Weight,
    /// Storage deposit that the call needs at its peak, in native units, without a margin.
    pub deposit: u128,
}

/// What a contract answered in a dry run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DryOutcome {
    /// It returned.
    Returned(Vec<u8>),
    /// It refused.
    Reverted(Revert),
    /// The runtime refused: no weight left, no balance for the deposit, a trap.
    Failed(DispatchFailure),
}

impl DryRun {
    /// The returned bytes.
    ///
    /// # Errors
    /// [`ChainError::Refused`] or [`ChainError::Reverted`] if the contract refused, [`ChainError::Dispatch`] if the
    /// runtime did.
    pub fn ok(self) -> Result<Vec<u8>, ChainError> {
        match self.outcome {
            DryOutcome::Returned(data) => Ok(data),
            DryOutcome::Reverted(revert) => Err(revert.into_error(self.contract)),
            DryOutcome::Failed(failure) => Err(ChainError::Dispatch(failure)),
        }
    }
}

impl Client {
    /// Runs a call at a block without sending it.
    ///
    /// # Errors
    /// If the node does not answer; a refusal by the contract is an outcome.
    pub async fn dry_run(
        &self,
        at: B256,
        call: &ContractCall,
        origin: impl Into<Origin>,
    ) -> Result<DryRun, ChainError> {
        let origin = match origin.into() {
            Origin::Account(account) => account,
            Origin::Address(address) => self.account_of(at, address).await?,
        };
        let arguments = call_arguments(origin.0, call.to.into_array(), call.value, &call.data);
        let answer = self.runtime_call("ReviveApi_call", arguments, at).await?;
        let (run, _) = self.read_answer(&answer, call.to)?;
        self.remember(call, &run);
        Ok(run)
    }

    /// Keeps what a message needed, for calls that cannot be run alone because they build on others before them.
    fn remember(&self, call: &ContractCall, run: &DryRun) {
        if let (DryOutcome::Returned(_), Some(selector)) =
            (&run.outcome, call.data.first_chunk::<4>())
        {
            let mut needs = self.inner.needs.lock().unwrap_or_else(PoisonError::into_inner);
            let (weight, deposit) = needs.entry((call.to, *selector)).or_default();
            (*weight, *deposit) = (weight.max(run.weight), run.deposit.max(*deposit));
        }
    }

    /// The most that dry runs of this message needed so far: weight and deposit.
    pub(crate) fn remembered(&self, call: &ContractCall) -> Option<(Weight, u128)> {
        let selector = call.data.first_chunk::<4>()?;
        self.inner
            .needs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(call.to, *selector))
            .copied()
    }

    /// Asks a contract without a caller of its own.
    ///
    /// # Errors
    /// If there is no contract, it refuses, or its answer does not fit the interface.
    pub async fn view<C: SolCall>(
        &self,
        at: B256,
        contract: Address,
        call: &C,
    ) -> Result<C::Return, ChainError> {
        self.view_as(at, AccountId::fallback(Address::ZERO), contract, call).await
    }

    /// Asks a contract in somebody's name.
    ///
    /// # Errors
    /// As [`Self::view`].
    pub async fn view_as<C: SolCall>(
        &self,
        at: B256,
        origin: impl Into<Origin>,
        contract: Address,
        call: &C,
    ) -> Result<C::Return, ChainError> {
        let answer = self.dry_run(at, &ContractCall::new(contract, call), origin).await?.ok()?;
        // A call to an address without code succeeds with an empty answer.
        if answer.is_empty() {
            self.expect_contract(at, contract).await?;
        }
        C::abi_decode_returns(&answer)
            .map_err(|error| ChainError::decode(format!("the answer to {}", C::SIGNATURE), error))
    }

    /// Runs an instantiation without sending it; gives the address that the contract would have.
    pub(crate) async fn dry_instantiate(
        &self,
        at: B256,
        origin: AccountId,
        code: &[u8],
        constructor: &[u8],
        salt: Option<B256>,
    ) -> Result<(DryRun, Address), ChainError> {
        let arguments = instantiate_arguments(origin.0, code, constructor, salt.map(|salt| salt.0));
        let answer = self.runtime_call("ReviveApi_instantiate", arguments, at).await?;
        let (run, rest) = self.read_answer(&answer, Address::ZERO)?;
        let address = rest.first_chunk::<20>().map(Address::from).unwrap_or_default();
        Ok((run, address))
    }

    /// Runs an upload without sending it; gives code hash and deposit.
    pub(crate) async fn dry_upload(
        &self,
        at: B256,
        origin: AccountId,
        code: &[u8],
    ) -> Result<(B256, u128), ChainError> {
        let answer = self
            .runtime_call("ReviveApi_upload_code", upload_arguments(origin.0, code), at)
            .await?;
        match answer.split_first() {
            Some((0, mut rest)) => <([u8; 32], u128)>::decode(&mut rest)
                .map(|(hash, deposit)| (hash.into(), deposit))
                .map_err(|error| ChainError::decode("the answer to an upload", error)),
            Some((_, failure)) => {
                Err(ChainError::Dispatch(self.runtime().dispatch_failure(failure)))
            }
            None => Err(ChainError::decode("the answer to an upload", "it is empty")),
        }
    }

    /// Reads `ContractResult`; gives what follows the returned bytes too.
    fn read_answer<'a>(
        &self,
        answer: &'a [u8],
        contract: Address,
    ) -> Result<(DryRun, &'a [u8]), ChainError> {
        /// `ContractResultV1` of pallet-revive up to its result.
        #[derive(Decode)]
        struct Head {
            _consumed: (Compact<u64>, Compact<u64>),
            required: (Compact<u64>, Compact<u64>),
            _deposit: (u8, u128),
            max_deposit: (u8, u128),
            _gas: u128,
            failed: bool,
        }
        /// Bit 0 of the return flags: the contract reverted.
        const REVERT: u32 = 1;
        let broken = |error: codec::Error| ChainError::decode("the answer of a dry run", error);
        let mut rest = answer;
        let head = Head::decode(&mut rest).map_err(broken)?;
        let outcome = if head.failed {
            DryOutcome::Failed(self.runtime().dispatch_failure(rest))
        } else {
            let (flags, data) = <(u32, Vec<u8>)>::decode(&mut rest).map_err(broken)?;
            if flags & REVERT == 0 {
                DryOutcome::Returned(data)
            } else {
                DryOutcome::Reverted(Revert::read(&data))
            }
        };
        let weight = Weight { ref_time: head.required.0.0, proof_size: head.required.1.0 };
        // Variant 1 is a charge; a refund needs nothing.
        let deposit = if head.max_deposit.0 == 1 { head.max_deposit.1 } else { 0 };
        Ok((DryRun { contract, outcome, weight, deposit }, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::Weight;

    /// 1.2 of 5 is 6; of 7 it is 8.4, rounded up to 9.
    #[test]
    fn weights_scale_upward() {
        let weight = Weight { ref_time: 5, proof_size: 7 }.scaled(12_000);
        assert_eq!((weight.ref_time, weight.proof_size), (6, 9));
        assert_eq!(Weight { ref_time: u64::MAX, proof_size: 0 }.scaled(12_000).ref_time, u64::MAX);
    }
}
