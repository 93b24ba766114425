//! One file for each thing that `weir` can do.

pub mod account;
pub mod act;
pub mod allowance;
pub mod deploy;
pub mod devnet;
pub mod faucet;
pub mod govern;
pub mod history;
pub mod limits;
pub mod liquidate;
pub mod pause;
pub mod prices;
pub mod reserves;
pub mod submit;
pub mod weights;
pub mod wrap;
