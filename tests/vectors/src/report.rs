//! What a run says: a line per vector, and a closing count.

use std::fmt;

/// What became of a vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every expected value was met.
    Passed,
    /// Something was not met, or could not be computed: what.
    Failed(String),
    /// It does not apply: why.
    Skipped(String),
}

/// One vector.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// The function that it names.
    pub function: String,
    /// What became of it.
    pub outcome: Outcome,
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, function, outcome } = self;
        match outcome {
            Outcome::Passed => write!(out, "ok {id} {function}"),
            Outcome::Failed(reason) => write!(out, "FAIL {id} {function}: {reason}"),
            Outcome::Skipped(reason) => write!(out, "skipped {id} {function}: {reason}"),
        }
    }
}

/// A file, replayed.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its vectors, in the order of the file.
    pub lines: Vec<Line>,
}

impl Report {
    /// How many of each outcome.
    #[must_use]
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for line in &self.lines {
            match line.outcome {
                Outcome::Passed => count.passed += 1,
                Outcome::Failed(_) => count.failed += 1,
                Outcome::Skipped(_) => count.skipped += 1,
            }
        }
        count
    }
}

/// How many vectors of each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Met.
    pub passed: usize,
    /// Not met, or not computed.
    pub failed: usize,
    /// Not applicable.
    pub skipped: usize,
}

impl Count {
    /// Adds the count of another file.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(out, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}
