//! The audit log: what the keeper decided and how it ended, one JSON object a line, each line bound to the one before.
//!
//! A line begins with its number, the time and the hash of the line before; it ends with its own hash, the keccak-256 of
//! the object without that last field. So an edited, missing, repeated or moved line does not fit, and [`verify`] names
//! it. Whoever may write the file can still write all of it anew: against that stands the head (number and hash of the
//! last line), which the keeper logs when it starts and which `audit verify --head` compares.

mod chain;
#[cfg(test)]
mod tests;

pub use chain::{Break, Fault, Head, verify};

use crate::breakers::Breaker;
use crate::outcome::{Outcome, Record};
use chain::{Chain, Read};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use weir_chain::{Address, B256, keccak256};

/// What a line is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// A keeper began to write.
    Started(Started),
    /// An account is liquidatable, and nothing is done about it.
    Skipped(Skipped),
    /// Something was changed by hand.
    Operated(Operated),
    /// A liquidation was tried, and ended.
    Ended(Box<Record>),
}

/// The beginning of a keeper's lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Started {
    /// Version of the keeper.
    pub version: &'static str,
    /// The pool.
    pub pool: Address,
    /// The keeper's account, if it has one.
    pub account: Option<Address>,
    /// Whether it spends.
    pub execute: bool,
    /// Where a log that did not fit together was put before this one was begun, and what was wrong with it.
    pub set_aside: Option<SetAside>,
}

/// A log that was found broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// Where it is now.
    pub file: PathBuf,
    /// What was wrong.
    pub reason: String,
}

/// What was changed by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operated {
    /// What was asked for.
    pub action: &'static str,
    /// The breaker, where one was named.
    pub breaker: Option<Breaker>,
}

/// Why a liquidatable account gets no plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Whose debt.
    pub borrower: Address,
    /// Version of the account.
    pub version: u32,
    /// Block of the decision.
    pub block: u64,
    /// Latest round among the account's legs.
    pub round: u32,
    /// The reason, as a word.
    pub reason: &'static str,
    /// The reason, as a sentence.
    pub detail: String,
}

/// Why the log does not take a line.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The system refuses.
    #[error("audit log {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file holds something else.
    #[error("audit log {}: begins with something else than an audit log; name another file, or move this one away", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
}

/// The log, open for appending.
#[derive(Debug)]
pub struct AuditLog {
    path: PathBuf,
    file: File,
    head: Head,
}

/// A log that was opened, and the broken one that lay in its place.
#[derive(Debug)]
pub struct Opened {
    /// The log.
    pub log: AuditLog,
    /// The one before it, if it was broken.
    pub set_aside: Option<SetAside>,
}

/// What a liquidation of the past cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Past {
    /// When it ended, milliseconds since 1970.
    pub time: u64,
    /// Value repaid, USD.
    pub repaid_usd: Decimal,
    /// What was lost, USD.
    pub lost_usd: Decimal,
}

#[derive(Serialize)]
struct Line<'a> {
    seq: u64,
    time: u64,
    previous: B256,
    #[serde(flatten)]
    entry: &'a Entry,
}

impl AuditLog {
    /// Opens or creates the log. A last line without its end, left by a crash while it was written, is cut off. A log
    /// that does not fit together is put aside, and a new one begun: the keeper goes on, and says so.
    ///
    /// # Errors
    /// If the file cannot be opened or moved, or is no audit log at all.
    pub fn open(path: &Path) -> Result<Opened, LogError> {
        let failed = |source| LogError::Io { path: path.to_owned(), source };
        let open = || OpenOptions::new().read(true).append(true).create(true).open(path);
        let mut file = open().map_err(failed)?;
        let mut chain = Chain::default();
        let mut kept = 0;
        let mut lines = BufReader::new(&file);
        let broken = loop {
            match chain.read_line(&mut lines, kept).map_err(failed)? {
                Read::Line { end } => kept = end,
                Read::End => break None,
                Read::Unfinished => {
                    tracing::warn!(file = %path.display(), "cut an unfinished last line off the audit log");
                    file.set_len(kept).and_then(|()| file.sync_all()).map_err(failed)?;
                    break None;
                }
                Read::Broken(Break { line: 1, fault: Fault::NoLine }) => {
                    return Err(LogError::Foreign { path: path.to_owned() });
                }
                Read::Broken(broken) => break Some(broken),
            }
        };
        let mut head = chain.head();
        let mut set_aside = None;
        if let Some(broken) = broken {
            let to = free_name(path);
            std::fs::rename(path, &to).map_err(failed)?;
            tracing::error!(file = %path.display(), moved_to = %to.display(), fault = %broken, "the audit log does not fit together; begins a new one");
            set_aside = Some(SetAside { file: to, reason: broken.to_string() });
            file = open().map_err(failed)?;
            head = Head::default();
        }
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok(Opened { log: Self { path: path.to_owned(), file, head }, set_aside })
    }

    /// Number and hash of the last line.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// Whether the log tells the end of a transaction. A line that says it was not known is none.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn tells(&self, transaction: &str) -> Result<bool, LogError> {
        let failed = |source| LogError::Io { path: self.path.clone(), source };
        let file = BufReader::new(File::open(&self.path).map_err(failed)?);
        for line in file.lines() {
            let line = line.map_err(failed)?;
            // Most lines are about other transactions: they need not be parsed.
            if !line.contains(transaction) {
                continue;
            }
            let record: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            let told = |key| record.get(key).and_then(serde_json::Value::as_str);
            if told("transaction") == Some(transaction)
                && told("outcome") != Some(Outcome::Unresolved.name())
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What liquidations cost since a time, in the order of the lines.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn money_since(&self, time: u64) -> Result<Vec<Past>, LogError> {
        let failed = |source| LogError::Io { path: self.path.clone(), source };
        let file = BufReader::new(File::open(&self.path).map_err(failed)?);
        let mut past = Vec::new();
        for line in file.lines() {
            // Lines of other kinds lack the fields.
            if let Ok(one) = serde_json::from_str::<Past>(&line.map_err(failed)?)
                && one.time >= time
            {
                past.push(one);
            }
        }
        Ok(past)
    }

    /// Appends a line for each entry and waits until they are on the disk.
    ///
    /// # Errors
    /// What the system says, for example that the disk is full. The log stands as before then.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), LogError> {
        let failed = |source| LogError::Io { path: self.path.clone(), source };
        let before = self.file.metadata().map_err(failed)?.len();
        let mut head = self.head;
        let mut text = Vec::new();
        for entry in entries {
            let line = Line { seq: head.lines, time: now_ms(), previous: head.hash, entry };
            let body = serde_json::to_vec(&line).map_err(|error| failed(error.into()))?;
            let hash = keccak256(&body);
            text.extend(chain::sealed(body, hash));
            head = Head { lines: head.lines.saturating_add(1), hash };
        }
        // One write, so that lines of a crash are whole or last.
        if let Err(source) = self.file.write_all(&text).and_then(|()| self.file.sync_data()) {
            // Half a line in the middle would break the chain for ever. If this fails too, the next start cuts it off.
            let _ = self.file.set_len(before);
            return Err(failed(source));
        }
        self.head = head;
        Ok(())
    }
}

/// Milliseconds since 1970; 0 on a clock before that.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.ok().and_then(|since| u64::try_from(since.as_millis()).ok()).unwrap_or_default()
}

/// The first of `FILE.broken-1`, `FILE.broken-2` … that is free.
fn free_name(path: &Path) -> PathBuf {
    let name = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".broken-{number}"));
        PathBuf::from(name)
    };
    (1..u32::MAX).map(name).find(|name| !name.exists()).unwrap_or_else(|| name(u32::MAX))
}
