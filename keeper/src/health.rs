//! What the keeper can say about itself: alive, and ready or why not.

use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A condition that must hold before the keeper is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A node answers, with the right chain and contracts.
    Connected,
    /// The book is complete at some block.
    BookLoaded,
    /// Blocks keep coming.
    HeadFresh,
    /// The keeper takes new work.
    Running,
}

/// A check that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unready {
    /// Which.
    pub check: Check,
    /// Why, in words.
    pub reason: String,
}

/// The answer of `/readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Whether every check holds.
    pub ready: bool,
    /// Those that do not.
    pub reasons: Vec<Unready>,
    /// The block that the book stands at.
    pub block: Option<u64>,
    /// Whether liquidations are sent or only decided.
    pub execute: bool,
}

#[derive(Debug)]
struct State {
    disconnected: Option<String>,
    unloaded: Option<String>,
    stopping: Option<String>,
    head: Option<(u64, Instant)>,
}

/// Shared by the tasks that report and the server that answers.
#[derive(Clone, Debug)]
pub struct Health {
    state: Arc<Mutex<State>>,
    stall_after: Duration,
    execute: bool,
}

impl Health {
    /// Nothing holds yet. A head older than `stall_after` is not fresh.
    #[must_use]
    pub fn new(stall_after: Duration, execute: bool) -> Self {
        let state = State {
            disconnected: Some("no connection to a node yet".to_owned()),
            unloaded: Some("the book has not been read yet".to_owned()),
            stopping: None,
            head: None,
        };
        Self { state: Arc::new(Mutex::new(state)), stall_after, execute }
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A node answers and is the right one.
    pub fn connected(&self) {
        self.with(|state| state.disconnected = None);
    }

    /// The node is gone, or wrong; the book is no longer followed.
    pub fn disconnected(&self, reason: impl Into<String>) {
        self.with(|state| state.disconnected = Some(reason.into()));
    }

    /// The book stands at this block.
    pub fn at_block(&self, number: u64) {
        self.with(|state| {
            state.unloaded = None;
            state.head = Some((number, Instant::now()));
        });
    }

    /// The book has to be read again.
    pub fn book_lost(&self, reason: impl Into<String>) {
        self.with(|state| state.unloaded = Some(reason.into()));
    }

    /// No new work is taken.
    pub fn stopping(&self, reason: impl Into<String>) {
        self.with(|state| state.stopping = Some(reason.into()));
    }

    /// What `/readyz` answers now.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let (reasons, block) = self.with(|state| {
            let mut reasons = Vec::new();
            let mut add = |check, reason: &Option<String>| {
                reasons.extend(reason.clone().map(|reason| Unready { check, reason }));
            };
            add(Check::Running, &state.stopping);
            add(Check::Connected, &state.disconnected);
            add(Check::BookLoaded, &state.unloaded);
            let age = state.head.map(|(_, seen)| seen.elapsed());
            let stale = age.filter(|age| *age > self.stall_after);
            add(Check::HeadFresh, &stale.map(|age| format!("no block for {} s", age.as_secs())));
            (reasons, state.head.map(|(number, _)| number))
        });
        Readiness { ready: reasons.is_empty(), reasons, block, execute: self.execute }
    }
}
