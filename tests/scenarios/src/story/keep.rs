//! `--keep`: node, keeper and reporters go on when the story has ended.

use super::crash::{REPORTERS, Story};
use super::keeper::Keeper;
use super::process::program;
use super::stage::Stage;
use anyhow::{Context as _, Result};
use serde::Serialize;
use std::fmt::Write as _;
use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use tokio::process::Command;
use weir_chain::amount::format_units;

/// How to reach what was left running.
#[derive(Clone, Debug, Serialize)]
pub struct Kept {
    /// The node.
    pub node: String,
    /// The deployment file.
    pub deployment: PathBuf,
    /// The keeper's readiness and metrics.
    pub keeper: String,
    /// The processes, to be ended with `kill`.
    pub processes: Vec<u32>,
}

impl Kept {
    /// For people.
    #[must_use]
    pub fn words(&self) -> String {
        let ids: Vec<String> = self.processes.iter().map(u32::to_string).collect();
        format!(
            "left running:\n  node     {}\n  keeper   {}/readyz  {}/metrics\n  \
             export WEIR_DEPLOYMENT={}\n  cargo weir reserves\n  to stop it all: kill {}",
            self.node,
            self.keeper,
            self.keeper,
            self.deployment.display(),
            ids.join(" ")
        )
    }
}

/// Lets everything go on: the reporters, which were part of this process, as the feeder's own program at the last
/// prices.
///
/// # Errors
/// If the feeder does not start.
pub async fn leave_running(stage: &mut Stage, keeper: &mut Keeper, story: &Story) -> Result<Kept> {
    let feeder = start_feeder(stage, story)?;
    stage.node.check()?;
    keeper.check()?;
    let processes =
        [stage.node.id(), keeper.process().id(), feeder].into_iter().flatten().collect();
    stage.node.release();
    keeper.process().release();
    Ok(Kept {
        node: stage.client.url(),
        deployment: stage.folder.join("deployment.json"),
        keeper: format!("http://{}", keeper.http),
        processes,
    })
}

fn start_feeder(stage: &Stage, story: &Story) -> Result<Option<u32>> {
    let scenario = stage.folder.join("after.toml");
    let config = stage.folder.join("oracle.toml");
    std::fs::write(&scenario, calm(story)).context("write the scenario of what follows")?;
    std::fs::write(&config, configuration(&stage.client.url()))
        .context("write the feeder's configuration")?;
    let log =
        File::create(stage.folder.join("weir-oracle.log")).context("write the feeder's log")?;
    let child = Command::new(program("weir-oracle")?)
        .args(["run", "--config"])
        .arg(&config)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .process_group(0)
        .spawn()
        .context("start the feeder")?;
    Ok(child.id())
}

/// A market that stays where the story left it.
fn calm(story: &Story) -> String {
    let mut text =
        "name = \"after\"\ndescription = \"The prices at which the story ended\"\nseed = 1\n\
                    step_seconds = 30\n"
            .to_owned();
    for (symbol, prices) in &story.prices {
        let start = format_units(prices.end, 18);
        // Writing into a `String` does not fail.
        let _ = write!(text, "\n[assets.{symbol}]\nstart = \"{start}\"\ndecimals = 18\n");
    }
    text.push_str(
        "\n[[phases]]\nlabel = \"after the storm\"\nseconds = 86400\nvolatility_bps = 2\n",
    );
    text
}

fn configuration(url: &str) -> String {
    let mut text = format!("[chain]\ndeployment = \"deployment.json\"\nendpoint = \"{url}\"\n");
    for (number, key) in REPORTERS.iter().enumerate() {
        let _ =
            write!(text, "\n[[reporters]]\nname = \"reporter-{}\"\ndev = \"{key}\"\n", number + 1);
    }
    text.push_str("\n[[sources]]\nname = \"script\"\nscenario = \"after.toml\"\n");
    text.push_str("\n[report]\nheartbeat_seconds = 30\n");
    text
}
