//! No message costs more than its budget.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use weir_bench::{Row, measure, report};

#[test]
fn every_message_keeps_its_budget() {
    let budget: Vec<Row> = serde_json::from_str(include_str!("../budget.json")).unwrap();
    let excesses = report::excesses(&measure().unwrap(), &budget);
    assert!(excesses.is_empty(), "{excesses:#?}");
}

/// A block of Polkadot Hub has 2 s and 10 MiB, 85 % of them for ordinary extrinsics.
#[test]
fn i_hf_07_the_liquidation_of_eight_legs_fits_an_extrinsic_four_times() {
    let rows = measure().unwrap();
    let largest: Vec<&Row> =
        rows.iter().filter(|row| row.message.starts_with("liquidate") && row.case == "8").collect();
    assert!(!largest.is_empty());
    for row in largest {
        assert!(4 * row.ref_time <= 2_000_000_000_000 / 100 * 85, "{}", row.ref_time);
        assert!(4 * row.proof_size <= 10 * 1_024 * 1_024 / 100 * 85, "{}", row.proof_size);
    }
}
