//! Why the node does not run.

use std::{io, path::PathBuf, process::ExitCode};

/// Why the node does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program listens.
    #[error("port {0} of 127.0.0.1 is in use: choose another with --port, or 0 for any free one")]
    PortInUse(u16),
    /// The port cannot be listened on for another reason.
    #[error("cannot listen on port {port} of 127.0.0.1: {source}")]
    Port {
        /// The port.
        port: u16,
        /// Why.
        source: io::Error,
    },
    /// The database's folder cannot be made.
    #[error("cannot use {path} for the chain's state: {source}")]
    BasePath {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The state on disk is another chain's, or broken, or another node has it open.
    #[error("cannot open the chain's state: {0}")]
    State(Box<sp_blockchain::Error>),
    /// The genesis contradicts itself.
    #[error("genesis: {0}")]
    Genesis(String),
    /// A part of the node failed.
    #[error("{0}")]
    Service(Box<sc_service::Error>),
    /// Two RPC modules offer the same method.
    #[error("RPC: {0}")]
    Rpc(#[from] jsonrpsee::core::RegisterMethodError),
    /// The operating system refused threads, signals or the standard output.
    #[error("{0}")]
    System(#[from] io::Error),
}

impl Error {
    /// What the process ends with.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::PortInUse(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

impl From<sp_blockchain::Error> for Error {
    fn from(error: sp_blockchain::Error) -> Self {
        Self::State(Box::new(error))
    }
}

impl From<sc_service::Error> for Error {
    fn from(error: sc_service::Error) -> Self {
        Self::Service(Box::new(error))
    }
}
