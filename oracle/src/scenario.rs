//! Scripted prices: a start, a list of timed phases, noise from a seed, and reporters that misbehave.
//!
//! The whole path is computed when the file is read, in integers, so that the same file gives the same prices on
//! every machine and any moment can be asked for in any order.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    document,
    fault::Faults,
    price::{Price, Ratio},
    random::Stream,
    source::{Elapsed, Quote, ReporterNumber, View},
    symbol::Symbol,
};

mod library;
pub mod misbehaviour;
pub mod path;
mod print;
mod read;
#[cfg(test)]
mod tests;

pub use self::{
    misbehaviour::{Kind, Misbehaviour},
    path::Move,
    print::AssetSummary,
};

/// A scenario, ready to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What it shows.
    pub description: String,
    /// What its noise is drawn from.
    pub seed: u64,
    /// Seconds from one price to the next.
    pub step_seconds: u64,
    /// The phases in order.
    pub phases: Vec<Phase>,
    /// How far each reporter's reading may be from the market, either way, in bps.
    pub spread_bps: u32,
    /// What reporters do wrong, and when.
    pub misbehaviours: Vec<Misbehaviour>,
    paths: BTreeMap<Symbol, AssetPath>,
}

/// A stretch of a scenario. Its steps follow the last step of the phase before.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Phase {
    /// What happens in it.
    pub label: String,
    /// Its first step; step 0 is the start and belongs to no phase.
    pub first_step: u64,
    /// Its last step.
    pub last_step: u64,
}

/// The market price of one asset, step by step.
#[derive(Debug, Clone, PartialEq, Eq)]
struct AssetPath {
    /// Never empty.
    points: Vec<Price>,
    /// Decimals of a dollar to which prices are quoted.
    decimals: u32,
}

impl AssetPath {
    /// The price at a step; the last price holds for ever.
    fn at(&self, step: u64) -> Option<Price> {
        let step = usize::try_from(step).unwrap_or(usize::MAX);
        self.points.get(step).or(self.points.last()).copied()
    }
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    ///
    /// All faults of the file, each with its line.
    pub fn read(file: &Path) -> Result<Self, Faults> {
        document::read_file(file, read::scenario)
    }

    /// Reads a scenario from a text; `name` stands for the file in faults.
    ///
    /// # Errors
    ///
    /// As [`Scenario::read`].
    pub fn parse(name: &str, text: &str) -> Result<Self, Faults> {
        document::read_text(&PathBuf::from(name), text, read::scenario)
    }

    /// The assets, in order.
    #[must_use]
    pub fn assets(&self) -> Vec<Symbol> {
        self.paths.keys().cloned().collect()
    }

    /// How many steps it has, the start included.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.phases.last().map_or(1, |phase| phase.last_step + 1)
    }

    /// The time of a step, counted from 0; `None` after the last.
    #[must_use]
    pub fn step_time(&self, step: u64) -> Option<Elapsed> {
        (step < self.steps()).then(|| step.checked_mul(self.step_seconds)).flatten()
    }

    /// The step that is current at a time.
    #[must_use]
    pub fn step_at(&self, at: Elapsed) -> u64 {
        (at / self.step_seconds).min(self.steps() - 1)
    }

    /// The phase of a step; `None` for the start.
    #[must_use]
    pub fn phase_of(&self, step: u64) -> Option<&Phase> {
        self.phases.iter().find(|phase| (phase.first_step..=phase.last_step).contains(&step))
    }

    /// The market price of an asset at a time, before any reporter reads it.
    #[must_use]
    pub fn market(&self, asset: &Symbol, at: Elapsed) -> Option<Price> {
        self.paths.get(asset)?.at(self.step_at(at))
    }

    /// The market prices of all assets at a time.
    #[must_use]
    pub fn quotes(&self, at: Elapsed) -> Vec<Quote> {
        let quotes = self.paths.iter().filter_map(|(asset, path)| {
            let price = path.at(self.step_at(at))?;
            Some(Quote { asset: asset.clone(), price, observed: at })
        });
        quotes.collect()
    }

    /// What each of `reporters` reporters sees at a time, in the order of their numbers.
    #[must_use]
    pub fn prices_at(&self, at: Elapsed, reporters: u8) -> Vec<View> {
        let numbers = (1..=reporters).filter_map(ReporterNumber::new);
        numbers.map(|number| self.view(number, at)).collect()
    }

    /// What one reporter sees at a time: the market, its own reading error, and what it does wrong.
    ///
    /// An asset on which it is silent is absent, and so is one whose distorted price would be none.
    #[must_use]
    pub fn view(&self, reporter: ReporterNumber, at: Elapsed) -> View {
        let active = || self.misbehaviours.iter().filter(move |m| m.applies(reporter, at));
        let quotes = self.paths.iter().filter_map(|(asset, path)| {
            let mut seen = at;
            let mut distortion = Ratio::ONE;
            for misbehaviour in active().filter(|m| m.concerns(asset)) {
                match misbehaviour.kind {
                    Kind::Silent => return None,
                    Kind::Lag { seconds } => seen = seen.saturating_sub(seconds),
                    Kind::Offset { ratio } => distortion = ratio,
                    Kind::Skew { .. } => {}
                }
            }
            let price = self.reading(reporter, asset, path, self.step_at(seen))?;
            let price = price.scaled(distortion).and_then(|p| p.truncated(path.decimals)).ok()?;
            Some(Quote { asset: asset.clone(), price, observed: at })
        });
        let quotes = quotes.collect();
        let skews = active().filter_map(|m| match m.kind {
            Kind::Skew { seconds } => Some(seconds),
            _ => None,
        });
        View { quotes, skew_seconds: skews.sum() }
    }

    /// The market price with the reporter's own reading error.
    fn reading(
        &self,
        reporter: ReporterNumber,
        asset: &Symbol,
        path: &AssetPath,
        step: u64,
    ) -> Option<Price> {
        /// Parts per billion in a basis point.
        const PER_BPS: u32 = 100_000;
        let market = path.at(step)?;
        // Reporters are below 16 and the path itself draws from number u64::MAX: no stream is used twice.
        let number = step.checked_mul(16)?.checked_add(u64::from(reporter.get()))?;
        let error =
            Stream::of(self.seed, asset.as_str(), number).uniform(self.spread_bps * PER_BPS);
        market.scaled(Ratio::one_plus(error)?).ok()
    }
}
