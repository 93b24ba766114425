//! Random actors on a pool: prices, time, governance and hostile tokens; after every step every invariant, by its id.
//!
//! ```text
//! seed ──generate──▶ message ──world──▶ state, events, transfers ──▶ invariants, exact ledger, long-run ledger
//! ```
//!
//! Messages are plain data: a session is a list of them, which can be kept, shortened and run again. What the checks
//! expect comes from their own arithmetic (512-bit integers and rationals), never from the code that they look at.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test program: whatever is not as it should be ends the session with its seed"
)]

pub mod bytes;
pub mod exact;
pub mod generate;
pub mod invariants;
pub mod long;
pub mod message;
pub mod replay;
pub mod session;
pub mod shrink;
pub mod snapshot;
pub mod stage;
pub mod tally;
pub mod told;
pub mod wide;
pub mod world;
