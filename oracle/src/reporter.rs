//! A reporter: a key, a plan, and one transaction for all assets that are due.

use std::{sync::Arc, time::Duration};

use weir_chain::{
    Address, B256, BlockRef, ChainError, Class, ContractEvent, FeedHandle, Included, Sender,
    Transaction, Weight,
    abi::{ContractError, PriceFeed},
};

use crate::{
    assets::AssetBook,
    planner::{Now, Plan, Planner},
    price::Price,
    source::ReporterNumber,
    trigger::Published,
};

/// How often a report is prepared before it is given up for this time.
const ATTEMPTS: u32 = 3;
/// The pause before the second attempt; it doubles.
const PAUSE: Duration = Duration::from_millis(200);
/// What is added to the need of the dry run. Several reporters report at the same block: the one that completes the
/// quorum also pays for telling the pools, which no dry run at that block can foresee. Ten times what telling one pool
/// about a few assets takes; what is not used is given back.
const HEADROOM: Weight = Weight { ref_time: 100_000_000_000, proof_size: 1 << 20 };
/// A feed with several costly pools asks for more; then the headroom is doubled, up to this factor.
const MAX_HEADROOM: u32 = 4;
/// What is added to the deposit limit, in native units: a limit only, the deposit itself is what the chain asks for.
const DEPOSIT: u128 = 1_000_000_000;

/// What became of a report.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing was due.
    Idle,
    /// It is in a block, and the feed took it.
    Included {
        /// Hash of the transaction.
        tx_hash: B256,
        /// The block.
        block: BlockRef,
        /// What it cost, in native units.
        fee: u128,
        /// What the contracts said during it.
        events: Vec<ContractEvent>,
    },
    /// The feed refused it. Nothing to repair: the next round comes with the next report.
    Refused {
        /// The feed's reason.
        reason: ChainError,
        /// The block, if the refusal is in one and was paid for.
        block: Option<BlockRef>,
    },
    /// It was not sent.
    Failed(ChainError),
    /// It was sent, and it is not known whether it arrived or still will.
    Unknown(ChainError),
}

impl Outcome {
    /// The block in which it ended, if it is in one.
    #[must_use]
    pub fn block(&self) -> Option<BlockRef> {
        match self {
            Self::Included { block, .. } => Some(*block),
            Self::Refused { block, .. } => *block,
            Self::Idle | Self::Failed(_) | Self::Unknown(_) => None,
        }
    }

    /// A word for it: `idle`, `included`, `refused`, `failed` or `unknown`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Included { .. } => "included",
            Self::Refused { .. } => "refused",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The error in it, if there is one.
    #[must_use]
    pub fn error(&self) -> Option<&ChainError> {
        match self {
            Self::Refused { reason, .. } => Some(reason),
            Self::Failed(error) | Self::Unknown(error) => Some(error),
            Self::Idle | Self::Included { .. } => None,
        }
    }
}

/// What a reporter did at one moment.
#[derive(Debug)]
pub struct Reported {
    /// The reporter's number, from 1.
    pub reporter: ReporterNumber,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: Address,
    /// What it meant to report, and why.
    pub plan: Plan,
    /// What became of it.
    pub outcome: Outcome,
}

/// A reporter at work.
pub struct Reporter {
    number: ReporterNumber,
    name: String,
    sender: Sender,
    feed: FeedHandle,
    book: Arc<AssetBook>,
    planner: Planner,
    headroom: u32,
    /// Its memory has to be compared with the chain before it speaks again.
    uncertain: bool,
}

impl Reporter {
    /// A reporter that learns from the chain what it said last before it speaks.
    #[must_use]
    pub fn new(
        number: ReporterNumber,
        name: String,
        sender: Sender,
        feed: FeedHandle,
        book: Arc<AssetBook>,
        planner: Planner,
    ) -> Self {
        Self { number, name, sender, feed, book, planner, headroom: 1, uncertain: true }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address under which the feed knows it.
    #[must_use]
    pub fn address(&self) -> Address {
        self.sender.address()
    }

    /// The latest time it has reported for, or tried to.
    #[must_use]
    pub fn last_stamp(&self) -> Option<u64> {
        self.planner.last_stamp()
    }

    /// Compares its memory with the chain.
    ///
    /// # Errors
    ///
    /// If the chain cannot be read.
    pub async fn resync(&mut self, at: B256) -> Result<(), ChainError> {
        let (feed, address) = (&self.feed, self.sender.address());
        let reads = self.book.iter().map(|(symbol, asset)| async move {
            let last = feed.last_report(at, asset, address).await?;
            Ok::<_, ChainError>((symbol.clone(), last.0, last.1))
        });
        for (symbol, price, time) in futures::future::try_join_all(reads).await? {
            let price = Price::from_wad(price).ok();
            let last = price.map(|price| Published { price, time: u64::from(time) });
            self.planner.restore(&symbol, last);
        }
        self.uncertain = false;
        Ok(())
    }

    /// Reports what is due at the block `best`, in one transaction, and waits until a block includes it.
    pub async fn report(&mut self, now: &Now<'_>, best: BlockRef) -> Reported {
        if self.uncertain
            && let Err(error) = self.resync(best.hash).await
        {
            let time = u32::try_from(now.stamp).unwrap_or(u32::MAX);
            let plan = Plan { time, reports: Vec::new(), withheld: Vec::new() };
            return self.reported(plan, Outcome::Failed(error));
        }
        let plan = self.planner.plan(now);
        if plan.reports.is_empty() {
            return self.reported(plan, Outcome::Idle);
        }
        let outcome = match self.prepare(&plan).await {
            Ok(transaction) => self.send(&plan, transaction).await,
            Err(error) => self.not_sent(error),
        };
        self.reported(plan, outcome)
    }

    fn reported(&self, plan: Plan, outcome: Outcome) -> Reported {
        let address = self.sender.address();
        let reported =
            Reported { reporter: self.number, name: self.name.clone(), address, plan, outcome };
        log(&reported);
        reported
    }

    /// The transaction, with limits. Nothing has been sent when this fails.
    async fn prepare(&self, plan: &Plan) -> Result<Transaction, ChainError> {
        let reports = plan.reports.iter().filter_map(|report| {
            let asset = self.book.address(&report.asset)?;
            Some(PriceFeed::Report { asset, price: report.price().wad(), time: plan.time })
        });
        let call = self.feed.report(reports.collect());
        let mut pause = PAUSE;
        let mut attempt = 1;
        loop {
            match self.sender.prepare(call.clone()).await {
                Ok(prepared) => {
                    let (weight, deposit) = (prepared.weight(), prepared.deposit());
                    let room = HEADROOM.scaled(self.headroom.saturating_mul(10_000));
                    let weight = Weight {
                        ref_time: weight.ref_time.saturating_add(room.ref_time),
                        proof_size: weight.proof_size.saturating_add(room.proof_size),
                    };
                    return Ok(self.sender.prepared(call, weight, deposit.saturating_add(DEPOSIT)));
                }
                Err(error) if error.class() == Class::Retry && attempt < ATTEMPTS => {
                    tracing::debug!(reporter = %self.name, %error, attempt, "report: preparing again");
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// From here on the plan's times are used up, whatever becomes of it.
    async fn send(&mut self, plan: &Plan, transaction: Transaction) -> Outcome {
        self.planner.stamp(plan);
        let included = match self.sender.submit(transaction).await {
            Ok(mut pending) => pending.in_block().await,
            Err(error) => Err(error),
        };
        match included {
            Ok(included) => self.landed(plan, included),
            Err(error) => {
                self.uncertain = true;
                Outcome::Unknown(error)
            }
        }
    }

    fn landed(&mut self, plan: &Plan, included: Included) -> Outcome {
        let block = included.block;
        match included.ok() {
            Ok(included) => {
                self.planner.published(plan);
                let Included { tx_hash, fee, events, .. } = included;
                Outcome::Included { tx_hash, block, fee, events }
            }
            Err(reason) => {
                self.learn(&reason);
                Outcome::Refused { reason, block: Some(block) }
            }
        }
    }

    fn not_sent(&mut self, error: ChainError) -> Outcome {
        self.learn(&error);
        match error.class() {
            Class::Skip => Outcome::Refused { reason: error, block: None },
            Class::Retry | Class::Abort | Class::Alert => Outcome::Failed(error),
        }
    }

    /// What a refusal says about this reporter's own state.
    fn learn(&mut self, reason: &ChainError) {
        match reason.refused().map(|error: &ContractError| error.name.as_str()) {
            Some("WeightTooSmall") => self.headroom = (self.headroom * 2).min(MAX_HEADROOM),
            // Somebody with the same key was here, or an earlier report arrived late.
            Some("ReportTooOld" | "NothingReported") => self.uncertain = true,
            _ => {}
        }
    }
}

fn log(reported: &Reported) {
    let Reported { name, plan, outcome, .. } = reported;
    for withheld in &plan.withheld {
        tracing::warn!(reporter = %name, asset = %withheld.asset, why = %withheld.why, "report: withheld");
    }
    for line in &plan.reports {
        for rejected in &line.aggregate.rejected {
            tracing::info!(
                reporter = %name, asset = %line.asset, source = %rejected.source,
                price = %rejected.price, why = %rejected.why, "report: source rejected"
            );
        }
        tracing::debug!(
            reporter = %name, asset = %line.asset, price = %line.price(), due = ?line.due,
            time = plan.time, "report: line"
        );
    }
    let reports = plan.reports.len();
    match outcome {
        Outcome::Idle => tracing::trace!(reporter = %name, "report: nothing due"),
        Outcome::Included { tx_hash, block, fee, .. } => tracing::info!(
            reporter = %name, reports, time = plan.time, tx = %tx_hash, block = block.number, fee,
            "report: included"
        ),
        Outcome::Refused { reason, .. } => {
            tracing::warn!(reporter = %name, reports, time = plan.time, %reason, "report: refused");
        }
        Outcome::Failed(error) => {
            tracing::error!(reporter = %name, reports, time = plan.time, %error, "report: not sent");
        }
        Outcome::Unknown(error) => {
            tracing::error!(reporter = %name, reports, time = plan.time, %error, "report: outcome unknown");
        }
    }
}
