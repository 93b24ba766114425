//! Steps that are not believed at once, and prices that are not believed at all.

use super::fixture::{Feed, asset, now, word};
use crate::refused::refused;
use weir_abi::PriceFeed;

const PRICE: u128 = 1_000;

/// A feed of one reporter whose asset stands at 1 000, within 500 and 2 000, a minute ago.
fn standing() -> (weir_harness::World, Feed) {
    let mut world = weir_harness::World::new().unwrap();
    let feed = Feed::new(&mut world, 1, 1);
    feed.add_within(&mut world, asset(1), 500, 2_000);
    feed.report(&mut world, 0, PRICE);
    world.advance(60).unwrap();
    (world, feed)
}

#[test]
fn a_step_of_exactly_the_bound_is_believed() {
    for price in [1_100, 900] {
        let (mut world, feed) = standing();
        feed.report(&mut world, 0, price);
        let round = feed.round(&mut world, asset(1));
        assert_eq!((round.median, round.status), (price, 1));
    }
}

#[test]
fn a_larger_step_waits_and_is_confirmed_by_the_next_round_on_its_side() {
    let (mut world, feed) = standing();
    let time = now(&mut world);
    let receipt = feed.report(&mut world, 0, 1_101);
    let suspect =
        PriceFeed::RoundSuspect { asset: asset(1), median: PRICE, candidate: 1_101, time };
    assert_eq!(receipt.logs(), [(feed.at, suspect)]);
    let round = feed.round(&mut world, asset(1));
    // The old median stands; the range reaches the candidate, 101/1 000 = 1 010 bps above it.
    let expected = PriceFeed::Round {
        median: PRICE,
        time,
        round: 2,
        status: 2,
        downBps: 0,
        upBps: 1_010,
        volatilityBps: 0,
        twap: PRICE,
        candidate: 1_101,
        candidateTime: time,
    };
    assert_eq!(round, expected);
    world.advance(60).unwrap();
    let receipt = feed.report(&mut world, 0, 1_150);
    let round = feed.round(&mut world, asset(1));
    assert_eq!((round.median, round.status, round.round), (1_150, 3, 3));
    assert_eq!((round.candidate, round.candidateTime), (0, 0));
    // The average still stands at 1 000: ⌈150 · 10^4/1 150⌉ = ⌈1 304.3⌉ below.
    assert_eq!((round.twap, round.downBps, round.upBps), (PRICE, 1_305, 0));
    // 15 % over the 120 s since the last accepted round: 0.0225 · 262 800 · 120/14 400 = 49.275, √ = 7.02 or 70 196 bps:
    // more than a report of it holds.
    assert_eq!(round.volatilityBps, u16::MAX);
    assert_eq!(receipt.logs::<PriceFeed::RoundAccepted>()[0].1.status, 3);
}

#[test]
fn a_candidate_is_dropped_by_a_round_near_the_old_price() {
    let (mut world, feed) = standing();
    feed.report(&mut world, 0, 1_101);
    world.advance(60).unwrap();
    feed.report(&mut world, 0, 1_050);
    let round = feed.round(&mut world, asset(1));
    assert_eq!((round.median, round.status, round.round, round.candidate), (1_050, 1, 3, 0));
}

#[test]
fn a_step_to_the_other_side_is_a_new_candidate() {
    let (mut world, feed) = standing();
    feed.report(&mut world, 0, 1_101);
    world.advance(60).unwrap();
    feed.report(&mut world, 0, 899);
    let round = feed.round(&mut world, asset(1));
    assert_eq!((round.median, round.status, round.round, round.candidate), (PRICE, 2, 3, 899));
    // Both candidates lie in the range: 101 above, 101 below.
    assert_eq!((round.downBps, round.upBps), (1_010, 1_010));
}

#[test]
fn the_reports_of_a_candidate_do_not_confirm_it() {
    let mut world = weir_harness::World::new().unwrap();
    let feed = Feed::new(&mut world, 3, 2);
    feed.add(&mut world, asset(1));
    for reporter in 0..2 {
        feed.report(&mut world, reporter, PRICE);
    }
    world.advance(60).unwrap();
    for reporter in 0..2 {
        feed.report(&mut world, reporter, 1_200);
    }
    assert_eq!(feed.round(&mut world, asset(1)).status, 2);
    // A third report of the same second is no later than the candidate.
    feed.report(&mut world, 2, 1_200);
    assert_eq!(feed.round(&mut world, asset(1)).status, 2);
    world.advance(1).unwrap();
    feed.report(&mut world, 2, 1_200);
    assert_eq!(feed.round(&mut world, asset(1)).status, 2, "one later report is no quorum");
    feed.report(&mut world, 0, 1_200);
    let round = feed.round(&mut world, asset(1));
    assert_eq!((round.status, round.median), (3, 1_200));
}

#[test]
fn two_rounds_out_of_bounds_freeze_until_the_governor_looks() {
    for out in [2_001, 499] {
        let (mut world, feed) = standing();
        let time = now(&mut world);
        let receipt = feed.report(&mut world, 0, out);
        let left = PriceFeed::RoundOutOfBounds { asset: asset(1), median: out, time };
        assert_eq!(receipt.logs(), [(feed.at, left)]);
        assert!(receipt.logs::<PriceFeed::RoundFrozen>().is_empty());
        let round = feed.round(&mut world, asset(1));
        assert_eq!((round.median, round.status, round.round), (PRICE, 1, 1));
        world.advance(60).unwrap();
        let time = now(&mut world);
        let receipt = feed.report(&mut world, 0, out);
        let frozen = PriceFeed::RoundFrozen { asset: asset(1), median: out, time };
        assert_eq!(receipt.logs(), [(feed.at, frozen)]);
        assert_eq!(receipt.logs::<PriceFeed::RoundOutOfBounds>().len(), 1);
        let round = feed.round(&mut world, asset(1));
        assert_eq!((round.median, round.status, round.round, round.time), (PRICE, 4, 2, time));
        // Reports are kept but make no round.
        world.advance(60).unwrap();
        assert_eq!(feed.report(&mut world, 0, PRICE).events.len(), 1);
        assert_eq!(feed.round(&mut world, asset(1)), round);
        let rearm = PriceFeed::rearmCall { asset: asset(1) };
        let receipt = feed.govern(&mut world, &rearm).unwrap().receipt;
        assert_eq!(receipt.logs(), [(feed.at, PriceFeed::Rearmed { asset: asset(1) })]);
        assert_eq!(feed.round(&mut world, asset(1)).status, 2, "not believed before a round");
        world.advance(60).unwrap();
        feed.report(&mut world, 0, 1_010);
        let round = feed.round(&mut world, asset(1));
        assert_eq!((round.median, round.status, round.round), (1_010, 1, 3));
    }
}

#[test]
fn a_round_within_the_bounds_starts_the_count_again() {
    let (mut world, feed) = standing();
    for price in [2_001, PRICE, 2_001] {
        feed.report(&mut world, 0, price);
        world.advance(60).unwrap();
    }
    assert_eq!(feed.round(&mut world, asset(1)).status, 1);
    feed.report(&mut world, 0, 499);
    assert_eq!(feed.round(&mut world, asset(1)).status, 4);
}

#[test]
fn only_a_frozen_asset_is_rearmed() {
    let (mut world, feed) = standing();
    let result = feed.govern(&mut world, &PriceFeed::rearmCall { asset: asset(1) });
    let none = alloy_primitives::U256::ZERO;
    refused(result, &PriceFeed::NotFrozen { asset: word(asset(1)), _1: none });
    let result = feed.govern(&mut world, &PriceFeed::rearmCall { asset: asset(2) });
    refused(result, &PriceFeed::UnknownAsset { asset: word(asset(2)), _1: none });
}
