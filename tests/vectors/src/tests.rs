#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use serde_json::{Value, json};

use super::*;
use crate::number::{Number, parse};

const PUBLIC: &str = include_str!("../data/public.json");
/// Cases of the functions and branches that the public file does not reach.
const FURTHER: &str = include_str!("../data/further.json");

/// A file of one vector, LQ-01.860 of the public ones, with something changed.
fn file(change: impl FnOnce(&mut Value)) -> String {
    let mut vector = json!({
        "id": "A", "group": "bonus", "fn": "lif", "applies": "direct", "kind": "derived",
        "origin": { "repository": "derived", "path": "lif" },
        "input": { "lltv_wad": "860000000000000000" },
        "expect": { "lif_wad": "1043841336116910229" },
        "tolerance": { "kind": "exact" },
    });
    change(&mut vector);
    json!({ "schema": 1, "numbers": "", "vectors": [vector] }).to_string()
}

fn outcome(change: impl FnOnce(&mut Value)) -> Outcome {
    replay_text(&file(change)).unwrap().lines.remove(0).outcome
}

fn refusal(text: &str) -> String {
    format!("{:#}", replay_text(text).unwrap_err())
}

fn failure(change: impl FnOnce(&mut Value)) -> String {
    match outcome(change) {
        Outcome::Failed(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_public_vector_that_applies_passes() {
    let report = replay_text(PUBLIC).unwrap();
    let failed: Vec<String> = report
        .lines
        .iter()
        .filter(|line| matches!(line.outcome, Outcome::Failed(_)))
        .map(ToString::to_string)
        .collect();
    assert_eq!(failed, Vec::<String>::new());
    assert_eq!(report.count(), Count { passed: 157, failed: 0, skipped: 4 });
    // The closing count of the reference: 161 vectors, 106 of them direct. Not one of these may be skipped.
    let vectors = file::parse(PUBLIC).unwrap();
    let direct = vectors.iter().zip(&report.lines).filter(|(vector, line)| {
        vector.applies == Applies::Direct && line.outcome == Outcome::Passed
    });
    assert_eq!((vectors.len(), direct.count()), (161, 106));
    for line in &report.lines {
        let skipped = matches!(line.outcome, Outcome::Skipped(_));
        assert_eq!(skipped, line.function == "scenario", "{line}");
    }
}

#[test]
fn further_cases_pass() {
    let report = replay_text(FURTHER).unwrap();
    for line in &report.lines {
        assert_eq!(line.outcome, Outcome::Passed, "{line}");
    }
    assert_eq!(report.lines.len(), 17);
}

#[test]
fn direct_vectors_are_computed_by_the_core() {
    for vector in file::parse(PUBLIC).unwrap() {
        if vector.applies == Applies::Direct {
            assert!(direct::find(&vector.function).is_some(), "{}", vector.function);
        }
    }
}

/// Every single expected value counts: with any one of them wrong its vector fails.
#[test]
fn any_wrong_value_fails() {
    let mut changed = 0;
    for text in [PUBLIC, FURTHER] {
        let root: Value = serde_json::from_str(text).unwrap();
        for vector in root["vectors"].as_array().unwrap() {
            if vector["fn"] == "scenario" {
                continue;
            }
            for (field, value) in vector["expect"].as_object().unwrap() {
                let wrong: Number = parse(value.as_str().unwrap()).unwrap() * number::int(2);
                let mut vector = vector.clone();
                vector["expect"][field] = (wrong + number::int(1_000)).to_string().into();
                let file = json!({ "schema": 1, "vectors": [vector] });
                let report = replay_text(&file.to_string()).unwrap();
                assert_eq!(report.count().failed, 1, "{field} of {}", vector["id"]);
                changed += 1;
            }
        }
    }
    assert!(changed > 161);
}

/// The tightest miss: one unit in the last place of each exact integer.
#[test]
fn one_unit_is_a_mismatch() {
    let reason = failure(|vector| vector["expect"]["lif_wad"] = "1043841336116910230".into());
    assert_eq!(reason, "lif_wad: expected 1043841336116910230, got 1043841336116910229");
    let reason = failure(|vector| vector["expect"]["lif_wad"] = "1043841336116910228".into());
    assert_eq!(reason, "lif_wad: expected 1043841336116910228, got 1043841336116910229");
}

#[test]
fn an_expected_fraction_is_rounded_in_the_direction_of_the_table() {
    // WAD²/(WAD − ⌊0.3·0.14·WAD⌋) = 10^18/0.958 exactly, which is rounded down; one unit below is another number.
    let passed =
        outcome(|vector| vector["expect"]["lif_wad"] = "1000000000000000000000/958".into());
    assert_eq!(passed, Outcome::Passed);
    let below = failure(|vector| vector["expect"]["lif_wad"] = "1043841336116910228.9".into());
    assert_eq!(below, "lif_wad: expected 1043841336116910228.9, got 1043841336116910229");
    // A share price in the other direction: ⌈10/4⌉ = 3.
    let up = |expected: &str| {
        outcome(|vector| {
            vector["fn"] = "mul_div_up".into();
            vector["input"] = json!({ "a": "5", "b": "2", "c": "4" });
            vector["expect"] = json!({ "value": expected });
        })
    };
    assert_eq!(up("5/2"), Outcome::Passed);
    assert!(matches!(up("2"), Outcome::Failed(_)));
    assert!(matches!(up("3.1"), Outcome::Failed(_)));
}

#[test]
fn tolerances_bind() {
    let with = |expected: &str, kind: &str, value: &str| {
        outcome(|vector| {
            vector["expect"]["lif_wad"] = expected.into();
            vector["tolerance"] = json!({ "kind": kind, "value": value });
        })
    };
    assert_eq!(with("1043841336116910231", "abs", "2"), Outcome::Passed);
    assert!(matches!(with("1043841336116910232", "abs", "2"), Outcome::Failed(_)));
    // 2 % of 1.0649 is 0.0213, which covers 0.0211; 2 % of 1.0660 is 0.0213, which does not cover 0.0222.
    assert_eq!(with("1064900000000000000", "rel", "0.02"), Outcome::Passed);
    assert!(matches!(with("1066000000000000000", "rel", "0.02"), Outcome::Failed(_)));
}

#[test]
fn what_is_not_known_fails() {
    assert_eq!(failure(|vector| vector["fn"] = "lief".into()), "unknown function `lief`");
    let reason = failure(|vector| vector["expect"] = json!({ "bonus": "1" }));
    assert_eq!(reason, "`lif` has no result `bonus`");
    let reason = failure(|vector| vector["expect"]["lif_wad"] = "much".into());
    assert_eq!(reason, "field `expect.lif_wad` is `much`, which is not a number");
}

#[test]
fn bad_inputs_fail_and_are_named() {
    let input = |value: Value| failure(|vector| vector["input"] = value);
    assert_eq!(input(json!({})), "field `input.lltv_wad` is missing");
    for bad in
        [json!("0x1"), json!(""), json!("1.2.3"), json!("1/0"), json!("-"), json!(1), json!("1e18")]
    {
        assert_eq!(
            input(json!({ "lltv_wad": bad })),
            "field `input.lltv_wad` is not a decimal string"
        );
    }
    assert_eq!(input(json!({ "lltv_wad": "0.5" })), "field `input.lltv_wad` is not a whole number");
    let refused = input(json!({ "lltv_wad": "1000000000000000001" }));
    assert_eq!(refused, "weir-core: a result does not fit, or a division by zero");
}

#[test]
fn what_the_core_cannot_hold_is_listed_with_its_reason() {
    let skipped = outcome(|vector| {
        vector["input"]["lltv_wad"] = "340282366920938463463374607431768211456".into();
    });
    let reason = "input `lltv_wad` is out of weir-core's range".to_owned();
    assert_eq!(skipped, Outcome::Skipped(reason));
}

#[test]
fn files_that_are_not_of_the_schema_are_refused_and_the_field_is_named() {
    assert!(refusal("{").starts_with("it is not JSON: "));
    assert_eq!(refusal("[]"), "it does not hold an object");
    assert_eq!(refusal("{}"), "field `schema` is missing");
    let schema = "field `schema` is 2, this program reads schema 1";
    assert_eq!(refusal(r#"{"schema": 2}"#), schema);
    assert_eq!(refusal(r#"{"schema": 1}"#), "field `vectors` is missing");
    assert_eq!(refusal(r#"{"schema": 1, "vectors": 7}"#), "field `vectors` is not a list");
    assert_eq!(refusal(r#"{"schema": 1, "vectors": []}"#), "field `vectors` is an empty list");
    let vector = |change: fn(&mut Value)| refusal(&file(change));
    assert_eq!(
        vector(|vector| drop(vector.as_object_mut().unwrap().remove("id"))),
        "vector number 1: field `id` is missing"
    );
    assert_eq!(vector(|vector| vector["fn"] = 3.into()), "vector `A`: field `fn` is not a string");
    assert_eq!(
        vector(|vector| vector["applies"] = "often".into()),
        "vector `A`: field `applies` is `often`, neither `direct` nor `anchor`"
    );
    assert_eq!(
        vector(|vector| vector["expect"] = json!({})),
        "vector `A`: field `expect` is empty"
    );
    assert_eq!(
        vector(|vector| vector["tolerance"] = json!({ "kind": "loose" })),
        "vector `A`: field `tolerance.kind` is `loose`, not `exact`, `abs` or `rel`"
    );
    assert_eq!(
        vector(|vector| vector["tolerance"] = json!({ "kind": "abs" })),
        "vector `A`: field `tolerance`: field `value` is missing"
    );
    let twice = r#"{"schema": 1, "vectors": [X, X]}"#;
    let one = serde_json::from_str::<Value>(&file(|_| ())).unwrap()["vectors"][0].to_string();
    assert_eq!(refusal(&twice.replace('X', &one)), "field `id` holds `A` twice");
}

#[test]
fn the_report_reads_like_this() {
    let report = replay_text(&file(|_| ())).unwrap();
    assert_eq!(report.lines[0].to_string(), "ok A lif");
    let mut count = report.count();
    count.add(Count { passed: 1, failed: 2, skipped: 3 });
    assert_eq!(count.to_string(), "2 passed, 2 failed, 3 skipped");
}
