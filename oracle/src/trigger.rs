//! When a reporter reports: a price that moved, a price that grew old, or a feed that waits to be confirmed.

use std::{fmt, num::NonZeroU32};

use crate::price::Price;

/// The state of an asset's last round on chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundStatus {
    /// No round yet.
    None,
    /// Accepted.
    Ok,
    /// A step too large to be believed at once: a candidate waits for the next round.
    Suspect,
    /// Such a step, confirmed by a second round.
    Confirmed,
    /// Out of its absolute bounds, or frozen by hand.
    Frozen,
}

impl RoundStatus {
    /// The status as the feed encodes it; `None` for a code that it does not have.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::None),
            1 => Some(Self::Ok),
            2 => Some(Self::Suspect),
            3 => Some(Self::Confirmed),
            4 => Some(Self::Frozen),
            _ => None,
        }
    }
}

/// What a reporter said last about an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    /// The price.
    pub price: Price,
    /// Chain time, seconds.
    pub time: u64,
}

/// Why a report is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "due", rename_all = "snake_case")]
pub enum Due {
    /// This reporter has not spoken yet, or the feed has no round.
    First,
    /// The feed waits to be confirmed or refuted.
    Suspect,
    /// The price moved.
    Deviation {
        /// How far, in bps of the last one published, rounded down.
        bps: u32,
    },
    /// The last report grew old.
    Heartbeat {
        /// How old, in seconds.
        age_seconds: u64,
    },
    /// Told to, by a schedule that steps.
    Step,
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::First => f.write_str("first report"),
            Self::Suspect => f.write_str("the feed waits for a confirmation"),
            Self::Deviation { bps } => write!(f, "moved {bps} bps"),
            Self::Heartbeat { age_seconds } => write!(f, "{age_seconds} s after the last"),
            Self::Step => f.write_str("a step"),
        }
    }
}

/// When to report. Neither field can be zero: that would mean at every look, or never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trigger {
    /// A move of so many bps of the last published price, or more.
    pub deviation_bps: NonZeroU32,
    /// A last report so many seconds old, or more.
    pub heartbeat_seconds: NonZeroU32,
}

impl Trigger {
    /// Whether a report is due at the chain time `now`, and why. The first reason that applies is given.
    #[must_use]
    pub fn due(
        &self,
        last: Option<Published>,
        price: Price,
        now: u64,
        status: RoundStatus,
    ) -> Option<Due> {
        let Some(last) = last.filter(|_| status != RoundStatus::None) else {
            return Some(Due::First);
        };
        if status == RoundStatus::Suspect {
            return Some(Due::Suspect);
        }
        if price.is_beyond(last.price, self.deviation_bps.get()) {
            return Some(Due::Deviation { bps: price.distance_bps(last.price) });
        }
        let age_seconds = now.saturating_sub(last.time);
        (age_seconds >= u64::from(self.heartbeat_seconds.get()))
            .then_some(Due::Heartbeat { age_seconds })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::num::NonZeroU32;

    use super::{Due, Published, RoundStatus, Trigger};

    #[test]
    fn the_table_of_triggers() {
        let trigger = Trigger {
            deviation_bps: NonZeroU32::new(50).unwrap(),
            heartbeat_seconds: NonZeroU32::new(60).unwrap(),
        };
        let last = Some(("100", 1_000));
        for (last, price, now, status, due) in [
            (None, "100", 1_000, RoundStatus::None, Some(Due::First)),
            (None, "100", 1_000, RoundStatus::Ok, Some(Due::First)),
            (last, "100", 1_000, RoundStatus::None, Some(Due::First)),
            (last, "100", 1_000, RoundStatus::Ok, None),
            (last, "100.49", 1_059, RoundStatus::Ok, None),
            (last, "100.49", 1_059, RoundStatus::Confirmed, None),
            (last, "100.5", 1_000, RoundStatus::Ok, Some(Due::Deviation { bps: 50 })),
            (last, "99.5", 1_000, RoundStatus::Ok, Some(Due::Deviation { bps: 50 })),
            (last, "99.51", 1_000, RoundStatus::Ok, None),
            (last, "60", 1_100, RoundStatus::Frozen, Some(Due::Deviation { bps: 4_000 })),
            (last, "100", 1_060, RoundStatus::Ok, Some(Due::Heartbeat { age_seconds: 60 })),
            (last, "100", 1_000, RoundStatus::Suspect, Some(Due::Suspect)),
            (last, "60", 1_060, RoundStatus::Suspect, Some(Due::Suspect)),
            // A clock that went back makes nothing due.
            (last, "100", 0, RoundStatus::Ok, None),
        ] {
            let published = last.map(|(price, time): (&str, u64)| Published {
                price: price.parse().unwrap(),
                time,
            });
            let case = format!("{last:?} {price} {now} {status:?}");
            assert_eq!(trigger.due(published, price.parse().unwrap(), now, status), due, "{case}");
        }
    }

    #[test]
    fn the_codes_are_those_of_the_feed() {
        let codes = (0..=5).map(RoundStatus::from_code).collect::<Vec<_>>();
        assert_eq!(
            codes,
            [
                Some(RoundStatus::None),
                Some(RoundStatus::Ok),
                Some(RoundStatus::Suspect),
                Some(RoundStatus::Confirmed),
                Some(RoundStatus::Frozen),
                None,
            ]
        );
    }
}
