//! Units of measure as types, and the one error of arithmetic.
//!
//! Every number of the protocol says what it counts. Sums and differences exist only between like units, so that adding
//! shares to assets does not compile:
//!
//! ```compile_fail,E0308
//! use weir_core::units::{Assets, Shares};
//! let _ = Assets(1).checked_add(Shares(1));
//! ```

/// A result that does not fit its type, or a division by zero.
///
/// The only error of pure arithmetic: callers that know more give it a name of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

/// One in WAD: 10^18.
pub const WAD: u128 = 1_000_000_000_000_000_000;
/// One in basis points.
pub const BPS: u16 = 10_000;
/// One in parts per million.
pub const PPM: u32 = 1_000_000;
/// Seconds in the year of every yearly rate: 365 days.
pub const YEAR: u32 = 31_536_000;
/// What one basis point is in WAD: 10^14.
pub const WAD_PER_BPS: u128 = WAD / 10_000;
/// What one part per million is in WAD: 10^12.
pub const WAD_PER_PPM: u128 = WAD / 1_000_000;

macro_rules! units {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(
            /// The bare number.
            pub $inner,
        );

        impl $name {
            /// Nothing of it.
            pub const ZERO: Self = Self(0);
            /// The largest that the type holds.
            pub const MAX: Self = Self(<$inner>::MAX);

            /// The sum.
            ///
            /// # Errors
            /// [`Overflow`] if it does not fit.
            #[inline]
            pub const fn checked_add(self, other: Self) -> Result<Self, Overflow> {
                match self.0.checked_add(other.0) {
                    Some(sum) => Ok(Self(sum)),
                    None => Err(Overflow),
                }
            }

            /// The difference.
            ///
            /// # Errors
            /// [`Overflow`] if `other` is larger.
            #[inline]
            pub const fn checked_sub(self, other: Self) -> Result<Self, Overflow> {
                match self.0.checked_sub(other.0) {
                    Some(difference) => Ok(Self(difference)),
                    None => Err(Overflow),
                }
            }

            /// Whether it is zero.
            #[inline]
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }
        }
    )*};
}

units! {
    /// An amount of a token, in its smallest unit.
    Assets(u128);
    /// A claim on (or an obligation to) a total of assets; see [`crate::shares`].
    Shares(u128);
    /// A plain ratio, 1 being 10^18.
    Wad(u128);
    /// A ratio in basis points, 1 being 10 000.
    Bps(u16);
    /// A ratio in parts per million, 1 being 1 000 000.
    Ppm(u32);
    /// US dollars in WAD for one whole token (not for its smallest unit).
    Price(u128);
    /// US dollars in WAD.
    Value(u128);
    /// A length of time in seconds.
    Seconds(u32);
    /// A point in time, seconds since 1970.
    Timestamp(u32);
}

impl Wad {
    /// The ratio 1.
    pub const ONE: Self = Self(WAD);
}

impl Bps {
    /// The same ratio in WAD, exact.
    #[inline]
    #[must_use]
    pub fn to_wad(self) -> Wad {
        // At most 65 535 · 10^14 < 2^63.
        Wad(u128::from(self.0) * WAD_PER_BPS)
    }
}

impl Ppm {
    /// The same ratio in WAD, exact.
    #[inline]
    #[must_use]
    pub fn to_wad(self) -> Wad {
        // At most 2^32 · 10^12 < 2^73.
        Wad(u128::from(self.0) * WAD_PER_PPM)
    }
}

impl Timestamp {
    /// The time from `earlier` to this point.
    ///
    /// # Errors
    /// [`Overflow`] if `earlier` is later: time does not run backwards.
    #[inline]
    pub const fn since(self, earlier: Self) -> Result<Seconds, Overflow> {
        match self.0.checked_sub(earlier.0) {
            Some(elapsed) => Ok(Seconds(elapsed)),
            None => Err(Overflow),
        }
    }
}

#[cfg(test)]
mod tests;
