//! One story on real parts: a node, the contracts, three reporters, a keeper, and a market that falls apart.
//!
//! Everything is started here and stopped here, also when something fails half-way. What happened is told by the
//! [checker](crate::checker), which reads the chain by itself.

pub mod cast;
pub mod crash;
pub mod keep;
pub mod keeper;
pub mod narrator;
pub mod opening;
pub mod process;
pub mod report;
pub mod stage;

pub use narrator::Narrator;
pub use report::Report;

use crate::checker::{Checker, Follower};
use anyhow::{Context as _, Result};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use weir_chain::Seal;

/// How the story is told.
#[derive(Clone, Debug)]
pub struct Options {
    /// Sizes of the positions follow from it.
    pub seed: u64,
    /// Leave everything running.
    pub keep: bool,
    /// Milliseconds between blocks while prices move.
    pub block_ms: u64,
    /// When the command that started this began; by default now.
    pub began: Instant,
}

/// Milliseconds between blocks while the stage is set: nothing has to be waited for then.
const SETTING_MS: u64 = 250;

/// How long the last liquidations may take to arrive, in blocks.
const LAST_BLOCKS: u64 = 3;

/// Plays the whole story and says how it ended.
///
/// # Errors
/// Whatever kept a part from doing its work, with what it was doing.
pub async fn run(options: &Options, narrator: &Arc<Narrator>) -> Result<Report> {
    let folder =
        tempfile::Builder::new().prefix("weir-demo-").tempdir().context("make a folder")?;
    let mut stage = stage::Stage::set(folder.path(), options.keep, SETTING_MS, narrator).await?;
    let (notes, listener) = mpsc::unbounded_channel();
    let told = narrator::tell_blocks(Arc::clone(narrator), listener, stage.deployment.clone());
    let follower = Follower::start(stage.client.clone(), stage.deployment.clone(), notes)?;
    let played = play(options, narrator, &mut stage, follower).await;
    let (checker, story, mut keeper) = match played {
        Ok(played) => played,
        Err(error) => return Err(stage.explain(error)),
    };
    // Ends by itself: the checker, which sends, is done.
    told.await.context("tell what happened")?;
    let outcomes = keeper::outcomes(&stage.folder);
    let mut report = Report::new(&checker, &stage, &story, outcomes, options);
    if options.keep {
        report.kept = Some(keep::leave_running(&mut stage, &mut keeper, &story).await?);
        // The folder holds what the parts that go on work with.
        let _: PathBuf = folder.keep();
    } else {
        let _progress = narrator.progress("stop the keeper and the node");
        stage.node.stop().await;
    }
    report.wall_seconds = options.began.elapsed().as_secs_f64();
    Ok(report)
}

/// From open positions to the last liquidation.
async fn play(
    options: &Options,
    narrator: &Arc<Narrator>,
    stage: &mut stage::Stage,
    mut follower: Follower,
) -> Result<(Checker, crash::Story, keeper::Keeper)> {
    let mut feeder = crash::feeder(stage).await?;
    let positions = opening::open(stage, &mut feeder, options.seed, narrator).await?;
    let mut keeper = keeper::Keeper::start(stage, options.keep, narrator).await?;
    stage.client.dev().set_seal(Seal::Interval(options.block_ms)).await?;
    let start = stage.client.best().await?;
    follower.reach(start.number).await?;
    narrator.say(&format!(
        "{positions} positions are open at block {}; from here a block every {} ms, and the market moves",
        start.number, options.block_ms
    ));
    let mut story = crash::play(stage, &mut feeder, &mut keeper, narrator).await?;
    story.positions = positions;
    let end = stage.client.best().await?.number.saturating_add(LAST_BLOCKS);
    {
        let _progress = narrator.progress("let the last liquidations arrive");
        stage.wait_for_block(end).await?;
    }
    if !options.keep {
        keeper.stop().await?;
    }
    let last = stage.client.best().await?.number;
    let _progress = narrator.progress(&format!("check the books up to block {last}"));
    let deadline = Duration::from_secs(60);
    let checker = tokio::time::timeout(deadline, follower.finish(last)).await;
    let checker = checker.context("the checker does not keep up")??;
    Ok((checker, story, keeper))
}
