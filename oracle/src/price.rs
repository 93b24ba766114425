//! Prices and ratios as integers. Nothing that is published passes through a floating-point number.

use std::{fmt, str::FromStr};

#[cfg(test)]
mod tests;

/// 1e18: one US dollar in the unit of [`Price`].
pub const WAD: u128 = 1_000_000_000_000_000_000;

/// One in the unit of [`Ratio`].
const BILLION: u64 = 1_000_000_000;

/// US dollars per whole token, in WAD (1e18). Between one unit and [`Price::MAX`], never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(u128);

/// A factor in parts per billion, from 0 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ratio(u64);

/// A text or a number that is no price or ratio.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Nothing is there.
    #[error("is empty")]
    Empty,
    /// It begins with a minus.
    #[error("`{0}` is negative")]
    Negative(String),
    /// Neither digits nor one decimal point: words, NaN, infinities, exponents, signs, blanks, separators.
    #[error("`{0}` is not a plain decimal number")]
    NotANumber(String),
    /// Zero, where zero means "no price".
    #[error("is zero")]
    Zero,
    /// More decimals than the unit has.
    #[error("`{text}` has more than {decimals} decimals")]
    TooPrecise {
        /// The number as given.
        text: String,
        /// Decimals of the unit.
        decimals: u32,
    },
    /// Beyond the bound of the type.
    #[error("`{text}` is larger than {limit}")]
    TooLarge {
        /// The number as given.
        text: String,
        /// The largest number accepted.
        limit: &'static str,
    },
}

impl Price {
    /// 1e12 US dollars per whole token: above every price ever paid, and low enough that the products
    /// formed here stay in 128 bits.
    pub const MAX: Self = Self(1_000_000_000_000 * WAD);

    /// A price from its WAD.
    ///
    /// # Errors
    ///
    /// [`NumberError::Zero`], or [`NumberError::TooLarge`] above [`Price::MAX`].
    pub fn from_wad(wad: u128) -> Result<Self, NumberError> {
        match wad {
            0 => Err(NumberError::Zero),
            wad if wad > Self::MAX.0 => {
                Err(NumberError::TooLarge { text: decimal(wad, 18), limit: "1000000000000" })
            }
            wad => Ok(Self(wad)),
        }
    }

    /// US dollars per whole token, WAD.
    #[must_use]
    pub const fn wad(self) -> u128 {
        self.0
    }

    /// `self · ratio`, rounded down.
    ///
    /// # Errors
    ///
    /// As [`Price::from_wad`], if the product is no price.
    pub fn scaled(self, ratio: Ratio) -> Result<Self, NumberError> {
        // ⌊p·r/n⌋ = (p div n)·r + ⌊(p mod n)·r/n⌋, exactly; p ≤ 1e30 and r ≤ 1e12 keep it below 2^128.
        let (unit, factor) = (u128::from(BILLION), u128::from(ratio.0));
        Self::from_wad((self.0 / unit) * factor + (self.0 % unit) * factor / unit)
    }

    /// Rounded down to `decimals` decimals of a dollar.
    ///
    /// # Errors
    ///
    /// [`NumberError::Zero`] if nothing is left.
    pub fn truncated(self, decimals: u32) -> Result<Self, NumberError> {
        let unit = 10_u128.pow(18_u32.saturating_sub(decimals));
        Self::from_wad(self.0 - self.0 % unit)
    }

    /// How far this price is from `base`, in bps of `base`, rounded down; `u32::MAX` if it does not fit.
    #[must_use]
    pub fn distance_bps(self, base: Self) -> u32 {
        // At most 1e30 · 1e4.
        u32::try_from(self.0.abs_diff(base.0) * 10_000 / base.0).unwrap_or(u32::MAX)
    }

    /// Whether this price is `bps` or more away from `base`: exact, without rounding.
    #[must_use]
    pub fn is_beyond(self, base: Self, bps: u32) -> bool {
        // The left side is at most 1e34: a right side beyond 128 bits is out of its reach.
        let distance = self.0.abs_diff(base.0) * 10_000;
        u128::from(bps).checked_mul(base.0).is_some_and(|bound| distance >= bound)
    }

    /// Mean of two prices, rounded down.
    #[must_use]
    pub fn mean_floor(self, other: Self) -> Self {
        Self((self.0 + other.0) / 2)
    }
}

impl FromStr for Price {
    type Err = NumberError;

    /// Reads a plain decimal number of US dollars with at most 18 decimals, exactly.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let limit = NumberError::TooLarge { text: shortened(text), limit: "1000000000000" };
        let wad = parse_decimal(text, 18)?.ok_or_else(|| limit.clone())?;
        Self::from_wad(wad).map_err(|error| match error {
            NumberError::TooLarge { .. } => limit,
            other => other,
        })
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&decimal(self.0, 18))
    }
}

impl serde::Serialize for Price {
    /// As a decimal string: a JSON number would lose digits in most readers.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Ratio {
    /// 1.
    pub const ONE: Self = Self(BILLION);
    /// 1000.
    pub const MAX: Self = Self(1000 * BILLION);

    /// A ratio from parts per billion; `None` above [`Ratio::MAX`].
    #[must_use]
    pub fn from_parts_per_billion(parts: u64) -> Option<Self> {
        (parts <= Self::MAX.0).then_some(Self(parts))
    }

    /// `1 + parts` per billion; `None` below zero or above [`Ratio::MAX`].
    #[must_use]
    pub fn one_plus(parts: i64) -> Option<Self> {
        BILLION.checked_add_signed(parts).and_then(Self::from_parts_per_billion)
    }

    /// Parts per billion.
    #[must_use]
    pub const fn parts_per_billion(self) -> u64 {
        self.0
    }
}

impl FromStr for Ratio {
    type Err = NumberError;

    /// Reads a plain decimal number with at most 9 decimals, exactly.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_decimal(text, 9)?
            .and_then(|parts| u64::try_from(parts).ok())
            .and_then(Self::from_parts_per_billion)
            .ok_or_else(|| NumberError::TooLarge { text: shortened(text), limit: "1000" })
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&decimal(u128::from(self.0), 9))
    }
}

/// Reads `digits[.digits]` as an integer in units of 10^-decimals; `None` if it exceeds 128 bits.
fn parse_decimal(text: &str, decimals: u32) -> Result<Option<u128>, NumberError> {
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if let Some(positive) = text.strip_prefix('-')
        && positive.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    {
        return Err(NumberError::Negative(shortened(text)));
    }
    if !plain(whole) || !plain(fraction) {
        return Err(NumberError::NotANumber(shortened(text)));
    }
    let fraction = fraction.trim_end_matches('0');
    let missing = u32::try_from(fraction.len()).ok().and_then(|len| decimals.checked_sub(len));
    let Some(missing) = missing else {
        return Err(NumberError::TooPrecise { text: shortened(text), decimals });
    };
    let digits = whole.bytes().chain(fraction.bytes()).map(|b| u128::from(b - b'0'));
    let value = digits
        .chain((0..missing).map(|_| 0))
        .try_fold(0_u128, |sum, digit| sum.checked_mul(10)?.checked_add(digit));
    Ok(value)
}

/// The number `value · 10^-decimals`, exactly and without trailing zeros.
fn decimal(value: u128, decimals: u32) -> String {
    let unit = 10_u128.pow(decimals);
    let (whole, fraction) = (value / unit, value % unit);
    if fraction == 0 {
        return whole.to_string();
    }
    let width = usize::try_from(decimals).unwrap_or_default();
    let digits = format!("{fraction:0width$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// An error text must not carry a megabyte of somebody's input.
fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 {
        return text.to_owned();
    }
    text.chars().take(40).chain(['…']).collect()
}
