//! What one reporter is to report next: pure, so that every decision can be tested and replayed without a chain.

use std::collections::BTreeMap;

use crate::{
    aggregate::{Aggregate, NotEnough},
    pipeline::{Moment, Observation, Pipeline},
    price::Price,
    symbol::Symbol,
    trigger::{Due, Published, RoundStatus, Trigger},
};

#[cfg(test)]
mod tests;

/// One line of a report.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PlannedReport {
    /// The asset.
    pub asset: Symbol,
    /// Why now.
    #[serde(flatten)]
    pub due: Due,
    /// The price, and where it comes from.
    #[serde(flatten)]
    pub aggregate: Aggregate,
}

impl PlannedReport {
    /// The price to publish.
    #[must_use]
    pub fn price(&self) -> Price {
        self.aggregate.price
    }
}

/// All that one reporter is to report at one moment: one transaction.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Plan {
    /// The time it will be stamped with: chain time in seconds, by the reporter's own clock.
    pub time: u32,
    /// The lines, by asset; may be none.
    pub reports: Vec<PlannedReport>,
    /// The assets that will not be reported though a report may be due, and why.
    #[serde(skip)]
    pub withheld: Vec<Withheld>,
}

/// An asset that is not reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// The asset.
    pub asset: Symbol,
    /// Why.
    pub why: WithheldWhy,
}

/// Why an asset is not reported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WithheldWhy {
    /// The sources give no price.
    #[error(transparent)]
    NoPrice(#[from] NotEnough),
    /// This reporter has used this time, or a later one, for the asset already.
    #[error("reported already for the time {last}, and the time is {time}")]
    NotLater {
        /// The last time used.
        last: u64,
        /// The time of this plan.
        time: u32,
    },
}

/// When the planner is asked.
#[derive(Debug, Clone, Copy)]
pub struct Now<'a> {
    /// The moment of the sources.
    pub moment: Moment,
    /// Chain time in seconds, by which heartbeats are judged.
    pub time: u64,
    /// Chain time in seconds to stamp with, before the reporter's own skew. Behind `time` on a chain that has made no
    /// block for a while: a stamp must not be ahead of the block that includes it.
    pub stamp: u64,
    /// The state of each asset's round; an asset that is absent has none.
    pub rounds: &'a BTreeMap<Symbol, RoundStatus>,
    /// Report everything, whether it is due or not.
    pub everything: bool,
}

/// Decides what one reporter reports, and remembers what it did.
#[derive(Debug, Clone)]
pub struct Planner {
    pipeline: Pipeline,
    trigger: Trigger,
    published: BTreeMap<Symbol, Published>,
    /// The latest time ever stamped, by asset: kept even where it is not known whether the report arrived, so that
    /// no asset is reported twice for the same time.
    stamped: BTreeMap<Symbol, u64>,
}

impl Planner {
    /// A planner that has reported nothing yet.
    #[must_use]
    pub fn new(pipeline: Pipeline, trigger: Trigger) -> Self {
        Self { pipeline, trigger, published: BTreeMap::new(), stamped: BTreeMap::new() }
    }

    /// The assets it may report, in order.
    #[must_use]
    pub fn assets(&self) -> Vec<Symbol> {
        self.pipeline.assets().into_iter().collect()
    }

    /// Learns from the chain what this reporter said last about an asset, if anything.
    pub fn restore(&mut self, asset: &Symbol, last: Option<Published>) {
        match last {
            Some(last) => {
                self.published.insert(asset.clone(), last);
                let stamped = self.stamped.entry(asset.clone()).or_default();
                *stamped = last.time.max(*stamped);
            }
            None => {
                self.published.remove(asset);
            }
        }
    }

    /// The latest time stamped on any asset.
    #[must_use]
    pub fn last_stamp(&self) -> Option<u64> {
        self.stamped.values().max().copied()
    }

    /// What is to be reported now.
    pub fn plan(&mut self, now: &Now<'_>) -> Plan {
        let Observation { prices, withheld, skew_seconds } = self.pipeline.observe(now.moment);
        let time = now.stamp.saturating_add_signed(skew_seconds);
        let time = u32::try_from(time).unwrap_or(u32::MAX);
        let no_price = |(asset, error)| Withheld { asset, why: WithheldWhy::NoPrice(error) };
        let mut plan = Plan {
            time,
            reports: Vec::new(),
            withheld: withheld.into_iter().map(no_price).collect(),
        };
        for (asset, aggregate) in prices {
            let Some(due) = self.due(&asset, aggregate.price, now) else { continue };
            match self.stamped.get(&asset) {
                Some(&last) if last >= u64::from(time) => {
                    plan.withheld
                        .push(Withheld { asset, why: WithheldWhy::NotLater { last, time } });
                }
                _ => plan.reports.push(PlannedReport { asset, due, aggregate }),
            }
        }
        plan
    }

    fn due(&self, asset: &Symbol, price: Price, now: &Now<'_>) -> Option<Due> {
        let status = now.rounds.get(asset).copied().unwrap_or(RoundStatus::None);
        let last = self.published.get(asset).copied();
        let due = self.trigger.due(last, price, now.time, status);
        due.or(now.everything.then_some(Due::Step))
    }

    /// To be called before a plan is sent: its times are used up from here on, whatever becomes of it.
    pub fn stamp(&mut self, plan: &Plan) {
        for report in &plan.reports {
            self.stamped.insert(report.asset.clone(), u64::from(plan.time));
        }
    }

    /// To be called when the plan is on chain.
    pub fn published(&mut self, plan: &Plan) {
        for report in &plan.reports {
            let last = Published { price: report.price(), time: u64::from(plan.time) };
            self.published.insert(report.asset.clone(), last);
        }
    }
}
