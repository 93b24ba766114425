#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod checks;
mod limits;
mod money;
mod parts;
mod prices;
