//! Interest-rate models: from utilisation to the borrow rate of a period.
//!
//! A model is data, not code of a third party: it cannot fail, and so it can never stand between a borrower and his
//! repayment.

mod adaptive;
mod kinked;

pub use adaptive::{
    Adaptive, AdaptiveStep, INITIAL_RATE_AT_TARGET, MAX_RATE_AT_TARGET, MIN_RATE_AT_TARGET,
    TARGET_UTILISATION, adaptive_step, wexp, wexp_parts,
};
pub use kinked::{Kinked, MAX_FULL_RATE, kink_total};

use crate::{
    math::{div_floor, mul_div_floor},
    units::{Assets, Overflow, Seconds, WAD, Wad, YEAR},
};

/// A rate model that cannot be: which relation it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidRate {
    /// The optimal utilisation is not strictly between 0 and 1.
    Optimal,
    /// The slope above the optimum is smaller than the one below it.
    Slopes,
    /// The rate at full utilisation is above 800 % per year.
    FullRate,
    /// The rate at target is outside of its bounds (and not 0, the first touch).
    RateAtTarget,
}

/// What a model says of a period: the rate to book, and the model as it stands afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateStep<M> {
    /// Borrow rate per second over the period, WAD, rounded down.
    pub rate: Wad,
    /// The model at the end of the period.
    pub next: M,
}

/// From utilisation to rate. No method fails.
pub trait RateModel: Sized {
    /// The rate of a period of `elapsed` seconds that had this utilisation throughout (WAD, above 1 counts as 1).
    fn step(&self, utilisation: Wad, elapsed: Seconds) -> RateStep<Self>;

    /// The rate per second at this moment, WAD, rounded down.
    fn rate_now(&self, utilisation: Wad) -> Wad {
        self.step(utilisation, Seconds::ZERO).rate
    }
}

/// The model of a reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rates {
    /// Two straight lines that meet at the optimal utilisation.
    Kinked(Kinked),
    /// A curve around a rate at target that drifts with time.
    Adaptive(Adaptive),
}

impl Rates {
    /// Room to read a model into; not a model.
    pub(crate) const ROOM: Self = Self::Kinked(Kinked::ROOM);
}

impl RateModel for Rates {
    fn step(&self, utilisation: Wad, elapsed: Seconds) -> RateStep<Self> {
        match self {
            Self::Kinked(model) => {
                let RateStep { rate, next } = model.step(utilisation, elapsed);
                RateStep { rate, next: Self::Kinked(next) }
            }
            Self::Adaptive(model) => {
                let RateStep { rate, next } = model.step(utilisation, elapsed);
                RateStep { rate, next: Self::Adaptive(next) }
            }
        }
    }
}

/// debt / (cash + debt) in WAD, rounded down, 0 when both are zero. Never fails.
#[inline]
#[must_use]
pub fn utilisation(debt: Assets, cash: Assets) -> Wad {
    // Half of both has the same ratio, to within a unit of numbers near 2^128, and its sum always fits.
    let (part, whole) = match debt.0.checked_add(cash.0) {
        Some(whole) => (debt.0, whole),
        None => (debt.0 / 2, debt.0 / 2 + cash.0 / 2),
    };
    // The only failure left is 0 / 0.
    Wad(mul_div_floor(part, WAD, whole).unwrap_or(0))
}

/// What suppliers earn: borrow rate · utilisation · (1 − reserve factor), rounded down once. Any unit of rate.
///
/// # Errors
/// [`Overflow`] if the reserve factor is above 1 or the result does not fit.
#[inline]
pub fn supply_rate(borrow: Wad, utilisation: Wad, reserve_factor: Wad) -> Result<Wad, Overflow> {
    let kept = WAD.checked_sub(reserve_factor.0).ok_or(Overflow)?;
    let factor = utilisation.0.checked_mul(kept).ok_or(Overflow)?;
    mul_div_floor(borrow.0, factor, WAD * WAD).map(Wad)
}

/// A yearly rate as a rate per second, rounded down.
#[inline]
#[must_use]
pub fn per_second(yearly: Wad) -> Wad {
    Wad(div_floor(yearly.0, YEAR))
}

#[cfg(test)]
mod tests;
