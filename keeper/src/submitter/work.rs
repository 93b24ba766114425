//! One plan under way, from its start to the line in the audit log, however its work ends.

use super::Submitter;
use super::settle::LegEnd;
use crate::audit::Entry;
use crate::intent::Plan;
use crate::outcome::{Outcome, Record};
use crate::supervisor::TaskError;
use std::sync::PoisonError;
use tracing::{error, info, warn};

/// A plan and what is known of its legs so far. Dropped before its end, by a stop or a fault of the keeper, it writes
/// down what is known and releases what was tied up.
pub(super) struct Work {
    submitter: Submitter,
    plan: Plan,
    ends: Vec<LegEnd>,
    /// Legs whose end is in the audit log already.
    told: Vec<usize>,
    settled: bool,
}

impl Work {
    pub(super) fn new(submitter: Submitter, plan: Plan) -> Self {
        let reason = "the keeper stopped before it was sent".to_owned();
        let ends = vec![LegEnd::without(Outcome::NotSent, reason); plan.legs.len()];
        Self { submitter, plan, ends, told: Vec::new(), settled: false }
    }

    pub(super) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Takes note of what is known of a leg now.
    pub(super) fn note(&mut self, leg: usize, end: LegEnd) {
        if let Some(place) = self.ends.get_mut(leg) {
            *place = end;
        }
    }

    /// Takes note that the end of a leg is in the audit log already.
    pub(super) fn told(&mut self, leg: usize) {
        self.told.push(leg);
    }

    /// Writes the ends down and releases what was tied up.
    ///
    /// # Errors
    /// Fatal if the audit log takes no more lines.
    pub(super) fn settle(mut self) -> Result<(), TaskError> {
        self.finish()
    }

    fn finish(&mut self) -> Result<(), TaskError> {
        self.settled = true;
        let written = self.write();
        let ledger = &self.submitter.ledger;
        // The first leg that was not done decides how soon the account is tried again.
        let failed =
            self.ends.iter().map(|end| end.outcome).find(|outcome| *outcome != Outcome::Liquidated);
        ledger.rest(&self.plan, failed.unwrap_or(Outcome::Liquidated));
        let included = self.ends.iter().filter_map(|end| end.block).max();
        ledger.end(self.plan.borrower, self.plan.version, included);
        self.submitter.metrics.pending(ledger.live_legs());
        written
    }

    fn write(&self) -> Result<(), TaskError> {
        for (index, (leg, end)) in self.plan.legs.iter().zip(&self.ends).enumerate() {
            if self.told.contains(&index) {
                continue;
            }
            let record = end.record(&self.plan, leg);
            self.count(&record, end);
            let mut log = self.submitter.log.lock().unwrap_or_else(PoisonError::into_inner);
            log.append(&[Entry::Ended(Box::new(record))]).map_err(|error| {
                self.submitter.health.stopping(error.to_string());
                TaskError::Fatal(error.to_string())
            })?;
        }
        Ok(())
    }

    fn count(&self, record: &Record, end: &LegEnd) {
        let metrics = &self.submitter.metrics;
        metrics.outcome(record.outcome);
        if let Some(fee) = end.fee {
            let mut fees = self.submitter.fees.lock().unwrap_or_else(PoisonError::into_inner);
            if record.outcome == Outcome::Liquidated {
                fees.learn(fee);
                record.blocks_to_inclusion.into_iter().for_each(|blocks| metrics.included(blocks));
            }
            let predicted =
                record.realised.map_or_else(Default::default, |_| record.predicted.profit_usd);
            let realised = record.realised.map_or(-record.lost_usd, |amounts| amounts.profit_usd);
            metrics.settled(predicted, realised, fees.native(fee).unwrap_or_default());
        }
        self.submitter.breakers.ended(record);
        tell(record);
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if !self.settled
            && let Err(fault) = self.finish()
        {
            error!(%fault, "the end of a liquidation could not be written down");
        }
    }
}

/// Losing a race is part of the business; anything else that went wrong is worth a look.
fn tell(record: &Record) {
    let (outcome, profit) =
        (record.outcome.name(), record.realised.unwrap_or(record.predicted).profit_usd);
    match record.outcome {
        Outcome::Liquidated | Outcome::Outcompeted | Outcome::DryRun => info!(
            intent = record.intent,
            outcome,
            debt = record.debt,
            collateral = record.collateral,
            included_in = record.block,
            blocks = record.blocks_to_inclusion,
            profit_usd = %profit,
            reason = record.reason,
            "ended"
        ),
        _ => warn!(
            intent = record.intent,
            outcome,
            debt = record.debt,
            collateral = record.collateral,
            included_in = record.block,
            reason = record.reason,
            "ended"
        ),
    }
}
