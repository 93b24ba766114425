//! What a run did, counted.

use crate::message::{AROUND, NAMES};
use serde::Serialize;
use std::{collections::BTreeMap, time::Duration};

/// Counts of one or several sessions.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Steps tried, by name.
    pub tried: [u64; NAMES.len()],
    /// Steps accepted, by name.
    pub accepted: [u64; NAMES.len()],
    /// Refusals by the name of the error.
    pub refused: BTreeMap<&'static str, u64>,
    /// Invariants looked at.
    pub checks: u64,
    /// Events heard.
    pub events: u64,
    /// Sessions finished.
    pub sessions: u64,
}

impl Tally {
    /// Adds another one.
    pub fn add(&mut self, other: &Self) {
        for place in 0..NAMES.len() {
            self.tried[place] += other.tried[place];
            self.accepted[place] += other.accepted[place];
        }
        for (name, count) in &other.refused {
            *self.refused.entry(name).or_default() += count;
        }
        self.checks += other.checks;
        self.events += other.events;
        self.sessions += other.sessions;
    }

    /// All steps.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.tried.iter().sum()
    }

    /// The report, with the time it took.
    #[must_use]
    pub fn report(&self, elapsed: Duration) -> Report {
        // What happens around the pool is no message, so it counts on neither side.
        let tried = self.steps() - self.tried[AROUND];
        let accepted = self.accepted.iter().sum::<u64>() - self.accepted[AROUND];
        let percent = |part: u64, all: u64| if all == 0 { 0.0 } else { hundredths(part, all) };
        Report {
            steps: self.steps(),
            sessions: self.sessions,
            seconds: elapsed.as_secs_f64(),
            steps_per_minute: per_minute(self.steps(), elapsed),
            checks: self.checks,
            events: self.events,
            accepted_percent: percent(accepted, tried),
            messages: (0..AROUND)
                .map(|place| Line {
                    name: NAMES[place],
                    tried: self.tried[place],
                    accepted: self.accepted[place],
                    percent_of_accepted: percent(self.accepted[place], accepted),
                })
                .collect(),
            refused: self.refused.clone(),
        }
    }
}

/// How many per minute, rounded down.
#[must_use]
pub fn per_minute(count: u64, elapsed: Duration) -> u64 {
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    count.saturating_mul(60_000) / milliseconds
}

/// Percent with two places.
fn hundredths(part: u64, all: u64) -> f64 {
    let hundredths = u32::try_from(part.saturating_mul(10_000) / all).unwrap_or(u32::MAX);
    f64::from(hundredths) / 100.0
}

/// One message of the report.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Line {
    pub name: &'static str,
    pub tried: u64,
    pub accepted: u64,
    pub percent_of_accepted: f64,
}

/// What is printed at the end.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Report {
    pub steps: u64,
    pub sessions: u64,
    pub seconds: f64,
    pub steps_per_minute: u64,
    pub checks: u64,
    pub events: u64,
    pub accepted_percent: f64,
    pub messages: Vec<Line>,
    pub refused: BTreeMap<&'static str, u64>,
}
