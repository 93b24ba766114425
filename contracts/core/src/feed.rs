//! The rules of the on-chain oracle: when reports make a round, what a round is worth, when a step is believed.
//!
//! One [`FeedAsset`] is one storage item. The shell loads it, calls [`FeedAsset::report`], stores it, and hands the
//! [`Push`] that comes back to the pools.
//!
//! ```text
//! reports ──quorum──▶ median, time ──bounds──▶ step ──▶ Ok | Suspect | Confirmed ──▶ low ≤ median ≤ high ──▶ push
//! ```

mod asset;
mod bonds;
mod control;
mod freeze;
mod item;
mod rate;
mod root;
mod statistics;
#[cfg(test)]
mod tests;
mod types;

pub use asset::FeedAsset;
pub use bonds::{BOND_DELAY, BOND_LEN, Bond, BondRefused, Bonds, Judged};
pub use control::{CONTROL_LEN, FeedControl};
pub use freeze::{FreezeAccount, FreezeRefused, MAX_FREEZE};
pub use item::ASSET_LEN;
pub use rate::{MAX_GROWTH, RATE_BUDGET, Rate, is_rate};
pub use root::{FeedRoot, MAX_FAULT, MAX_SUBSCRIBERS, ROOT_LEN, RootRefused, Subscriber};
pub use types::{
    BadSettings, LastReport, MAX_STEP, Outcome, Push, Refused, Settings, Status, Terms,
};

/// Most reporters that one feed knows.
pub const MAX_REPORTERS: usize = 9;

/// Most reports in one call. The push that follows is one call for all of them.
pub const MAX_REPORTS: usize = 32;

/// Window of the time-weighted average price, in seconds.
pub const TWAP_WINDOW: u32 = 1_800;

/// Time constant of the volatility estimate, in seconds.
pub const VOLATILITY_WINDOW: u32 = 14_400;
