//! Everything that can go wrong between a caller and the chain, and what the caller should do about it.

#[cfg(test)]
mod tests;

use crate::{deployment::DeploymentError, devnet::DevnetError, keys::KeyError};
use alloy_primitives::{Address, B256};
use std::{fmt, time::Duration};
use weir_abi::ContractError;

/// What a caller should do with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The same attempt may succeed a little later: the network, a nonce, a full pool.
    Retry,
    /// This attempt is settled and there is nothing to repair: the contract said no, somebody else was faster.
    Skip,
    /// Repeating cannot help: wrong chain, wrong input, wrong build.
    Abort,
    /// A person should look: the balance is too low, a contract trapped.
    Alert,
}

/// A failure to read from or write to the chain.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// No connection could be made.
    #[error("no node answers at {url}: {reason}")]
    Unreachable {
        /// The endpoint that was tried.
        url: String,
        /// What the transport said.
        reason: String,
    },
    /// The endpoint is not a web socket address.
    #[error("`{url}` is not the address of a node: {reason}")]
    BadUrl {
        /// The endpoint as given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The connection broke while a request was under way.
    #[error("the node at {url} went away during {request}: {reason}")]
    Disconnected {
        /// The endpoint.
        url: String,
        /// The method that was being answered.
        request: String,
        /// What the transport said.
        reason: String,
    },
    /// No answer within the deadline.
    #[error("{request} was not answered within {} s", .after.as_secs_f64())]
    Timeout {
        /// What was waited for.
        request: String,
        /// The deadline.
        after: Duration,
    },
    /// The node answered with an error.
    #[error("the node refused {request}: {message} (code {code})")]
    Rpc {
        /// The method.
        request: String,
        /// JSON-RPC error code.
        code: i32,
        /// The node's words.
        message: String,
    },
    /// The transaction pool did not take a transaction.
    #[error("the node did not take the transaction: {0}")]
    Rejected(Rejection),
    /// A contract refused, with one of its own errors.
    #[error("the contract refused: {0}")]
    Refused(ContractError),
    /// A contract reverted with bytes that are none of Weir's errors.
    #[error("the contract at {contract} reverted with {}", DataText(.data))]
    Reverted {
        /// The contract called.
        contract: Address,
        /// The revert data.
        data: Vec<u8>,
    },
    /// The runtime refused the dispatch itself.
    #[error("the chain refused the call: {0}")]
    Dispatch(DispatchFailure),
    /// There is no contract where one was expected.
    #[error("there is no contract at {0}")]
    NoContract(Address),
    /// A block that the node does not know (any more).
    #[error("the node does not know block {0}")]
    NoBlock(String),
    /// An answer has another shape than expected.
    #[error("cannot read {what}: {reason}")]
    Decode {
        /// What was being read.
        what: String,
        /// Why it could not be.
        reason: String,
    },
    /// The chain lacks something Weir needs.
    #[error("this chain cannot run Weir: {0}")]
    Unsupported(String),
    /// A transaction was not included before its era ended.
    #[error("transaction {tx_hash} expired: it was not included before block {last_block}")]
    Expired {
        /// Hash of the transaction.
        tx_hash: B256,
        /// Last block of its era.
        last_block: u64,
    },
    /// Another transaction took the nonce.
    #[error("transaction {tx_hash} was replaced: nonce {nonce} was used by another transaction")]
    Replaced {
        /// Hash of the transaction.
        tx_hash: B256,
        /// Its nonce.
        nonce: u64,
    },
    /// An amount does not fit.
    #[error("{what} is larger than 128 bits")]
    TooLarge {
        /// What overflowed.
        what: String,
    },
    /// A transaction could not be built.
    #[error("cannot build the transaction: {0}")]
    Build(String),
    /// A deployment file is not usable.
    #[error(transparent)]
    Deployment(#[from] DeploymentError),
    /// A key is not usable.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The development node did not start.
    #[error(transparent)]
    Devnet(#[from] DevnetError),
}

impl ChainError {
    /// What to do about it.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Unreachable { .. }
            | Self::Disconnected { .. }
            | Self::Timeout { .. }
            | Self::NoBlock(_)
            | Self::Expired { .. } => Class::Retry,
            Self::Rejected(rejection) => rejection.class(),
            Self::Refused(_) | Self::Reverted { .. } | Self::Replaced { .. } => Class::Skip,
            Self::Dispatch(failure) => failure.class(),
            Self::BadUrl { .. }
            | Self::Rpc { .. }
            | Self::NoContract(_)
            | Self::Decode { .. }
            | Self::Unsupported(_)
            | Self::TooLarge { .. }
            | Self::Build(_)
            | Self::Deployment(_)
            | Self::Key(_)
            | Self::Devnet(_) => Class::Abort,
        }
    }

    /// Whether the node is the trouble: not there, gone, or silent.
    #[must_use]
    pub fn is_node(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Disconnected { .. } | Self::Timeout { .. })
    }

    /// The contract's own error, if that is what this is.
    #[must_use]
    pub fn refused(&self) -> Option<&ContractError> {
        match self {
            Self::Refused(error) => Some(error),
            _ => None,
        }
    }

    pub(crate) fn decode(what: impl Into<String>, reason: impl fmt::Display) -> Self {
        Self::Decode { what: what.into(), reason: reason.to_string() }
    }
}

/// Why a transaction pool did not take a transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The nonce was used already (1010).
    #[error("its nonce was used already")]
    Stale,
    /// The nonce leaves a gap that the pool does not accept (1010, 1021).
    #[error("its nonce lies in the future")]
    Future,
    /// The account cannot pay (1010).
    #[error("the account cannot pay the fee")]
    Payment,
    /// The era is over (1010).
    #[error("its era is over")]
    Ancient,
    /// The signature does not fit: another chain or another runtime version (1010).
    #[error("its signature does not fit this chain and runtime version")]
    BadProof,
    /// It needs more than a block holds (1010).
    #[error("it needs more than a block holds")]
    Exhausts,
    /// The pool has banned this very transaction for a while (1012).
    #[error("the pool has banned it for a while")]
    Banned,
    /// The pool has it already (1013).
    #[error("the pool has it already")]
    AlreadyImported,
    /// Another transaction with this nonce has a higher priority (1014).
    #[error("another transaction with its nonce has a higher priority")]
    TooLowPriority,
    /// The pool is full (1016).
    #[error("the pool is full")]
    PoolFull,
    /// Anything else.
    #[error("{message} (code {code})")]
    Other {
        /// JSON-RPC error code.
        code: i32,
        /// The node's words.
        message: String,
    },
}

impl Rejection {
    /// Reads the error of `author_submitAndWatchExtrinsic`; `None` if the code is not one of the pool's.
    ///
    /// The node gives the reason of 1010 in words only (`InvalidTransaction` of `sp-runtime`), hence the text search.
    #[must_use]
    pub fn read(code: i32, message: &str, data: Option<&str>) -> Option<Self> {
        let text = format!("{message} {}", data.unwrap_or_default());
        Some(match code {
            1010 if text.contains("outdated") => Self::Stale,
            1010 if text.contains("in the future") => Self::Future,
            1010 if text.contains("pay some fees") => Self::Payment,
            1010 if text.contains("ancient birth block") => Self::Ancient,
            1010 if text.contains("bad signature") => Self::BadProof,
            1010 if text.contains("exhaust") => Self::Exhausts,
            1012 => Self::Banned,
            1013 => Self::AlreadyImported,
            1014 => Self::TooLowPriority,
            1016 => Self::PoolFull,
            1021 => Self::Future,
            1001..=1050 => Self::Other { code, message: text.trim().to_owned() },
            _ => return None,
        })
    }

    /// What to do about it.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Stale
            | Self::Future
            | Self::Ancient
            | Self::Banned
            | Self::AlreadyImported
            | Self::TooLowPriority
            | Self::PoolFull => Class::Retry,
            Self::Payment => Class::Alert,
            Self::BadProof | Self::Exhausts | Self::Other { .. } => Class::Abort,
        }
    }
}

/// The data of a revert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revert {
    /// One of Weir's errors.
    Contract(ContractError),
    /// Bytes of another contract, or none at all.
    Raw(Vec<u8>),
}

impl Revert {
    /// Reads revert data.
    #[must_use]
    pub fn read(data: &[u8]) -> Self {
        ContractError::decode(data).map_or_else(|| Self::Raw(data.to_vec()), Self::Contract)
    }

    /// The error's name, if it is one of Weir's.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Contract(error) => Some(&error.name),
            Self::Raw(_) => None,
        }
    }

    /// As an error of a call to `contract`.
    #[must_use]
    pub fn into_error(self, contract: Address) -> ChainError {
        match self {
            Self::Contract(error) => ChainError::Refused(error),
            Self::Raw(data) => ChainError::Reverted { contract, data },
        }
    }
}

impl fmt::Display for Revert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contract(error) => error.fmt(f),
            Self::Raw(data) => DataText(data).fmt(f),
        }
    }
}

/// A dispatch that the runtime refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DispatchFailure {
    /// An error of a pallet, for example `Revive.ContractReverted`.
    #[error("{pallet}.{error}")]
    Module {
        /// Name of the pallet.
        pallet: String,
        /// Name of the error.
        error: String,
    },
    /// Any other error of the runtime.
    #[error("{0}")]
    Other(String),
}

impl DispatchFailure {
    /// Whether it is that error of that pallet.
    #[must_use]
    pub fn is(&self, pallet: &str, error: &str) -> bool {
        matches!(self, Self::Module { pallet: p, error: e } if p == pallet && e == error)
    }

    /// Whether a contract reverted (the reason is only in a dry run).
    #[must_use]
    pub fn is_revert(&self) -> bool {
        self.is("Revive", "ContractReverted")
    }

    /// What to do about it: a revert is an outcome; lack of weight, deposit or balance needs a look.
    #[must_use]
    pub fn class(&self) -> Class {
        if self.is_revert() { Class::Skip } else { Class::Alert }
    }
}

/// Revert data in words.
struct DataText<'a>(&'a [u8]);

impl fmt::Display for DataText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("no reason"),
            // ink! answers so to an unknown selector or undecodable input.
            [1, 1] => f.write_str("`unknown message or undecodable input`"),
            data => write!(f, "0x{}", hex::encode(data)),
        }
    }
}
