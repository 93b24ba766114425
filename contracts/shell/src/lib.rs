//! What the ink! shells share: calldata, storage items, errors, events, token calls.
//!
//! All rules live in `weir-core`; a shell loads, calls, stores and emits. What needs the chain exists in PolkaVM builds
//! alone, the rest is plain `no_std` and is tested on the host.

#![no_std]

pub mod arguments;
#[cfg(target_arch = "riscv64")]
pub mod chain;
#[cfg(target_arch = "riscv64")]
pub mod feed;
#[cfg(target_arch = "riscv64")]
pub mod host;
#[cfg(target_arch = "riscv64")]
pub mod lock;
pub mod reader;
#[cfg(target_arch = "riscv64")]
pub mod refusals;
#[cfg(target_arch = "riscv64")]
pub mod settle;
#[cfg(target_arch = "riscv64")]
pub mod token;
pub mod writer;
