//! From reports to rounds.

use super::fixture::{Feed, asset, now, report_call};
use crate::refused::refused;
use weir_abi::PriceFeed;
use weir_harness::Receipt;

/// Asserts that the only round of a receipt is `expected`, the one that the feed answers.
fn assert_accepted(receipt: &Receipt, feed: &Feed, round: &PriceFeed::Round) {
    let expected = PriceFeed::RoundAccepted {
        asset: asset(1),
        round: round.round,
        median: round.median,
        time: round.time,
        status: round.status,
        downBps: round.downBps,
        upBps: round.upBps,
        volatilityBps: round.volatilityBps,
    };
    assert_eq!(receipt.logs::<PriceFeed::RoundAccepted>(), [(feed.at, expected)]);
}

#[test]
fn a_report_below_the_quorum_waits() {
    let (mut world, feed) = Feed::with_asset(3, 2);
    let receipt = feed.report(&mut world, 0, 100);
    let time = now(&mut world);
    let reporter = feed.reporters[0].address;
    let reported = PriceFeed::Reported { asset: asset(1), reporter, price: 100, time };
    assert_eq!(receipt.logs(), [(feed.at, reported)]);
    assert_eq!(receipt.events.len(), 1, "nothing else happened");
    let round = feed.round(&mut world, asset(1));
    assert_eq!((round.status, round.round, round.median, round.time), (0, 0, 0, 0));
    assert_eq!(feed.last_report(&mut world, asset(1), 0), (100, time));
    assert_eq!(feed.last_report(&mut world, asset(1), 1), (0, 0));
}

#[test]
fn two_reports_make_a_round_at_their_lower_mean_and_lower_time() {
    let (mut world, feed) = Feed::with_asset(3, 2);
    let early = now(&mut world);
    feed.report(&mut world, 0, 100);
    world.advance(7).unwrap();
    let receipt = feed.report(&mut world, 1, 103);
    let round = feed.round(&mut world, asset(1));
    // ⌊(100 + 103)/2⌋ = 101; the earlier of two times. Deviations 1 and 2, their lower mean 1:
    // 100 and 102 are ⌈10 000/101⌉ = 100 bps away. The average starts at the median.
    let expected = PriceFeed::Round {
        median: 101,
        time: early,
        round: 1,
        status: 1,
        downBps: 100,
        upBps: 100,
        volatilityBps: 0,
        twap: 101,
        candidate: 0,
        candidateTime: 0,
    };
    assert_eq!(round, expected);
    assert_accepted(&receipt, &feed, &round);
    // A report of the round's own time is too late for it and too early for the next one.
    let late = feed.try_report(&mut world, 2, &[(asset(1), 90, early)]).unwrap();
    assert_eq!(late.events.len(), 1);
    assert_eq!(feed.round(&mut world, asset(1)), expected);
}

/// What is later than the round's time counts for the next one, even if it made that round.
#[test]
fn a_report_counts_while_it_is_later_than_the_last_round() {
    let (mut world, feed) = Feed::with_asset(3, 2);
    let first = now(&mut world);
    feed.report(&mut world, 0, 100);
    world.advance(7).unwrap();
    let second = now(&mut world);
    feed.report(&mut world, 1, 103);
    assert_eq!(feed.round(&mut world, asset(1)).time, first);
    world.advance(1).unwrap();
    feed.report(&mut world, 2, 98);
    let round = feed.round(&mut world, asset(1));
    // Of 103 and 98: ⌊201/2⌋ = 100, at the earlier of their times.
    assert_eq!((round.round, round.median, round.time), (2, 100, second));
}

#[test]
fn one_of_three_cannot_widen_the_range() {
    let (mut world, feed) = Feed::with_asset(3, 3);
    feed.report(&mut world, 0, 1_000_000);
    world.advance(1).unwrap();
    let middle = now(&mut world);
    feed.report(&mut world, 1, 100);
    world.advance(1).unwrap();
    let receipt = feed.report(&mut world, 2, 110);
    let round = feed.round(&mut world, asset(1));
    // Median of 100, 110, 10^6; deviations 0, 10 and 999 890, their median 10; ⌈10 · 10^4/110⌉ = ⌈909.09⌉.
    assert_eq!((round.median, round.time), (110, middle));
    assert_eq!((round.downBps, round.upBps), (910, 910));
    assert_accepted(&receipt, &feed, &round);
}

#[test]
fn the_average_trails_and_the_volatility_follows_the_steps() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    feed.report(&mut world, 0, 1_000_000);
    world.advance(900).unwrap();
    feed.report(&mut world, 0, 1_080_000);
    world.advance(900).unwrap();
    let receipt = feed.report(&mut world, 0, 1_080_000);
    let round = feed.round(&mut world, asset(1));
    // After 900 s the average still stands at the first price; after the next 900 s it went half of the window of
    // 1 800 s from 1 000 000 to 1 080 000.
    assert_eq!(round.twap, 1_040_000);
    // ⌈40 000 · 10^4/1 080 000⌉ = ⌈370.4⌉ below, nothing above.
    assert_eq!((round.median, round.downBps, round.upBps), (1_080_000, 371, 0));
    // Step of 8 %: 0.0064 · 31 536 000/900 = 224.256 a year, of which 900/14 400: 14.016. Then no step: 14.016 · 15/16 =
    // 13.14, and √13.14 = 3.624 914 or 36 249 bps.
    assert_eq!(round.volatilityBps, 36_249);
    assert_eq!((round.status, round.round), (1, 3));
    assert_accepted(&receipt, &feed, &round);
}

#[test]
fn reports_of_several_assets_are_rounds_of_their_own() {
    let (mut world, feed) = Feed::with_asset(2, 2);
    feed.add(&mut world, asset(2));
    let time = now(&mut world);
    feed.try_report(&mut world, 0, &[(asset(1), 50, time), (asset(2), 70, time)]).unwrap();
    let receipt = feed.try_report(&mut world, 1, &[(asset(2), 70, time)]).unwrap();
    let rounds = receipt.logs::<PriceFeed::RoundAccepted>();
    assert_eq!(rounds.len(), 1);
    assert_eq!((rounds[0].1.asset, rounds[0].1.median), (asset(2), 70));
    assert_eq!(feed.round(&mut world, asset(1)).status, 0);
    assert_eq!(feed.round(&mut world, asset(2)).status, 1);
}

#[test]
fn one_wrong_report_takes_the_others_back() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    feed.add(&mut world, asset(2));
    let time = now(&mut world);
    let call = report_call(&[(asset(1), 50, time), (asset(2), 0, time)]);
    let result = world.send(&feed.reporters[0], feed.at, &call);
    let asset_word = super::fixture::word(asset(2));
    refused(result, &PriceFeed::ZeroPrice { asset: asset_word, _1: Default::default() });
    assert_eq!(feed.round(&mut world, asset(1)).status, 0);
    assert_eq!(feed.last_report(&mut world, asset(1), 0), (0, 0));
}
