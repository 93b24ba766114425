#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it finds a fault"
)]

use super::*;

fn record(intent: &str) -> Record {
    Record {
        intent: intent.to_owned(),
        outcome: Outcome::Liquidated,
        reason: None,
        borrower: Address::repeat_byte(7),
        debt: "USDC".to_owned(),
        collateral: "WETH".to_owned(),
        shares: false,
        predicted: Amounts { repaid: u128::MAX, seized: 5, profit_usd: Decimal::new(125, 2) },
        realised: None,
        planned_block: 10,
        liquidatable_since: 10,
        price: PriceSource { round: 3, block: Some(10) },
        block: Some(11),
        blocks_to_inclusion: Some(1),
        transaction: Some("0x01".to_owned()),
        fee: Some(42),
    }
}

#[test]
fn lines_are_appended_and_survive_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outcomes.jsonl");
    OutcomeLog::open(&path).unwrap().append(&record("0xaa")).unwrap();
    OutcomeLog::open(&path).unwrap().append(&record("0xbb")).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let intents: Vec<String> = text
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["intent"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(intents, ["0xaa", "0xbb"]);
    // 2^128 - 1 in full, as a text.
    assert!(text.contains("\"repaid\":\"340282366920938463463374607431768211455\""), "{text}");
    assert!(text.contains("\"profit_usd\":\"1.25\""), "{text}");
    assert!(text.contains("\"fee\":\"42\""), "{text}");
}

#[test]
fn an_unfinished_last_line_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outcomes.jsonl");
    OutcomeLog::open(&path).unwrap().append(&record("0xaa")).unwrap();
    let whole = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{whole}{{\"intent\":\"0xb")).unwrap();
    OutcomeLog::open(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
}

#[test]
fn a_foreign_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "{}\nbuy milk\n").unwrap();
    let error = OutcomeLog::open(&path).unwrap_err();
    assert!(error.to_string().contains("line 2"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{}\nbuy milk\n");
}

#[test]
fn refusals_have_classes() {
    for (name, outcome) in [
        ("Healthy", Outcome::Outcompeted),
        ("PriceStale", Outcome::StalePrice),
        ("PriceNotUsable", Outcome::StalePrice),
        ("Paused", Outcome::Paused),
        ("Grace", Outcome::Paused),
        ("SeizedTooLittle", Outcome::Slipped),
        ("DustLeft", Outcome::Resized),
        ("InsufficientCash", Outcome::Unfunded),
        ("Corrupt", Outcome::Refused),
    ] {
        assert_eq!(Outcome::of_refusal(name), outcome, "{name}");
    }
}

#[test]
fn names_in_the_log_are_the_names_in_the_metrics() {
    for outcome in Outcome::ALL {
        assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.name());
    }
}
