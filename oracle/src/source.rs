//! Where prices come from, each against its own clock that begins at zero.

use crate::{fault::Faults, price::Price, scenario::Scenario, symbol::Symbol};

pub mod csv;
pub mod speed;

pub use self::{
    csv::{CsvFile, CsvReplay},
    speed::Speed,
};

/// Seconds since the beginning of a source.
pub type Elapsed = u64;

/// A reporter's number, from 1: what a scenario's faults name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReporterNumber(u8);

impl ReporterNumber {
    /// The most reporters a feed accepts.
    pub const MAX: u8 = 9;

    /// A number from 1 to [`ReporterNumber::MAX`].
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (1..=Self::MAX).contains(&number).then_some(Self(number))
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl std::fmt::Display for ReporterNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// One price as a reporter sees it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Quote {
    /// The asset.
    pub asset: Symbol,
    /// US dollars per whole token.
    pub price: Price,
    /// When it was observed, on the source's clock: never after the time it was asked for.
    pub observed: Elapsed,
}

/// What one reporter sees of one source at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct View {
    /// The prices it has, by asset; an asset it does not see is absent.
    pub quotes: Vec<Quote>,
    /// How far the reporter's clock is ahead of the chain's (behind, if negative), in seconds.
    pub skew_seconds: i64,
}

/// A series of prices that can be asked for any moment.
#[derive(Debug, Clone)]
pub enum Source {
    /// Recorded prices.
    Csv(CsvReplay),
    /// Scripted prices.
    Scenario(Box<Scenario>),
}

impl Source {
    /// All assets it ever prices, in order, each once.
    #[must_use]
    pub fn assets(&self) -> Vec<Symbol> {
        match self {
            Self::Csv(replay) => replay.assets(),
            Self::Scenario(scenario) => scenario.assets(),
        }
    }

    /// How many moments it has at which a price may change.
    #[must_use]
    pub fn steps(&self) -> u64 {
        match self {
            Self::Csv(replay) => replay.steps(),
            Self::Scenario(scenario) => scenario.steps(),
        }
    }

    /// The time of such a moment, counted from 0; `None` after the last.
    #[must_use]
    pub fn step_time(&self, step: u64) -> Option<Elapsed> {
        match self {
            Self::Csv(replay) => replay.step_time(step),
            Self::Scenario(scenario) => scenario.step_time(step),
        }
    }

    /// The time of the last moment.
    #[must_use]
    pub fn duration(&self) -> Elapsed {
        self.step_time(self.steps().saturating_sub(1)).unwrap_or_default()
    }

    /// What a reporter sees at a time. The same question has the same answer always.
    #[must_use]
    pub fn view(&self, reporter: ReporterNumber, at: Elapsed) -> View {
        match self {
            Self::Csv(replay) => View { quotes: replay.quotes(at), skew_seconds: 0 },
            Self::Scenario(scenario) => scenario.view(reporter, at),
        }
    }

    /// The market's prices at a time, before any reporter reads them.
    #[must_use]
    pub fn market(&self, at: Elapsed) -> Vec<Quote> {
        match self {
            Self::Csv(replay) => replay.quotes(at),
            Self::Scenario(scenario) => scenario.quotes(at),
        }
    }

    /// What is going on at a step, in a word, if the source knows.
    #[must_use]
    pub fn label(&self, step: u64) -> Option<&str> {
        match self {
            Self::Csv(_) => None,
            Self::Scenario(scenario) => scenario.phase_of(step).map(|phase| phase.label.as_str()),
        }
    }

    /// Reads a scenario file.
    ///
    /// # Errors
    ///
    /// All faults of the file, each with its line.
    pub fn scenario(path: &std::path::Path) -> Result<Self, Faults> {
        Ok(Self::Scenario(Box::new(Scenario::read(path)?)))
    }

    /// Reads CSV files.
    ///
    /// # Errors
    ///
    /// The faults of the files, each with its line.
    pub fn csv(files: &[CsvFile]) -> Result<Self, Faults> {
        Ok(Self::Csv(CsvReplay::read(files)?))
    }
}
