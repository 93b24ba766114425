//! Child processes that end when the story does, whatever becomes of it.

use anyhow::{Context as _, Result, bail};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a program may take to say its first line, and to end when asked to.
const START: Duration = Duration::from_secs(30);
const STOP: Duration = Duration::from_secs(20);

/// How much of a log is repeated when something went wrong.
const TAIL_LINES: usize = 12;

/// The path of a program of this build: beside the running one, or above it for tests, which run from `deps`.
///
/// # Errors
/// If it is not there.
pub fn program(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe().context("find the running program")?;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let folders = own.ancestors().skip(1).take(2);
    let found = folders.map(|folder| folder.join(&name)).find(|path| path.is_file());
    found.with_context(|| format!("{name} is not built: run `cargo build --workspace`"))
}

/// A running program.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    /// Killed when dropped.
    guarded: bool,
}

/// How a program is started.
#[derive(Clone, Copy, Debug)]
pub struct Launch<'a> {
    /// The program's name, as it is built.
    pub name: &'a str,
    /// What it is told.
    pub arguments: &'a [String],
    /// Where its log goes.
    pub folder: &'a Path,
    /// It is meant to outlive this process: nothing ties it to this terminal.
    pub outlives: bool,
}

impl Process {
    /// Starts a program and gives the first line of its standard output. Its standard error goes to a file.
    ///
    /// # Errors
    /// If it cannot be started, ends before it has said a line, or does not say one in time.
    pub async fn start(launch: Launch<'_>) -> Result<(Self, String)> {
        let Launch { name, arguments, folder, outlives } = launch;
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log).with_context(|| format!("write {}", log.display()))?;
        let mut command = Command::new(program(name)?);
        command.args(arguments).stdout(Stdio::piped()).stderr(file);
        // An interrupt at the terminal is for the story, which stops its programs in order.
        command.process_group(0);
        command.stdin(if outlives { Stdio::null() } else { Stdio::piped() });
        let mut child = command.spawn().with_context(|| format!("start {name}"))?;
        let stdout = child.stdout.take();
        let mut process = Self { name: name.to_owned(), child, log, guarded: true };
        let mut line = String::new();
        let mut lines = BufReader::new(stdout.context("the program has no output")?);
        let read = timeout(START, lines.read_line(&mut line)).await;
        match read {
            Ok(Ok(length)) if length > 0 => Ok((process, line)),
            Ok(_) => {
                let status =
                    timeout(STOP, process.child.wait()).await.context("wait for its end")??;
                bail!("{name} ended at once ({status}): {}", process.tail())
            }
            Err(_) => bail!("{name} said nothing for {} s: {}", START.as_secs(), process.tail()),
        }
    }

    /// Its number in the system.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Fails if it has ended.
    ///
    /// # Errors
    /// With the last words of its log.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => bail!("{} ended ({status}): {}", self.name, self.tail()),
            Err(error) => bail!("{} cannot be watched: {error}", self.name),
        }
    }

    /// Asks it to end and waits until it has; kills it if it does not.
    pub async fn stop(&mut self) {
        if let Some(id) = self.child.id() {
            // The only way to send a signal without unsafe code.
            let asked = Command::new("kill").args(["-TERM", &id.to_string()]).status().await;
            let ended = timeout(STOP, self.child.wait()).await;
            if asked.is_err() || ended.is_err() {
                // Either it is gone, or this is all that can be done.
                let _ = self.child.kill().await;
            }
        }
        self.guarded = false;
    }

    /// Lets it go on when this process ends.
    pub fn release(&mut self) {
        self.guarded = false;
    }

    /// The last lines of its log.
    #[must_use]
    pub fn tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let from = lines.len().saturating_sub(TAIL_LINES);
        lines.get(from..).unwrap_or_default().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.guarded {
            // It may have ended by itself.
            let _ = self.child.start_kill();
        }
    }
}
