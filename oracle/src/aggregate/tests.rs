#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::num::{NonZeroU32, NonZeroUsize};

use proptest::prelude::*;

use super::{Policy, Rejection, Sample, aggregate};
use crate::price::Price;

fn policy() -> Policy {
    Policy {
        minimum_sources: NonZeroUsize::MIN,
        max_age_seconds: 60,
        low: None,
        high: None,
        outlier_bps: None,
    }
}

fn sample(source: &str, weight: u32, price: &str, observed: u64) -> Sample {
    let weight = NonZeroU32::new(weight).unwrap();
    Sample { source: source.into(), weight, price: price.parse().unwrap(), observed }
}

/// The median of prices with weights, all observed now.
fn median(samples: &[(u32, &str)]) -> String {
    let samples = samples.iter().map(|(weight, price)| sample("s", *weight, price, 100)).collect();
    aggregate(samples, Vec::new(), 100, &policy()).unwrap().price.to_string()
}

#[test]
fn weighted_medians_by_hand() {
    assert_eq!(median(&[(1, "7")]), "7");
    assert_eq!(median(&[(1, "9"), (1, "7"), (1, "8")]), "8");
    // An even number: the mean of the middle two.
    assert_eq!(median(&[(1, "7"), (1, "8")]), "7.5");
    assert_eq!(median(&[(1, "1"), (1, "7"), (1, "8"), (1, "100")]), "7.5");
    // Weights 1, 1, 3: of five parts the third lies at 9.
    assert_eq!(median(&[(1, "7"), (1, "8"), (3, "9")]), "9");
    // Weights 2, 1, 1: exactly half lies at 7, so the mean of 7 and 8.
    assert_eq!(median(&[(2, "7"), (1, "8"), (1, "9")]), "7.5");
    assert_eq!(median(&[(u32::MAX, "7"), (u32::MAX, "8"), (u32::MAX, "9")]), "8");
    // The mean of 1 and 2 units is 1.5, down to 1.
    assert_eq!(
        median(&[(1, "0.000000000000000001"), (1, "0.000000000000000002")]),
        "0.000000000000000001"
    );
}

#[test]
fn what_is_not_sane_is_dropped_and_told() {
    let policy = Policy {
        low: Some("1".parse().unwrap()),
        high: Some("10".parse().unwrap()),
        outlier_bps: Some(500),
        ..policy()
    };
    let samples = vec![
        sample("good", 1, "8", 100),
        sample("fine", 1, "8.1", 40),
        sample("old", 1, "8", 39),
        sample("future", 1, "8", 101),
        sample("low", 1, "0.9", 100),
        sample("high", 1, "10.1", 100),
        sample("far", 1, "9", 100),
    ];
    let outcome = aggregate(samples, Vec::new(), 100, &policy).unwrap();
    // 8, 8.1 and 9 are sane by themselves, their median is 8.1, and 9 is 0.9/8.1 = 11.11 % away.
    assert_eq!(outcome.price.to_string(), "8.05");
    let used: Vec<_> = outcome.used.iter().map(|(source, _)| source.to_string()).collect();
    assert_eq!(used, ["good", "fine"]);
    let why: Vec<_> = outcome.rejected.into_iter().map(|r| (r.source.to_string(), r.why)).collect();
    let expected = [
        ("old", Rejection::TooOld { age_seconds: 61, max_seconds: 60 }),
        ("future", Rejection::FromFuture { ahead_seconds: 1 }),
        ("low", Rejection::TooLow { low: "1".parse().unwrap() }),
        ("high", Rejection::TooHigh { high: "10".parse().unwrap() }),
        ("far", Rejection::Outlier { median: "8.1".parse().unwrap(), bps: 1_111 }),
    ];
    assert_eq!(why, expected.map(|(source, why)| (source.to_owned(), why)));
}

#[test]
fn too_few_sources_give_no_price_and_the_reasons() {
    let policy = Policy { minimum_sources: NonZeroUsize::new(2).unwrap(), ..policy() };
    let samples = vec![sample("one", 1, "8", 100), sample("two", 1, "8", 9)];
    let error = aggregate(samples, Vec::new(), 100, &policy).unwrap_err();
    assert_eq!(
        error.to_string(),
        "1 of at least 2 sources are left; two gave 8: 91 s old, at most 60 s are accepted"
    );
    assert!(aggregate(Vec::new(), Vec::new(), 100, &policy).is_err());
}

proptest! {
    #[test]
    fn one_liar_of_three_cannot_leave_the_honest_range(
        a in 1..=Price::MAX.wad(), b in 1..=Price::MAX.wad(), lie in 1..=Price::MAX.wad(),
    ) {
        let of = |source: &str, wad| Sample {
            source: source.into(),
            weight: NonZeroU32::MIN,
            price: Price::from_wad(wad).unwrap(),
            observed: 100,
        };
        let samples = vec![of("a", a), of("lie", lie), of("b", b)];
        let price = aggregate(samples, Vec::new(), 100, &policy()).unwrap().price.wad();
        prop_assert!(price >= a.min(b) && price <= a.max(b));
    }

    #[test]
    fn liars_below_half_of_the_weight_cannot_leave_the_honest_range(
        honest in prop::collection::vec((1_u32..100, 900..1_100_u128), 1..6),
        lies in prop::collection::vec((1_u32..100, 1..1_000_000_u128), 0..6),
        order in any::<prop::sample::Index>(),
    ) {
        let weight = |side: &[(u32, u128)]| side.iter().map(|(weight, _)| *weight).sum::<u32>();
        prop_assume!(weight(&lies) < weight(&honest));
        let mut samples: Vec<Sample> = honest.iter().chain(&lies).map(|(weight, wad)| Sample {
            source: "s".into(),
            weight: NonZeroU32::new(*weight).unwrap(),
            price: Price::from_wad(*wad).unwrap(),
            observed: 100,
        }).collect();
        let once = aggregate(samples.clone(), Vec::new(), 100, &policy()).unwrap().price.wad();
        let count = samples.len();
        samples.rotate_left(order.index(count));
        let again = aggregate(samples, Vec::new(), 100, &policy()).unwrap().price.wad();
        prop_assert_eq!(once, again);
        let low = honest.iter().map(|(_, wad)| *wad).min().unwrap();
        let high = honest.iter().map(|(_, wad)| *wad).max().unwrap();
        prop_assert!(once >= low && once <= high);
    }
}
