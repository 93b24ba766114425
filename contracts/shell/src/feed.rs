//! What the price feed and the code that it runs for rare messages share: its items, its errors, its pushes.

pub mod arguments;
pub mod events;
pub mod items;
pub mod push;
pub mod rate;
pub mod refuse;
