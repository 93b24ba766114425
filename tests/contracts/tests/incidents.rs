//! What took money from other protocols, replayed here. `audits/incidents.md` has a line for each: the mechanism, what
//! stops it, and the test of its number.

mod donations;
mod reentrancy;
mod rounding;
mod stage;
