//! One report for auditors: every id of the documents in `audits/`, the tests that show it, and their results.
//!
//! The documents are the list of what must hold, the sources say which tests there are, and the output of `cargo test`
//! says how they ended. What does not meet is a fault: an id without a test, a test that is named and does not exist,
//! one that failed or did not run, and results of mutations of a file that has changed since.

pub mod documents;
pub mod html;
pub mod mutants;
pub mod report;
pub mod results;
pub mod sources;

#[cfg(test)]
mod tests;
