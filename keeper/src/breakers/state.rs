//! What the breakers know, and when each is open. Times are milliseconds of the own clock.

use super::BreakersConfig;
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;

/// What can stop the keeper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Breaker {
    /// Paused by hand.
    Paused,
    /// The newest block is old.
    HeadAge,
    /// The chain's time is ahead of the own clock.
    ClockSkew,
    /// Blocks are not finalized.
    FinalityLag,
    /// Failures in a row.
    Failures,
    /// Spent too much within an hour.
    SpendHour,
    /// Spent too much within a day.
    SpendDay,
    /// Lost too much within a day.
    Loss,
    /// Too little to pay fees with.
    LowBalance,
}

impl Breaker {
    /// Every breaker.
    pub const ALL: [Self; 9] = [
        Self::Paused,
        Self::HeadAge,
        Self::ClockSkew,
        Self::FinalityLag,
        Self::Failures,
        Self::SpendHour,
        Self::SpendDay,
        Self::Loss,
        Self::LowBalance,
    ];

    /// Name in logs, metrics and requests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::HeadAge => "head_age",
            Self::ClockSkew => "clock_skew",
            Self::FinalityLag => "finality_lag",
            Self::Failures => "failures",
            Self::SpendHour => "spend_hour",
            Self::SpendDay => "spend_day",
            Self::Loss => "loss",
            Self::LowBalance => "low_balance",
        }
    }

    /// The breaker of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|breaker| breaker.name() == name)
    }
}

/// An open breaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Open {
    /// Which.
    pub breaker: Breaker,
    /// Why.
    pub reason: String,
}

/// Sums of a window of time.
#[derive(Debug, Default)]
struct Window(VecDeque<(u64, Decimal)>);

impl Window {
    fn add(&mut self, amount: Decimal, now: u64) {
        if !amount.is_zero() {
            self.0.push_back((now, amount));
        }
        while self.0.front().is_some_and(|(time, _)| now.saturating_sub(*time) >= DAY) {
            self.0.pop_front();
        }
    }

    fn within(&self, span: u64, now: u64) -> Decimal {
        let recent = self.0.iter().rev().take_while(|(time, _)| now.saturating_sub(*time) < span);
        recent.map(|(_, amount)| *amount).sum()
    }
}

/// A condition that was found bad, and until when it counts as bad.
#[derive(Debug)]
struct Bad {
    reason: String,
    until: u64,
}

/// All that is known.
pub(super) struct State {
    config: BreakersConfig,
    paused: Option<String>,
    head_time: Option<u64>,
    bad: BTreeMap<Breaker, Bad>,
    failures: u64,
    spent: Window,
    lost: Window,
    overridden: BTreeMap<Breaker, u64>,
    /// What was open when it was last told.
    told: Vec<Breaker>,
}

impl State {
    pub(super) fn new(config: BreakersConfig) -> Self {
        Self {
            config,
            paused: None,
            head_time: None,
            bad: BTreeMap::new(),
            failures: 0,
            spent: Window::default(),
            lost: Window::default(),
            overridden: BTreeMap::new(),
            told: Vec::new(),
        }
    }

    pub(super) fn head(&mut self, time: u64, now: u64) {
        self.head_time = Some(time.saturating_mul(1_000));
        self.look_at_clock(now);
    }

    /// The head's age grows without a block, so it is looked at whenever somebody asks.
    fn look_at_clock(&mut self, now: u64) {
        let Some(head) = self.head_time else { return };
        let (age, ahead) = (now.saturating_sub(head), head.saturating_sub(now));
        let text = |what, span: u64| {
            format!("the newest block's time is {} s {what} the own clock", span / 1_000)
        };
        let (most_age, most_ahead) = (self.config.max_head_age, self.config.max_clock_skew);
        self.watch(Breaker::HeadAge, exceeds(age, most_age), || text("behind", age), now);
        self.watch(Breaker::ClockSkew, exceeds(ahead, most_ahead), || text("ahead of", ahead), now);
    }

    pub(super) fn finality(&mut self, best: u64, finalized: u64, now: u64) {
        let (lag, most) = (best.saturating_sub(finalized), self.config.max_finality_lag);
        let reason = || format!("the finalized block is {lag} blocks behind the best one");
        self.watch(Breaker::FinalityLag, most > 0 && lag > most, reason, now);
    }

    pub(super) fn balance(&mut self, native: Decimal, now: u64) {
        let least = self.config.min_native;
        let reason = || format!("the native balance is {native}; min_native is {least}");
        self.watch(Breaker::LowBalance, native < least, reason, now);
    }

    /// Takes note of a condition. It counts as bad until it has been well for the cool-down.
    fn watch(&mut self, breaker: Breaker, bad: bool, reason: impl FnOnce() -> String, now: u64) {
        if bad {
            let until = now.saturating_add(millis(self.config.cool_down));
            self.bad.insert(breaker, Bad { reason: reason(), until });
        }
    }

    pub(super) fn success(&mut self) {
        self.failures = 0;
    }

    pub(super) fn failure(&mut self, reason: &str, now: u64) {
        self.failures = self.failures.saturating_add(1);
        let (failures, most) = (self.failures, self.config.max_failures);
        // After the rest a single failure more opens it again, a success closes it for good.
        let reason = || format!("{failures} failures in a row, the last: {reason}");
        self.watch(Breaker::Failures, most > 0 && failures >= most, reason, now);
    }

    pub(super) fn spent(&mut self, usd: Decimal, now: u64) {
        self.spent.add(usd, now);
    }

    pub(super) fn lost(&mut self, usd: Decimal, now: u64) {
        self.lost.add(usd, now);
    }

    pub(super) fn pause(&mut self, by: &str, _now: u64) {
        self.paused = Some(format!("paused by {by}"));
    }

    pub(super) fn resume(&mut self) {
        self.paused = None;
    }

    pub(super) fn override_one(&mut self, breaker: Breaker, now: u64) {
        match breaker {
            Breaker::Paused => self.paused = None,
            Breaker::Failures => self.failures = 0,
            Breaker::SpendHour | Breaker::SpendDay => self.spent = Window::default(),
            Breaker::Loss => self.lost = Window::default(),
            Breaker::HeadAge | Breaker::ClockSkew | Breaker::FinalityLag | Breaker::LowBalance => {
                let until = now.saturating_add(millis(self.config.override_for));
                self.overridden.insert(breaker, until);
            }
        }
        self.bad.remove(&breaker);
    }

    /// Those that are open now.
    pub(super) fn open(&mut self, now: u64) -> Vec<Open> {
        self.look_at_clock(now);
        self.overridden.retain(|_, until| *until > now);
        self.bad.retain(|_, bad| bad.until > now);
        Breaker::ALL
            .into_iter()
            .filter(|breaker| !self.overridden.contains_key(breaker))
            .filter_map(|breaker| self.reason(breaker, now).map(|reason| Open { breaker, reason }))
            .collect()
    }

    fn reason(&self, breaker: Breaker, now: u64) -> Option<String> {
        let config = &self.config;
        let window = |window: &Window, span, most: Decimal, what| {
            let sum = window.within(span, now);
            let over = !most.is_zero() && sum >= most;
            over.then(|| format!("{} USD {what}; the bound is {most}", sum.round_dp(2)))
        };
        match breaker {
            Breaker::Paused => self.paused.clone(),
            Breaker::SpendHour => {
                window(&self.spent, HOUR, config.max_spend_hour_usd, "repaid within an hour")
            }
            Breaker::SpendDay => {
                window(&self.spent, DAY, config.max_spend_day_usd, "repaid within a day")
            }
            Breaker::Loss => window(&self.lost, DAY, config.max_loss_day_usd, "lost within a day"),
            _ => self.bad.get(&breaker).map(|bad| bad.reason.clone()),
        }
    }

    /// What has opened (with its reason) and closed since this was last asked.
    pub(super) fn changes(&mut self, now: u64) -> Vec<(Breaker, Option<String>)> {
        let open = self.open(now);
        let opened = open.iter().filter(|one| !self.told.contains(&one.breaker));
        let mut changes: Vec<_> =
            opened.map(|one| (one.breaker, Some(one.reason.clone()))).collect();
        let now_open: Vec<Breaker> = open.iter().map(|one| one.breaker).collect();
        changes.extend(
            self.told.iter().filter(|told| !now_open.contains(told)).map(|told| (*told, None)),
        );
        self.told = now_open;
        changes
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// Whether a span is over a bound; a bound of zero is none.
fn exceeds(span: u64, most: Duration) -> bool {
    !most.is_zero() && span > millis(most)
}
