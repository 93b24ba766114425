//! How the lines hang together, and where they do not.

use super::LogError;
use serde::Deserialize;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::str::FromStr;
use weir_chain::{B256, keccak256};

/// What stands before the hash of a line; the hash and `"}` follow.
const SEAL: &[u8] = b",\"hash\":\"";
/// `0x` and 64 digits.
const HASH_TEXT: usize = 66;

/// How many lines a log has, and the hash of the last; zeros for an empty log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Lines.
    pub lines: u64,
    /// Hash of the last line.
    pub hash: B256,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.lines, self.hash)
    }
}

impl FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = "must be LINES:HASH, as the keeper logs it";
        let (lines, hash) = text.split_once(':').ok_or(form)?;
        Ok(Self { lines: lines.parse().map_err(|_| form)?, hash: hash.parse().map_err(|_| form)? })
    }
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is no line of an audit log.
    NoLine,
    /// Its hash is not that of its content.
    Edited,
    /// It has another number than the one after the last.
    Number {
        /// The number due.
        expected: u64,
        /// The number there.
        found: u64,
    },
    /// It follows another line than the one before it.
    Follows,
    /// It has no end.
    Unfinished,
    /// The log ends before the head that was asked for.
    Short {
        /// Lines that there should be at least.
        expected: u64,
    },
    /// The line of the head that was asked for is another one.
    OtherHead,
}

/// Where the chain of lines breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// The line in the file, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub fault: Fault,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match self.fault {
            Fault::NoLine => f.write_str("is not a line of an audit log"),
            Fault::Edited => f.write_str("was edited: its hash is not that of its content"),
            Fault::Number { expected, found } => {
                write!(
                    f,
                    "has number {found} where {expected} is due: lines are missing, repeated or moved"
                )
            }
            Fault::Follows => f.write_str("follows another line than the one before it"),
            Fault::Unfinished => {
                f.write_str("has no end: a crash while it was written; the next start cuts it off")
            }
            Fault::Short { expected } => {
                write!(f, "the log ends here, before line {expected}: lines were taken off its end")
            }
            Fault::OtherHead => f.write_str("has another hash than the head that was asked for"),
        }
    }
}

/// What reading a line gave.
pub(super) enum Read {
    /// It fits; the file goes on at `end`.
    Line { end: u64 },
    /// There is none.
    End,
    /// It has no end.
    Unfinished,
    /// It does not fit.
    Broken(Break),
}

/// The lines read so far.
#[derive(Debug, Default)]
pub(super) struct Chain {
    head: Head,
}

#[derive(Deserialize)]
struct Link {
    seq: u64,
    previous: B256,
    hash: B256,
}

impl Chain {
    pub(super) fn head(&self) -> Head {
        self.head
    }

    /// Reads the next line of `file`, which stands at `at`.
    pub(super) fn read_line(&mut self, file: &mut impl BufRead, at: u64) -> std::io::Result<Read> {
        let mut line = Vec::new();
        let read = file.read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(Read::End);
        }
        if line.pop() != Some(b'\n') {
            return Ok(Read::Unfinished);
        }
        match self.follow(&line) {
            // A line's length fits 64 bits wherever it fits memory.
            Ok(()) => {
                Ok(Read::Line { end: at.saturating_add(u64::try_from(read).unwrap_or(u64::MAX)) })
            }
            Err(fault) => {
                Ok(Read::Broken(Break { line: self.head.lines.saturating_add(1), fault }))
            }
        }
    }

    fn follow(&mut self, line: &[u8]) -> Result<(), Fault> {
        let link: Link = serde_json::from_slice(line).map_err(|_| Fault::NoLine)?;
        let body = unsealed(line).ok_or(Fault::NoLine)?;
        if keccak256(body) != link.hash {
            return Err(Fault::Edited);
        }
        if link.seq != self.head.lines {
            return Err(Fault::Number { expected: self.head.lines, found: link.seq });
        }
        if link.previous != self.head.hash {
            return Err(Fault::Follows);
        }
        self.head = Head { lines: self.head.lines.saturating_add(1), hash: link.hash };
        Ok(())
    }
}

/// A line from its object without a hash and the hash of that.
pub(super) fn sealed(mut body: Vec<u8>, hash: B256) -> Vec<u8> {
    body.pop();
    body.extend_from_slice(SEAL);
    body.extend_from_slice(hash.to_string().as_bytes());
    body.extend_from_slice(b"\"}\n");
    body
}

/// The object without its hash, as it was hashed.
fn unsealed(line: &[u8]) -> Option<Vec<u8>> {
    let cut = line.len().checked_sub(SEAL.len() + HASH_TEXT + 2)?;
    let (body, seal) = line.split_at_checked(cut)?;
    seal.starts_with(SEAL).then(|| [body, b"}"].concat())
}

/// Reads a whole log. With `known`, a head seen before, the line it names must be there and be the same.
///
/// # Errors
/// If the file cannot be read; within, the first line that does not fit.
pub fn verify(path: &Path, known: Option<Head>) -> Result<Result<Head, Break>, LogError> {
    let failed = |source| LogError::Io { path: path.to_owned(), source };
    let mut file = BufReader::new(File::open(path).map_err(failed)?);
    let mut chain = Chain::default();
    loop {
        match chain.read_line(&mut file, 0).map_err(failed)? {
            Read::Line { .. } => {}
            Read::End => break,
            Read::Unfinished => {
                let line = chain.head.lines.saturating_add(1);
                return Ok(Err(Break { line, fault: Fault::Unfinished }));
            }
            Read::Broken(broken) => return Ok(Err(broken)),
        }
        if known.is_some_and(|known| known.lines == chain.head.lines && known != chain.head) {
            return Ok(Err(Break { line: chain.head.lines, fault: Fault::OtherHead }));
        }
    }
    match known {
        Some(known) if known.lines > chain.head.lines => {
            let fault = Fault::Short { expected: known.lines };
            Ok(Err(Break { line: chain.head.lines, fault }))
        }
        _ => Ok(Ok(chain.head)),
    }
}
