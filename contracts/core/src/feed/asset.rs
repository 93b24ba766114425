//! One asset of the feed: its reports, its last round, its breaker.

use super::rate::Rate;
use super::statistics::{Sorted, bps_ceil, sqrt_floor};
use super::types::{LastReport, Outcome, Push, Refused, Settings, Status, Terms};
use super::{MAX_REPORTERS, TWAP_WINDOW, VOLATILITY_WINDOW};
use crate::math::mul_div_floor;
use crate::units::{Bps, Overflow, Price, Timestamp};

const WAD: u128 = 1_000_000_000_000_000_000;
const YEAR: u128 = 31_536_000;
const BPS: u128 = 10_000;

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
    /// When the guardian's freeze ends; zero: the asset is not frozen, or until the governor re-arms it.
    pub frozen_until: Timestamp,
    /// Reporters, by a bit for each, whose last report was counted as a fault already.
    pub faulted: u16,
    /// Where the asset's price is a base price times a rate.
    pub rate: Option<Rate>,
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
            frozen_until: Timestamp(0),
            faulted: 0,
            rate: None,
        }
    }

    /// Takes the report of reporter `index` and evaluates the round if the quorum's reports count. The report of an
    /// asset with a rate is of the base; what is kept is its product with the rate, rounded down.
    ///
    /// A report counts when it is later than the last round and, while a candidate waits, later than the candidate.
    ///
    /// # Errors
    /// [`Refused`]; nothing has changed then.
    pub fn report(
        &mut self,
        index: usize,
        report: LastReport,
        terms: &Terms,
    ) -> Result<Outcome, Refused> {
        let latest = Timestamp(terms.now.0.saturating_add(terms.skew));
        let before = *self.reports.get(index).ok_or(Refused::UnknownReporter)?;
        if bit(index) & terms.suspended != 0 {
            return Err(Refused::Suspended);
        }
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
        let price = self.rated(report.price, terms)?;
        if let Some(slot) = next.reports.get_mut(index) {
            *slot = LastReport { price, time: report.time };
        }
        next.faulted &= !bit(index);
        next.thaw(terms.now);
        let outcome = next.evaluate(terms)?;
        *self = next;
        Ok(outcome)
    }

    /// The price of what is listed, from the price that is reported.
    fn rated(&self, price: Price, terms: &Terms) -> Result<Price, Refused> {
        match (self.rate, terms.rate) {
            (None, _) => Ok(price),
            (Some(_), None) => Err(Refused::NoRate),
            (Some(_), Some(rate)) => Ok(Price(mul_div_floor(price.0, rate, WAD)?)),
        }
    }

    /// Forgets the reports, as a new list of reporters gives their indices to others.
    pub fn forget_reports(&mut self) {
        self.reports = [LastReport::default(); MAX_REPORTERS];
        self.faulted = 0;
    }

    /// Lets a frozen feed take rounds again. Its price stays unusable until the next round is accepted, and that round
    /// is still judged against the last accepted median. False if it was not frozen.
    pub fn rearm(&mut self) -> bool {
        if self.last.status != Status::Frozen {
            return false;
        }
        self.last.status = Status::Suspect;
        self.out_of_bounds = 0;
        self.frozen_until = Timestamp(0);
        true
    }

    fn evaluate(&mut self, terms: &Terms) -> Result<Outcome, Overflow> {
        if self.last.status == Status::Frozen {
            return Ok(Outcome::Waiting);
        }
        let after = self.last.time.max(self.candidate_time);
        let mut prices = Sorted::<MAX_REPORTERS>::new();
        let mut times = Sorted::<MAX_REPORTERS>::new();
        let mut counted = 0;
        for (index, report) in self.reports.iter().enumerate() {
            if report.time > after && bit(index) & terms.suspended == 0 {
                counted |= bit(index);
                prices.insert(report.price.0);
                times.insert(u128::from(report.time.0));
            }
        }
        if prices.len() < usize::from(terms.quorum.max(1)) {
            return Ok(Outcome::Waiting);
        }
        let median = Price(prices.median());
        let time = timestamp(times.lower_median())?;
        let newest = timestamp(times.largest())?;
        // At a bound too: a source that is clamped there says nothing of where the market is.
        if median <= self.settings.low() || median >= self.settings.high() {
            return Ok(self.leave_bounds(median, time, newest));
        }
        self.out_of_bounds = 0;
        let status = self.judge_step(median);
        if status == Status::Suspect {
            return self.suspect(median, time, newest);
        }
        let judged = self.last.status != Status::Suspect && status == Status::Ok;
        let faults = if judged { self.faults(counted, median, time, terms) } else { 0 };
        self.faulted |= faults;
        let dispersion = prices.median_deviation(median.0);
        let push = self.accept(median, time, dispersion, status, terms)?;
        Ok(Outcome::Accepted { push, faults })
    }

    /// Which of the counted reports are farther from the median than a report may be. A price moves: one that was
    /// taken more than the skew before or after the round is not measured by it. No report is a fault twice.
    fn faults(&self, counted: u16, median: Price, time: Timestamp, terms: &Terms) -> u16 {
        let mut faults = 0;
        for (index, report) in self.reports.iter().enumerate() {
            let reporter = bit(index) & counted & !self.faulted;
            let near = report.time.0.abs_diff(time.0) <= terms.skew;
            if reporter != 0 && near && is_beyond(median, report.price, terms.fault) {
                faults |= reporter;
            }
        }
        if terms.fault.0 == 0 { 0 } else { faults }
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
    fn judge_step(&self, median: Price) -> Status {
        let previous = self.last.median;
        if previous.0 == 0 || !is_beyond(previous, median, self.settings.max_step()) {
            return Status::Ok;
        }
        let waits = self.candidate.0 != 0;
        let same_side = (self.candidate > previous) == (median > previous);
        if waits && same_side { Status::Confirmed } else { Status::Suspect }
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
        terms: &Terms,
    ) -> Result<Push, Overflow> {
        self.observe(median, time)?;
        let capped = self.capped(median, terms)?;
        let below = capped.0.min(self.twap.0).saturating_sub(dispersion);
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

    /// What the median would be with the rate at its cap. It serves the low side alone: a guard against a rate that
    /// somebody raised must refuse new risk and not liquidate.
    fn capped(&self, median: Price, terms: &Terms) -> Result<Price, Overflow> {
        let (Some(cap), Some(rate)) = (&self.rate, terms.rate) else { return Ok(median) };
        let cap = cap.at(terms.now)?;
        if rate <= cap { Ok(median) } else { mul_div_floor(median.0, cap, rate).map(Price) }
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

/// The bit of a reporter in a set of them; there are at most [`MAX_REPORTERS`].
pub(super) fn bit(index: usize) -> u16 {
    u32::try_from(index).ok().and_then(|index| 1_u16.checked_shl(index)).unwrap_or(0)
}

/// |to − from| · 10 000 > from · bps. `from` is a median, so below 2^100; what overflows is beyond.
fn is_beyond(from: Price, to: Price, bps: Bps) -> bool {
    let allowed = from.0.checked_mul(u128::from(bps.0));
    match (from.0.abs_diff(to.0).checked_mul(BPS), allowed) {
        (Some(step), Some(allowed)) => step > allowed,
        _ => true,
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
