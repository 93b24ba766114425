//! The stage: a node of its own, and a pool with three assets on it, deployed by the command that people use.

use super::narrator::Narrator;
use super::process::{Launch, Process, program};
use anyhow::{Context as _, Result, anyhow, bail};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::process::Command;
use weir_chain::deployment::Asset;
use weir_chain::{Client, Deployment, Sender, Signer};

/// What is deployed: the example that comes with the command line.
const DEPLOYED: &str = include_str!("../../../../scripts/weir/devnet.toml");

/// How long a block may take to come.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);

/// The node's first line.
#[derive(Deserialize)]
struct NodeLine {
    ws: String,
}

/// Node, contracts, and who pays for everything.
#[derive(Debug)]
pub struct Stage {
    /// The node.
    pub node: Process,
    /// A connection to it.
    pub client: Client,
    /// What is deployed there.
    pub deployment: Deployment,
    /// The well-known account with much of the native token.
    pub alice: Sender,
    /// Where files and logs are.
    pub folder: PathBuf,
}

impl Stage {
    /// Starts the node and deploys.
    ///
    /// # Errors
    /// If either does not work.
    pub async fn set(
        folder: &Path,
        outlives: bool,
        block_ms: u64,
        narrator: &Arc<Narrator>,
    ) -> Result<Self> {
        let progress = narrator.progress("start the node");
        let seal = format!("interval={block_ms}");
        let mut arguments: Vec<String> =
            ["--port", "0", "--seal", &seal].into_iter().map(str::to_owned).collect();
        if !outlives {
            arguments.push("--exit-with-parent".to_owned());
        }
        let launch = Launch { name: "weir-devnet", arguments: &arguments, folder, outlives };
        let (node, line) = Process::start(launch).await?;
        let NodeLine { ws } = serde_json::from_str(&line).context("read the node's first line")?;
        let client = Client::connect(&ws).await?;
        drop(progress);
        narrator.say(&format!("the node answers at {ws}"));

        let progress = narrator.progress("deploy tokens, feed, pool and reserves");
        let deployment = deploy(folder, &ws).await?;
        drop(progress);
        let symbols: Vec<&str> =
            deployment.assets.iter().map(|asset| asset.symbol.as_str()).collect();
        narrator.say(&format!("deployed a pool with {}", symbols.join(", ")));
        let alice = Sender::new(client.clone(), Signer::dev("alice")?);
        Ok(Self { node, client, deployment, alice, folder: folder.to_owned() })
    }

    /// An asset by its symbol.
    ///
    /// # Errors
    /// If it is not deployed.
    pub fn asset(&self, symbol: &str) -> Result<&Asset> {
        Ok(self.deployment.asset(symbol)?)
    }

    /// Waits until the chain has reached a block.
    ///
    /// # Errors
    /// If it does not within a minute.
    pub async fn wait_for_block(&mut self, number: u64) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if self.client.best().await?.number >= number {
                return Ok(());
            }
            self.node.check()?;
            if Instant::now() > deadline {
                bail!("block {number} does not come");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// An error, with the node's last words if it is gone.
    pub fn explain(&mut self, error: anyhow::Error) -> anyhow::Error {
        match self.node.check() {
            Ok(()) => error,
            Err(gone) => error.context(gone.to_string()),
        }
    }
}

/// Runs `weir deploy` as anybody would.
async fn deploy(folder: &Path, url: &str) -> Result<Deployment> {
    let (config, file) = (folder.join("devnet.toml"), folder.join("deployment.json"));
    std::fs::write(&config, DEPLOYED).context("write what is to be deployed")?;
    let output = Command::new(program("weir")?)
        .arg("deploy")
        .arg(&config)
        .args(["--dev", "alice", "--json", "--node", url, "--deployment"])
        .arg(&file)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("run weir deploy")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        let said: serde_json::Value = serde_json::from_str(said.trim()).unwrap_or_default();
        let why = said.get("error").and_then(|error| error.as_str()).unwrap_or("no reason given");
        return Err(anyhow!("weir deploy failed ({}): {why}", output.status));
    }
    Ok(Deployment::load(&file)?)
}
