//! The price feed on the chain: an ink! shell around [`weir_core::feed`].
//!
//! Reporters report, a quorum makes a round, accepted rounds are pushed to the subscribed pools in the same call. What a
//! round is worth and when a step is believed is decided in `weir-core`; here items are loaded and stored, events
//! emitted, pools called.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, reason = "ink!'s macros write it")]

#[cfg(not(ink_abi = "sol"))]
compile_error!("the contracts speak the Solidity ABI: build with `--cfg ink_abi=\"sol\"`, as `weir build` does");

#[cfg(feature = "std")]
fn main() {}

#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod events;
#[cfg(not(feature = "std"))]
mod governance;
#[cfg(not(feature = "std"))]
mod items;
#[cfg(not(feature = "std"))]
mod push;
#[cfg(not(feature = "std"))]
mod refuse;
#[cfg(not(feature = "std"))]
mod report;
#[cfg(not(feature = "std"))]
mod views;
