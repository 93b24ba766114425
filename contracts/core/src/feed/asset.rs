//! One asset of the feed: its reports, its last round, its breaker.

use super::statistics::{Sorted, bps_ceil, sqrt_floor};
use super::{MAX_REPORTERS, TWAP_WINDOW, VOLATILITY_WINDOW};
use crate::math::mul_div_floor;
use crate::units::{Bps, Overflow, Price, Timestamp};

const WAD: u128 = 1_000_000_000_000_000_000;
const YEAR: u128 = 31_536_000;
const BPS: u128 = 10_000;

/// How far the feed believes its last round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// No round yet.
    #[default]
    None = 0,
    /// Accepted in the ordinary way.
    Ok = 1,
    /// A step beyond `max_step` waits for a second round; the median is still the one before it.
    Suspect = 2,
    /// The step was confirmed by a second round on the same side.
    Confirmed = 3,
    /// Two rounds outside of the absolute bounds: somebody has to look.
    Frozen = 4,
}

impl Status {
    /// The status stored as `code`.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::None,
            1 => Self::Ok,
            2 => Self::Suspect,
            3 => Self::Confirmed,
            4 => Self::Frozen,
            _ => return None,
        })
    }

    /// The code under which the status is stored and pushed.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Ok => 1,
            Self::Suspect => 2,
            Self::Confirmed => 3,
            Self::Frozen => 4,
        }
    }
}

/// Bounds of an asset, checked when they are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    max_step: Bps,
    low: Price,
    high: Price,
}

impl Settings {
    /// `max_step` is the relative step beyond which a round is suspect, within 1 and 10 000 bps; a median outside
    /// `low..=high` is never accepted. `None` if the step is out of range or not 0 < low < high.
    #[must_use]
    pub const fn new(max_step: Bps, low: Price, high: Price) -> Option<Self> {
        let step_fits = max_step.0 >= 1 && max_step.0 <= 10_000;
        // Below 2^100 every product of this module with basis points or a WAD stays in 256 bits.
        let bounds_fit = low.0 > 0 && low.0 < high.0 && high.0 < 1 << 100;
        if step_fits && bounds_fit { Some(Self { max_step, low, high }) } else { None }
    }

    /// The relative step beyond which a round is suspect.
    #[must_use]
    pub const fn max_step(&self) -> Bps {
        self.max_step
    }

    /// Lowest median that is believed.
    #[must_use]
    pub const fn low(&self) -> Price {
        self.low
    }

    /// Highest median that is believed.
    #[must_use]
    pub const fn high(&self) -> Price {
        self.high
    }
}

/// The last report of one reporter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastReport {
    /// USD per whole token, WAD.
    pub price: Price,
    /// Chain time at which it was observed; zero: never.
    pub time: Timestamp,
}

/// What a pool is told about an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Push {
    /// The last accepted median.
    pub median: Price,
    /// low = median · (1 − down), rounded outward.
    pub down: Bps,
    /// high = median · (1 + up), rounded outward.
    pub up: Bps,
    /// Time of the round.
    pub time: Timestamp,
    /// Number of the round; every evaluated round has one, accepted or not.
    pub round: u32,
    /// How far it is believed.
    pub status: Status,
    /// Annual volatility.
    pub volatility: Bps,
}

/// What a report led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Kept; the quorum is not there yet, or the report is not later than the last round.
    Waiting,
    /// A round was accepted.
    Accepted(Push),
    /// A round stepped too far; its median waits as a candidate.
    Suspect {
        /// What the pools are told: the old median with a range that includes the candidate.
        push: Push,
        /// The median that waits.
        candidate: Price,
    },
    /// A round lay outside of the absolute bounds. The second in a row freezes the feed, which the pools are told.
    OutOfBounds {
        /// The median that was refused.
        median: Price,
        /// Its time.
        time: Timestamp,
        /// Set with the second such round in a row.
        frozen: Option<Push>,
    },
}

/// Why a report is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The price is zero.
    Zero,
    /// The time lies beyond now + skew, given here.
    Future(Timestamp),
    /// Not later than this reporter's last report, given here.
    NotLater(Timestamp),
    /// The reporter's index is out of range.
    UnknownReporter,
    /// An intermediate result does not fit.
    Overflow,
}

impl From<Overflow> for Refused {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}

/// The state of one asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedAsset {
    /// Bounds set by the governor.
    pub settings: Settings,
    /// Last report of each reporter, by its index in the feed's list.
    pub reports: [LastReport; MAX_REPORTERS],
    /// The last round as pushed.
    pub last: Push,
    /// A median that waits for confirmation, zero if none.
    pub candidate: Price,
    /// Newest report of the last round that was not accepted: only later ones count.
    pub candidate_time: Timestamp,
    /// Time-weighted average price.
    pub twap: Price,
    /// Annual variance, WAD.
    pub variance: u128,
    /// Rounds outside of the bounds in a row.
    pub out_of_bounds: u8,
    /// Time of the last *accepted* round; `last.time` also moves with refused ones.
    pub accepted: Timestamp,
}

impl FeedAsset {
    /// An asset without a round.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            reports: [LastReport::default(); MAX_REPORTERS],
            last: Push::default(),
            candidate: Price(0),
            candidate_time: Timestamp(0),
            twap: Price(0),
            variance: 0,
            out_of_bounds: 0,
            accepted: Timestamp(0),
        }
    }

    /// Takes the report of reporter `index` and evaluates the round if `quorum` reports count.
    ///
    /// A report counts when it is later than the last round and, while a candidate waits, later than the candidate.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn report(
        &mut self,
        index: usize,
        report: LastReport,
        now: Timestamp,
        skew: u32,
        quorum: u8,
    ) -> Result<Outcome, Refused> {
        let latest = Timestamp(now.0.saturating_add(skew));
        let before = *self.reports.get(index).ok_or(Refused::UnknownReporter)?;
        if report.price.0 == 0 {
            return Err(Refused::Zero);
        }
        if report.time > latest {
            return Err(Refused::Future(latest));
        }
        if report.time <= before.time {
            return Err(Refused::NotLater(before.time));
        }
        let mut next = *self;
        if let Some(slot) = next.reports.get_mut(index) {
            *slot = report;
        }
        let outcome = next.evaluate(quorum)?;
        *self = next;
        Ok(outcome)
    }

    /// Forgets the reports, as a new list of reporters gives their indices to others.
    pub fn forget_reports(&mut self) {
        self.reports = [LastReport::default(); MAX_REPORTERS];
    }

    /// Lets a frozen feed take rounds again. Its price stays unusable until the next round is accepted, and that round
    /// is still judged against the last accepted median. False if it was not frozen.
    pub fn rearm(&mut self) -> bool {
        if self.last.status != Status::Frozen {
            return false;
        }
        self.last.status = Status::Suspect;
        self.out_of_bounds = 0;
        true
    }

    fn evaluate(&mut self, quorum: u8) -> Result<Outcome, Overflow> {
        if self.last.status == Status::Frozen {
            return Ok(Outcome::Waiting);
        }
        let after = self.last.time.max(self.candidate_time);
        let mut prices = Sorted::<MAX_REPORTERS>::new();
        let mut times = Sorted::<MAX_REPORTERS>::new();
        for report in self.reports.iter().filter(|report| report.time > after) {
            prices.insert(report.price.0);
            times.insert(u128::from(report.time.0));
        }
        if prices.len() < usize::from(quorum.max(1)) {
            return Ok(Outcome::Waiting);
        }
        let median = Price(prices.median());
        let time = timestamp(times.lower_median())?;
        let newest = timestamp(times.largest())?;
        if median < self.settings.low || median > self.settings.high {
            return Ok(self.leave_bounds(median, time, newest));
        }
        self.out_of_bounds = 0;
        let status = self.judge_step(median)?;
        if status == Status::Suspect {
            return self.suspect(median, time, newest);
        }
        let dispersion = prices.median_deviation(median.0);
        self.accept(median, time, dispersion, status).map(Outcome::Accepted)
    }

    /// Refuses a median outside of the bounds; the second in a row freezes. None of the reports of this round counts
    /// again.
    fn leave_bounds(&mut self, median: Price, time: Timestamp, newest: Timestamp) -> Outcome {
        self.out_of_bounds = self.out_of_bounds.saturating_add(1);
        self.candidate = Price(0);
        self.candidate_time = newest;
        if self.out_of_bounds < 2 {
            return Outcome::OutOfBounds { median, time, frozen: None };
        }
        self.last.status = Status::Frozen;
        self.last.time = time;
        self.last.round = self.last.round.wrapping_add(1);
        Outcome::OutOfBounds { median, time, frozen: Some(self.last) }
    }

    /// Suspect for a step beyond `max_step`, confirmed if a candidate on the same side waits, else ok.
    fn judge_step(&self, median: Price) -> Result<Status, Overflow> {
        let previous = self.last.median;
        if previous.0 == 0 || !self.steps_too_far(previous, median)? {
            return Ok(Status::Ok);
        }
        let waits = self.candidate.0 != 0;
        let same_side = (self.candidate > previous) == (median > previous);
        Ok(if waits && same_side { Status::Confirmed } else { Status::Suspect })
    }

    /// |to − from| · 10 000 > from · max_step.
    fn steps_too_far(&self, from: Price, to: Price) -> Result<bool, Overflow> {
        let step = from.0.abs_diff(to.0).checked_mul(BPS).ok_or(Overflow)?;
        let allowed = from.0.checked_mul(u128::from(self.settings.max_step.0)).ok_or(Overflow)?;
        Ok(step > allowed)
    }

    /// Keeps a median as a candidate. What confirms it must come from reports later than every one of this round: a
    /// reporter whose clock is ahead can delay that by the skew, but nobody is counted twice.
    fn suspect(
        &mut self,
        median: Price,
        time: Timestamp,
        newest: Timestamp,
    ) -> Result<Outcome, Overflow> {
        self.candidate = median;
        self.candidate_time = newest;
        let old = self.last.median;
        self.last.status = Status::Suspect;
        self.last.time = time;
        self.last.round = self.last.round.wrapping_add(1);
        self.last.down = self.last.down.max(bps_ceil(old.0.saturating_sub(median.0), old.0)?);
        self.last.up = self.last.up.max(bps_ceil(median.0.saturating_sub(old.0), old.0)?);
        Ok(Outcome::Suspect { push: self.last, candidate: median })
    }

    fn accept(
        &mut self,
        median: Price,
        time: Timestamp,
        dispersion: u128,
        status: Status,
    ) -> Result<Push, Overflow> {
        self.observe(median, time)?;
        let below = median.0.min(self.twap.0).saturating_sub(dispersion);
        let above = median.0.max(self.twap.0).checked_add(dispersion).ok_or(Overflow)?;
        self.candidate = Price(0);
        self.candidate_time = Timestamp(0);
        self.accepted = time;
        self.last = Push {
            median,
            down: bps_ceil(median.0 - below, median.0)?.min(Bps(9_999)),
            up: bps_ceil(above - median.0, median.0)?,
            time,
            round: self.last.round.wrapping_add(1),
            status,
            volatility: volatility(self.variance),
        };
        Ok(self.last)
    }

    /// Moves the average toward the *previous* price over the time it stood, and the variance toward the square of the
    /// step: twap += (p₋ − twap)·min(Δt, W)/W and v += (r²/WAD·YEAR/Δt − v)·min(Δt, τ)/τ, each toward zero.
    fn observe(&mut self, median: Price, time: Timestamp) -> Result<(), Overflow> {
        let previous = self.last.median;
        if previous.0 == 0 {
            self.twap = median;
            return Ok(());
        }
        let elapsed = time.0.saturating_sub(self.accepted.0).max(1);
        self.twap = Price(approach(self.twap.0, previous.0, elapsed, TWAP_WINDOW)?);
        let step = mul_div_floor(previous.0.abs_diff(median.0), WAD, previous.0)?.min(10 * WAD);
        let square = mul_div_floor(step, step, WAD)?;
        let yearly = mul_div_floor(square, YEAR, u128::from(elapsed))?;
        self.variance = approach(self.variance, yearly, elapsed, VOLATILITY_WINDOW)?;
        Ok(())
    }
}

fn timestamp(seconds: u128) -> Result<Timestamp, Overflow> {
    u32::try_from(seconds).map(Timestamp).map_err(|_| Overflow)
}

/// `from + (to − from)·min(elapsed, window)/window`, the change rounded toward zero.
fn approach(from: u128, to: u128, elapsed: u32, window: u32) -> Result<u128, Overflow> {
    let change =
        mul_div_floor(from.abs_diff(to), u128::from(elapsed.min(window)), u128::from(window))?;
    if to >= from { from.checked_add(change) } else { from.checked_sub(change) }.ok_or(Overflow)
}

/// √variance as basis points a year, rounded down, capped at the type's maximum.
fn volatility(variance: u128) -> Bps {
    // √(v / 1e18) · 1e4 = √(v / 1e10).
    Bps(u16::try_from(sqrt_floor(variance / 10_000_000_000)).unwrap_or(u16::MAX))
}
