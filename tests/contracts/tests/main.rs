//! The contracts on the real PolkaVM in the real pallet, topic by topic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod abi;
mod calldata;
mod control;
mod deployment;
mod evm;
mod feed;
mod flash;
mod governor;
mod hostile_tokens;
mod incidents;
mod lens;
mod liquidation;
mod liquidator;
mod listing;
mod market;
mod money;
mod operators;
mod prices;
mod refusals;
mod refused;
mod storage;
mod terms;
mod token;
mod tokens;
mod treasury;
mod wrapped;
mod write_off;
