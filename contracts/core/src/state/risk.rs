//! How much debt a collateral supports, and from where on it is liquidated.

use super::codec::{Corrupt, Reader, Writer};
use crate::units::{BPS, Bps, Timestamp};

/// A threshold on its way from one value to another. Outside of `start..end` it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Threshold {
    /// Where it leads to.
    pub target: Bps,
    /// Where it comes from.
    pub from: Bps,
}

/// When the thresholds of a reserve move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ramp {
    /// When they begin to move.
    pub start: Timestamp,
    /// When they have arrived.
    pub end: Timestamp,
}

/// Shortest time for one basis point of a ramp: 36 s, which is one percentage point per hour.
pub const SECONDS_PER_BPS: u32 = 36;

impl Threshold {
    /// The threshold at `now`, rounded up (in favour of whoever holds the collateral, so that a ramp is never ahead of
    /// its time).
    #[must_use]
    pub fn at(&self, ramp: &Ramp, now: Timestamp) -> Bps {
        if now >= ramp.end || self.from == self.target {
            return self.target;
        }
        let (Ok(left), Ok(whole)) = (ramp.end.since(now), ramp.end.since(ramp.start)) else {
            return self.target;
        };
        if left >= whole {
            return self.from;
        }
        // Below 2^16 · 2^32, and left < whole.
        let step = u64::from(self.from.0.abs_diff(self.target.0)) * u64::from(left.0);
        let whole = u64::from(whole.0);
        if self.from > self.target {
            let above = u16::try_from(step.div_ceil(whole)).unwrap_or(0);
            Bps(self.target.0.checked_add(above).unwrap_or(self.from.0))
        } else {
            let below = u16::try_from(step / whole).unwrap_or(0);
            Bps(self.target.0.checked_sub(below).unwrap_or(self.from.0))
        }
    }
}

/// What holds for accounts in the category of the reserve instead of the base ratios.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Category {
    /// Its number; 0 is none.
    pub id: u8,
    /// Debt that a unit of value supports.
    pub ltv: Bps,
    /// From where on it is liquidated.
    pub threshold: Threshold,
    /// Largest liquidation bonus.
    pub bonus_max: Bps,
}

/// How much less a volatile collateral supports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volatility {
    /// Annual volatility up to which nothing is cut.
    pub free: Bps,
    /// The part of the ltv that is cut for each 100 % of volatility above that.
    pub slope: Bps,
    /// The largest cut, as a part of the ltv.
    pub cut_max: Bps,
}

/// The ratios of a reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Risk {
    /// Debt that a unit of value supports when risk is taken on.
    pub ltv: Bps,
    /// From where on it is liquidated.
    pub threshold: Threshold,
    /// When the thresholds move.
    pub ramp: Ramp,
    /// Ratios for accounts of a category.
    pub category: Category,
    /// The cut of the base ltv in volatile times.
    pub volatility: Volatility,
}

impl Risk {
    /// Whether an account of this category uses the category's ratios here.
    #[inline]
    #[must_use]
    pub const fn in_category(&self, category: u8) -> bool {
        category != 0 && category == self.category.id
    }

    /// The liquidation threshold for accounts of this category.
    #[must_use]
    pub fn threshold_at(&self, category: u8, now: Timestamp) -> Bps {
        self.threshold_of(category).at(&self.ramp, now)
    }

    /// The threshold with both ends of its ramp.
    #[inline]
    #[must_use]
    pub const fn threshold_of(&self, category: u8) -> Threshold {
        if self.in_category(category) { self.category.threshold } else { self.threshold }
    }

    /// What a unit of value supports when risk is taken on: the ltv, never above the threshold of now or of the ramp's
    /// end, the base ltv cut by the `volatility` that the feed reports. Rounded down.
    #[must_use]
    pub fn ltv_at(&self, category: u8, volatility: Bps, now: Timestamp) -> Bps {
        let ltv = if self.in_category(category) {
            self.category.ltv
        } else {
            self.volatility.cut(self.ltv, volatility)
        };
        ltv.min(self.threshold_of(category).target).min(self.threshold_at(category, now))
    }

    /// Largest liquidation bonus for accounts of this category.
    #[inline]
    #[must_use]
    pub const fn bonus_max(&self, category: u8, base: Bps) -> Bps {
        if self.in_category(category) { self.category.bonus_max } else { base }
    }
}

impl Volatility {
    /// ⌊ltv · (1 − min(cut_max, slope · max(0, σ − free)))⌋.
    fn cut(&self, ltv: Bps, volatility: Bps) -> Bps {
        if volatility <= self.free || self.slope.is_zero() {
            return ltv;
        }
        let bps = u32::from(BPS);
        let excess = u32::from(volatility.0 - self.free.0);
        let cut = (u32::from(self.slope.0) * excess).div_ceil(bps);
        let kept = bps.saturating_sub(cut.min(u32::from(self.cut_max.0)));
        Bps(u16::try_from(u32::from(ltv.0) * kept / bps).unwrap_or(0))
    }

    #[inline(always)]
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.u16(self.free.0);
        writer.u16(self.slope.0);
        writer.u16(self.cut_max.0);
    }

    #[inline(always)]
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        Ok(Self {
            free: Bps(reader.u16()?),
            slope: Bps(reader.u16()?),
            cut_max: Bps(reader.u16()?),
        })
    }
}

impl Risk {
    /// Writes all but the volatility, which stands further on in the item.
    #[inline(always)]
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.u16(self.ltv.0);
        writer.u16(self.threshold.target.0);
        writer.u16(self.threshold.from.0);
        writer.u32(self.ramp.start.0);
        writer.u32(self.ramp.end.0);
        writer.u8(self.category.id);
        writer.u16(self.category.ltv.0);
        writer.u16(self.category.threshold.target.0);
        writer.u16(self.category.threshold.from.0);
        writer.u16(self.category.bonus_max.0);
    }

    #[inline(always)]
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        Ok(Self {
            ltv: Bps(reader.u16()?),
            threshold: Threshold { target: Bps(reader.u16()?), from: Bps(reader.u16()?) },
            ramp: Ramp { start: Timestamp(reader.u32()?), end: Timestamp(reader.u32()?) },
            category: Category {
                id: reader.u8()?,
                ltv: Bps(reader.u16()?),
                threshold: Threshold { target: Bps(reader.u16()?), from: Bps(reader.u16()?) },
                bonus_max: Bps(reader.u16()?),
            },
            volatility: Volatility::default(),
        })
    }
}

#[cfg(test)]
mod tests;
