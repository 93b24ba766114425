//! What a reporter may do wrong in a scenario.

use crate::{
    price::Ratio,
    source::{Elapsed, ReporterNumber},
    symbol::Symbol,
};

/// A kind of misbehaviour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It reports nothing.
    Silent,
    /// It takes the market of so many seconds ago for the present one.
    Lag {
        /// How long ago.
        seconds: u64,
    },
    /// It reports a multiple of what it reads: it lies, or has a unit wrong.
    Offset {
        /// The multiple.
        ratio: Ratio,
    },
    /// Its clock is ahead of the chain's by so many seconds (behind, if negative).
    Skew {
        /// How far ahead.
        seconds: i64,
    },
}

/// A misbehaviour of one reporter for some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misbehaviour {
    /// Whose.
    pub reporter: ReporterNumber,
    /// What.
    pub kind: Kind,
    /// From this time on.
    pub from: Elapsed,
    /// Until just before this time; `None`: for ever.
    pub until: Option<Elapsed>,
    /// On these assets; empty: on all.
    pub assets: Vec<Symbol>,
}

impl Misbehaviour {
    /// Whether it is this reporter's and goes on at this time.
    #[must_use]
    pub fn applies(&self, reporter: ReporterNumber, at: Elapsed) -> bool {
        self.reporter == reporter && self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// Whether it is about this asset.
    #[must_use]
    pub fn concerns(&self, asset: &Symbol) -> bool {
        self.assets.is_empty() || self.assets.contains(asset)
    }
}
