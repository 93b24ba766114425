//! The same random messages on `weir-core` in memory and on the contracts in the real pallet: after each, every stored
//! item, every event and every error must be the same, bit for bit.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test program: whatever is not as it should be ends the session with its seed"
)]

pub mod calls;
pub mod contracts;
pub mod decode;
pub mod events;
pub mod lockstep;
pub mod token;
