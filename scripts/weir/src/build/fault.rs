//! Why a contract cannot be built.

use std::io;
use std::path::PathBuf;

/// Each ends up as the one sentence that the user reads.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No compiler that has the standard library's sources.
    #[error(
        "no Rust compiler with the standard library's sources (rust-src) for PolkaVM was found{0}: run scripts/setup, \
         or name one in {variable}",
        variable = super::toolchain::VARIABLE
    )]
    NoCompiler(String),
    /// The compiler named by the user cannot do it.
    #[error("the compiler named in {variable} cannot build contracts: {0}", variable = super::toolchain::VARIABLE)]
    BadCompiler(String),
    /// The working folder is not in a checkout of Weir.
    #[error("no contracts here: run this inside a checkout of Weir ({0})")]
    NoWorkspace(String),
    /// A manifest says something about its contract that cannot be.
    #[error("{package}: [package.metadata.weir] {what}")]
    Manifest {
        /// The package.
        package: String,
        /// What is wrong.
        what: String,
    },
    /// There is no contract of that name.
    #[error("there is no contract {name}; there are: {known}")]
    UnknownContract {
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
    },
    /// weir-abi does not know the contract.
    #[error("weir-abi has no interface for the contract {0}")]
    NoInterface(String),
    /// A program could not be started.
    #[error("{program} cannot be started: {source}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// The compiler refused.
    #[error("the contracts do not compile:\n{0}")]
    Compile(String),
    /// The compiler was content but there is no program.
    #[error("the compiler left no program for the contract {0}")]
    NoProgram(String),
    /// The linker refused.
    #[error("the contract {name} cannot be linked for PolkaVM: {why}")]
    Link {
        /// The contract.
        name: String,
        /// The linker's words.
        why: String,
    },
    /// It calls what the chain does not have.
    #[error(
        "the contract {name} imports {imports}, which pallet-revive does not offer: the chain would reject it"
    )]
    Import {
        /// The contract.
        name: String,
        /// The host functions.
        imports: String,
    },
    /// An entry point is missing.
    #[error("the contract {name} does not export `{export}`: the chain could not run it")]
    Export {
        /// The contract.
        name: String,
        /// The entry point.
        export: &'static str,
    },
    /// One or more are over their budget of size.
    #[error("{0}")]
    TooLarge(String),
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
