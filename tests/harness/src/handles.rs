//! Contracts as typed handles: an address and its messages, cheap to copy. Whoever calls is named in each call.

mod governor;

pub use governor::GovernorHandle;
