//! The keeper: a program of its own with its own key, over real sockets.

use super::cast::Asset;
use super::narrator::Narrator;
use super::process::{Launch, Process};
use super::stage::Stage;
use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The derivation path of its key.
pub const KEY: &str = "//Keeper";
/// What it has to repay with, in whole tokens.
pub const PURSE: [(Asset, &str); 3] =
    [(Asset::Usdc, "30000000"), (Asset::Dot, "300000"), (Asset::Eth, "2000")];

const AUDIT: &str = "audit.jsonl";
const READY: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(50);

#[derive(Serialize)]
struct Config<'a> {
    chain: Chain<'a>,
    key: Key<'a>,
    strategy: Strategy<'a>,
    audit: AuditLog<'a>,
    breakers: Breakers,
    http: Http,
    log: Log<'a>,
}

#[derive(Serialize)]
struct Chain<'a> {
    endpoint: &'a str,
    deployment: &'a str,
}

#[derive(Serialize)]
struct Key<'a> {
    dev: &'a str,
}

#[derive(Serialize)]
struct Strategy<'a> {
    min_profit_usd: &'a str,
    native_price_usd: &'a str,
}

#[derive(Serialize)]
struct AuditLog<'a> {
    file: &'a str,
}

#[derive(Serialize)]
struct Breakers {
    max_head_age_s: u64,
    max_clock_skew_s: u64,
}

#[derive(Serialize)]
struct Http {
    port: u16,
}

#[derive(Serialize)]
struct Log<'a> {
    format: &'a str,
    filter: &'a str,
}

/// The keeper's first line.
#[derive(Deserialize)]
struct FirstLine {
    http: SocketAddr,
}

/// A running keeper.
#[derive(Debug)]
pub struct Keeper {
    process: Process,
    /// Where it answers about itself.
    pub http: SocketAddr,
}

impl Keeper {
    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// If it ends, or is not ready in time, with its own reasons.
    pub async fn start(stage: &Stage, outlives: bool, narrator: &Arc<Narrator>) -> Result<Self> {
        let progress = narrator.progress("start the keeper");
        let path = stage.folder.join("keeper.toml");
        let config = Config {
            chain: Chain { endpoint: &stage.client.url(), deployment: "deployment.json" },
            key: Key { dev: KEY },
            // Whoever is liquidatable is to be liquidated, however small; fees are paid with tokens from the faucet.
            strategy: Strategy { min_profit_usd: "0", native_price_usd: "0.01" },
            audit: AuditLog { file: AUDIT },
            // The story moves the chain's clock on by more than passes here.
            breakers: Breakers { max_head_age_s: 0, max_clock_skew_s: 0 },
            http: Http { port: 0 },
            log: Log { format: "text", filter: "info" },
        };
        std::fs::write(&path, toml::to_string(&config)?)
            .context("write the keeper's configuration")?;
        let path = path.display().to_string();
        let arguments = ["run", "--execute", "--json", "--config", &path].map(str::to_owned);
        let launch =
            Launch { name: "weir-keeper", arguments: &arguments, folder: &stage.folder, outlives };
        let (process, line) = Process::start(launch).await?;
        let FirstLine { http } =
            serde_json::from_str(&line).context("read the keeper's first line")?;
        let mut keeper = Self { process, http };
        keeper.wait_ready().await?;
        drop(progress);
        narrator.say(&format!("the keeper is ready: http://{http}/metrics"));
        Ok(keeper)
    }

    async fn wait_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + READY;
        loop {
            let answer = get(self.http, "/readyz").await;
            if answer.as_ref().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return Ok(());
            }
            self.check()?;
            if Instant::now() > deadline {
                bail!(
                    "the keeper is not ready: {}",
                    answer.unwrap_or_else(|error| error.to_string())
                );
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Fails if it has ended.
    ///
    /// # Errors
    /// With its last words.
    pub fn check(&mut self) -> Result<()> {
        self.process.check()
    }

    /// Lets it finish what it is at.
    ///
    /// # Errors
    /// If it has died before.
    pub async fn stop(&mut self) -> Result<()> {
        self.check()?;
        self.process.stop().await;
        Ok(())
    }

    /// Its process, to be left running.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }
}

/// One request of HTTP/1.1, answered as a whole.
async fn get(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// How often each outcome stands in the keeper's own log.
#[must_use]
pub fn outcomes(folder: &Path) -> BTreeMap<String, u64> {
    #[derive(Deserialize)]
    struct Line {
        outcome: String,
    }
    let text = std::fs::read_to_string(folder.join(AUDIT)).unwrap_or_default();
    let mut counts = BTreeMap::new();
    for line in text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()) {
        *counts.entry(line.outcome).or_default() += 1;
    }
    counts
}
