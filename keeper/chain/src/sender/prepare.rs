//! Limits of transactions: what a dry run needed, and a margin for what the chain will have changed until inclusion.

use super::Sender;
use crate::{
    account::AccountId,
    client::{ContractCall, DryOutcome, Weight},
    error::ChainError,
    runtime::{BalancesCall, MultiAddress, ReviveCall, RuntimeCall, UtilityCall},
    transaction::{BatchMode, Transaction},
};
use alloy_primitives::{Address, B256};
use futures::{StreamExt as _, TryStreamExt as _, stream};

/// Weight limit in bps of what the dry run needed. A run on a block in which somebody else booked the interest does not
/// see what booking it again costs; with 12 000 one of 58 openings in the same block ran out. What is not used is given
/// back to the block.
const WEIGHT_MARGIN: u32 = 15_000;
/// Deposit limit in tenths of what the dry run needed.
const DEPOSIT_TENTHS: u128 = 11;
/// Margin on the needs of a message that were measured on another call of it.
const MEMORY_MARGIN: u32 = 20_000;
/// The part of a block, in bps, that the calls of one batch may ask for; the rest is the batch's own.
const BATCH_SHARE: u32 = 9_000;
/// Dry runs of a batch that are under way at once.
const PARALLEL: usize = 16;

impl Sender {
    /// Dry-runs a call at the best block and gives it limits.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if the contract refuses; [`ChainError::NoContract`] if there is none.
    pub async fn prepare(&self, call: ContractCall) -> Result<Transaction, ChainError> {
        let best: B256 =
            self.client().request("chain_getBlockHash", subxt_rpcs::client::rpc_params![]).await?;
        self.prepare_at(best, call).await
    }

    /// As [`Self::prepare`], at a block of the caller's choice.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub async fn prepare_at(
        &self,
        at: B256,
        call: ContractCall,
    ) -> Result<Transaction, ChainError> {
        let run = self.client().dry_run(at, &call, self.account_id()).await?;
        let (weight, deposit) = (run.weight, run.deposit);
        // An address without code accepts any call and does nothing: that is never what was meant.
        if run.ok()?.is_empty() {
            self.client().expect_contract(at, call.to).await?;
        }
        let weight = self.bounded(weight.scaled(WEIGHT_MARGIN))?;
        Ok(self.prepared(call, weight, margin(deposit)))
    }

    /// A call with limits from elsewhere, for example from a dry run of an equal call a moment ago.
    #[must_use]
    pub fn prepared(&self, call: ContractCall, weight: Weight, deposit: u128) -> Transaction {
        Transaction::new(dispatch(call, weight, deposit))
    }

    /// Many calls in one transaction. A later call may build on an earlier one, so that it cannot be run alone: then
    /// its limits are what the same message needed before, else an equal share of what a block has left.
    ///
    /// # Errors
    /// If the batch is empty or needs more than a block holds, or the node does not answer.
    pub async fn prepare_batch(
        &self,
        calls: Vec<ContractCall>,
        mode: BatchMode,
    ) -> Result<Transaction, ChainError> {
        if calls.is_empty() {
            return Err(ChainError::Build("the batch is empty".to_owned()));
        }
        let best = self.client().best().await?.hash;
        let needs: Vec<Option<(Weight, u128)>> = stream::iter(&calls)
            .map(|call| self.needs(best, call))
            .buffered(PARALLEL)
            .try_collect()
            .await?;
        let share = self.share(&needs)?;
        let balance = match needs.iter().any(Option::is_none) {
            true => self.client().balance(best, self.account_id()).await?,
            false => 0,
        };
        let calls = calls
            .into_iter()
            .zip(needs)
            .map(|(call, need)| {
                let (weight, deposit) = need.unwrap_or((share, balance));
                dispatch(call, weight, deposit)
            })
            .collect();
        Ok(Transaction::new(RuntimeCall::Utility(match mode {
            BatchMode::All => UtilityCall::batch_all { calls },
            BatchMode::Force => UtilityCall::force_batch { calls },
        })))
    }

    /// A transfer of native units that leaves the sender's account alive.
    #[must_use]
    pub fn transfer(&self, to: AccountId, amount: u128) -> Transaction {
        let dest = MultiAddress::Id(to.0);
        Transaction::new(RuntimeCall::Balances(BalancesCall::transfer_keep_alive {
            dest,
            value: amount,
        }))
    }

    /// An upload of code, without an instance.
    ///
    /// # Errors
    /// If the code is not acceptable.
    pub async fn prepare_upload(&self, code: Vec<u8>) -> Result<Transaction, ChainError> {
        let best = self.client().best().await?.hash;
        let (_, deposit) = self.client().dry_upload(best, self.account_id(), &code).await?;
        let storage_deposit_limit = margin(deposit);
        Ok(Transaction::new(RuntimeCall::Revive(ReviveCall::upload_code {
            code,
            storage_deposit_limit,
        })))
    }

    /// A new contract.
    ///
    /// # Errors
    /// If the constructor refuses or the code is not acceptable.
    pub async fn prepare_instantiate(
        &self,
        code: Vec<u8>,
        constructor: Vec<u8>,
        salt: Option<B256>,
    ) -> Result<Transaction, ChainError> {
        let best = self.client().best().await?.hash;
        let (run, _) = self
            .client()
            .dry_instantiate(best, self.account_id(), &code, &constructor, salt)
            .await?;
        let (weight, deposit) = (run.weight, run.deposit);
        run.ok()?;
        Ok(Transaction::new(RuntimeCall::Revive(ReviveCall::instantiate_with_code {
            value: 0,
            weight_limit: self.bounded(weight.scaled(WEIGHT_MARGIN))?.native(),
            storage_deposit_limit: margin(deposit),
            code,
            data: constructor,
            salt: salt.map(|salt| salt.0),
        })))
    }

    /// The address that a contract made now would have.
    ///
    /// # Errors
    /// As [`Self::prepare_instantiate`].
    pub async fn predict(
        &self,
        code: &[u8],
        constructor: &[u8],
        salt: Option<B256>,
    ) -> Result<Address, ChainError> {
        let best = self.client().best().await?.hash;
        let (run, address) =
            self.client().dry_instantiate(best, self.account_id(), code, constructor, salt).await?;
        run.ok().map(|_| address)
    }

    /// Limits of one call of a batch; `None` if nothing is known about it.
    async fn needs(
        &self,
        at: B256,
        call: &ContractCall,
    ) -> Result<Option<(Weight, u128)>, ChainError> {
        let run = self.client().dry_run(at, call, self.account_id()).await?;
        Ok(match run.outcome {
            DryOutcome::Returned(_) => {
                Some((run.weight.scaled(WEIGHT_MARGIN), margin(run.deposit)))
            }
            DryOutcome::Reverted(_) | DryOutcome::Failed(_) => self
                .client()
                .remembered(call)
                .map(|(weight, deposit)| (weight.scaled(MEMORY_MARGIN), deposit.saturating_mul(2))),
        })
    }

    /// What each call without known needs may use.
    fn share(&self, needs: &[Option<(Weight, u128)>]) -> Result<Weight, ChainError> {
        let full = Weight::from(self.client().runtime().largest_weight()?).scaled(BATCH_SHARE);
        let too_much = || ChainError::Build("the batch needs more than a block holds".to_owned());
        let mut left = full;
        let mut open: u64 = 0;
        for need in needs {
            match need {
                Some((weight, _)) => {
                    left.ref_time =
                        left.ref_time.checked_sub(weight.ref_time).ok_or_else(too_much)?;
                    left.proof_size =
                        left.proof_size.checked_sub(weight.proof_size).ok_or_else(too_much)?;
                }
                None => open += 1,
            }
        }
        let open = open.max(1);
        Ok(Weight { ref_time: left.ref_time / open, proof_size: left.proof_size / open })
    }

    fn bounded(&self, weight: Weight) -> Result<Weight, ChainError> {
        Ok(weight.min(self.client().runtime().largest_weight()?.into()))
    }
}

fn margin(deposit: u128) -> u128 {
    deposit.saturating_mul(DEPOSIT_TENTHS).div_ceil(10)
}

fn dispatch(call: ContractCall, weight: Weight, deposit: u128) -> RuntimeCall {
    RuntimeCall::Revive(ReviveCall::call {
        dest: call.to.into_array(),
        value: call.value,
        weight_limit: weight.native(),
        storage_deposit_limit: deposit,
        data: call.data,
    })
}
