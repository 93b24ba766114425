//! The contracts on the real PolkaVM in the real pallet, topic by topic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod deployment;
mod evm;
mod market;
