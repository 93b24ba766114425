//! The adaptive model: a curve around a rate at target utilisation, and that rate moves with time.
//!
//! Above 90 % utilisation the rate at target grows exponentially, below it shrinks, by at most a factor of e^50 per
//! year; the curve gives a quarter of it at utilisation 0 and four times it at 1. Integer rules as published for the
//! adaptive-curve model of Morpho Blue; all divisions round toward zero.

use super::{InvalidRate, RateModel, RateStep};
use crate::{
    math::{mul_div_floor, mul_div_trunc},
    units::{Seconds, WAD, Wad},
};

/// The utilisation at which the rate at target stands still: 90 %.
pub const TARGET_UTILISATION: Wad = Wad(900_000_000_000_000_000);
/// The rate at target of a fresh reserve: 4 % per year, per second in WAD.
pub const INITIAL_RATE_AT_TARGET: u64 = 1_268_391_679;
/// The lowest rate at target: 0.1 % per year.
pub const MIN_RATE_AT_TARGET: u64 = 31_709_791;
/// The highest rate at target: 200 % per year (which makes 800 % at full utilisation).
pub const MAX_RATE_AT_TARGET: u64 = 63_419_583_967;

/// 50 per year, per second in WAD.
const ADJUSTMENT_SPEED: i128 = 1_585_489_599_188;
/// 1 − 1/4: how far the curve falls below the rate at target.
const FALL: i128 = 750_000_000_000_000_000;
/// 4 − 1: how far it rises above.
const RISE: i128 = 3_000_000_000_000_000_000;
const ONE: i128 = 1_000_000_000_000_000_000;
const LN_2: i128 = 693_147_180_559_945_309;
/// ln(10^-18): below it the exponential is less than one unit.
const EXP_LOWER: i128 = -41_446_531_673_892_822_312;
/// ln(2^255 / 10^36): from here on the exponential stays where it is.
const EXP_UPPER: i128 = 93_859_467_695_000_404_319;

/// The adaptive model of a reserve: its rate at target, within bounds, or 0 before its first period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adaptive {
    rate_at_target: u64,
}

impl Adaptive {
    /// A model that starts at [`INITIAL_RATE_AT_TARGET`] with its first period.
    pub const FRESH: Self = Self { rate_at_target: 0 };

    /// A model with this rate at target, per second in WAD; 0 is a fresh one.
    ///
    /// # Errors
    /// [`InvalidRate::RateAtTarget`] outside of [`MIN_RATE_AT_TARGET`] to [`MAX_RATE_AT_TARGET`].
    pub const fn new(rate_at_target: u64) -> Result<Self, InvalidRate> {
        let within = rate_at_target >= MIN_RATE_AT_TARGET && rate_at_target <= MAX_RATE_AT_TARGET;
        if rate_at_target == 0 || within {
            Ok(Self { rate_at_target })
        } else {
            Err(InvalidRate::RateAtTarget)
        }
    }

    /// The rate at target, per second in WAD; 0 before the first period.
    #[inline]
    #[must_use]
    pub const fn rate_at_target(&self) -> u64 {
        self.rate_at_target
    }
}

impl RateModel for Adaptive {
    fn step(&self, utilisation: Wad, elapsed: Seconds) -> RateStep<Self> {
        let step = adaptive_step(self.rate_at_target, utilisation, u64::from(elapsed.0));
        RateStep {
            rate: Wad(step.average_rate),
            next: Self { rate_at_target: step.end_rate_at_target },
        }
    }
}

/// What [`adaptive_step`] returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdaptiveStep {
    /// Average borrow rate of the period with the curve applied, per second in WAD.
    pub average_rate: u128,
    /// The rate at target at the end of the period, per second in WAD, within its bounds.
    pub end_rate_at_target: u64,
}

/// One period of the adaptive model: from a rate at target (0 for the first period, which has no length whatever
/// `elapsed` says), a utilisation (WAD, above 1 counting as 1) and a number of seconds. Never fails.
#[must_use]
pub fn adaptive_step(rate_at_target: u64, utilisation: Wad, elapsed: u64) -> AdaptiveStep {
    let error = error(utilisation);
    let speed = part(ADJUSTMENT_SPEED, error);
    // |speed| < 2^41 and elapsed < 2^64: far from the limits of an i128.
    let drift = speed * i128::from(elapsed);
    let (average, end) = if rate_at_target == 0 {
        (INITIAL_RATE_AT_TARGET, INITIAL_RATE_AT_TARGET)
    } else if drift == 0 {
        (rate_at_target, rate_at_target)
    } else {
        let end = moved(rate_at_target, drift);
        let middle = moved(rate_at_target, drift / 2);
        (quarter_of(rate_at_target, middle, end), end)
    };
    AdaptiveStep { average_rate: curve(average, error), end_rate_at_target: end }
}

/// The distance from target in WAD, −1 at utilisation 0 and 1 at full utilisation.
fn error(utilisation: Wad) -> i128 {
    let used = i128::try_from(utilisation.0.min(WAD)).unwrap_or(ONE);
    let target = 900_000_000_000_000_000_i128;
    let norm = if used > target { WAD - TARGET_UTILISATION.0 } else { TARGET_UTILISATION.0 };
    // At most 1 either way.
    mul_div_trunc(used - target, ONE, norm).unwrap_or(0)
}

/// value · ratio, for a ratio of at most 1 either way.
fn part(value: i128, ratio: i128) -> i128 {
    mul_div_trunc(value, ratio, WAD).unwrap_or(0)
}

/// rate · (1 + c·error).
fn curve(rate: u64, error: i128) -> u128 {
    let coefficient = if error < 0 { FALL } else { RISE };
    let factor = part(coefficient, error) + ONE;
    // The factor is between 1/4 and 4, so neither conversion nor product can fail.
    let factor = u128::try_from(factor).unwrap_or(0);
    mul_div_floor(u128::from(rate), factor, WAD).unwrap_or(u128::MAX)
}

/// start · e^drift, within the bounds of a rate at target.
fn moved(start: u64, drift: i128) -> u64 {
    let rate = mul_div_floor(u128::from(start), wexp(drift).0, WAD).unwrap_or(u128::MAX);
    u64::try_from(rate).unwrap_or(u64::MAX).clamp(MIN_RATE_AT_TARGET, MAX_RATE_AT_TARGET)
}

/// (start + end + 2·middle) / 4.
fn quarter_of(start: u64, middle: u64, end: u64) -> u64 {
    let sum = u128::from(start) + u128::from(end) + 2 * u128::from(middle);
    u64::try_from(sum / 4).unwrap_or(u64::MAX)
}

/// e^x in WAD for x in WAD, by two terms around the nearest multiple of ln 2; what does not fit becomes the largest
/// value. Never fails.
#[inline]
#[must_use]
pub fn wexp(x: i128) -> Wad {
    let (mantissa, shift) = wexp_parts(x);
    if shift < 0 {
        return Wad(mantissa.checked_shr(shift.unsigned_abs()).unwrap_or(0));
    }
    if shift.unsigned_abs() > mantissa.leading_zeros() {
        return Wad::MAX;
    }
    Wad(mantissa << shift.unsigned_abs())
}

/// e^x in WAD as mantissa · 2^shift (rounded down): the exact result even where it exceeds 128 bits.
#[must_use]
pub fn wexp_parts(x: i128) -> (u128, i32) {
    if x < EXP_LOWER {
        return (0, 0);
    }
    // With x between the two bounds every product below stays under 2^124.
    let x = x.min(EXP_UPPER);
    let half = if x < 0 { -(LN_2 / 2) } else { LN_2 / 2 };
    let shift = mul_div_trunc(x + half, 1, LN_2.unsigned_abs()).unwrap_or(0);
    let r = x - shift * LN_2;
    let mantissa = ONE + r + part(r, r) / 2;
    // |r| ≤ ln 2 / 2, so the mantissa is positive; |shift| ≤ 136.
    (u128::try_from(mantissa).unwrap_or(0), i32::try_from(shift).unwrap_or(0))
}
