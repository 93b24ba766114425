//! Contracts of other people, as EVM bytecode.

pub mod executor;
pub mod puppet;
pub mod token;

use weir_harness::evm;

/// Assembles a source of [`evm::assemble`].
pub fn assemble(source: &str) -> Vec<u8> {
    evm::assemble(source).unwrap()
}

/// Deployment code that returns `runtime`.
pub fn deployment(runtime: &[u8]) -> Vec<u8> {
    evm::deployment(runtime)
}
