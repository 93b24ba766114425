//! Decides what to liquidate: for each liquidatable account the pair and amount that earn most, largest profit first,
//! within the own funds. Every figure is what `weir-core` answers for the state of the block.

mod plan;
#[cfg(test)]
mod tests;

pub use plan::{Decision, Planner};

use crate::audit::{AuditLog, Entry, Skipped};
use crate::book::{Candidate, Work};
use crate::breakers::{Breakers, Open};
use crate::config::StrategyConfig;
use crate::funds::Funds;
use crate::intent::{Asset, Plan};
use crate::ledger::Ledger;
use crate::metrics::Metrics;
use crate::profit::FeeModel;
use crate::supervisor::TaskError;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};
use weir_chain::{Address, Sender};

/// The task that decides.
#[derive(Clone)]
pub struct StrategyTask {
    /// The pool.
    pub pool: Address,
    /// Its assets.
    pub assets: Vec<Arc<Asset>>,
    /// What is worth it.
    pub config: StrategyConfig,
    /// The newest evaluation of the book; older ones are not worth planning on.
    pub work: watch::Receiver<Option<Arc<Work>>>,
    /// Where plans go.
    pub plans: mpsc::Sender<Plan>,
    /// What is under way.
    pub ledger: Ledger,
    /// What fees come to.
    pub fees: Arc<Mutex<FeeModel>>,
    /// The own funds, if there is an account.
    pub funds: Option<Funds>,
    /// Sets allowances, where the keeper executes.
    pub sender: Option<Sender>,
    /// Who may forbid to spend.
    pub breakers: Breakers,
    /// Where decisions against a liquidation are kept.
    pub log: Arc<Mutex<AuditLog>>,
    /// What to count.
    pub metrics: Arc<Metrics>,
}

impl StrategyTask {
    /// Plans on each evaluation until cancelled.
    ///
    /// # Errors
    /// If nobody submits any more; fatal if the audit log takes no more lines.
    pub async fn run(mut self, cancel: CancellationToken) -> Result<(), TaskError> {
        // Ends with this function: an allowance under way is the chain's then.
        let mut chores = JoinSet::new();
        let mut told = Told::default();
        loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Ok(()),
                Some(_) = chores.join_next() => {}
                changed = self.work.changed() => {
                    if changed.is_err() {
                        // The book has ended, on a stop: nothing comes any more.
                        return Ok(());
                    }
                    let Some(work) = self.work.borrow_and_update().clone() else { continue };
                    let Decision { plans, skipped } = self.plan(&work);
                    for plan in plans {
                        tokio::select! {
                            () = cancel.cancelled() => return Ok(()),
                            sent = self.send(plan) => sent?,
                        }
                    }
                    // After the plans: nothing waits for these lines.
                    self.write_down(told.news(&work, skipped))?;
                    self.look_after_funds(&work, &mut chores);
                }
            }
        }
    }

    /// Reads the own funds again if something has changed them, and raises allowances while nothing is liquidatable.
    /// Both beside the hot path: what is being repaid stays tied up in the ledger until it is seen in the balance, so
    /// that a plan on older figures spends nothing twice.
    fn look_after_funds(&self, work: &Work, chores: &mut JoinSet<()>) {
        let Some(funds) = self.funds.clone().filter(|_| chores.is_empty()) else { return };
        if self.ledger.take_stale() {
            let (ledger, block) = (self.ledger.clone(), work.block);
            chores.spawn(async move {
                if let Err(error) = funds.refresh(block).await {
                    warn!(%error, "own funds could not be read; plans on the last figures");
                    ledger.changed();
                }
            });
            return;
        }
        let Some(sender) = self.sender.clone() else { return };
        if work.candidates.is_empty() && !funds.is_allowed() {
            chores.spawn(async move {
                if let Err(error) = funds.allow(&sender).await {
                    warn!(%error, "an allowance could not be set");
                }
            });
        }
    }

    fn write_down(&self, skipped: Vec<Skipped>) -> Result<(), TaskError> {
        if skipped.is_empty() {
            return Ok(());
        }
        let entries: Vec<Entry> = skipped.into_iter().map(Entry::Skipped).collect();
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.append(&entries).map_err(|error| TaskError::Fatal(error.to_string()))
    }

    fn plan(&self, work: &Work) -> Decision {
        let fee_usd = self.fees.lock().unwrap_or_else(PoisonError::into_inner).expected_usd();
        let Some(fee_usd) = fee_usd else {
            warn!("the expected fee does not fit a decimal number; plans nothing");
            return Decision::default();
        };
        let accounts: Vec<Address> =
            work.candidates.iter().map(|candidate| candidate.account).collect();
        self.ledger.keep_resting(&accounts);
        let planner = Planner {
            pool: self.pool,
            own: self.funds.as_ref().map(|funds| funds.own),
            assets: &self.assets,
            config: &self.config,
            fee_usd,
            ledger: &self.ledger,
            metrics: &self.metrics,
        };
        self.breakers.head(work.block.timestamp_secs);
        if let Some(open) = self.breakers.open().first() {
            return Decision { plans: Vec::new(), skipped: forbidden(work, open) };
        }
        let decision = planner.plan(work);
        if !decision.plans.is_empty() {
            debug!(
                block = work.block.number,
                plans = decision.plans.len(),
                after_ms = work.arrived.elapsed().as_millis(),
                "planned"
            );
        }
        decision
    }

    async fn send(&self, plan: Plan) -> Result<(), TaskError> {
        if !self.ledger.begin(&plan) {
            return Ok(());
        }
        for _ in &plan.legs {
            self.metrics.planned();
        }
        self.metrics.pending(self.ledger.live_legs());
        let (borrower, version) = (plan.borrower, plan.version);
        self.plans.send(plan).await.map_err(|_| {
            self.ledger.end(borrower, version, None);
            TaskError::Retry("nobody submits".to_owned())
        })
    }
}

/// Every candidate, left alone because of a breaker.
fn forbidden(work: &Work, open: &Open) -> Vec<Skipped> {
    let skip = |candidate: &Candidate| Skipped {
        borrower: candidate.account,
        version: work.state.version(candidate.account).unwrap_or_default(),
        block: work.block.number,
        round: candidate.price.round,
        reason: open.breaker.name(),
        detail: open.reason.clone(),
    };
    work.candidates.iter().map(skip).collect()
}

/// What was told about the accounts that are left alone. The same reason for the same version of an account is told
/// once, not at every block.
#[derive(Debug, Default)]
struct Told(BTreeMap<Address, (u32, &'static str)>);

impl Told {
    /// What is to be told now. Accounts that are no candidates any more are forgotten.
    fn news(&mut self, work: &Work, mut skipped: Vec<Skipped>) -> Vec<Skipped> {
        let candidates: BTreeSet<Address> = work.candidates.iter().map(|one| one.account).collect();
        self.0.retain(|account, _| candidates.contains(account));
        skipped.retain(|one| {
            let reason = (one.version, one.reason);
            self.0.insert(one.borrower, reason) != Some(reason)
        });
        skipped
    }
}
