//! Reads what became of a transaction.

use crate::intent::{Intent, Plan};
use crate::outcome::{Amounts, Outcome, Record};
use crate::profit::{Estimate, FeeModel, value_usd};
use rust_decimal::Decimal;
use weir_chain::abi::Pool;
use weir_chain::{Address, B256, ChainError, ContractEvent, Included, Rejection};

/// The end of one leg, and where it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LegEnd {
    pub(super) outcome: Outcome,
    pub(super) reason: Option<String>,
    pub(super) realised: Option<Amounts>,
    pub(super) fee: Option<u128>,
    pub(super) block: Option<u64>,
    pub(super) transaction: Option<B256>,
    pub(super) repaid_usd: Decimal,
    pub(super) lost_usd: Decimal,
}

impl LegEnd {
    /// Decided, not sent.
    pub(super) fn decided() -> Self {
        Self {
            outcome: Outcome::DryRun,
            reason: None,
            realised: None,
            fee: None,
            block: None,
            transaction: None,
            repaid_usd: Decimal::ZERO,
            lost_usd: Decimal::ZERO,
        }
    }

    /// An end without a transaction.
    pub(super) fn without(outcome: Outcome, reason: String) -> Self {
        Self { outcome, reason: Some(reason), ..Self::decided() }
    }

    /// In the node's pool, end not known.
    pub(super) fn sent(transaction: B256) -> Self {
        let reason = "the keeper stopped before the end was known".to_owned();
        Self { transaction: Some(transaction), ..Self::without(Outcome::Unresolved, reason) }
    }

    /// The dry run said no, or could not be made.
    pub(super) fn refused(error: &ChainError) -> Self {
        let outcome = match error {
            ChainError::Refused(refusal) => Outcome::of_refusal(&refusal.name),
            ChainError::Reverted { .. } => Outcome::Refused,
            ChainError::Dispatch(_) => Outcome::Failed,
            _ => Outcome::NotSent,
        };
        Self::without(outcome, error.to_string())
    }

    /// The node did not take the transaction.
    pub(super) fn unsent(error: &ChainError) -> Self {
        let outcome = match error {
            ChainError::Rejected(Rejection::Payment) => Outcome::Unfunded,
            _ => Outcome::NotSent,
        };
        Self::without(outcome, error.to_string())
    }

    /// Sent, and not seen in a block.
    pub(super) fn lost(transaction: B256, error: &ChainError) -> Self {
        let outcome = match error {
            ChainError::Expired { .. } => Outcome::Expired,
            ChainError::Replaced { .. } => Outcome::NotSent,
            _ => Outcome::Unresolved,
        };
        Self { transaction: Some(transaction), ..Self::without(outcome, error.to_string()) }
    }

    /// In a block: the pool's event says what was done.
    pub(super) fn included(
        leg: &Intent,
        included: &Included,
        own: Address,
        fees: &FeeModel,
    ) -> Self {
        let mut events =
            included.events.iter().filter_map(ContractEvent::decode::<Pool::Liquidated>);
        let event = events.find(|event| {
            event.caller == own
                && event.debt == leg.debt.token
                && event.collateral == leg.collateral.token
        });
        let (outcome, reason) = match &event {
            Some(_) => (Outcome::Liquidated, None),
            None => failure(included),
        };
        let realised = event.and_then(|event| realised(leg, &event, included.fee, fees));
        let repaid_usd = realised
            .and_then(|amounts| value_usd(amounts.repaid, leg.debt.decimals, leg.debt_price));
        // A failure costs its fee and brings nothing.
        let cost = realised.map(|amounts| -amounts.profit_usd).or_else(|| fees.usd(included.fee));
        Self {
            outcome,
            reason,
            realised,
            fee: Some(included.fee),
            block: Some(included.block.number),
            transaction: Some(included.tx_hash),
            repaid_usd: repaid_usd.unwrap_or_default(),
            lost_usd: cost.unwrap_or_default().max(Decimal::ZERO),
        }
    }

    /// The line for the audit log.
    pub(super) fn record(&self, plan: &Plan, leg: &Intent) -> Record {
        Record {
            intent: leg.id.to_string(),
            outcome: self.outcome,
            reason: self.reason.clone(),
            borrower: plan.borrower,
            debt: leg.debt.symbol.clone(),
            collateral: leg.collateral.symbol.clone(),
            shares: leg.shares,
            predicted: leg.predicted,
            realised: self.realised,
            planned_block: plan.block.number,
            liquidatable_since: plan.since,
            price: plan.price,
            block: self.block,
            blocks_to_inclusion: self.block.and_then(|block| block.checked_sub(plan.since)),
            transaction: self.transaction.map(|hash| hash.to_string()),
            fee: self.fee,
            repaid_usd: self.repaid_usd,
            lost_usd: self.lost_usd,
        }
    }
}

/// What the pool's event says that the keeper paid and got, valued at the plan's prices. `None` if a value does not fit.
fn realised(leg: &Intent, event: &Pool::Liquidated, fee: u128, fees: &FeeModel) -> Option<Amounts> {
    let taken = event.seizedProtected.checked_add(event.seizedAssets)?;
    let seized = taken.checked_sub(event.insuranceAssets)?;
    let estimate = Estimate {
        seized: value_usd(seized, leg.collateral.decimals, leg.collateral_price)?,
        repaid: value_usd(event.repaid, leg.debt.decimals, leg.debt_price)?,
        fee: fees.usd(fee)?,
    };
    Some(Amounts { repaid: event.repaid, seized, profit_usd: estimate.profit()? })
}

/// Why there is no event.
fn failure(included: &Included) -> (Outcome, Option<String>) {
    match &included.outcome {
        weir_chain::Outcome::Reverted(Some(revert)) => {
            let outcome = revert.name().map_or(Outcome::Refused, Outcome::of_refusal);
            (outcome, Some(revert.to_string()))
        }
        // The call would have gone well on the state before its block: something earlier in the block was in its way.
        weir_chain::Outcome::Reverted(None) => (
            Outcome::Outcompeted,
            Some("an earlier transaction of the block was in the way".to_owned()),
        ),
        weir_chain::Outcome::Failed(failure) => (Outcome::Failed, Some(failure.to_string())),
        weir_chain::Outcome::Success => {
            (Outcome::Failed, Some("included without the pool's event".to_owned()))
        }
    }
}
