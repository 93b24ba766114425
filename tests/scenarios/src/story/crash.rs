//! The market: three reporters play the scenario `crash`, step by step.

use super::keeper::Keeper;
use super::narrator::Narrator;
use super::stage::Stage;
use anyhow::{Context as _, Result, ensure};
use std::collections::BTreeMap;
use std::sync::Arc;
use weir_chain::Signer;
use weir_chain::amount::format_wad;
use weir_oracle::{Feeder, Scenario, Setup, Source, Tick};

/// The scenario; the feeder brings it along.
const SCENARIO: &str = "crash";
/// The reporters' keys, as the deployment names them.
pub const REPORTERS: [&str; 3] = ["//Reporter//1", "//Reporter//2", "//Reporter//3"];

/// Blocks from a step's last report to the next step: one for the keeper.
const BLOCKS_BETWEEN: u64 = 1;

/// The prices of an asset in the story, USD WAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    /// In the calm before.
    pub start: u128,
    /// The lowest that the feed accepted.
    pub low: u128,
    /// At the end.
    pub end: u128,
}

impl Prices {
    /// By how many bps it fell from the start to its lowest.
    #[must_use]
    pub fn fall_bps(&self) -> u128 {
        let fell = self.start.saturating_sub(self.low);
        fell.checked_mul(10_000).and_then(|fell| fell.checked_div(self.start)).unwrap_or_default()
    }
}

/// What the market did.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// Open positions when it began.
    pub positions: usize,
    /// Prices by symbol.
    pub prices: BTreeMap<String, Prices>,
    /// Steps in which the feed held a price back until a second round confirmed it.
    pub suspect_steps: usize,
    /// The block in which it began.
    pub first_block: u64,
}

impl Story {
    fn take_in(&mut self, tick: &Tick) {
        for (asset, round) in &tick.rounds {
            let Some(median) = round.median.map(|median| median.wad()) else { continue };
            let new = Prices { start: median, low: median, end: median };
            let prices = self.prices.entry(asset.to_string()).or_insert(new);
            prices.low = prices.low.min(median);
            prices.end = median;
        }
        self.suspect_steps += usize::from(!tick.suspects().is_empty());
    }
}

/// The three reporters with the scenario.
///
/// # Errors
/// If the feed does not know them, or the scenario does not fit the deployment.
pub async fn feeder(stage: &Stage) -> Result<Feeder> {
    let scenario = Scenario::named(SCENARIO).context("the feeder has no such scenario")??;
    let source = Source::Scenario(Box::new(scenario));
    let signers = REPORTERS.iter().map(|path| Signer::dev(path)).collect::<Result<_, _>>()?;
    let setup = Setup::replay(stage.client.clone(), &stage.deployment, source, signers)?;
    Ok(Feeder::start(setup).await?)
}

/// Plays every step after the first, which gave the prices at which the positions were opened.
///
/// # Errors
/// If reports do not arrive, or a part has died.
pub async fn play(
    stage: &mut Stage,
    feeder: &mut Feeder,
    keeper: &mut Keeper,
    narrator: &Arc<Narrator>,
) -> Result<Story> {
    let mut story = Story { first_block: stage.client.best().await?.number, ..Story::default() };
    for step in 1..feeder.steps() {
        keeper.check()?;
        let tick = feeder.tick(step).await?;
        story.take_in(&tick);
        narrator.say(&words(&tick));
        for reported in &tick.reported {
            if let Some(error) = reported.outcome.error() {
                narrator.say(&format!("{} {}: {error}", reported.name, reported.outcome.word()));
            }
        }
        ensure!(tick.is_settled(), "the feed accepted no price of some asset at step {step}");
        stage.wait_for_block(tick.after.number.saturating_add(BLOCKS_BETWEEN)).await?;
    }
    Ok(story)
}

fn words(tick: &Tick) -> String {
    let suspects = tick.suspects();
    let prices = tick.rounds.iter().map(|(asset, round)| {
        let median = round.median.map_or("–".to_owned(), |median| format_wad(median.wad(), 4));
        let candidate = round.candidate.map(|candidate| format_wad(candidate.wad(), 4));
        match candidate.filter(|_| suspects.contains(&asset)) {
            Some(candidate) => format!("{asset} {median} (reported {candidate}, not believed yet)"),
            None => format!("{asset} {median}"),
        }
    });
    let prices: Vec<String> = prices.collect();
    let label = tick.label.as_deref().unwrap_or("start");
    format!("block {}: {label}: {}", tick.after.number, prices.join(", "))
}
