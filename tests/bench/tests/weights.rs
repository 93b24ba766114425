//! No message costs more than its budget.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use weir_bench::{Row, measure, report};

#[test]
fn every_message_keeps_its_budget() {
    let budget: Vec<Row> = serde_json::from_str(include_str!("../budget.json")).unwrap();
    let excesses = report::excesses(&measure().unwrap(), &budget);
    assert!(excesses.is_empty(), "{excesses:#?}");
}
