//! Reporting by the clock: at every new block's time, whatever is due.

use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use weir_chain::{BlockRef, Class};

use super::{Feeder, PATIENCE, When};
use crate::{
    error::OracleError,
    pipeline::Moment,
    reporter::{Outcome, Reported},
    source::Elapsed,
};

/// The longest pause after errors.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How to run by the clock.
#[derive(Debug, Clone, Copy)]
pub struct RunOptions {
    /// How often to look.
    pub poll: Duration,
    /// Chain time at which the sources begin; `None`: with the first look. Given, a restart goes on where it was.
    pub begin: Option<u64>,
    /// Stop after so many seconds on the chain's clock; `None`: go on until cancelled.
    pub stop_after: Option<Elapsed>,
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct RunSummary {
    /// Looks at the sources.
    pub looks: u64,
    /// Transactions that the feed took.
    pub included: u64,
    /// Transactions that the feed refused.
    pub refused: u64,
    /// Reports that were not sent, or whose outcome is unknown.
    pub failed: u64,
    /// Times the chain could not be read.
    pub errors: u64,
}

impl RunSummary {
    fn count(&mut self, reported: &[Reported]) {
        for reported in reported {
            match reported.outcome {
                Outcome::Idle => {}
                Outcome::Included { .. } => self.included += 1,
                Outcome::Refused { .. } => self.refused += 1,
                Outcome::Failed(_) | Outcome::Unknown(_) => self.failed += 1,
            }
        }
    }
}

/// What the chain's clock shows, also between blocks.
///
/// It is the best block's time while blocks come. A chain that seals on demand makes none until a transaction comes,
/// and would never show that a heartbeat is due: after [`PATIENCE`] the time since the block was first seen is added.
/// What is reported then still bears the block's time; the block that it brings about shows the clock again, and
/// the next look reports once more if what was said is too old by it.
#[derive(Debug, Default)]
struct ChainClock {
    /// The best block's number and time, and when it was first seen.
    seen: Option<(u64, u64, Instant)>,
}

impl ChainClock {
    /// Chain time in seconds, given the best block `at` this moment.
    fn now(&mut self, best: BlockRef, at: Instant) -> u64 {
        let block = (best.number, best.timestamp_secs);
        let first = match self.seen {
            Some((number, time, first)) if (number, time) == block => first,
            _ => at,
        };
        self.seen = Some((block.0, block.1, first));
        let age = at.saturating_duration_since(first);
        let added = if age >= PATIENCE { age.as_secs() } else { 0 };
        best.timestamp_secs.saturating_add(added)
    }
}

impl Feeder {
    /// Reports by the clock until cancelled. What is in flight then is left to the chain; the next start learns from
    /// the chain what arrived. A node that goes away is waited for.
    ///
    /// # Errors
    ///
    /// If the chain has become another one: repeating would not help.
    pub async fn run(
        &mut self,
        options: RunOptions,
        cancel: &CancellationToken,
    ) -> Result<RunSummary, OracleError> {
        let mut summary = RunSummary::default();
        let mut begin = options.begin;
        let mut pause = options.poll;
        let mut clock = ChainClock::default();
        loop {
            let look = cancel.run_until_cancelled(self.look(&mut clock, &mut begin, &options));
            let Some(looked) = look.await else { break };
            summary.looks += 1;
            match looked {
                Ok(Some(reported)) => {
                    summary.count(&reported);
                    pause = options.poll;
                }
                Ok(None) => break,
                Err(error) if error.class() == Class::Abort => return Err(error),
                Err(error) => {
                    summary.errors += 1;
                    tracing::warn!(%error, pause_ms = pause.as_millis(), "feeder: the chain cannot be read, waiting");
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            if cancel.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                break;
            }
        }
        tracing::info!(
            looks = summary.looks,
            included = summary.included,
            refused = summary.refused,
            failed = summary.failed,
            errors = summary.errors,
            "feeder: stopped"
        );
        Ok(summary)
    }

    /// One look; `None` when the run is over.
    async fn look(
        &mut self,
        clock: &mut ChainClock,
        begin: &mut Option<u64>,
        options: &RunOptions,
    ) -> Result<Option<Vec<Reported>>, OracleError> {
        let best = self.client.best().await?;
        let time = clock.now(best, Instant::now());
        let elapsed = time.saturating_sub(*begin.get_or_insert(time));
        if options.stop_after.is_some_and(|stop| elapsed > stop) {
            return Ok(None);
        }
        // A report for the time of an earlier one would be refused; one ahead of the next block would be ignored.
        let stamp = best.timestamp_secs;
        if stamp <= self.last_time {
            return Ok(Some(Vec::new()));
        }
        let moment = Moment::Chain(elapsed);
        self.report_all(best, When { moment, time, stamp, everything: false }).await.map(Some)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use weir_chain::{B256, BlockRef};

    use super::ChainClock;

    #[test]
    fn the_clock_goes_on_where_no_block_comes() {
        let block = |number, timestamp_secs| BlockRef { number, hash: B256::ZERO, timestamp_secs };
        let begin = Instant::now();
        let mut clock = ChainClock::default();
        let mut now = |best, millis| clock.now(best, begin + Duration::from_millis(millis));
        assert_eq!(now(block(7, 1_000), 0), 1_000);
        assert_eq!(now(block(7, 1_000), 4_999), 1_000);
        assert_eq!(now(block(7, 1_000), 5_000), 1_005);
        assert_eq!(now(block(7, 1_000), 61_900), 1_061);
        // A new block: its own time, and the wait begins again.
        assert_eq!(now(block(8, 1_062), 62_000), 1_062);
        assert_eq!(now(block(8, 1_062), 66_000), 1_062);
        assert_eq!(now(block(8, 1_062), 67_000), 1_067);
    }
}
