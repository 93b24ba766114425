//! The price feed: its messages, its rounds, its breaker, and what it tells the pools.

mod bonds;
mod breaker;
pub mod fixture;
mod freeze;
mod governance;
mod hostile;
pub mod push;
pub mod rates;
mod refusals;
mod roles;
mod rounds;
mod weights;
