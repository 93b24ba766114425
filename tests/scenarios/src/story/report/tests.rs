#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::Report;
use std::collections::BTreeMap;

const USD: u128 = 1_000_000_000_000_000_000;

/// A story as it should end, at the limits of what is asked for.
fn fine() -> Report {
    Report {
        passed: true,
        failures: Vec::new(),
        positions: 48,
        liquidations: 30,
        liquidated_accounts: 20,
        left_liquidatable: 0,
        unbalanced_assets: 0,
        repaid_usd: 1_000 * USD,
        bonus_usd: 50 * USD,
        bad_debt_usd: USD + USD / 2,
        bad_debt_unexplained_usd: 0,
        blocks_to_inclusion_p50: 1,
        blocks_to_inclusion_p99: 1,
        wall_seconds: 60.0,
        blocks_checked: 50,
        fall_bps: BTreeMap::from([("DOT".to_owned(), 4_001), ("USDC".to_owned(), 3)]),
        suspect_steps: 1,
        keeper_outcomes: BTreeMap::new(),
        problems: Vec::new(),
        seed: 1,
        kept: None,
        books: String::new(),
        market: String::new(),
    }
}

#[test]
fn the_least_that_is_asked_for_is_enough() {
    assert_eq!(fine().judge(0), Vec::<String>::new());
}

#[test]
fn each_single_failure_is_told() {
    let changes: [fn(&mut Report); 7] = [
        |report| report.positions = 47,
        |report| report.liquidations = 29,
        |report| report.left_liquidatable = 1,
        |report| report.unbalanced_assets = 1,
        |report| report.bad_debt_unexplained_usd = 1,
        |report| report.blocks_to_inclusion_p99 = 2,
        // Not more than 40 %.
        |report| report.fall_bps = BTreeMap::from([("DOT".to_owned(), 4_000)]),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut report = fine();
        change(&mut report);
        assert_eq!(report.judge(0).len(), 1, "change {number}: {:?}", report.judge(0));
    }
    assert_eq!(fine().judge(1).len(), 1, "any other problem");
}

#[test]
fn the_json_has_the_agreed_keys_with_numbers() {
    let value = serde_json::to_value(fine()).unwrap();
    for key in [
        "positions",
        "liquidations",
        "left_liquidatable",
        "unbalanced_assets",
        "bad_debt_usd",
        "bad_debt_unexplained_usd",
        "blocks_to_inclusion_p50",
        "blocks_to_inclusion_p99",
        "wall_seconds",
    ] {
        assert!(value.get(key).is_some_and(serde_json::Value::is_number), "{key}");
    }
    assert_eq!(value.get("bad_debt_usd").and_then(serde_json::Value::as_f64), Some(1.5));
}
