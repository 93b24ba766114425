//! What a feed takes, keeps and tells of an asset.

use crate::units::{Bps, Overflow, Price, Timestamp};

/// How far the feed believes its last round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// No round yet.
    #[default]
    None = 0,
    /// Accepted in the ordinary way.
    Ok = 1,
    /// A step beyond `max_step` waits for a second round; the median is still the one before it.
    Suspect = 2,
    /// The step was confirmed by a second round on the same side.
    Confirmed = 3,
    /// Two rounds outside of the absolute bounds, or the guardian said so: somebody has to look.
    Frozen = 4,
}

impl Status {
    /// The status stored as `code`.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::None,
            1 => Self::Ok,
            2 => Self::Suspect,
            3 => Self::Confirmed,
            4 => Self::Frozen,
            _ => return None,
        })
    }

    /// The code under which the status is stored and pushed.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Ok => 1,
            Self::Suspect => 2,
            Self::Confirmed => 3,
            Self::Frozen => 4,
        }
    }
}

/// Which bound of an asset cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSettings {
    /// The step is not within 1 and 10 000 bps.
    Step,
    /// Not 0 < low < high < 2^100.
    Bounds,
}

/// Bounds of an asset, checked when they are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    max_step: Bps,
    low: Price,
    high: Price,
}

impl Settings {
    /// `max_step` is the relative step beyond which a round is suspect, within 1 and 10 000 bps; a median that is
    /// not above `low` and below `high` is never accepted.
    ///
    /// # Errors
    /// [`BadSettings`].
    pub const fn new(max_step: Bps, low: Price, high: Price) -> Result<Self, BadSettings> {
        if max_step.0 < 1 || max_step.0 > MAX_STEP.0 {
            return Err(BadSettings::Step);
        }
        // Below 2^100 every product of this module with basis points or a WAD stays in 256 bits.
        if low.0 == 0 || low.0 >= high.0 || high.0 >= 1 << 100 {
            return Err(BadSettings::Bounds);
        }
        Ok(Self { max_step, low, high })
    }

    /// The relative step beyond which a round is suspect.
    #[must_use]
    pub const fn max_step(&self) -> Bps {
        self.max_step
    }

    /// Every median that is believed is above it.
    #[must_use]
    pub const fn low(&self) -> Price {
        self.low
    }

    /// Every median that is believed is below it.
    #[must_use]
    pub const fn high(&self) -> Price {
        self.high
    }
}

/// Largest step that can be let pass: a price that doubles.
pub const MAX_STEP: Bps = Bps(10_000);

/// What the feed judges a report by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Chain time.
    pub now: Timestamp,
    /// How far a report's time may be ahead of it, in seconds.
    pub skew: u32,
    /// How many reports make a round.
    pub quorum: u8,
    /// Reporters, by a bit for each, whose reports do not count.
    pub suspended: u16,
    /// A report farther from the accepted median counts as a fault; zero: none does.
    pub fault: Bps,
    /// What the asset's rate was read as (WAD), where it has one.
    pub rate: Option<u128>,
}

/// The last report of one reporter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastReport {
    /// USD per whole token, WAD.
    pub price: Price,
    /// Chain time at which it was observed; zero: never.
    pub time: Timestamp,
}

/// What a pool is told about an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Push {
    /// The last accepted median.
    pub median: Price,
    /// low = median · (1 − down), rounded outward.
    pub down: Bps,
    /// high = median · (1 + up), rounded outward.
    pub up: Bps,
    /// Time of the round.
    pub time: Timestamp,
    /// Number of the round; every evaluated round has one, accepted or not.
    pub round: u32,
    /// How far it is believed.
    pub status: Status,
    /// Annual volatility.
    pub volatility: Bps,
}

/// What a report led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Kept; the quorum is not there yet, or the report is not later than the last round.
    Waiting,
    /// A round was accepted.
    Accepted {
        /// What the pools are told.
        push: Push,
        /// Reporters, by a bit for each, whose report of this round is a fault that was not counted before.
        faults: u16,
    },
    /// A round stepped too far; its median waits as a candidate.
    Suspect {
        /// What the pools are told: the old median with a range that includes the candidate.
        push: Push,
        /// The median that waits.
        candidate: Price,
    },
    /// A round lay outside of the absolute bounds. The second in a row freezes the feed, which the pools are told.
    OutOfBounds {
        /// The median that was refused.
        median: Price,
        /// Its time.
        time: Timestamp,
        /// Set with the second such round in a row.
        frozen: Option<Push>,
    },
}

/// Why a report is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The price is zero.
    Zero,
    /// The time lies beyond now + skew, given here.
    Future(Timestamp),
    /// Not later than this reporter's last report, given here.
    NotLater(Timestamp),
    /// The reporter's index is out of range.
    UnknownReporter,
    /// The reporter is suspended.
    Suspended,
    /// The asset's rate could not be read, or is out of range.
    NoRate,
    /// An intermediate result does not fit.
    Overflow,
}

impl From<Overflow> for Refused {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}
