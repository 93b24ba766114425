//! Sends the plans and waits for their ends, many at the same time, and writes each end down.

mod settle;
#[cfg(test)]
mod tests;

use crate::config::SubmitterConfig;
use crate::health::Health;
use crate::intent::{Intent, Plan};
use crate::ledger::Ledger;
use crate::metrics::Metrics;
use crate::outcome::{Outcome, OutcomeLog, Record};
use crate::profit::FeeModel;
use crate::supervisor::TaskError;
use futures::future::join_all;
use settle::LegEnd;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, error, info, info_span, warn};
use weir_chain::{
    Address, ChainError, ContractCall, DryRun, Liquidation, Pending, PoolHandle, Sender, Transaction, Weight,
};

/// Weight limit in bps of what the dry run needed: other liquidations of the same block change what is read.
const WEIGHT_MARGIN: u32 = 13_000;
/// The same for a leg that could not be run, on the needs of the leg before it.
const UNSEEN_MARGIN: u32 = 20_000;

/// The task that acts.
#[derive(Clone)]
pub struct Submitter {
    /// Signs and sends; absent where the keeper only decides.
    pub sender: Option<Sender>,
    /// The pool.
    pub pool: PoolHandle,
    /// How to send.
    pub config: SubmitterConfig,
    /// What is under way.
    pub ledger: Ledger,
    /// What fees come to.
    pub fees: Arc<Mutex<FeeModel>>,
    /// Where ends are kept.
    pub log: Arc<Mutex<OutcomeLog>>,
    /// What to count.
    pub metrics: Arc<Metrics>,
    /// Whom to tell about a stop.
    pub health: Health,
    /// Where plans come from.
    pub plans: Arc<tokio::sync::Mutex<mpsc::Receiver<Plan>>>,
}

impl Submitter {
    /// Works until cancelled; then takes no new plan and waits for those under way, up to the bound of the
    /// configuration. What is still open then is written down as unresolved.
    ///
    /// # Errors
    /// Fatal if the outcome log takes no more lines: a keeper that cannot account for its money must not spend it.
    pub async fn run(self, cancel: CancellationToken) -> Result<(), TaskError> {
        let plans = Arc::clone(&self.plans);
        let mut plans = plans.lock().await;
        let slots = Arc::new(Semaphore::new(self.config.parallel));
        let mut work = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                Some(ended) = work.join_next() => ended_well(ended)?,
                plan = plans.recv() => match plan {
                    None => break,
                    Some(plan) => {
                        let one = self.clone().one(plan, Arc::clone(&slots));
                        work.spawn(one);
                    }
                },
            }
        }
        plans.close();
        self.drain(work).await
    }

    async fn drain(&self, mut work: JoinSet<Result<(), TaskError>>) -> Result<(), TaskError> {
        let open = self.ledger.live_legs();
        if open > 0 {
            info!(open, bound_ms = self.config.drain.as_millis(), "waits for the liquidations under way");
        }
        let all = async {
            while let Some(ended) = work.join_next().await {
                ended_well(ended)?;
            }
            Ok(())
        };
        let ended = tokio::time::timeout(self.config.drain, all).await;
        match ended {
            Ok(result) => result,
            Err(_) => {
                // Taken before the work is cut off, which releases the plans.
                let open = self.ledger.live();
                work.shutdown().await;
                for plan in open {
                    warn!(borrower = %plan.borrower, "left unresolved by the stop");
                    let reason = "the keeper stopped before the end was known".to_owned();
                    self.write(&plan, &vec![LegEnd::without(Outcome::Unresolved, reason); plan.legs.len()])?;
                }
                Ok(())
            }
        }
    }

    /// From a plan to its end.
    async fn one(self, plan: Plan, slots: Arc<Semaphore>) -> Result<(), TaskError> {
        let span = info_span!(
            "intent",
            intent = %plan.legs.first().map(|leg| leg.id.to_string()).unwrap_or_default(),
            borrower = %plan.borrower,
            block = plan.block.number,
            round = plan.price.round,
        );
        let release = Release {
            ledger: self.ledger.clone(),
            metrics: Arc::clone(&self.metrics),
            borrower: plan.borrower,
            version: plan.version,
        };
        async {
            // The semaphore is never closed.
            let _slot = slots.acquire().await;
            let ends = match &self.sender {
                Some(sender) => self.act(sender, &plan).await,
                None => vec![LegEnd::decided(); plan.legs.len()],
            };
            let written = self.write(&plan, &ends);
            // The worst of its legs decides how soon the account is tried again.
            let worst = ends.iter().map(|end| end.outcome).find(|outcome| *outcome != Outcome::Liquidated);
            self.ledger.rest(&plan, worst.unwrap_or(Outcome::Liquidated));
            drop(release);
            written
        }
        .instrument(span)
        .await
    }

    /// Sends the legs as transactions of their own, in the order of their nonces, so that each has its own end.
    async fn act(&self, sender: &Sender, plan: &Plan) -> Vec<LegEnd> {
        let mut ends = Vec::new();
        let mut pending = Vec::new();
        for (leg, prepared) in plan.legs.iter().zip(self.prepare(sender, plan).await) {
            match self.send(sender, plan, leg, prepared).await {
                Ok(sent) => pending.push(sent),
                Err(end) => {
                    // What was planned on the state after this leg has lost its ground.
                    ends.push(end);
                    break;
                }
            }
        }
        let waits = plan.legs.iter().zip(pending).map(|(leg, pending)| self.wait(sender, leg, pending));
        let mut all = join_all(waits).await;
        all.append(&mut ends);
        let reason = "the leg before it was not sent".to_owned();
        all.resize(plan.legs.len(), LegEnd::without(Outcome::NotSent, reason));
        all
    }

    async fn send(
        &self,
        sender: &Sender,
        plan: &Plan,
        leg: &Intent,
        prepared: Result<Transaction, ChainError>,
    ) -> Result<Pending, LegEnd> {
        let transaction = prepared.map_err(|error| LegEnd::refused(&error))?;
        let transaction = transaction.mortal(self.config.mortality_blocks);
        let pending = sender.submit(transaction).await.map_err(|error| LegEnd::unsent(&error))?;
        self.metrics.sent(plan.arrived.elapsed());
        info!(
            intent = %leg.id,
            transaction = %pending.tx_hash(),
            nonce = pending.nonce(),
            debt = leg.debt.symbol,
            collateral = leg.collateral.symbol,
            repay = leg.predicted.repaid,
            profit_usd = %leg.predicted.profit_usd,
            after_ms = plan.arrived.elapsed().as_millis(),
            "sent"
        );
        Ok(pending)
    }

    async fn wait(&self, sender: &Sender, leg: &Intent, mut pending: Pending) -> LegEnd {
        match pending.in_block().await {
            Ok(included) => {
                let fees = self.fees.lock().unwrap_or_else(PoisonError::into_inner);
                LegEnd::included(leg, &included, sender.address(), &fees)
            }
            Err(error) => LegEnd::lost(pending.tx_hash(), &error),
        }
    }

    /// Dry-runs all legs at the block of the plan, at the same time. A later leg cannot always be run on a state that
    /// lacks the one before it; its preview by `weir-core` stands for it then, and the first leg's needs for its own.
    async fn prepare(&self, sender: &Sender, plan: &Plan) -> Vec<Result<Transaction, ChainError>> {
        let calls: Vec<ContractCall> = plan.legs.iter().map(|leg| self.call(plan, leg)).collect();
        let (client, own, at) = (sender.client(), sender.account_id(), plan.block.hash);
        let mut runs = join_all(calls.iter().map(|call| client.dry_run(at, call, own))).await.into_iter();
        let mut calls = calls.into_iter();
        let (Some(first), Some(call)) = (runs.next(), calls.next()) else { return Vec::new() };
        let (weight, deposit) = match first.and_then(needs) {
            Ok(needs) => needs,
            Err(error) => return vec![Err(error)],
        };
        let mut prepared = vec![Ok(sender.prepared(call, weight.scaled(WEIGHT_MARGIN), margin(deposit)))];
        for (run, call) in runs.zip(calls) {
            prepared.push(match run.and_then(needs) {
                Ok((own_weight, own_deposit)) => {
                    let weight = own_weight.max(weight).scaled(WEIGHT_MARGIN);
                    Ok(sender.prepared(call, weight, margin(own_deposit.max(deposit))))
                }
                // Only what is used is paid; the balance bounds a deposit that nobody has measured.
                Err(_) => client
                    .balance(at, own)
                    .await
                    .map(|balance| sender.prepared(call, weight.scaled(UNSEEN_MARGIN), balance)),
            });
        }
        prepared
    }

    fn call(&self, plan: &Plan, leg: &Intent) -> ContractCall {
        self.pool.liquidate(Liquidation {
            borrower: plan.borrower,
            debt: leg.debt.token,
            collateral: leg.collateral.token,
            max_repay: leg.max_repay,
            min_seized: leg.min_seized,
            receive_shares: leg.shares,
            data: Vec::new().into(),
        })
    }

    /// Counts and logs each leg's end.
    fn write(&self, plan: &Plan, ends: &[LegEnd]) -> Result<(), TaskError> {
        for (leg, end) in plan.legs.iter().zip(ends) {
            let record = end.record(plan, leg);
            self.count(&record, end);
            let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            log.append(&record).map_err(|error| {
                self.health.stopping(error.to_string());
                TaskError::Fatal(error.to_string())
            })?;
        }
        Ok(())
    }

    fn count(&self, record: &Record, end: &LegEnd) {
        self.metrics.outcome(record.outcome);
        if let Some(fee) = end.fee {
            let mut fees = self.fees.lock().unwrap_or_else(PoisonError::into_inner);
            if record.outcome == Outcome::Liquidated {
                fees.learn(fee);
                record.blocks_to_inclusion.into_iter().for_each(|blocks| self.metrics.included(blocks));
            }
            let predicted = record.realised.map_or_else(Default::default, |_| record.predicted.profit_usd);
            // A failure costs its fee and brings nothing.
            let loss = fees.usd(fee).map_or_else(Default::default, |fee| -fee);
            let realised = record.realised.map_or(loss, |amounts| amounts.profit_usd);
            self.metrics.settled(predicted, realised, fees.native(fee).unwrap_or_default());
        }
        match record.outcome {
            Outcome::Liquidated | Outcome::Outcompeted | Outcome::DryRun => info!(
                intent = record.intent,
                outcome = record.outcome.name(),
                debt = record.debt,
                collateral = record.collateral,
                included_in = record.block,
                blocks = record.blocks_to_inclusion,
                profit_usd = %record.realised.unwrap_or(record.predicted).profit_usd,
                "ended"
            ),
            _ => warn!(
                intent = record.intent,
                outcome = record.outcome.name(),
                reason = record.reason,
                debt = record.debt,
                collateral = record.collateral,
                "ended"
            ),
        }
    }
}

/// A panic in one piece of work ends that piece alone; its funds are released by its guard.
fn ended_well(ended: Result<Result<(), TaskError>, tokio::task::JoinError>) -> Result<(), TaskError> {
    ended.unwrap_or_else(|join| {
        error!(%join, "a liquidation was given up by a fault of the keeper");
        Ok(())
    })
}

/// Releases what a plan ties up, however its work ends.
struct Release {
    ledger: Ledger,
    metrics: Arc<Metrics>,
    borrower: Address,
    version: u32,
}

impl Drop for Release {
    fn drop(&mut self) {
        self.ledger.end(self.borrower, self.version);
        self.metrics.pending(self.ledger.live_legs());
    }
}

/// Weight and deposit of a call that the contract accepts.
fn needs(run: DryRun) -> Result<(Weight, u128), ChainError> {
    let needs = (run.weight, run.deposit);
    run.ok().map(|_| needs)
}

/// A tenth above a measured deposit, which is returned where it is not used.
fn margin(deposit: u128) -> u128 {
    deposit.checked_add(deposit / 10).unwrap_or(u128::MAX)
}
