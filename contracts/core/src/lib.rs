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

pub mod accrual;
mod actions;
pub mod address;
pub mod allowance;
pub mod book;
pub mod config;
pub mod control;
pub mod error;
pub mod event;
pub mod feed;
pub mod flash;
pub mod governor;
pub mod headroom;
pub mod health;
pub mod host;
pub mod interest;
#[cfg(test)]
mod invariants;
pub mod liquidate;
pub mod liquidation_math;
pub mod liquidator;
pub mod listing;
pub mod math;
#[cfg(any(test, feature = "std"))]
pub mod memory;
pub mod operators;
pub mod overlay;
pub mod preview;
pub mod prices;
pub mod pricing;
pub mod rates;
pub mod reserves;
pub mod shares;
pub mod state;
pub mod submit;
#[cfg(test)]
mod testkit;
pub mod transfers;
pub mod units;
pub mod view;
pub mod wrapped;
