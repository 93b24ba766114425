//! Contracts as typed handles: an address and its messages, cheap to copy. Whoever calls is named in each call.

mod amm;
mod governor;
mod liquidator;

pub use amm::AmmHandle;
pub use governor::GovernorHandle;
pub use liquidator::LiquidatorHandle;
