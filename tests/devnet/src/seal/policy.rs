//! The two policies: when blocks are made, and when they are final.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, num::NonZeroU64, str::FromStr};
use weir_runtime::BlockNumber;

/// When blocks are made. Written `instant`, `interval=<ms>` or `manual`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As soon as there are ready transactions.
    Instant,
    /// Every so many milliseconds, empty ones too.
    Interval(NonZeroU64),
    /// On request only.
    Manual,
}

impl fmt::Display for Mode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant => out.write_str("instant"),
            Self::Interval(milliseconds) => write!(out, "interval={milliseconds}"),
            Self::Manual => out.write_str("manual"),
        }
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "instant" => Ok(Self::Instant),
            "manual" => Ok(Self::Manual),
            _ => text
                .strip_prefix("interval=")
                .and_then(|milliseconds| milliseconds.parse().ok())
                .map(Self::Interval)
                .ok_or_else(|| format!("`{text}` is none of instant, interval=<ms>, manual")),
        }
    }
}

/// When blocks are final. Written as a number of blocks or `never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finality {
    /// So many blocks behind the best.
    Lag(BlockNumber),
    /// On request only.
    Never,
}

impl Finality {
    /// The height to finalize when the best block is at `best`.
    pub const fn target(self, best: BlockNumber) -> Option<BlockNumber> {
        match self {
            Self::Lag(lag) => best.checked_sub(lag),
            Self::Never => None,
        }
    }
}

impl fmt::Display for Finality {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lag(blocks) => write!(out, "{blocks}"),
            Self::Never => out.write_str("never"),
        }
    }
}

impl FromStr for Finality {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "never" => Ok(Self::Never),
            _ => text
                .parse()
                .map(Self::Lag)
                .map_err(|_| format!("`{text}` is neither a number of blocks nor never")),
        }
    }
}

impl Serialize for Mode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Finality {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Lag(blocks) => serializer.serialize_u32(*blocks),
            Self::Never => serializer.serialize_str("never"),
        }
    }
}

impl<'de> Deserialize<'de> for Finality {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Blocks(BlockNumber),
            Text(String),
        }
        match Either::deserialize(deserializer)? {
            Either::Blocks(blocks) => Ok(Self::Lag(blocks)),
            Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn policies_are_written_as_they_are_read() {
        for text in ["instant", "interval=500", "manual"] {
            assert_eq!(text.parse::<Mode>().unwrap().to_string(), text);
        }
        for text in ["0", "12", "never"] {
            assert_eq!(text.parse::<Finality>().unwrap().to_string(), text);
        }
        assert_eq!(serde_json::to_string(&Finality::Lag(3)).unwrap(), "3");
        assert_eq!(serde_json::from_str::<Finality>("3").unwrap(), Finality::Lag(3));
        assert_eq!(serde_json::from_str::<Finality>("\"never\"").unwrap(), Finality::Never);
        assert!(serde_json::from_str::<Mode>("\"interval=0\"").is_err());
    }

    #[test]
    fn lag_counts_from_the_best_block() {
        assert_eq!(Finality::Lag(0).target(7), Some(7));
        assert_eq!(Finality::Lag(3).target(7), Some(4));
        assert_eq!(Finality::Lag(3).target(2), None);
        assert_eq!(Finality::Never.target(7), None);
    }
}
