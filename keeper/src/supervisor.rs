//! Runs the keeper's tasks: names them, restarts them with back-off, and stops them in order.
//!
//! A task is made by a closure, again after each failure. A task that ends well is not restarted. A failure that a
//! restart cannot mend ends the whole keeper with its reason. On a stop the stages are cancelled one after the other,
//! in the order in which they were added: the sources first, so that what they have fed in is worked off behind them.

#[cfg(test)]
mod tests;

use crate::metrics::Metrics;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

/// How a task ended where it should not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// Another try may succeed.
    #[error("{0}")]
    Retry(String),
    /// No restart mends it; the keeper stops and says why.
    #[error("{0}")]
    Fatal(String),
}

/// When and how often a failed task is started again.
#[derive(Clone, Copy, Debug)]
pub struct Restart {
    /// First pause; it doubles with each failure in a row.
    pub first: Duration,
    /// Longest pause.
    pub longest: Duration,
    /// A task that ran for this long counts as well again.
    pub settled: Duration,
    /// Failures in a row after which the keeper stops; `None` tries for ever.
    pub most: Option<u32>,
}

impl Restart {
    fn pause(&self, failures: u32) -> Duration {
        let factor = 2_u32.checked_pow(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        self.first.checked_mul(factor).map_or(self.longest, |pause| pause.min(self.longest))
    }
}

/// Why the keeper ended by itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("task {task} stopped the keeper: {reason}")]
pub struct Fatal {
    /// The task.
    pub task: &'static str,
    /// What it said.
    pub reason: String,
}

struct Stage {
    name: &'static str,
    cancel: CancellationToken,
    tasks: JoinSet<()>,
    drain: Duration,
}

/// Owner of all tasks.
pub struct Supervisor {
    /// Cancelled when a stop is asked for, by a signal, a handle or a fatal failure.
    stop: CancellationToken,
    fatal: Arc<Mutex<Option<Fatal>>>,
    stages: Vec<Stage>,
    metrics: Arc<Metrics>,
}

impl Supervisor {
    /// A supervisor without tasks; cancelling `stop` begins the stop.
    #[must_use]
    pub fn new(stop: CancellationToken, metrics: Arc<Metrics>) -> Self {
        Self { stop, fatal: Arc::new(Mutex::new(None)), stages: Vec::new(), metrics }
    }

    /// Adds a task as the next stage. `make` is called for each start with the token that asks the task to end; after
    /// that it has `drain` to do so.
    pub fn add<F, T>(&mut self, name: &'static str, restart: Restart, drain: Duration, make: F)
    where
        F: FnMut(CancellationToken) -> T + Send + 'static,
        T: Future<Output = Result<(), TaskError>> + Send + 'static,
    {
        // Not a child of `stop`: the stages end one after the other, not all at once.
        let cancel = CancellationToken::new();
        let keep = Keep {
            name,
            restart,
            cancel: cancel.clone(),
            stop: self.stop.clone(),
            fatal: Arc::clone(&self.fatal),
            metrics: Arc::clone(&self.metrics),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(keep.run(make));
        self.stages.push(Stage { name, cancel, tasks, drain });
    }

    /// Waits for the stop, then ends the stages in order.
    ///
    /// # Errors
    /// The failure that stopped the keeper, if it did not stop because it was asked to.
    pub async fn run(mut self) -> Result<(), Fatal> {
        self.stop.cancelled().await;
        for stage in &mut self.stages {
            stage.cancel.cancel();
            let all = async { while stage.tasks.join_next().await.is_some() {} };
            if tokio::time::timeout(stage.drain, all).await.is_err() {
                warn!(task = stage.name, "did not end in time and is cut off");
                stage.tasks.shutdown().await;
            }
            info!(task = stage.name, "ended");
        }
        let fatal = self.fatal.lock().unwrap_or_else(PoisonError::into_inner).take();
        fatal.map_or(Ok(()), Err)
    }
}

/// Keeps one task alive.
struct Keep {
    name: &'static str,
    restart: Restart,
    cancel: CancellationToken,
    stop: CancellationToken,
    fatal: Arc<Mutex<Option<Fatal>>>,
    metrics: Arc<Metrics>,
}

impl Keep {
    async fn run<F, T>(self, mut make: F)
    where
        F: FnMut(CancellationToken) -> T + Send + 'static,
        T: Future<Output = Result<(), TaskError>> + Send + 'static,
    {
        let mut failures = 0_u32;
        loop {
            let started = Instant::now();
            // In a task of its own, so that a panic in it is a failure like any other. Dropping the set ends it.
            let mut inner = JoinSet::new();
            inner.spawn(make(self.cancel.clone()));
            let reason = match inner.join_next().await {
                None | Some(Ok(Ok(()))) => return,
                Some(Ok(Err(TaskError::Retry(reason)))) => reason,
                Some(Ok(Err(TaskError::Fatal(reason)))) => return self.give_up(reason),
                Some(Err(join)) => format!("panicked: {join}"),
            };
            if self.cancel.is_cancelled() {
                warn!(task = self.name, reason, "failed while ending");
                return;
            }
            failures = if started.elapsed() >= self.restart.settled {
                1
            } else {
                failures.saturating_add(1)
            };
            if self.restart.most.is_some_and(|most| failures > most) {
                return self.give_up(format!("failed {failures} times in a row, last: {reason}"));
            }
            let pause = self.restart.pause(failures);
            warn!(
                task = self.name,
                reason,
                failures,
                pause_ms = pause.as_millis(),
                "failed, starts again"
            );
            self.metrics.restarted(self.name);
            tokio::select! {
                () = self.cancel.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn give_up(&self, reason: String) {
        error!(task = self.name, reason, "stops the keeper");
        let mut fatal = self.fatal.lock().unwrap_or_else(PoisonError::into_inner);
        fatal.get_or_insert(Fatal { task: self.name, reason });
        self.stop.cancel();
    }
}
