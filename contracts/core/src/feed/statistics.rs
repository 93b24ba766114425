//! Median, dispersion and integer square root over a handful of values.

use crate::math::mul_div_ceil;
use crate::units::{Bps, Overflow};

/// A set of at most `N` values, kept sorted.
#[derive(Clone, Copy)]
pub(super) struct Sorted<const N: usize> {
    values: [u128; N],
    len: usize,
}

impl<const N: usize> Sorted<N> {
    pub(super) const fn new() -> Self {
        Self { values: [0; N], len: 0 }
    }

    /// Inserts a value; one more than `N` is dropped, which the callers' array sizes rule out.
    pub(super) fn insert(&mut self, value: u128) {
        let mut carried = value;
        for slot in self.values.iter_mut().take(self.len) {
            if carried < *slot {
                core::mem::swap(slot, &mut carried);
            }
        }
        if let Some(slot) = self.values.get_mut(self.len) {
            *slot = carried;
            self.len += 1;
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    fn as_slice(&self) -> &[u128] {
        self.values.get(..self.len).unwrap_or(&[])
    }

    /// The middle value; of an even count the mean of the two middle ones, rounded down. Zero if empty.
    pub(super) fn median(&self) -> u128 {
        let upper = self.as_slice().get(self.len / 2).copied().unwrap_or(0);
        if self.len % 2 == 1 {
            return upper;
        }
        let lower = self.lower_median();
        // lower ≤ upper, so neither step can leave the range of u128.
        lower + (upper - lower) / 2
    }

    /// The middle value; of an even count the lower of the two. Zero if empty.
    pub(super) fn lower_median(&self) -> u128 {
        let middle = self.len.saturating_sub(1) / 2;
        self.as_slice().get(middle).copied().unwrap_or(0)
    }

    /// The largest value. Zero if empty.
    pub(super) fn largest(&self) -> u128 {
        self.as_slice().last().copied().unwrap_or(0)
    }

    /// Median absolute deviation from `centre`. One value of three or more cannot widen it by itself.
    pub(super) fn median_deviation(&self, centre: u128) -> u128 {
        let mut deviations = Self::new();
        for value in self.as_slice() {
            deviations.insert(value.abs_diff(centre));
        }
        deviations.median()
    }
}

/// How far `part` is of `whole` in basis points, rounded up and capped at the type's maximum.
pub(super) fn bps_ceil(part: u128, whole: u128) -> Result<Bps, Overflow> {
    let bps = mul_div_ceil(part, 10_000, whole)?;
    Ok(Bps(u16::try_from(bps).unwrap_or(u16::MAX)))
}

/// ⌊√value⌋ by Newton's iteration from above.
pub(super) fn sqrt_floor(value: u128) -> u128 {
    if value < 2 {
        return value;
    }
    // A power of two at or above the root, so that the sequence only falls.
    let mut guess = 1u128 << (128 - value.leading_zeros()).div_ceil(2);
    loop {
        let next = (guess + value / guess) / 2;
        if next >= guess {
            return guess;
        }
        guess = next;
    }
}
