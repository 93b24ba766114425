//! Reporting by the clock: at every new block's time, whatever is due.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use weir_chain::Class;

use super::Feeder;
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
        loop {
            let look = cancel.run_until_cancelled(self.look(&mut begin, &options));
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
        begin: &mut Option<u64>,
        options: &RunOptions,
    ) -> Result<Option<Vec<Reported>>, OracleError> {
        let best = self.client.best().await?;
        let time = best.timestamp_secs;
        let elapsed = time.saturating_sub(*begin.get_or_insert(time));
        if options.stop_after.is_some_and(|stop| elapsed > stop) {
            return Ok(None);
        }
        // A report for the time of an earlier one would be refused.
        if time <= self.last_time {
            return Ok(Some(Vec::new()));
        }
        self.report_all(Moment::Chain(elapsed), best, time, false).await.map(Some)
    }
}
