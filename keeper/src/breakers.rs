//! Breakers: what stops the keeper from spending when something is wrong, each with its reason.
//!
//! A breaker that is open lets no new liquidation be planned; what is under way ends as it would. One that watches a
//! condition (the age of the head, finality, the own clock, the balance) closes when the condition has been well for the
//! cool-down. One that counts (failures in a row, spending, losses) closes when what it counts has left its window. By
//! hand the keeper is paused and resumed, and a breaker is overridden for a while.

mod state;
#[cfg(test)]
mod tests;

pub use state::{Breaker, Open};

use crate::audit::Past;
use crate::metrics::Metrics;
use crate::outcome::{Outcome, Record};
use rust_decimal::Decimal;
use state::State;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tracing::{error, info, warn};

/// Bounds of the breakers. Zero switches a bound off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakersConfig {
    /// How far the newest block's time may lie behind the own clock.
    pub max_head_age: Duration,
    /// How far the newest block's time may lie before the own clock.
    pub max_clock_skew: Duration,
    /// Blocks from the finalized to the best one.
    pub max_finality_lag: u64,
    /// Failures in a row that cost a fee.
    pub max_failures: u64,
    /// Value repaid within an hour, USD.
    pub max_spend_hour_usd: Decimal,
    /// Value repaid within a day, USD.
    pub max_spend_day_usd: Decimal,
    /// Losses within a day, USD: fees of failures, and liquidations that brought less than they cost.
    pub max_loss_day_usd: Decimal,
    /// Least native balance, in whole tokens: fees are paid from it.
    pub min_native: Decimal,
    /// How long a condition must be well again, and how long failures rest.
    pub cool_down: Duration,
    /// How long a breaker that was overridden by hand stays so.
    pub override_for: Duration,
}

/// The breakers, shared by those who watch, those who count and the strategy, which asks.
#[derive(Clone)]
pub struct Breakers {
    state: Arc<Mutex<State>>,
    metrics: Arc<Metrics>,
}

impl Breakers {
    /// All closed.
    #[must_use]
    pub fn new(config: BreakersConfig, metrics: Arc<Metrics>) -> Self {
        Self { state: Arc::new(Mutex::new(State::new(config))), metrics }
    }

    /// Changes the state, and tells each breaker that opened or closed by it.
    fn with<T>(&self, change: impl FnOnce(&mut State, u64) -> T) -> T {
        let now = crate::audit::now_ms();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut state, now);
        for (breaker, reason) in state.changes(now) {
            self.metrics.breaker(breaker, reason.is_some());
            match reason {
                Some(reason) => {
                    error!(breaker = breaker.name(), reason, "breaker open: plans nothing new");
                }
                None => info!(breaker = breaker.name(), "breaker closed"),
            }
        }
        result
    }

    /// Those that are open now, with their reasons; empty if the keeper may spend.
    #[must_use]
    pub fn open(&self) -> Vec<Open> {
        self.with(|state, now| state.open(now))
    }

    /// A block came, with this time in seconds.
    pub fn head(&self, time: u64) {
        self.with(|state, now| state.head(time, now));
    }

    /// How far finality is behind.
    pub fn finality(&self, best: u64, finalized: u64) {
        self.with(|state, now| state.finality(best, finalized, now));
    }

    /// The own native balance, in whole tokens.
    pub fn balance(&self, native: Decimal) {
        self.with(|state, now| state.balance(native, now));
    }

    /// How a liquidation ended.
    pub fn ended(&self, record: &Record) {
        self.with(|state, now| {
            state.spent(record.repaid_usd, now);
            state.lost(record.lost_usd, now);
            match record.outcome {
                Outcome::Liquidated => state.success(),
                // Losing a race is no fault of the keeper's.
                Outcome::Outcompeted => {}
                outcome if record.fee.is_some() => {
                    state.failure(record.reason.as_deref().unwrap_or(outcome.name()), now);
                }
                _ => {}
            }
        });
    }

    /// What the audit log tells of the day before the start: a restart must not begin the windows anew.
    pub fn remember(&self, past: &[Past]) {
        self.with(|state, _| {
            for one in past {
                state.spent(one.repaid_usd, one.time);
                state.lost(one.lost_usd, one.time);
            }
        });
    }

    /// Stops planning until [`Self::resume`].
    pub fn pause(&self, by: &str) {
        warn!(by, "paused by hand");
        self.with(|state, now| state.pause(by, now));
    }

    /// Takes a pause back.
    pub fn resume(&self) {
        warn!("resumed by hand");
        self.with(|state, _| state.resume());
    }

    /// Leaves a breaker out of account for a while, and forgets what it has counted.
    pub fn override_one(&self, breaker: Breaker) {
        warn!(breaker = breaker.name(), "breaker overridden by hand");
        self.with(|state, now| state.override_one(breaker, now));
    }
}
