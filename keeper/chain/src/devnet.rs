//! The development chain: started as a child process, and its own methods (time, blocks, forks, finality).

mod control;
#[cfg(test)]
mod tests;

pub use control::{DevControl, DevStatus, Position, SealRequest, Sealed};

use crate::{client::Client, error::ChainError};
use alloy_primitives::B256;
use serde::Deserialize;
use std::{
    env,
    ffi::OsString,
    fmt, io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    process::{Child, ChildStderr, ChildStdout, Command},
    time::timeout,
};

/// The environment variable that names the node's program.
pub const BINARY_VARIABLE: &str = "WEIR_DEVNET";

const BINARY: &str = "weir-devnet";

/// How much of a failed node's words is repeated.
const STDERR_LIMIT: u64 = 4096;

/// A node that did not start.
#[derive(Debug, thiserror::Error)]
pub enum DevnetError {
    /// The program is not there.
    #[error("the node's program is not at {}: run `cargo build -p weir-devnet`, or set WEIR_DEVNET to it", .0.display())]
    Missing(PathBuf),
    /// The program could not be run.
    #[error("cannot start {}: {reason}", .program.display())]
    Spawn {
        /// The program.
        program: PathBuf,
        /// The reason.
        reason: io::Error,
    },
    /// It ended before it said where it listens.
    #[error("the node stopped at once ({status}): {words}")]
    Stopped {
        /// How it ended.
        status: String,
        /// What it wrote to stderr.
        words: String,
    },
    /// It said nothing for too long.
    #[error("the node did not start within {} s", .0.as_secs())]
    Slow(Duration),
    /// Its first line is not what was agreed.
    #[error("the node's first line is not understood: {0}")]
    BadLine(String),
}

/// When blocks are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seal {
    /// As transactions arrive.
    #[default]
    Instant,
    /// At intervals of so many milliseconds, empty ones too.
    Interval(u64),
    /// On request only.
    Manual,
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant => f.write_str("instant"),
            Self::Interval(milliseconds) => write!(f, "interval={milliseconds}"),
            Self::Manual => f.write_str("manual"),
        }
    }
}

/// How to start a node.
#[derive(Clone, Debug)]
pub struct DevnetOptions {
    /// When blocks are made.
    pub seal: Seal,
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Blocks that finality stays behind; `None` for never.
    pub finality_lag: Option<u32>,
    /// Folder of the chain; in memory without it.
    pub base_path: Option<PathBuf>,
    /// Seconds by which the chain's clock starts ahead of the wall clock.
    pub time_offset: i64,
    /// Least chain time between two blocks in milliseconds.
    pub block_time: Option<u64>,
    /// What the node logs to stderr; it is passed on to this process's stderr. Nothing without it.
    pub log: Option<String>,
    /// The node's program, if it is not where it is looked for.
    pub binary: Option<PathBuf>,
    /// How long the start may take.
    pub deadline: Duration,
}

impl Default for DevnetOptions {
    fn default() -> Self {
        Self {
            seal: Seal::Instant,
            port: 0,
            finality_lag: Some(0),
            base_path: None,
            time_offset: 0,
            block_time: None,
            log: None,
            binary: None,
            deadline: Duration::from_secs(60),
        }
    }
}

impl DevnetOptions {
    fn arguments(&self) -> Vec<OsString> {
        let lag = self.finality_lag.map_or_else(|| "never".to_owned(), |blocks| blocks.to_string());
        let mut arguments: Vec<OsString> = vec![
            "--port".into(),
            self.port.to_string().into(),
            "--seal".into(),
            self.seal.to_string().into(),
            "--finality-lag".into(),
            lag.into(),
            // The node's stdin is a pipe of ours: it ends with this process, even after kill -9.
            "--exit-with-parent".into(),
        ];
        if let Some(path) = &self.base_path {
            arguments.extend(["--base-path".into(), path.into()]);
        }
        if self.time_offset != 0 {
            arguments.extend(["--time-offset".into(), self.time_offset.to_string().into()]);
        }
        if let Some(milliseconds) = self.block_time {
            arguments.extend(["--block-time".into(), milliseconds.to_string().into()]);
        }
        if let Some(filter) = &self.log {
            arguments.extend(["--log".into(), filter.into()]);
        }
        arguments
    }
}

/// The node's first line.
#[derive(Debug, Deserialize)]
struct FirstLine {
    ws: String,
    genesis: B256,
    pid: u32,
}

/// A running node; killed when dropped.
#[derive(Debug)]
pub struct Devnet {
    child: Child,
    line: FirstLine,
    /// Kept open: a node whose stdout is gone could not write to it.
    _stdout: BufReader<ChildStdout>,
}

impl Devnet {
    /// Starts a node and waits until it answers.
    ///
    /// # Errors
    /// If the program is missing, ends at once (for example because the port is in use) or does not answer in time.
    pub async fn start(options: DevnetOptions) -> Result<Self, DevnetError> {
        let program = match &options.binary {
            Some(path) => present(path.clone())?,
            None => find_binary()?,
        };
        let stderr = if options.log.is_some() { Stdio::inherit() } else { Stdio::piped() };
        let mut child = Command::new(&program)
            .args(options.arguments())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .kill_on_drop(true)
            .spawn()
            .map_err(|reason| DevnetError::Spawn { program, reason })?;
        let bad = |reason: &str| DevnetError::BadLine(reason.to_owned());
        let mut stdout =
            BufReader::new(child.stdout.take().ok_or_else(|| bad("it has no output"))?);
        let mut stderr = child.stderr.take();
        let mut text = String::new();
        let read = timeout(options.deadline, stdout.read_line(&mut text))
            .await
            .map_err(|_| DevnetError::Slow(options.deadline))?
            .map_err(|error| bad(&error.to_string()))?;
        if read == 0 {
            return Err(stopped(&mut child, stderr.take()).await);
        }
        let line = serde_json::from_str(&text)
            .map_err(|error| bad(&format!("{error} in `{}`", text.trim())))?;
        if let Some(stderr) = stderr {
            tokio::spawn(drain(stderr));
        }
        Ok(Self { child, line, _stdout: stdout })
    }

    /// The web socket address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.line.ws
    }

    /// Hash of the first block.
    #[must_use]
    pub fn genesis(&self) -> B256 {
        self.line.genesis
    }

    /// The node's process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.line.pid
    }

    /// A new connection to the node.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn client(&self) -> Result<Client, ChainError> {
        Client::connect(self.url()).await
    }

    /// Whether the node still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until the node ends by itself.
    ///
    /// # Errors
    /// If the process cannot be waited for.
    pub async fn wait(&mut self) -> io::Result<()> {
        // `Child::wait` would close the pipe that keeps the node alive.
        let stdin = self.child.stdin.take();
        let ended = self.child.wait().await;
        drop(stdin);
        ended.map(|_| ())
    }

    /// Lets the node finish what it is at, and waits for its end; kills it if that takes too long.
    ///
    /// # Errors
    /// If the process cannot be waited for.
    pub async fn stop(mut self) -> io::Result<()> {
        drop(self.child.stdin.take());
        match timeout(Duration::from_secs(10), self.child.wait()).await {
            Ok(ended) => ended.map(|_| ()),
            Err(_) => self.child.kill().await,
        }
    }
}

/// Why a node ended before its first line.
async fn stopped(child: &mut Child, stderr: Option<ChildStderr>) -> DevnetError {
    let mut words = String::new();
    if let Some(stderr) = stderr {
        // What cannot be read is only missing from the message.
        let _ =
            timeout(Duration::from_secs(1), stderr.take(STDERR_LIMIT).read_to_string(&mut words))
                .await;
    }
    let status = match timeout(Duration::from_secs(1), child.wait()).await {
        Ok(Ok(status)) => status.to_string(),
        _ => "still running".to_owned(),
    };
    let words = words.trim().trim_start_matches("weir-devnet: ").to_owned();
    DevnetError::Stopped {
        status,
        words: if words.is_empty() { "it gave no reason".to_owned() } else { words },
    }
}

/// Reads what the node writes, so that its pipe never fills.
async fn drain(stderr: ChildStderr) {
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        tracing::debug!(target: "weir_devnet", "{line}");
    }
}

/// The node's program: named by the environment, else beside the running program (or above it, for tests, which run
/// from a folder `deps`).
///
/// # Errors
/// If it is nowhere.
pub fn find_binary() -> Result<PathBuf, DevnetError> {
    if let Some(path) = env::var_os(BINARY_VARIABLE) {
        return present(path.into());
    }
    let name = format!("{BINARY}{}", env::consts::EXE_SUFFIX);
    let own = env::current_exe()
        .map_err(|reason| DevnetError::Spawn { program: name.clone().into(), reason })?;
    let folders: Vec<&Path> = own.ancestors().skip(1).take(2).collect();
    let candidates: Vec<PathBuf> = folders.iter().map(|folder| folder.join(&name)).collect();
    let inside_deps = folders
        .first()
        .is_some_and(|folder| folder.ends_with("deps") || folder.ends_with("examples"));
    let chosen =
        if inside_deps { candidates.into_iter().nth(1) } else { candidates.into_iter().next() };
    present(chosen.unwrap_or_else(|| name.into()))
}

fn present(path: PathBuf) -> Result<PathBuf, DevnetError> {
    if path.is_file() { Ok(path) } else { Err(DevnetError::Missing(path)) }
}
