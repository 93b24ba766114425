//! Several reporters at work on one feed: step by step, or by the clock.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use weir_chain::{BlockRef, Client, FeedHandle, Sender};

use crate::{
    assets::AssetBook,
    error::OracleError,
    pipeline::{Moment, Pipeline},
    planner::{Now, Planner},
    reporter::{Reported, Reporter},
    source::{ReporterNumber, Source},
    symbol::Symbol,
    trigger::RoundStatus,
};

pub mod rounds;
pub mod run;
pub mod setup;
pub mod tick;

pub use self::{
    rounds::{AcceptedRound, RoundView},
    run::{RunOptions, RunSummary},
    setup::Setup,
    tick::Tick,
};

/// How long to wait for a block whose time is later than the last report's. A chain that makes blocks by itself has
/// one every few seconds; one that seals on demand has none until a transaction comes, which then has a later time.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often to look for it.
const LOOK: Duration = Duration::from_millis(100);

/// The reporters of one process, with the sources they share.
pub struct Feeder {
    client: Client,
    feed: FeedHandle,
    book: Arc<AssetBook>,
    reporters: Vec<Reporter>,
    /// The source whose steps are counted.
    source: Arc<Source>,
    /// How far a report's time may be ahead of the chain's.
    skew_seconds: u64,
    /// The latest chain time reported for.
    last_time: u64,
}

impl Feeder {
    /// Connects the reporters to the feed, and learns from the chain what they said last.
    ///
    /// # Errors
    ///
    /// The first of: no reporter, no source, a key used twice, an asset that is not deployed or not listed, a key that
    /// the feed does not know, a chain that does not answer.
    pub async fn start(setup: Setup) -> Result<Self, OracleError> {
        let Setup { client, feed, assets, signers, inputs, rules, trigger } = setup;
        let source = match inputs.first() {
            Some(input) => Arc::clone(&input.source),
            None => return Err(OracleError::NoSources),
        };
        setup::check_signers(&signers)?;
        let priced: BTreeSet<Symbol> = inputs.iter().flat_map(|i| i.source.assets()).collect();
        let book = Arc::new(setup::book(priced, &assets)?);
        let best = client.best().await?;
        let feed = FeedHandle::new(client.clone(), feed);
        setup::check_feed(&feed, best.hash, &book, &signers).await?;
        let skew_seconds = u64::from(feed.settings(best.hash).await?.skewSeconds);
        let (inputs, rules): (Arc<[_]>, _) = (inputs.into(), Arc::new(rules));
        let numbers = (1..=ReporterNumber::MAX).filter_map(ReporterNumber::new);
        let mut reporters = Vec::with_capacity(signers.len());
        let mut last_time = 0;
        for (number, (name, signer)) in numbers.zip(signers) {
            let pipeline = Pipeline::new(number, Arc::clone(&inputs), Arc::clone(&rules));
            let planner = Planner::new(pipeline, trigger);
            let sender = Sender::new(client.clone(), signer);
            let mut reporter =
                Reporter::new(number, name, sender, feed.clone(), Arc::clone(&book), planner);
            reporter.resync(best.hash).await?;
            last_time = reporter.last_stamp().unwrap_or_default().max(last_time);
            reporters.push(reporter);
        }
        Ok(Self { client, feed, book, reporters, source, skew_seconds, last_time })
    }

    /// The assets that are reported.
    #[must_use]
    pub fn assets(&self) -> &AssetBook {
        &self.book
    }

    /// The reporters.
    #[must_use]
    pub fn reporters(&self) -> &[Reporter] {
        &self.reporters
    }

    /// The source whose steps [`Feeder::tick`] counts: the first one.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// How many steps there are.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.source.steps()
    }

    /// Reports one step of the source, due or not: one transaction per reporter, all at once. Returns when each of
    /// them is in a block or given up, with the rounds that were accepted and the state of all rounds after them.
    ///
    /// A step larger than the feed believes leaves the round suspect: it is confirmed, or refuted, by the next tick.
    ///
    /// # Errors
    ///
    /// If there is no such step, the chain's clock stands, or the chain cannot be read. What becomes of each
    /// reporter's transaction is in the tick.
    pub async fn tick(&mut self, step: u64) -> Result<Tick, OracleError> {
        let elapsed = self.source.step_time(step);
        let elapsed = elapsed.ok_or(OracleError::NoSuchStep { step, steps: self.steps() })?;
        let (best, time) = self.next_time().await?;
        let when = When { moment: Moment::Source(elapsed), time, stamp: time, everything: true };
        let reported = self.report_all(best, when).await?;
        let last = latest(&reported).unwrap_or(best);
        let rounds = rounds::read(&self.feed, last.hash, &self.book).await?;
        let accepted = rounds::accepted(&reported, self.feed.address(), &self.book);
        Ok(Tick {
            step,
            elapsed,
            label: self.source.label(step).map(str::to_owned),
            time,
            market: self.source.market(elapsed),
            reported,
            accepted,
            rounds,
            before: best,
            after: last,
        })
    }

    /// The best block, and a time to report for that is later than the last.
    async fn next_time(&self) -> Result<(BlockRef, u64), OracleError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let best = self.client.best().await?;
            let now = best.timestamp_secs;
            if now > self.last_time {
                return Ok((best, now));
            }
            if Instant::now() >= deadline {
                let next = self.last_time.saturating_add(1);
                return match next.saturating_sub(now) <= self.skew_seconds {
                    true => Ok((best, next)),
                    false => Err(OracleError::ClockStands { now, last: self.last_time }),
                };
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// All reporters at once, each with one transaction at most.
    async fn report_all(
        &mut self,
        best: BlockRef,
        when: When,
    ) -> Result<Vec<Reported>, OracleError> {
        let rounds = rounds::read(&self.feed, best.hash, &self.book).await?;
        let rounds: BTreeMap<Symbol, RoundStatus> =
            rounds.into_iter().map(|(asset, round)| (asset, round.status)).collect();
        let When { moment, time, stamp, everything } = when;
        let now = Now { moment, time, stamp, rounds: &rounds, everything };
        let reports = self.reporters.iter_mut().map(|reporter| reporter.report(&now, best));
        let reported = futures::future::join_all(reports).await;
        if reported.iter().any(|reported| !reported.plan.reports.is_empty()) {
            self.last_time = self.last_time.max(stamp);
        }
        Ok(reported)
    }
}

/// When all reporters are asked; see [`Now`].
struct When {
    moment: Moment,
    time: u64,
    stamp: u64,
    everything: bool,
}

/// The latest block in which a report ended.
fn latest(reported: &[Reported]) -> Option<BlockRef> {
    let blocks = reported.iter().filter_map(|reported| reported.outcome.block());
    blocks.max_by_key(|block| block.number)
}
