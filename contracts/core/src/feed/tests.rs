//! Known answers for rounds, the breaker and the statistics. Prices are written in whole dollars times 1e18.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use super::statistics::{Sorted, bps_ceil, sqrt_floor};
use super::*;
use crate::address::Address;
use crate::state::Corrupt;
use crate::units::{Bps, Price, Timestamp};
use proptest::prelude::*;

mod bonds;
mod freeze;
mod rate;

const WAD: u128 = 1_000_000_000_000_000_000;
const CODE: Address = Address([0xcc; 20]);
const NOW: Timestamp = Timestamp(1_000_000);

fn dollars(whole: u128) -> Price {
    Price(whole * WAD)
}

/// Steps beyond 10 % are suspect; prices between 1 and 1 000 dollars are believed.
fn asset() -> FeedAsset {
    FeedAsset::new(Settings::new(Bps(1_000), dollars(1), dollars(1_000)).unwrap())
}

fn at(price: Price, time: u32) -> LastReport {
    LastReport { price, time: Timestamp(time) }
}

/// What three to nine reporters are judged by: a skew of 5 s, faults beyond 5 %.
fn terms(quorum: u8) -> Terms {
    Terms { now: NOW, skew: 5, quorum, suspended: 0, fault: Bps(500), rate: None }
}

fn subscriber(pool: u8) -> Subscriber {
    Subscriber { pool: Address([pool; 20]), ref_time: 2, proof_size: 3 }
}

/// One report of each reporter at the same time; the outcome of the one that completes the quorum.
fn round(asset: &mut FeedAsset, prices: &[u128], time: u32) -> Outcome {
    let quorum = u8::try_from(prices.len()).unwrap();
    let mut outcome = Outcome::Waiting;
    for (index, price) in prices.iter().enumerate() {
        assert_eq!(outcome, Outcome::Waiting);
        outcome = asset.report(index, at(dollars(*price), time), &terms(quorum)).unwrap();
    }
    outcome
}

fn accepted(outcome: Outcome) -> Push {
    match outcome {
        Outcome::Accepted { push, .. } => push,
        other => panic!("not accepted: {other:?}"),
    }
}

#[test]
fn a_round_needs_its_quorum_and_takes_the_median() {
    let mut asset = asset();
    assert_eq!(asset.report(0, at(dollars(10), 100), &terms(3)), Ok(Outcome::Waiting));
    assert_eq!(asset.report(1, at(dollars(11), 102), &terms(3)), Ok(Outcome::Waiting));
    let push = accepted(asset.report(2, at(dollars(500), 101), &terms(3)).unwrap());
    // Median of 10, 11, 500 and of the times 100, 101, 102. The deviations from 11 are 0, 1 and 489: their median, 1,
    // is 910 bps of 11 rounded up (1/11 = 0.0909…), and the liar's 489 changes nothing.
    assert_eq!((push.median, push.time, push.round), (dollars(11), Timestamp(101), 1));
    assert_eq!((push.down, push.up, push.status), (Bps(910), Bps(910), Status::Ok));
}

#[test]
fn an_even_round_takes_the_mean_rounded_down_and_the_lower_time() {
    let mut asset = asset();
    assert_eq!(asset.report(0, at(Price(WAD + 1), 200), &terms(2)), Ok(Outcome::Waiting));
    let push = accepted(asset.report(1, at(Price(WAD + 4), 210), &terms(2)).unwrap());
    // (1 + 4) / 2 = 2, remainder dropped.
    assert_eq!((push.median, push.time), (Price(WAD + 2), Timestamp(200)));
}

#[test]
fn refused_reports_change_nothing() {
    let mut asset = asset();
    round(&mut asset, &[10, 10, 10], 100);
    let before = asset;
    let report =
        |asset: &mut FeedAsset, index, price, time| asset.report(index, at(price, time), &terms(3));
    assert_eq!(report(&mut asset, 0, Price(0), 101), Err(Refused::Zero));
    assert_eq!(report(&mut asset, 0, dollars(10), 100), Err(Refused::NotLater(Timestamp(100))));
    assert_eq!(
        report(&mut asset, 0, dollars(10), NOW.0 + 6),
        Err(Refused::Future(Timestamp(NOW.0 + 5)))
    );
    assert_eq!(report(&mut asset, 9, dollars(10), 101), Err(Refused::UnknownReporter));
    assert_eq!(asset, before);
}

#[test]
fn a_report_not_later_than_the_round_does_not_count() {
    let mut asset = asset();
    assert_eq!(asset.report(0, at(dollars(10), 100), &terms(2)), Ok(Outcome::Waiting));
    accepted(asset.report(1, at(dollars(10), 100), &terms(2)).unwrap());
    assert_eq!(asset.report(2, at(dollars(10), 100), &terms(2)), Ok(Outcome::Waiting));
    assert_eq!(asset.last.round, 1);
}

#[test]
fn a_gap_is_suspect_until_a_second_round_confirms_it() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 100));
    // 100 → 70 is 30 %, beyond 10 %: the old median stands, its low side reaches down to the candidate.
    let Outcome::Suspect { push, candidate } = round(&mut asset, &[70, 70, 70], 160) else {
        panic!("not suspect")
    };
    assert_eq!((push.median, push.status, candidate), (dollars(100), Status::Suspect, dollars(70)));
    assert_eq!((push.down, push.time, push.round), (Bps(3_000), Timestamp(160), 2));
    // The next round goes further down: confirmed at *its* median, not suspect once more.
    let push = accepted(round(&mut asset, &[60, 60, 60], 220));
    assert_eq!((push.median, push.status, push.round), (dollars(60), Status::Confirmed, 3));
    // And an ordinary one follows.
    assert_eq!(accepted(round(&mut asset, &[61, 61, 61], 280)).status, Status::Ok);
}

/// Quorum 2: the later of the two reports that made the candidate must not confirm it together with one new report.
#[test]
fn a_report_is_not_counted_for_a_candidate_and_again_for_its_confirmation() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100], 100));
    assert_eq!(asset.report(0, at(dollars(70), 160), &terms(2)), Ok(Outcome::Waiting));
    let outcome = asset.report(1, at(dollars(70), 167), &terms(2)).unwrap();
    assert!(matches!(outcome, Outcome::Suspect { .. }));
    assert_eq!(asset.report(0, at(dollars(70), 168), &terms(2)), Ok(Outcome::Waiting));
    let push = accepted(asset.report(1, at(dollars(70), 169), &terms(2)).unwrap());
    assert_eq!(push.status, Status::Confirmed);
}

#[test]
fn a_report_is_not_counted_for_two_rounds_out_of_bounds() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100], 100));
    assert_eq!(asset.report(0, at(dollars(2_000), 160), &terms(2)), Ok(Outcome::Waiting));
    let outcome = asset.report(1, at(dollars(2_000), 167), &terms(2)).unwrap();
    assert!(matches!(outcome, Outcome::OutOfBounds { frozen: None, .. }));
    assert_eq!(asset.report(0, at(dollars(2_000), 168), &terms(2)), Ok(Outcome::Waiting));
    assert_ne!(asset.last.status, Status::Frozen);
}

#[test]
fn a_candidate_that_is_not_confirmed_is_dropped() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 100));
    round(&mut asset, &[70, 70, 70], 160);
    let push = accepted(round(&mut asset, &[99, 99, 99], 220));
    assert_eq!((push.median, push.status), (dollars(99), Status::Ok));
    assert_eq!(asset.candidate, Price(0));
}

#[test]
fn a_step_to_the_other_side_is_a_new_candidate() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 100));
    round(&mut asset, &[70, 70, 70], 160);
    let outcome = round(&mut asset, &[140, 140, 140], 220);
    assert!(matches!(outcome, Outcome::Suspect { candidate, .. } if candidate == dollars(140)));
}

#[test]
fn exactly_the_step_is_still_ok() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 100));
    assert_eq!(accepted(round(&mut asset, &[110, 110, 110], 160)).status, Status::Ok);
}

#[test]
fn two_rounds_out_of_bounds_freeze_and_rearming_judges_against_the_old_price() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 100));
    let first = round(&mut asset, &[2_000, 2_000, 2_000], 160);
    assert!(matches!(first, Outcome::OutOfBounds { frozen: None, .. }));
    let second = round(&mut asset, &[2_000, 2_000, 2_000], 220);
    assert!(
        matches!(second, Outcome::OutOfBounds { frozen: Some(push), .. } if push.status == Status::Frozen)
    );
    assert_eq!(asset.report(0, at(dollars(100), 280), &terms(1)), Ok(Outcome::Waiting));
    assert!(asset.rearm() && !asset.rearm());
    let outcome = asset.report(0, at(dollars(300), 340), &terms(1)).unwrap();
    assert!(matches!(outcome, Outcome::Suspect { .. }));
}

#[test]
fn one_round_out_of_bounds_counts_once() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 100));
    assert_eq!(asset.report(0, at(dollars(2_000), 160), &terms(2)), Ok(Outcome::Waiting));
    let outcome = asset.report(1, at(dollars(2_000), 160), &terms(2)).unwrap();
    assert!(matches!(outcome, Outcome::OutOfBounds { frozen: None, .. }));
    // The third reporter sends the same nonsense of the same moment: not a second round.
    assert_eq!(asset.report(2, at(dollars(2_000), 160), &terms(2)), Ok(Outcome::Waiting));
    assert_ne!(asset.last.status, Status::Frozen);
}

#[test]
fn the_average_follows_the_price_that_stood_and_widens_the_range() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 1_000));
    // Half a window at 100 leaves the average at 100; the median is 95, so low = 95 and high = 100: 5/95 = 526.3 bps.
    let push = accepted(round(&mut asset, &[95, 95, 95], 1_000 + TWAP_WINDOW / 2));
    assert_eq!(asset.twap, dollars(100));
    assert_eq!((push.down, push.up), (Bps(0), Bps(527)));
    // Half a window at 95: 100 + (95 − 100)/2 = 97.5.
    accepted(round(&mut asset, &[95, 95, 95], 1_000 + TWAP_WINDOW));
    assert_eq!(asset.twap, Price(97_500_000_000_000_000_000));
}

/// A source that is clamped at a bound says the bound.
#[test]
fn a_price_at_a_bound_is_refused() {
    for (price, within) in [(1, false), (2, true), (999, true), (1_000, false)] {
        let outcome = round(&mut asset(), &[price, price, price], 100);
        assert_eq!(matches!(outcome, Outcome::Accepted { .. }), within, "{price}");
    }
}

/// A path of three steps, by an independent calculation in decimal fractions:
/// t 0: 100. t 600: 110 (a step of exactly 10 %). t 1 500: 104.5 (−5 %). t 3 600: 104.5.
#[test]
fn average_and_volatility_along_a_path() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 10_000));
    let one = accepted(round(&mut asset, &[110, 110, 110], 10_600));
    // The average had only 100. v = 0.01 · 31 536 000/600 · 600/14 400 = 21.9, √ = 4.679 743.
    assert_eq!((asset.twap, asset.variance), (dollars(100), 21_900_000_000_000_000_000));
    assert_eq!(one.volatility, Bps(46_797));
    let half = Price(104_500_000_000_000_000_000);
    let mut two = Outcome::Waiting;
    for reporter in 0..3 {
        two = asset.report(reporter, at(half, 11_500), &terms(3)).unwrap();
    }
    // 110 stood for 900 of 1 800 s: 105. v += (0.0025 · 31 536 000/900 − 21.9) · 900/14 400 = (87.6 − 21.9)/16 = 4.106 25.
    assert_eq!((asset.twap, asset.variance), (dollars(105), 26_006_250_000_000_000_000));
    // √26.006 25 = 5.099 632; up to the average ⌈0.5/104.5 · 10^4⌉ = ⌈47.85⌉.
    let two = accepted(two);
    assert_eq!((two.volatility, two.down, two.up), (Bps(50_996), Bps(0), Bps(48)));
    let mut three = Outcome::Waiting;
    for reporter in 0..3 {
        three = asset.report(reporter, at(half, 13_600), &terms(3)).unwrap();
    }
    // 2 100 s are longer than the window: the average is where the price stood. v −= 26.006 25 · 2 100/14 400 =
    // 3.792 578 125, which leaves 22.213 671 875, √ = 4.713 138.
    let three = accepted(three);
    assert_eq!((asset.twap, asset.variance), (half, 22_213_671_875_000_000_000));
    assert_eq!((three.volatility, three.down, three.up), (Bps(47_131), Bps(0), Bps(0)));
}

#[test]
fn volatility_is_annual() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 1_000));
    // A step of 1 % over the whole time constant: v = 0.0001 · 31 536 000 / 14 400 = 0.219, σ = 46.797 %.
    let push = accepted(round(&mut asset, &[101, 101, 101], 1_000 + VOLATILITY_WINDOW));
    assert_eq!(asset.variance, 219_000_000_000_000_000);
    assert_eq!(push.volatility, Bps(4_679));
}

#[test]
fn statistics() {
    let mut sorted = Sorted::<5>::new();
    assert_eq!((sorted.median(), sorted.lower_median()), (0, 0));
    for value in [5, 1, 4, 2] {
        sorted.insert(value);
    }
    assert_eq!((sorted.median(), sorted.lower_median(), sorted.len()), (3, 2, 4));
    sorted.insert(u128::MAX);
    assert_eq!((sorted.median(), sorted.median_deviation(4)), (4, 2));
    for (value, root) in
        [(0, 0), (1, 1), (3, 1), (4, 2), (15, 3), (16, 4), (u128::MAX, (1 << 64) - 1)]
    {
        assert_eq!(sqrt_floor(value), root, "{value}");
    }
    assert_eq!(bps_ceil(1, 3), Ok(Bps(3_334)));
    assert_eq!(bps_ceil(7, 1), Ok(Bps(u16::MAX)));
    assert!(bps_ceil(1, 0).is_err());
}

#[test]
fn settings_out_of_range_cannot_be_built() {
    assert_eq!(Settings::new(Bps(0), dollars(1), dollars(2)), Err(BadSettings::Step));
    assert_eq!(Settings::new(Bps(10_001), dollars(1), dollars(2)), Err(BadSettings::Step));
    assert_eq!(Settings::new(Bps(1), Price(0), dollars(2)), Err(BadSettings::Bounds));
    assert_eq!(Settings::new(Bps(1), dollars(2), dollars(2)), Err(BadSettings::Bounds));
    assert_eq!(Settings::new(Bps(1), dollars(1), Price(1 << 100)), Err(BadSettings::Bounds));
}

#[test]
fn items_come_back_as_they_were_stored() {
    let mut asset = asset();
    round(&mut asset, &[100, 101, 102], 100);
    round(&mut asset, &[70, 71, 72], 160);
    assert_eq!(FeedAsset::decode(&asset.encode()), Ok(asset));
    assert_eq!(FeedAsset::decode(&asset.encode()[1..]), Err(Corrupt));

    let reporters = [Address([1; 20]), Address([2; 20]), Address([3; 20])];
    let mut root = FeedRoot::new(CODE, Address([9; 20]), &reporters, 2, 5).unwrap();
    root.subscribe(subscriber(7)).unwrap();
    assert_eq!(FeedRoot::decode(&root.encode()), Ok(root));
    assert_eq!(root.reporter(&Address([2; 20])), Some(1));
}

#[test]
fn the_root_refuses_bad_lists() {
    let [a, b] = [Address([1; 20]), Address([2; 20])];
    let governor = Address([9; 20]);
    assert!(FeedRoot::new(CODE, governor, &[], 1, 5).is_err());
    assert!(FeedRoot::new(CODE, governor, &[a, a], 1, 5).is_err());
    assert!(FeedRoot::new(CODE, governor, &[a, Address::default()], 1, 5).is_err());
    assert!(FeedRoot::new(CODE, governor, &[a, b], 0, 5).is_err());
    assert!(FeedRoot::new(CODE, governor, &[a, b], 3, 5).is_err());
    assert!(FeedRoot::new(CODE, governor, &[a; 10], 1, 5).is_err());
    let mut root = FeedRoot::new(CODE, governor, &[a, b], 2, 5).unwrap();
    assert!(root.subscribe(subscriber(1)).is_ok() && root.subscribe(subscriber(1)).is_err());
    assert!(root.unsubscribe(&b).is_err() && root.unsubscribe(&a).is_ok());
    assert!(root.subscribers().is_empty());
}

proptest! {
    /// I-OR-05: while most of a round is honest its median lies between what the honest ones said, whatever the others say.
    #[test]
    fn i_or_05_a_minority_does_not_move_the_median_out_of_the_honest_range(
        honest in prop::collection::vec(1u128..1 << 100, 1..6),
        lies in prop::collection::vec(any::<u128>(), 0..5),
        places in prop::collection::vec(any::<prop::sample::Index>(), 5),
    ) {
        let liars = lies.len().min(honest.len() - 1);
        let mut all = honest.clone();
        for (lie, place) in lies.iter().take(liars).zip(places) {
            all.insert(place.index(all.len() + 1), *lie);
        }
        let mut sorted = Sorted::<9>::new();
        for report in all {
            sorted.insert(report);
        }
        let (least, most) = (honest.iter().min().unwrap(), honest.iter().max().unwrap());
        prop_assert!((least..=most).contains(&&sorted.median()));
        prop_assert!((least..=most).contains(&&sorted.lower_median()));
    }
}
