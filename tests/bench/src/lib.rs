//! Measures the weight of every message of the pool on the real pallet, in process.
//!
//! The chain of the measurements is the runtime of the development chain, which charges `RocksDbWeight`. What a call
//! consumed is what the pallet says; the extrinsic's own base weight is not part of it. State is steady: every storage
//! item exists, and three hours of interest have gathered since the last operation on the reserves.

#![forbid(unsafe_code)]

mod cases;
mod market;
pub mod report;
mod token;

pub use cases::measure;

use serde::{Deserialize, Serialize};

/// What one message costs in one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Solidity name of the message.
    pub message: String,
    /// `peer`, or how many collateral legs the account has.
    pub case: String,
    /// Picoseconds.
    pub ref_time: u64,
    /// Bytes.
    pub proof_size: u64,
    /// Native units that the caller gave for storage; negative if he got some back.
    pub deposit: i128,
    /// `ref_time` less that of the same token calls made directly.
    pub net_ref_time: u64,
    /// `proof_size` less that of the same token calls made directly.
    pub net_proof_size: u64,
}
