//! How a command ends: one sentence, and a code that scripts can rely on. The codes are those of `weir`.

use std::{fmt, io, process::ExitCode};

use weir_chain::ChainError;

use crate::{error::OracleError, fault::Faults};

/// The exit codes for the help text.
pub(super) const HELP: &str = "Exit codes: 0 done, 1 refused by the chain or the feed, 2 bad command line or file, 3 no node, \
     4 deployment of another chain or build, 5 anything else.";

/// Why a command failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// The feeder or one of its files.
    Oracle(OracleError),
    /// Standard output cannot be written.
    Output(io::Error),
    /// The reports of some steps did not become rounds.
    Unsettled(String),
}

impl Failure {
    /// What the process exits with.
    pub(super) fn code(&self) -> ExitCode {
        ExitCode::from(self.number())
    }

    pub(super) fn number(&self) -> u8 {
        match self {
            Self::Oracle(OracleError::Chain(error)) => chain(error),
            Self::Unsettled(_)
            | Self::Oracle(OracleError::NotAReporter { .. } | OracleError::NotListed { .. }) => 1,
            Self::Output(_)
            | Self::Oracle(OracleError::ClockStands { .. } | OracleError::BadRound { .. }) => 5,
            Self::Usage(_) | Self::Oracle(_) => 2,
        }
    }

    /// Whether the reader of our output went away.
    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

fn chain(error: &ChainError) -> u8 {
    match error {
        _ if error.is_node() => 3,
        ChainError::Refused(_) | ChainError::Reverted { .. } | ChainError::Rejected(_) => 1,
        ChainError::Deployment(error) if error.is_mismatch() => 4,
        ChainError::Deployment(_) | ChainError::BadUrl { .. } | ChainError::Key(_) => 2,
        _ => 5,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Unsettled(text) => f.write_str(text),
            Self::Oracle(error) => error.fmt(f),
            Self::Output(error) => write!(f, "standard output cannot be written: {error}"),
        }
    }
}

impl From<OracleError> for Failure {
    fn from(error: OracleError) -> Self {
        Self::Oracle(error)
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Oracle(faults.into())
    }
}

impl From<ChainError> for Failure {
    fn from(error: ChainError) -> Self {
        Self::Oracle(error.into())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
