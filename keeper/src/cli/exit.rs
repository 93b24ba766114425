//! Exit codes: what a script or a service manager can tell apart.

use crate::audit::{Break, LogError};
use crate::config::ConfigError;
use crate::http::HttpError;
use crate::keeper::StartError;
use crate::supervisor::Fatal;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;
use weir_chain::{ChainError, Class};

/// The table at the end of `--help`.
pub(super) const HELP: &str = "Exit codes:
  0  done; for `run`: stopped by a signal, nothing left open
  1  any other failure
  2  wrong usage
  3  configuration, key, token, deployment file or audit log at fault
  4  no node answers
  5  another chain, or contracts with other code, than the deployment file says
  6  the port is in use
  7  the audit log does not fit together";

/// A failure with its exit code.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    text: String,
}

impl Failure {
    pub(super) fn other(text: String) -> Self {
        Self { code: 1, text }
    }

    pub(super) fn tampered(file: &Path, broken: &Break) -> Self {
        Self { code: 7, text: format!("{}, {broken}", file.display()) }
    }

    pub(super) fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self { code: 3, text: error.to_string() }
    }
}

impl From<ChainError> for Failure {
    fn from(error: ChainError) -> Self {
        let code = match &error {
            ChainError::Deployment(fault) if fault.is_mismatch() => 5,
            ChainError::NoContract(_) | ChainError::Unsupported(_) => 5,
            ChainError::Deployment(_) | ChainError::Key(_) | ChainError::BadUrl { .. } => 3,
            error if error.class() == Class::Retry => 4,
            _ => 1,
        };
        Self { code, text: error.to_string() }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Chain(error) => error.into(),
            StartError::Http(HttpError::PortInUse { .. }) => {
                Self { code: 6, text: error.to_string() }
            }
            StartError::Http(HttpError::Listen { .. }) => Self::other(error.to_string()),
            StartError::Http(HttpError::Token { .. })
            | StartError::Key(_)
            | StartError::NoKey
            | StartError::Log(_)
            | StartError::Journal(_) => Self { code: 3, text: error.to_string() },
        }
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        Self { code: 3, text: error.to_string() }
    }
}

impl From<Fatal> for Failure {
    fn from(fatal: Fatal) -> Self {
        Self::other(fatal.to_string())
    }
}
