//! Caps and flow limits of a reserve.

use super::codec::{Corrupt, Reader, Writer};
use crate::{
    math::{div_floor, mul_div_floor, pow10},
    units::Assets,
};

/// Bits of a cap's mantissa; the rest is its decimal exponent.
const MANTISSA_BITS: u32 = 26;
const MANTISSA_MAX: u32 = (1 << MANTISSA_BITS) - 1;

/// An amount as a decimal float: 26 bits of mantissa and 6 of exponent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cap(u32);

impl Cap {
    /// The largest cap that is not above `amount`; exact for up to seven significant digits.
    #[must_use]
    pub fn floor(amount: Assets) -> Self {
        let mut mantissa = amount.0;
        let mut exponent = 0;
        while mantissa > u128::from(MANTISSA_MAX) {
            mantissa /= 10;
            exponent += 1;
        }
        // At most 2^26 by the loop.
        Self(u32::try_from(mantissa).unwrap_or(MANTISSA_MAX) | (exponent << MANTISSA_BITS))
    }

    /// The amount; what does not fit is no cap at all.
    #[must_use]
    pub fn assets(self) -> Assets {
        let mantissa = u128::from(self.0 & MANTISSA_MAX);
        let exponent = u8::try_from(self.0 >> MANTISSA_BITS).unwrap_or(u8::MAX);
        let amount = pow10(exponent).ok().and_then(|scale| mantissa.checked_mul(scale));
        Assets(amount.unwrap_or(u128::MAX))
    }

    /// Nine tenths of it: as far as accounts without debt get.
    #[must_use]
    pub fn open_part(self) -> Assets {
        let cap = self.assets().0;
        Assets(cap - div_floor(cap, 10))
    }

    /// As it is stored.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// From what is stored.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }
}

/// A leaky bucket of net flow. Its level decays toward zero; its clock is that of the reserve's accrual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// The level up to which it lets through; zero switches it off.
    pub cap: Cap,
    /// Minutes in which a full bucket empties.
    pub refill_minutes: u16,
    /// Net flow in assets, never below −cap.
    pub level: i128,
}

impl Bucket {
    /// Lets the level decay for `elapsed` seconds. Never fails.
    pub fn decay(&mut self, elapsed: u32) {
        if self.level == 0 {
            return;
        }
        let minutes = u128::from(self.refill_minutes.max(1));
        let gone = mul_div_floor(self.cap.assets().0, u128::from(elapsed), minutes * 60)
            .ok()
            .and_then(|gone| i128::try_from(gone).ok())
            .unwrap_or(i128::MAX);
        // The difference of a positive and a positive number always fits.
        self.level = if self.level > 0 {
            (self.level - gone).max(0)
        } else {
            self.level.checked_add(gone).map_or(0, |level| level.min(0))
        };
    }

    /// Counts what flows in the direction of the limit. What does not fit stays at the largest level.
    pub fn add(&mut self, amount: Assets) {
        if self.cap.bits() != 0 {
            let amount = i128::try_from(amount.0).unwrap_or(i128::MAX);
            self.level = self.level.checked_add(amount).unwrap_or(i128::MAX);
        }
    }

    /// Counts what flows the other way, down to −cap.
    pub fn remove(&mut self, amount: Assets) {
        if self.cap.bits() != 0 {
            let amount = i128::try_from(amount.0).unwrap_or(i128::MAX);
            let floor = -i128::try_from(self.cap.assets().0).unwrap_or(i128::MAX);
            self.level = self.level.checked_sub(amount).map_or(floor, |level| level.max(floor));
        }
    }

    /// How much more may flow before the level reaches `most`; `None` if the bucket is off.
    #[must_use]
    pub fn room(&self, most: Assets) -> Option<Assets> {
        if self.cap.bits() == 0 {
            return None;
        }
        let most = i128::try_from(most.0).unwrap_or(i128::MAX);
        // A level above the limit leaves no room; the difference of two i128 can exceed one.
        let room = most.checked_sub(self.level).unwrap_or(i128::MAX);
        Some(Assets(u128::try_from(room).unwrap_or(0)))
    }

    #[inline(always)]
    fn write(&self, writer: &mut Writer<'_>) {
        writer.u32(self.cap.bits());
        writer.u16(self.refill_minutes);
        writer.put(self.level.to_le_bytes());
    }

    #[inline(always)]
    fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        Ok(Self {
            cap: Cap::from_bits(reader.u32()?),
            refill_minutes: reader.u16()?,
            level: i128::from_le_bytes(reader.take()?),
        })
    }
}

/// All limits of a reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// On total supply.
    pub supply: Cap,
    /// On total debt.
    pub borrow: Cap,
    /// On all that is protected.
    pub protected: Cap,
    /// On one flash loan.
    pub flash: Cap,
    /// On the net flow into the reserve.
    pub inflow: Bucket,
    /// On the net flow out of it.
    pub outflow: Bucket,
}

impl Limits {
    #[inline(always)]
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.u32(self.supply.bits());
        writer.u32(self.borrow.bits());
        writer.u32(self.protected.bits());
        writer.u32(self.flash.bits());
        self.inflow.write(writer);
        self.outflow.write(writer);
    }

    #[inline(always)]
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        Ok(Self {
            supply: Cap::from_bits(reader.u32()?),
            borrow: Cap::from_bits(reader.u32()?),
            protected: Cap::from_bits(reader.u32()?),
            flash: Cap::from_bits(reader.u32()?),
            inflow: Bucket::read(reader)?,
            outflow: Bucket::read(reader)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cap_keeps_seven_digits_and_rounds_down() {
        for (amount, kept) in [
            (0, 0),
            (1, 1),
            (67_108_863, 67_108_863),
            (67_108_864, 67_108_860),
            (1_234_567_000_000_000_000_000_000, 1_234_567_000_000_000_000_000_000),
            (u128::MAX, 34_028_236 * 10u128.pow(31)),
        ] {
            assert_eq!(Cap::floor(Assets(amount)).assets(), Assets(kept), "{amount}");
        }
        assert_eq!(Cap::floor(Assets(1_000)).open_part(), Assets(900));
        assert_eq!(Cap::from_bits(u32::MAX).assets(), Assets::MAX);
    }

    fn bucket(cap: u128, minutes: u16) -> Bucket {
        Bucket { cap: Cap::floor(Assets(cap)), refill_minutes: minutes, level: 0 }
    }

    #[test]
    fn a_full_bucket_is_empty_after_its_minutes() {
        let mut bucket = bucket(6_000, 10);
        bucket.add(Assets(6_000));
        assert_eq!(bucket.room(Assets(6_000)), Some(Assets(0)));
        bucket.decay(300);
        assert_eq!(bucket.level, 3_000);
        bucket.decay(299);
        assert_eq!(bucket.level, 10);
        bucket.decay(1);
        assert_eq!(bucket.level, 0);
        bucket.remove(Assets(9_000));
        assert_eq!(bucket.level, -6_000);
        bucket.decay(60);
        assert_eq!(bucket.level, -5_400);
        assert_eq!(bucket.room(Assets(6_000)), Some(Assets(11_400)));
        bucket.decay(u32::MAX);
        assert_eq!(bucket.level, 0);
    }

    /// I-LIM-01: there and back again moves nothing.
    #[test]
    fn a_cycle_leaves_no_trace() {
        let mut bucket = bucket(1_000, 60);
        for amount in [1, 500, 999] {
            bucket.add(Assets(amount));
            bucket.remove(Assets(amount));
            assert_eq!(bucket.level, 0);
        }
    }

    #[test]
    fn a_bucket_without_cap_is_off() {
        let mut bucket = bucket(0, 0);
        bucket.add(Assets::MAX);
        assert_eq!((bucket.level, bucket.room(Assets(0))), (0, None));
    }
}
