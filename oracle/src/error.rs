//! What can go wrong between the feeder and the chain, beyond the faults of files.

use weir_chain::{Address, ChainError, Class, KeyError};

use crate::{fault::Faults, symbol::Symbol};

/// An error of the feeder.
#[derive(Debug, thiserror::Error)]
pub enum OracleError {
    /// A file is at fault.
    #[error(transparent)]
    Input(#[from] Faults),
    /// The chain, or the way to it.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A reporter's key cannot be had.
    #[error("the key of reporter {name}: {error}")]
    Key {
        /// The reporter's name.
        name: String,
        /// Why.
        error: KeyError,
    },
    /// There is no reporter.
    #[error("there is no reporter: name at least one")]
    NoReporters,
    /// More reporters than a feed accepts.
    #[error("{given} reporters, but a feed accepts at most {allowed}")]
    TooManyReporters {
        /// How many were given.
        given: usize,
        /// The most accepted.
        allowed: u8,
    },
    /// More assets than one report holds.
    #[error("{given} assets, but one report holds at most {allowed}")]
    TooManyAssets {
        /// How many the sources price.
        given: usize,
        /// The most accepted.
        allowed: usize,
    },
    /// Two reporters have the same key.
    #[error("reporters {first} and {second} have the same key")]
    SameKey {
        /// One.
        first: String,
        /// The other.
        second: String,
    },
    /// There is no source.
    #[error("there is no source of prices")]
    NoSources,
    /// The feed does not know a reporter.
    #[error("{address}, the key of reporter {name}, is not a reporter of the feed")]
    NotAReporter {
        /// The reporter's name.
        name: String,
        /// Its address.
        address: Address,
    },
    /// A source prices what was not deployed.
    #[error("{asset} has a price but is not in the deployment, which has {}", list(.known))]
    UnknownAsset {
        /// The asset.
        asset: Symbol,
        /// The assets of the deployment.
        known: Vec<String>,
    },
    /// The feed does not list an asset.
    #[error("{asset} is not listed by the feed")]
    NotListed {
        /// The asset.
        asset: Symbol,
    },
    /// A step beyond the end of the source.
    #[error("there is no step {step}: the source has {steps}, counted from 0")]
    NoSuchStep {
        /// The step asked for.
        step: u64,
        /// How many there are.
        steps: u64,
    },
    /// The chain's clock does not move.
    #[error(
        "the chain's clock stands at {now}, and reports were made for {last} already: it makes no blocks"
    )]
    ClockStands {
        /// Chain time, seconds.
        now: u64,
        /// The last time reported for.
        last: u64,
    },
    /// The feed answered with what cannot be.
    #[error("the feed's round of {asset} cannot be read: {reason}")]
    BadRound {
        /// The asset.
        asset: Symbol,
        /// Why.
        reason: String,
    },
}

impl OracleError {
    /// What the caller should do.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Chain(error) => error.class(),
            Self::ClockStands { .. } => Class::Retry,
            _ => Class::Abort,
        }
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "no assets".to_owned() } else { names.join(", ") }
}
