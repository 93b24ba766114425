//! The rules of the Weir lending protocol.
//!
//! Plain `no_std`, no allocation, no chain, no ink!. The contracts are shells around this crate; the keeper, the
//! previews, the simulator and the fuzzers call the same functions, so what they say is what the chain does.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(any(test, feature = "std"))]
extern crate std;

#[cfg(test)]
mod exponential;

pub mod flash;
pub mod interest;
pub mod liquidation_math;
pub mod math;
pub mod rates;
pub mod shares;
pub mod units;
pub mod accrual;
pub mod address;
pub mod book;
pub mod error;
pub mod event;
pub mod health;
pub mod host;
pub mod pricing;
pub mod state;
pub mod submit;
pub mod transfers;
mod actions;
pub mod feed;
pub mod liquidate;
pub mod prices;
pub mod reserves;
pub mod view;
pub mod config;
pub mod control;
pub mod listing;
pub mod overlay;
pub mod preview;
#[cfg(any(test, feature = "std"))]
pub mod memory;
#[cfg(test)]
mod testkit;
#[cfg(test)]
mod invariants;
