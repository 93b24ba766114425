//! Stories on the development chain, and a checker that believes nobody.
//!
//! [`story`] starts every real part (node, contracts, feeder, keeper), opens positions and lets prices crash.
//! [`checker`] reads each block of it from the chain and says whether anybody was left liquidatable, whether the books
//! balance, and whether every loss is explained.

#![forbid(unsafe_code)]

pub mod checker;
pub mod story;
