//! From moves to prices: the level of each step, and the noise around it.

use crate::{
    price::{NumberError, Price, Ratio},
    random::Stream,
};

/// What the level of an asset does during a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// It stays.
    Hold,
    /// It goes in equal steps to `factor` times where it was.
    Ramp {
        /// Where it ends, as a multiple of where it began.
        factor: Ratio,
    },
    /// It is at `factor` times where it was with the first step, and stays.
    Gap {
        /// Where it jumps, as a multiple of where it began.
        factor: Ratio,
    },
    /// It goes in equal steps to `factor` times where it was, and then regains a part of the loss in equal steps.
    Crash {
        /// The lowest point, as a multiple of where it began.
        factor: Ratio,
        /// The part of the loss that is regained, from 0 to 1.
        recovery: Ratio,
        /// The part of the phase's steps that lead down, from 0 to 1; at least one step does.
        trough: Ratio,
    },
}

impl Move {
    /// The levels of the steps of a phase that begins at `start`; rounded down.
    ///
    /// # Errors
    ///
    /// Where the level would be zero or beyond the largest price.
    pub fn levels(self, start: Price, steps: u64) -> Result<Vec<Price>, NumberError> {
        match self {
            Self::Hold => (0..steps).map(|_| Ok(start)).collect(),
            Self::Gap { factor } => {
                let end = start.scaled(factor)?;
                (0..steps).map(|_| Ok(end)).collect()
            }
            Self::Ramp { factor } => line(start, start.scaled(factor)?, steps),
            Self::Crash { factor, recovery, trough } => {
                let low = start.scaled(factor)?;
                let down = part(steps, trough).max(1);
                let loss = Price::from_wad(start.wad().saturating_sub(low.wad()));
                let regained = loss.and_then(|loss| loss.scaled(recovery)).map_or(0, Price::wad);
                let end = Price::from_wad(low.wad() + regained)?;
                let mut levels = line(start, low, down)?;
                levels.extend(line(low, end, steps.saturating_sub(down))?);
                Ok(levels)
            }
        }
    }
}

/// `steps` prices in equal steps after `start`, the last of them `end`.
fn line(start: Price, end: Price, steps: u64) -> Result<Vec<Price>, NumberError> {
    // Steps are below 2^24 and prices at most 1e30: the products stay below 2^128.
    let total = u128::from(steps);
    let distance = start.wad().abs_diff(end.wad());
    let level = |step: u64| {
        let gone = distance * u128::from(step) / total;
        let wad = if end > start { start.wad() + gone } else { start.wad() - gone };
        Price::from_wad(wad)
    };
    (1..=steps).map(level).collect()
}

/// A part of a number, rounded down.
fn part(number: u64, ratio: Ratio) -> u64 {
    let parts = u128::from(number) * u128::from(ratio.parts_per_billion()) / 1_000_000_000;
    u64::try_from(parts).unwrap_or(u64::MAX).min(number)
}

/// The market's noise around the level: each step keeps 7/8 of the distance and adds a bell-shaped shock, so that
/// prices wander but return (its standard deviation settles at 2.07 times that of a shock). Never beyond ±50 %.
pub(super) struct Noise {
    stream: Stream,
    /// Distance from the level, in parts per billion.
    distance: i64,
}

impl Noise {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, distance: 0 }
    }

    /// The factor of the next step. `volatility_bps` is the standard deviation of the shock.
    pub(super) fn next(&mut self, volatility_bps: u32) -> Ratio {
        /// Half, in parts per billion.
        const HALF: i64 = 500_000_000;
        // Drawn even where it is not used: changing one phase leaves the shocks of the others as they were.
        let bell = self.stream.bell();
        let shock = i64::from(volatility_bps) * 100_000 * bell / (1 << 16);
        self.distance = (self.distance - self.distance / 8 + shock).clamp(-HALF, HALF);
        Ratio::one_plus(self.distance).unwrap_or(Ratio::ONE)
    }
}
