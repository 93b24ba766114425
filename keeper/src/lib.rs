//! The liquidation keeper of Weir.
//!
//! Chain events → [`book`] → [`strategy`] → [`submitter`] → [`audit`] log: each stage is a task with a bounded queue
//! under one [`supervisor`]. The book is kept from the chain's own enumeration and its events; what is liquidatable,
//! and what a liquidation comes to, is computed by `weir-core`, the crate that the contracts are made of.
//!
//! [`Keeper::start`] runs it inside another program; the binary `weir-keeper` is a thin shell around [`cli`].

#![forbid(unsafe_code)]

pub mod audit;
pub mod book;
pub mod breakers;
pub mod cli;
pub mod config;
#[cfg(test)]
mod fixtures;
pub mod funds;
pub mod health;
pub mod http;
pub mod intent;
pub mod journal;
pub mod keeper;
pub mod ledger;
pub mod metrics;
pub mod outcome;
pub mod profit;
pub mod site;
pub mod source;
pub mod strategy;
pub mod submitter;
pub mod supervisor;
pub mod watch;

pub use config::Config;
pub use keeper::{Keeper, StartError, Stopper};
