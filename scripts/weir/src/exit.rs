//! How a command ends: one sentence, and a code that scripts can rely on.

use std::fmt;
use weir_abi::ContractError;
use weir_chain::ChainError;
use weir_chain::amount::AmountError;
use weir_chain::artifacts::ArtifactError;
use weir_chain::deployment::{Asset, DeploymentError};
use weir_chain::devnet::DevnetError;
use weir_chain::keys::KeyError;

/// Exit codes, as the help text lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The chain or a contract refused what was asked; nothing was changed.
    Refused = 1,
    /// The command line or a file it names is wrong.
    Usage = 2,
    /// No node answers, or it went away.
    Node = 3,
    /// The deployment file belongs to another chain or another build.
    Deployment = 4,
    /// Anything else.
    Failed = 5,
}

/// The exit codes for the help text.
pub const HELP: &str = "Exit codes: 0 done, 1 refused by the chain or a contract (nothing changed), 2 bad command line \
                        or file, 3 no node, 4 deployment of another chain or build, 5 anything else.";

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// What the process exits with.
    pub code: Code,
    /// One sentence for a person; empty if it was said already.
    pub message: String,
    /// Name of the contract's error, if that is what it was.
    pub refusal: Option<ContractError>,
}

impl Failure {
    /// A failure with a code and a sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), refusal: None }
    }

    /// A refusal that the command told already, as the result of a dry run.
    pub fn told() -> Self {
        Self::new(Code::Refused, "")
    }

    /// The command line or a file is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Failure {
    /// A failure on the chain in a command about `asset`, in whose whole tokens amounts are told.
    pub fn about(asset: &Asset) -> impl Fn(ChainError) -> Self + '_ {
        move |error| Self::chain(&error, Some(asset))
    }

    /// What a contract refused, in words.
    pub fn refused(refusal: ContractError, asset: Option<&Asset>) -> Self {
        let message = crate::words::explain(&refusal, asset);
        Self { code: Code::Refused, message, refusal: Some(refusal) }
    }

    fn chain(error: &ChainError, asset: Option<&Asset>) -> Self {
        if let Some(refusal) = error.refused() {
            return Self::refused(refusal.clone(), asset);
        }
        let code = match error {
            error if error.is_node() => Code::Node,
            ChainError::Deployment(fault) => deployment_code(fault),
            ChainError::Rejected(_) | ChainError::Reverted { .. } | ChainError::Dispatch(_) => {
                Code::Refused
            }
            ChainError::Key(_) | ChainError::TooLarge { .. } | ChainError::BadUrl { .. } => {
                Code::Usage
            }
            _ => Code::Failed,
        };
        Self::new(code, error.to_string())
    }
}

/// A file that does not fit the chain is one thing, a file that cannot be used at all another.
fn deployment_code(fault: &DeploymentError) -> Code {
    if fault.is_mismatch() { Code::Deployment } else { Code::Usage }
}

impl From<ChainError> for Failure {
    fn from(error: ChainError) -> Self {
        Self::chain(&error, None)
    }
}

impl From<DeploymentError> for Failure {
    fn from(error: DeploymentError) -> Self {
        Self::new(deployment_code(&error), error.to_string())
    }
}

impl From<AmountError> for Failure {
    fn from(error: AmountError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<DevnetError> for Failure {
    fn from(error: DevnetError) -> Self {
        Self::new(Code::Node, error.to_string())
    }
}

impl From<ArtifactError> for Failure {
    fn from(error: ArtifactError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(Code::Failed, format!("{error:#}"))
    }
}
