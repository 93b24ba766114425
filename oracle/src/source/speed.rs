//! How fast a source is played against the chain's clock.

use std::{fmt, str::FromStr};

use crate::{
    price::{NumberError, Ratio},
    source::Elapsed,
};

/// A speed: seconds of the source per second of the chain, from 0.000000001 up to 1 000 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed {
    /// In parts per billion.
    parts: u64,
}

const BILLION: u64 = 1_000_000_000;
const MAX: u64 = 1_000_000;

impl Speed {
    /// As recorded.
    pub const ONE: Self = Self { parts: BILLION };

    /// The time on the source's clock after so many seconds on the chain's, rounded down.
    #[must_use]
    pub fn elapsed(self, chain_seconds: u64) -> Elapsed {
        // At most 2^64 · 10^15, below 2^128.
        let elapsed = u128::from(chain_seconds) * u128::from(self.parts) / u128::from(BILLION);
        Elapsed::try_from(elapsed).unwrap_or(Elapsed::MAX)
    }
}

impl FromStr for Speed {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Whole speeds may be large, fractional ones are read as ratios.
        let whole = text.parse::<u64>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
        let parts = match whole {
            Some(speed) if speed > MAX => {
                return Err(NumberError::TooLarge { text: text.to_owned(), limit: "1000000" });
            }
            Some(speed) => speed * BILLION,
            None => text.parse::<Ratio>()?.parts_per_billion(),
        };
        if parts == 0 { Err(NumberError::Zero) } else { Ok(Self { parts }) }
    }
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.parts / BILLION, self.parts % BILLION);
        if fraction == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{fraction:09}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::Speed;

    #[test]
    fn the_sources_clock_runs_at_the_speed() {
        let at = |speed: &str, seconds| speed.parse::<Speed>().unwrap().elapsed(seconds);
        assert_eq!(at("1", 77), 77);
        assert_eq!(at("60", 2), 120);
        assert_eq!(at("0.5", 3), 1);
        assert_eq!(at("2.25", 4), 9);
        assert_eq!(at("1000000", u64::MAX), u64::MAX);
    }

    #[test]
    fn speeds_are_bounded_and_printed_as_read() {
        for good in ["1", "0.5", "12.75", "1000000"] {
            assert_eq!(good.parse::<Speed>().unwrap().to_string(), good);
        }
        for bad in ["0", "-1", "1000001", "NaN", "", "fast", "1e3", "+5"] {
            assert!(bad.parse::<Speed>().is_err(), "{bad:?}");
        }
    }
}
