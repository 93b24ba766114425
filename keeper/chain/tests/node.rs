//! The crate against a real node, started as a child process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

#[path = "node/support.rs"]
mod support;

#[path = "node/contracts.rs"]
mod contracts;
#[path = "node/endpoints.rs"]
mod endpoints;
#[path = "node/failing.rs"]
mod failing;
#[path = "node/following.rs"]
mod following;
#[path = "node/reading.rs"]
mod reading;
#[path = "node/sending.rs"]
mod sending;
