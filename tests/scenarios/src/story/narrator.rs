//! Tells what happens while it happens: to people on standard output, beside `--json` on standard error.

use crate::checker::Note;
use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use weir_chain::Deployment;
use weir_chain::amount::{format_grouped, format_units};

/// Decimals of a value in USD.
const USD: u8 = 18;

/// How often a terminal sees that something goes on, and how often a log does.
const TICK: Duration = Duration::from_millis(120);
const SLOW_TICK: Duration = Duration::from_secs(5);

/// Whoever speaks to the audience.
#[derive(Debug)]
pub struct Narrator {
    /// Standard output is for the JSON line alone.
    json: bool,
    began: Instant,
    terminal: bool,
}

impl Narrator {
    /// A narrator who counts the time from `began`.
    #[must_use]
    pub fn new(json: bool, began: Instant) -> Self {
        Self { json, began, terminal: std::io::stderr().is_terminal() }
    }

    /// Says a line.
    pub fn say(&self, line: &str) {
        if self.terminal {
            self.clear();
        }
        let text = format!("[{:>5.1} s] {line}\n", self.began.elapsed().as_secs_f64());
        self.write(&text);
    }

    /// Shows something that speaks for itself, such as a table.
    pub fn show(&self, text: &str) {
        self.write(&format!("{text}\n"));
    }

    fn write(&self, text: &str) {
        // A closed pipe is the reader's choice, not a failure.
        let _ = if self.json {
            std::io::stderr().write_all(text.as_bytes())
        } else {
            std::io::stdout().write_all(text.as_bytes())
        };
    }

    /// Shows that something is going on until the result is dropped.
    #[must_use]
    pub fn progress(self: &Arc<Self>, what: &str) -> Progress {
        let narrator = Arc::clone(self);
        let what = what.to_owned();
        if !self.terminal {
            narrator.say(&format!("{what} …"));
        }
        let task = tokio::spawn(async move {
            let since = Instant::now();
            let mut turns = ["|", "/", "-", "\\"].iter().cycle();
            loop {
                if narrator.terminal {
                    let turn = turns.next().copied().unwrap_or_default();
                    let seconds = since.elapsed().as_secs();
                    eprint!("\r\x1b[2K{turn} {what} ({seconds} s)");
                    tokio::time::sleep(TICK).await;
                } else {
                    tokio::time::sleep(SLOW_TICK).await;
                    narrator.say(&format!("{what} … {} s", since.elapsed().as_secs()));
                }
            }
        });
        Progress { task, terminal: self.terminal }
    }

    fn clear(&self) {
        if self.terminal {
            eprint!("\r\x1b[2K");
        }
    }
}

/// A running progress display; ends when dropped.
#[derive(Debug)]
pub struct Progress {
    task: JoinHandle<()>,
    terminal: bool,
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.task.abort();
        if self.terminal {
            eprint!("\r\x1b[2K");
        }
    }
}

/// An amount of USD (WAD) for people.
#[must_use]
pub fn usd(value: u128) -> String {
    format_grouped(value, USD, 2)
}

/// Tells of each block with liquidations or losses, until nobody sends any more.
#[must_use]
pub fn tell_blocks(
    narrator: Arc<Narrator>,
    mut notes: mpsc::UnboundedReceiver<Note>,
    deployment: Deployment,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut problems = 0;
        while let Some(note) = notes.recv().await {
            if note.problems > problems {
                problems = note.problems;
                narrator.say(&format!(
                    "block {}: the checker has found {problems} problems",
                    note.block.number
                ));
            }
            if let Some(line) = words(&note, &deployment) {
                narrator.say(&line);
            }
        }
    })
}

fn words(note: &Note, deployment: &Deployment) -> Option<String> {
    if note.liquidations.is_empty() && note.written_off.is_empty() {
        return None;
    }
    let sum = |part: fn(&crate::checker::Liquidation) -> u128| {
        note.liquidations.iter().map(part).fold(0, u128::saturating_add)
    };
    let mut line = format!(
        "block {}: {} liquidations repay {} USD for {} USD of bonus",
        note.block.number,
        note.liquidations.len(),
        usd(sum(|one| one.repaid_usd)),
        usd(sum(|one| one.bonus_usd)),
    );
    for (token, amount) in &note.written_off {
        if let Some(asset) = deployment.asset_of(*token) {
            let amount = format_units(*amount, asset.decimals);
            // Writing into a `String` does not fail.
            let _ = write!(line, "; {amount} {} written off", asset.symbol);
        }
    }
    if note.liquidatable > 0 {
        let _ = write!(line, "; {} accounts wait", note.liquidatable);
    }
    Some(line)
}
