//! The programs of Weir as their users meet them: the command line, the feeder, the keeper and the node, each started as
//! the program it is. They have to be built before, and the contracts too: `cargo build --workspace && cargo weir build`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod crash;
mod files;
mod govern;
mod hand;
mod journal;
mod mismatch;
mod nodes;
mod operator;
mod refusals;
mod support;
mod together;
