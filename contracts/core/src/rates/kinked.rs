//! The kinked model: base, a slope up to the optimal utilisation, a steeper one above it.

use super::{InvalidRate, RateModel, RateStep, per_second};
use crate::{
    math::mul_div_floor,
    units::{BPS, Bps, Overflow, Ppm, Seconds, WAD, Wad},
};

/// The highest rate at full utilisation: 800 % per year.
pub const MAX_FULL_RATE: Ppm = Ppm(8_000_000);

/// A kinked model within its bounds. Yearly rates in parts per million; the slopes are what the rate gains over their
/// whole part, not per unit of utilisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinked {
    base: Ppm,
    slope1: Ppm,
    slope2: Ppm,
    optimal: Bps,
}

impl Kinked {
    /// Room to read a model into; not a model.
    pub(super) const ROOM: Self =
        Self { base: Ppm(0), slope1: Ppm(0), slope2: Ppm(0), optimal: Bps(0) };

    /// A model of these parameters.
    ///
    /// # Errors
    /// [`InvalidRate`] names the relation that does not hold: 0 < optimal < 1, slope 2 ≥ slope 1,
    /// base + slope 1 + slope 2 ≤ 800 %.
    pub fn new(base: Ppm, slope1: Ppm, slope2: Ppm, optimal: Bps) -> Result<Self, InvalidRate> {
        if optimal.0 == 0 || optimal.0 >= BPS {
            return Err(InvalidRate::Optimal);
        }
        if slope2 < slope1 {
            return Err(InvalidRate::Slopes);
        }
        let full = base.checked_add(slope1).and_then(|below| below.checked_add(slope2));
        if full.map_or(true, |full| full > MAX_FULL_RATE) {
            return Err(InvalidRate::FullRate);
        }
        Ok(Self { base, slope1, slope2, optimal })
    }

    /// The rate at utilisation 0, per year.
    #[inline]
    #[must_use]
    pub const fn base(&self) -> Ppm {
        self.base
    }

    /// What the rate gains from utilisation 0 to the optimum, per year.
    #[inline]
    #[must_use]
    pub const fn slope1(&self) -> Ppm {
        self.slope1
    }

    /// What the rate gains from the optimum to full utilisation, per year.
    #[inline]
    #[must_use]
    pub const fn slope2(&self) -> Ppm {
        self.slope2
    }

    /// The optimal utilisation.
    #[inline]
    #[must_use]
    pub const fn optimal(&self) -> Bps {
        self.optimal
    }

    /// The yearly rate at a utilisation, WAD, rounded down.
    #[inline]
    #[must_use]
    pub fn yearly(&self, utilisation: Wad) -> Wad {
        let [base, slope1, slope2] = [self.base, self.slope1, self.slope2].map(Ppm::to_wad);
        // Cannot fail for a model that `new` let through: 0 < optimal < 1 and all rates are at most 8.
        kink_total(base, slope1, slope2, self.optimal.to_wad(), utilisation)
            .unwrap_or(MAX_FULL_RATE.to_wad())
    }
}

impl RateModel for Kinked {
    fn step(&self, utilisation: Wad, _elapsed: Seconds) -> RateStep<Self> {
        RateStep { rate: per_second(self.yearly(utilisation)), next: *self }
    }
}

/// The formula of the kinked model, all in WAD, utilisation above 1 counting as 1. Up to the optimum k:
/// base + slope1·u/k; above it: base + slope1 + slope2·(u − k)/(1 − k). Rounded down.
///
/// # Errors
/// [`Overflow`] if the rate does not fit, or for a utilisation of 0 with an optimum of 0.
#[inline]
pub fn kink_total(
    base: Wad,
    slope1: Wad,
    slope2: Wad,
    optimal: Wad,
    utilisation: Wad,
) -> Result<Wad, Overflow> {
    let used = utilisation.min(Wad::ONE);
    let (foot, slope, part, whole) = if used <= optimal {
        (base, slope1, used, optimal.0)
    } else {
        // used > optimal, so neither difference is negative and the second is not zero.
        (base.checked_add(slope1)?, slope2, used.checked_sub(optimal)?, WAD - optimal.0)
    };
    foot.checked_add(mul_div_floor(slope.0, part.0, whole).map(Wad)?)
}
