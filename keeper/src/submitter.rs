//! Sends the plans and waits for their ends, many at the same time, and writes each end down.

mod send;
mod settle;
#[cfg(test)]
mod tests;
mod work;

use crate::audit::{AuditLog, Entry as Line};
use crate::breakers::Breakers;
use crate::config::SubmitterConfig;
use crate::health::Health;
use crate::intent::{Asset, Intent, Plan};
use crate::journal::{Entry, Number};
use crate::ledger::Ledger;
use crate::metrics::Metrics;
use crate::outcome::Outcome;
use crate::profit::FeeModel;
use crate::supervisor::TaskError;
use futures::StreamExt as _;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
pub use send::Executor;
use send::Sent;
use settle::LegEnd;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, error, info, info_span, warn};
use weir_chain::{
    Address, ChainError, ContractCall, DryRun, Liquidation, PoolHandle, Sender, Transaction, Weight,
};
use work::Work;

/// Weight limit in bps of what the dry run needed: other liquidations of the same block change what is read.
const WEIGHT_MARGIN: u32 = 13_000;
/// The same for a leg that could not be run, on the needs of the leg before it.
const UNSEEN_MARGIN: u32 = 20_000;

/// The task that acts.
#[derive(Clone)]
pub struct Submitter {
    /// Signs, enters into the journal and sends; absent where the keeper only decides.
    pub executor: Option<Executor>,
    /// The pool.
    pub pool: Address,
    /// Its assets.
    pub assets: Vec<Arc<Asset>>,
    /// How to send.
    pub config: SubmitterConfig,
    /// What is under way.
    pub ledger: Ledger,
    /// What fees come to.
    pub fees: Arc<Mutex<FeeModel>>,
    /// Where ends are kept.
    pub log: Arc<Mutex<AuditLog>>,
    /// What to count.
    pub metrics: Arc<Metrics>,
    /// Who looks at ends, and may stop the planning.
    pub breakers: Breakers,
    /// Whom to tell about a stop.
    pub health: Health,
    /// What the journal holds without an end from the process before this one; taken up once.
    pub open: Arc<Mutex<Vec<(Number, Entry)>>>,
    /// Where plans come from.
    pub plans: Arc<tokio::sync::Mutex<mpsc::Receiver<Plan>>>,
}

impl Submitter {
    /// Works until cancelled; then takes no new plan and waits for those under way, up to the bound of the
    /// configuration. What is still open then is written down as unresolved.
    ///
    /// # Errors
    /// Fatal if the audit log or the journal takes no more lines: a keeper that cannot account for its money must not spend it.
    pub async fn run(self, cancel: CancellationToken) -> Result<(), TaskError> {
        let plans = Arc::clone(&self.plans);
        let mut plans = plans.lock().await;
        let slots = Arc::new(Semaphore::new(self.config.parallel));
        let mut work = JoinSet::new();
        if let Some(executor) = &self.executor {
            for (plan, entries) in self.take_up() {
                work.spawn(self.clone().resume(executor.clone(), plan, entries, cancel.clone()));
            }
        }
        loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => break,
                Some(ended) = work.join_next() => ended_well(ended)?,
                plan = plans.recv() => match plan {
                    None => break,
                    Some(plan) => {
                        let one = self.clone().one(plan, Arc::clone(&slots), cancel.clone());
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
            info!(
                open,
                bound_ms = self.config.drain.as_millis(),
                "waits for the liquidations under way"
            );
        }
        let all = async {
            while let Some(ended) = work.join_next().await {
                ended_well(ended)?;
            }
            Ok(())
        };
        match tokio::time::timeout(self.config.drain, all).await {
            Ok(result) => result,
            Err(_) => {
                warn!(
                    open = self.ledger.live_legs(),
                    "stops before the end of liquidations under way is known"
                );
                // What is cut off writes itself down as unresolved.
                work.shutdown().await;
                Ok(())
            }
        }
    }

    /// From a plan to its end, and on until that is final.
    async fn one(
        self,
        plan: Plan,
        slots: Arc<Semaphore>,
        cancel: CancellationToken,
    ) -> Result<(), TaskError> {
        let span = span(&plan);
        let mut work = Work::new(self.clone(), plan.clone());
        async {
            let included = {
                // The semaphore is never closed.
                let _slot = slots.acquire().await;
                match &self.executor {
                    Some(executor) => self.act(executor, &mut work).await,
                    None => {
                        for leg in 0..work.plan().legs.len() {
                            work.note(leg, LegEnd::decided());
                        }
                        Vec::new()
                    }
                }
            };
            work.settle()?;
            self.until_final(&plan, included, &cancel).await
        }
        .instrument(span)
        .await
    }

    /// Takes up what was under way when the process before this one ended.
    async fn resume(
        self,
        executor: Executor,
        plan: Plan,
        entries: Vec<(Number, Entry)>,
        cancel: CancellationToken,
    ) -> Result<(), TaskError> {
        let span = span(&plan);
        let mut work = Work::new(self.clone(), plan.clone());
        async {
            let pool = PoolHandle::new(executor.sender.client().clone(), self.pool);
            let mut sent = Vec::new();
            for (index, ((number, entry), leg)) in entries.iter().zip(&plan.legs).enumerate() {
                let saved = &entry.transaction;
                info!(transaction = %saved.hash, state = ?entry.state, "taken up from the journal");
                work.note(index, LegEnd::sent(saved.hash));
                // Its limits are in the signed bytes; here the call alone matters, to read the reason of a refusal.
                let call = call(&pool, &plan, leg);
                let transaction = executor.sender.prepared(call, Weight::default(), 0);
                sent.push((index, executor.resume(*number, saved, transaction).await));
            }
            let included = self.follow(&executor, &mut work, sent).await;
            for (index, (_, entry)) in entries.iter().enumerate() {
                // The process may have ended between the line in the log and the note in the journal.
                let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
                if log.tells(&entry.transaction.hash.to_string()).map_err(fatal)? {
                    work.told(index);
                }
            }
            work.settle()?;
            self.until_final(&plan, included, &cancel).await
        }
        .instrument(span)
        .await
    }

    /// Sends the legs as transactions of their own, in the order of their nonces, so that each has its own end. A leg
    /// that cannot be sent takes those after it with it: they were planned on the state that it leaves.
    async fn act(&self, executor: &Executor, work: &mut Work) -> Vec<(usize, Sent)> {
        let plan = work.plan().clone();
        let mut sent = Vec::new();
        let mut lost = None;
        let prepared = self.prepare(&executor.sender, &plan).await;
        for (index, prepared) in prepared.into_iter().enumerate() {
            let Some(leg) = plan.legs.get(index) else { break };
            match self.send(executor, &plan, leg, prepared).await {
                Ok(one) => {
                    work.note(index, LegEnd::sent(one.pending.tx_hash()));
                    sent.push((index, one));
                }
                Err(end) => {
                    work.note(index, end);
                    lost = Some(index);
                    break;
                }
            }
        }
        if let Some(lost) = lost {
            for index in lost + 1..plan.legs.len() {
                work.note(
                    index,
                    LegEnd::without(Outcome::NotSent, "the leg before it was not sent".to_owned()),
                );
            }
        }
        self.follow(executor, work, sent).await
    }

    async fn send(
        &self,
        executor: &Executor,
        plan: &Plan,
        leg: &Intent,
        prepared: Result<Transaction, ChainError>,
    ) -> Result<Sent, LegEnd> {
        let transaction = prepared.map_err(|error| LegEnd::refused(&error))?;
        let transaction = transaction.mortal(self.config.mortality_blocks);
        let sent = executor.send(plan, leg, transaction).await?;
        self.metrics.sent(plan.arrived.elapsed());
        info!(
            intent = %leg.id,
            transaction = %sent.pending.tx_hash(),
            nonce = sent.pending.nonce(),
            debt = leg.debt.symbol,
            collateral = leg.collateral.symbol,
            repay = leg.predicted.repaid,
            profit_usd = %leg.predicted.profit_usd,
            after_ms = plan.arrived.elapsed().as_millis(),
            "sent"
        );
        Ok(sent)
    }

    /// Waits for the ends of what was sent. Gives back what is in blocks.
    async fn follow(
        &self,
        executor: &Executor,
        work: &mut Work,
        sent: Vec<(usize, Sent)>,
    ) -> Vec<(usize, Sent)> {
        let plan = work.plan().clone();
        let mut under_way = FuturesUnordered::new();
        for (index, mut one) in sent {
            let leg = plan.legs.get(index);
            under_way.push(async move {
                let end = match (executor.in_block(&mut one).await, leg) {
                    (Ok(included), Some(leg)) => {
                        let fees = self.fees.lock().unwrap_or_else(PoisonError::into_inner);
                        LegEnd::included(leg, &included, executor.sender.address(), &fees)
                    }
                    (Ok(_), None) => LegEnd::sent(one.pending.tx_hash()),
                    (Err(error), _) => LegEnd::lost(one.pending.tx_hash(), &error),
                };
                (index, end, one)
            });
        }
        let mut included = Vec::new();
        while let Some((index, end, one)) = under_way.next().await {
            if end.block.is_some() {
                included.push((index, one));
            }
            work.note(index, end);
        }
        included
    }

    /// Follows what is in blocks until the blocks are final. A re-org that takes a transaction out for good is written
    /// down: the line before it was true for a while only.
    async fn until_final(
        &self,
        plan: &Plan,
        included: Vec<(usize, Sent)>,
        cancel: &CancellationToken,
    ) -> Result<(), TaskError> {
        let Some(executor) = &self.executor else { return Ok(()) };
        for (index, mut one) in included {
            let Err(error) = executor.finalized(&mut one, cancel).await else { continue };
            let Some(leg) = plan.legs.get(index) else { continue };
            warn!(transaction = %one.pending.tx_hash(), %error, "a re-org took it back");
            let end = LegEnd::lost(one.pending.tx_hash(), &error);
            let record = end.record(plan, leg);
            self.metrics.outcome(record.outcome);
            let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            log.append(&[Line::Ended(Box::new(record))]).map_err(fatal)?;
        }
        Ok(())
    }

    /// Dry-runs all legs at the block of the plan, at the same time. A later leg cannot always be run on a state that
    /// lacks the one before it; its preview by `weir-core` stands for it then, and the first leg's needs for its own.
    async fn prepare(&self, sender: &Sender, plan: &Plan) -> Vec<Result<Transaction, ChainError>> {
        let pool = PoolHandle::new(sender.client().clone(), self.pool);
        let calls: Vec<ContractCall> = plan.legs.iter().map(|leg| call(&pool, plan, leg)).collect();
        let (client, own, at) = (sender.client(), sender.account_id(), plan.block.hash);
        let mut runs =
            join_all(calls.iter().map(|call| client.dry_run(at, call, own))).await.into_iter();
        let mut calls = calls.into_iter();
        let (Some(first), Some(call)) = (runs.next(), calls.next()) else { return Vec::new() };
        let (weight, deposit) = match first.and_then(needs) {
            Ok(needs) => needs,
            Err(error) => return vec![Err(error)],
        };
        let mut prepared =
            vec![Ok(sender.prepared(call, weight.scaled(WEIGHT_MARGIN), margin(deposit)))];
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
}

fn span(plan: &Plan) -> tracing::Span {
    info_span!(
        "intent",
        intent = %plan.legs.first().map(|leg| leg.id.to_string()).unwrap_or_default(),
        borrower = %plan.borrower,
        block = plan.block.number,
        round = plan.price.round,
    )
}

/// A keeper that cannot account for its money must not spend it.
fn fatal(fault: impl std::fmt::Display) -> TaskError {
    TaskError::Fatal(fault.to_string())
}

/// A panic in one piece of work ends that piece alone; it has written itself down.
fn ended_well(
    ended: Result<Result<(), TaskError>, tokio::task::JoinError>,
) -> Result<(), TaskError> {
    ended.unwrap_or_else(|join| {
        error!(%join, "a liquidation was given up by a fault of the keeper");
        Ok(())
    })
}

/// Weight and deposit of a call that the contract accepts.
fn needs(run: DryRun) -> Result<(Weight, u128), ChainError> {
    let needs = (run.weight, run.deposit);
    run.ok().map(|_| needs)
}

/// A tenth above a measured deposit, which is returned where it is not used.
fn margin(deposit: u128) -> u128 {
    deposit.saturating_add(deposit / 10)
}

fn call(pool: &PoolHandle, plan: &Plan, leg: &Intent) -> ContractCall {
    pool.liquidate(Liquidation {
        borrower: plan.borrower,
        debt: leg.debt.token,
        collateral: leg.collateral.token,
        max_repay: leg.max_repay,
        min_seized: leg.min_seized,
        receive_shares: leg.shares,
        data: Vec::new().into(),
    })
}
