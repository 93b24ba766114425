//! What one step of a source led to.

use std::collections::BTreeMap;

use weir_chain::BlockRef;

use super::{AcceptedRound, RoundView};
use crate::{
    price::Price,
    reporter::{Outcome, Reported},
    source::{Elapsed, Quote},
    symbol::Symbol,
    trigger::RoundStatus,
};

/// One step of a source, reported.
#[derive(Debug)]
pub struct Tick {
    /// The step, counted from 0.
    pub step: u64,
    /// Its time on the source's clock.
    pub elapsed: Elapsed,
    /// What is going on, in a word, if the source knows.
    pub label: Option<String>,
    /// The chain time it was reported for, seconds.
    pub time: u64,
    /// The market's prices, before any reporter read them.
    pub market: Vec<Quote>,
    /// What each reporter did.
    pub reported: Vec<Reported>,
    /// The rounds that were accepted, by asset.
    pub accepted: Vec<AcceptedRound>,
    /// The state of all rounds after the last report.
    pub rounds: BTreeMap<Symbol, RoundView>,
    /// The best block when the step began.
    pub before: BlockRef,
    /// The block of the last report; `before`, if no report is in a block.
    pub after: BlockRef,
}

impl Tick {
    /// The median that the feed stands by after this step.
    #[must_use]
    pub fn median(&self, asset: &Symbol) -> Option<Price> {
        self.rounds.get(asset)?.median
    }

    /// The assets whose round waits to be confirmed by the next step.
    #[must_use]
    pub fn suspects(&self) -> Vec<&Symbol> {
        let suspects = self.rounds.iter().filter(|(_, round)| round.status == RoundStatus::Suspect);
        suspects.map(|(asset, _)| asset).collect()
    }

    /// Whether a round of every asset was accepted, or waits as suspect.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.rounds.iter().all(|(asset, round)| {
            let accepted = self.accepted.iter().any(|accepted| &accepted.asset == asset);
            accepted || round.status == RoundStatus::Suspect
        })
    }

    /// What the reports cost, in native units.
    #[must_use]
    pub fn fees(&self) -> u128 {
        let fee = |reported: &Reported| match &reported.outcome {
            Outcome::Included { fee, .. } => *fee,
            _ => 0,
        };
        self.reported.iter().map(fee).sum()
    }

    /// As JSON, with prices as decimal strings.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "step": self.step,
            "elapsed_seconds": self.elapsed,
            "label": self.label,
            "time": self.time,
            "market": self.market.iter().map(|q| (q.asset.as_str(), q.price)).collect::<BTreeMap<_, _>>(),
            "reported": self.reported.iter().map(reported_json).collect::<Vec<_>>(),
            "accepted": self.accepted,
            "rounds": self.rounds,
            "first_block": self.before.number,
            "last_block": self.after.number,
            "fees": self.fees().to_string(),
        })
    }
}

/// What a reporter did, as JSON.
#[must_use]
pub fn reported_json(reported: &Reported) -> serde_json::Value {
    let (tx, block) = match &reported.outcome {
        Outcome::Included { tx_hash, block, .. } => (Some(tx_hash.to_string()), Some(block.number)),
        other => (None, other.block().map(|block| block.number)),
    };
    let withheld = reported.plan.withheld.iter();
    let withheld = withheld.map(|w| (w.asset.as_str(), w.why.to_string()));
    serde_json::json!({
        "reporter": reported.reporter.get(),
        "name": reported.name,
        "address": reported.address.to_string(),
        "outcome": reported.outcome.word(),
        "error": reported.outcome.error().map(ToString::to_string),
        "tx": tx,
        "block": block,
        "time": reported.plan.time,
        "reports": reported.plan.reports,
        "withheld": withheld.collect::<BTreeMap<_, _>>(),
    })
}
