//! Prices that are a base price times a rate.

use super::*;

const DAY: u32 = 86_400;
const SOURCE: Address = Address([0xaa; 20]);

/// 1.20 from NOW on, growing by 10 % of it a year.
fn rate() -> Rate {
    Rate::new(SOURCE, [1, 2, 3, 4], WAD * 12 / 10, Bps(1_000), NOW).unwrap()
}

fn rated() -> FeedAsset {
    FeedAsset { rate: Some(rate()), ..asset() }
}

fn terms_at(now: Timestamp, rate: u128) -> Terms {
    Terms { now, rate: Some(rate), ..terms(1) }
}

#[test]
fn the_cap_grows_from_its_start() {
    let rate = rate();
    assert_eq!(rate.at(NOW), Ok(WAD * 12 / 10));
    // Half a year of 365 days: 1.2 · (1 + 0.1 · 0.5) = 1.26.
    assert_eq!(rate.at(Timestamp(NOW.0 + 365 * DAY / 2)), Ok(WAD * 126 / 100));
    assert_eq!(rate.at(Timestamp(NOW.0 + 365 * DAY)), Ok(WAD * 132 / 100));
    // A second: 1.2e18 · 1 000 / (10^4 · 31 536 000) = 3 805 175 038.05 more, rounded down.
    assert_eq!(rate.at(Timestamp(NOW.0 + 1)), Ok(WAD * 12 / 10 + 3_805_175_038));
    assert_eq!(rate.at(Timestamp(0)), Ok(WAD * 12 / 10), "not before its start");
    let largest = Rate::new(SOURCE, [0; 4], (1 << 100) - 1, MAX_GROWTH, Timestamp(0)).unwrap();
    assert!(largest.at(Timestamp(u32::MAX)).is_ok());
}

#[test]
fn a_rate_below_its_cap_is_a_factor() {
    let mut asset = rated();
    // 10 · 1.15 = 11.5.
    let terms = terms_at(NOW, WAD * 115 / 100);
    let push = accepted(asset.report(0, at(dollars(10), 100), &terms).unwrap());
    assert_eq!(push.median, Price(WAD * 115 / 10));
    assert_eq!((push.down, push.up), (Bps(0), Bps(0)));
    assert_eq!(asset.reports[0].price, Price(WAD * 115 / 10));
}

/// A donation doubles the rate: what the asset borrows grows with the cap, what liquidates it is the median.
#[test]
fn above_the_cap_the_low_side_is_capped_and_the_median_is_not() {
    let mut asset = rated();
    let terms = terms_at(NOW, WAD * 24 / 10);
    let push = accepted(asset.report(0, at(dollars(10), 100), &terms).unwrap());
    // 10 · 2.4 = 24; at the cap of 1.2 it would be 12, half of it.
    assert_eq!((push.median, push.down, push.up), (dollars(24), Bps(5_000), Bps(0)));
    // Just above the cap: 12.0012 against 12.0: ⌈0.0012/12.0012 · 10^4⌉ = ⌈0.9999⌉ = 1.
    let mut asset = rated();
    let terms = terms_at(NOW, WAD * 120_012 / 100_000);
    let push = accepted(asset.report(0, at(dollars(10), 100), &terms).unwrap());
    assert_eq!((push.median.0, push.down), (WAD * 120_012 / 10_000, Bps(1)));
}

/// A jump of the rate is a step of the price: it waits for a second round as any other.
#[test]
fn a_jump_of_the_rate_is_suspect() {
    let mut asset = rated();
    accepted(asset.report(0, at(dollars(10), 100), &terms_at(NOW, WAD * 12 / 10)).unwrap());
    let jump = terms_at(NOW, WAD * 24 / 10);
    let outcome = asset.report(0, at(dollars(10), 160), &jump).unwrap();
    assert!(matches!(outcome, Outcome::Suspect { candidate, .. } if candidate == dollars(24)));
}

#[test]
fn without_its_rate_no_report_is_taken() {
    let mut asset = rated();
    let before = asset;
    assert_eq!(asset.report(0, at(dollars(10), 100), &terms(1)), Err(Refused::NoRate));
    assert_eq!(asset, before);
}

#[test]
fn rates_out_of_range_cannot_be_built() {
    let new = |source, start, growth| Rate::new(source, [0; 4], start, Bps(growth), NOW);
    assert_eq!(new(Address::ZERO, WAD, 0), None);
    assert_eq!(new(SOURCE, 0, 0), None);
    assert_eq!(new(SOURCE, 1 << 100, 0), None);
    assert_eq!(new(SOURCE, WAD, 10_001), None);
    assert!(new(SOURCE, 1, 10_000).is_some());
    assert!(is_rate(1) && !is_rate(0) && !is_rate(1 << 100));
}

#[test]
fn a_rate_comes_back_as_it_was_stored() {
    let mut asset = rated();
    asset.faulted = 5;
    asset.frozen_until = Timestamp(6);
    assert_eq!(FeedAsset::decode(&asset.encode()), Ok(asset));
}
