#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it finds a fault"
)]

use super::*;

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
