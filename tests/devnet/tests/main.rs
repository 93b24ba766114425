//! The node as its users see it: a process with a command line, a first line, a port, and methods behind it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::redundant_clone,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod clients;
mod forks;
mod node;
mod pool;
mod process;
mod sealing;
mod time;
mod transaction;
