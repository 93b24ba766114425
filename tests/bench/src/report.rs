//! The report for people, and the comparison with the budget.

use crate::Row;
use std::fmt::Write as _;

/// By how many percent a message may exceed its budget.
pub const TOLERANCE: u64 = 5;

/// The rows as a Markdown document.
#[must_use]
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "# Weights\n\n\
         Written by `weir weights --write audits/weights.md`; `tests/bench/budget.json` is the budget, and a test fails\n\
         where a message exceeds it by more than 5 %. Measured on `pallet-revive` in process with `RocksDbWeight`, three\n\
         hours of interest between operations, every storage item there before. `net` is less the same token calls made\n\
         directly (a light EVM ERC-20 of 1.9 kB). The case is `peer` (one collateral, one debt), `adaptive` (the same with\n\
         the adaptive rate model) or the number of collateral legs beside one debt leg. The extrinsic's own 507 µs and 7.7\n\
         kB are not part of it.\n\n\
         | message | case | ref_time µs | proof B | net ref_time µs | net proof B | deposit |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        let Row { message, case, ref_time, proof_size, deposit, net_ref_time, net_proof_size } =
            row;
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {message} | {case} | {} | {proof_size} | {} | {net_proof_size} | {deposit} |",
            ref_time / 1_000_000,
            net_ref_time / 1_000_000,
        );
    }
    text
}

/// Every row that costs more than its budget allows, or has none, in words.
#[must_use]
pub fn excesses(rows: &[Row], budget: &[Row]) -> Vec<String> {
    let mut excesses = Vec::new();
    for row in rows {
        let name = format!("{} ({})", row.message, row.case);
        let same = |other: &&Row| other.message == row.message && other.case == row.case;
        let Some(allowed) = budget.iter().find(same) else {
            excesses.push(format!("{name} has no budget"));
            continue;
        };
        for (what, is, most) in [
            ("ref_time", row.ref_time, allowed.ref_time),
            ("proof_size", row.proof_size, allowed.proof_size),
        ] {
            if is.saturating_mul(100) > most.saturating_mul(100 + TOLERANCE) {
                excesses.push(format!("{name}: {what} {is} against a budget of {most}"));
            }
        }
    }
    excesses
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ref_time: u64, proof_size: u64) -> Row {
        Row {
            message: "supply".into(),
            case: "peer".into(),
            ref_time,
            proof_size,
            deposit: 0,
            net_ref_time: 0,
            net_proof_size: 0,
        }
    }

    #[test]
    fn five_percent_more_is_allowed_and_not_a_unit_above() {
        let budget = [row(1_000, 200)];
        assert!(excesses(&[row(1_050, 210)], &budget).is_empty());
        assert_eq!(excesses(&[row(1_051, 210)], &budget).len(), 1);
        assert_eq!(excesses(&[row(1_050, 211)], &budget).len(), 1);
        assert_eq!(excesses(&[row(1, 1)], &[]), ["supply (peer) has no budget"]);
    }
}
