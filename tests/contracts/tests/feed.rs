//! The price feed: its messages, its rounds, its breaker, and what it tells the pools.

mod breaker;
mod fixture;
mod governance;
mod hostile;
mod push;
mod refusals;
mod rounds;
mod weights;
