//! One reporter's way from its sources to one price per asset.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU32,
    sync::Arc,
};

use crate::{
    aggregate::{
        Aggregate, NotEnough, Policy, Rejected, Sample, SourceName, aggregate, guard::JumpGuard,
    },
    source::{Elapsed, ReporterNumber, Source, Speed},
    symbol::Symbol,
};

/// A source as a reporter uses it. Shared by all reporters; each sees it with its own eyes.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name, for provenance and logs.
    pub name: SourceName,
    /// Its weight in the median.
    pub weight: NonZeroU32,
    /// How fast it is played against the chain's clock.
    pub speed: Speed,
    /// The prices.
    pub source: Arc<Source>,
}

/// What is asked of the prices of the sources.
#[derive(Debug, Clone)]
pub struct Rules {
    /// For every asset that has no policy of its own.
    pub policy: Policy,
    /// For single assets.
    pub assets: BTreeMap<Symbol, Policy>,
    /// A source's step beyond this must be repeated before it counts, in bps.
    pub max_jump_bps: Option<u32>,
}

impl Rules {
    fn policy(&self, asset: &Symbol) -> &Policy {
        self.assets.get(asset).unwrap_or(&self.policy)
    }
}

/// Which moment of the sources is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// So many seconds on the chain's clock since the feeder began; each source plays at its speed.
    Chain(u64),
    /// This time on the clock of every source.
    Source(Elapsed),
}

/// What a reporter makes of its sources at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observation {
    /// The prices, by asset, each with its provenance.
    pub prices: BTreeMap<Symbol, Aggregate>,
    /// The assets that some source prices but for which there is no price to publish.
    pub withheld: BTreeMap<Symbol, NotEnough>,
    /// How far the reporter's clock is ahead of the chain's.
    pub skew_seconds: i64,
}

/// A reporter's view of its sources, with its memory of each of them.
#[derive(Debug, Clone)]
pub struct Pipeline {
    reporter: ReporterNumber,
    inputs: Arc<[Input]>,
    rules: Arc<Rules>,
    guards: BTreeMap<(usize, Symbol), JumpGuard>,
}

impl Pipeline {
    /// A pipeline for one reporter.
    #[must_use]
    pub fn new(reporter: ReporterNumber, inputs: Arc<[Input]>, rules: Arc<Rules>) -> Self {
        Self { reporter, inputs, rules, guards: BTreeMap::new() }
    }

    /// The assets that any source prices, in order.
    #[must_use]
    pub fn assets(&self) -> BTreeSet<Symbol> {
        self.inputs.iter().flat_map(|input| input.source.assets()).collect()
    }

    /// Asks all sources and makes one price per asset of what they say.
    pub fn observe(&mut self, moment: Moment) -> Observation {
        let mut observation = Observation::default();
        let mut asked: BTreeMap<Symbol, (Vec<Sample>, Vec<Rejected>)> = BTreeMap::new();
        for (index, input) in self.inputs.iter().enumerate() {
            let elapsed = match moment {
                Moment::Chain(seconds) => input.speed.elapsed(seconds),
                Moment::Source(elapsed) => elapsed,
            };
            let view = input.source.view(self.reporter, elapsed);
            observation.skew_seconds += view.skew_seconds;
            for quote in view.quotes {
                let (samples, rejected) = asked.entry(quote.asset.clone()).or_default();
                let guard = self.guards.entry((index, quote.asset)).or_default();
                let source = input.name.clone();
                match guard.admit(quote.price, quote.observed, self.rules.max_jump_bps) {
                    // Each source has its own clock, so only ages can be compared: they are counted back from the end
                    // of time, which `aggregate` takes for now.
                    Ok(()) => samples.push(Sample {
                        source,
                        weight: input.weight,
                        price: quote.price,
                        observed: u64::MAX - elapsed.saturating_sub(quote.observed),
                    }),
                    Err(why) => rejected.push(Rejected { source, price: quote.price, why }),
                }
            }
        }
        for (asset, (samples, rejected)) in asked {
            match aggregate(samples, rejected, u64::MAX, self.rules.policy(&asset)) {
                Ok(aggregate) => {
                    observation.prices.insert(asset, aggregate);
                }
                Err(error) => {
                    observation.withheld.insert(asset, error);
                }
            }
        }
        observation
    }
}
