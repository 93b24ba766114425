#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

use super::*;
use crate::{
    event::Event,
    testkit::*,
    units::{Bps, Price, Timestamp},
};

fn push_at(asset: Address, median: u128, time: u32, round: u32) -> PricePush {
    let price = Push {
        median: Price(median),
        time: Timestamp(time),
        round,
        status: Status::Ok,
        ..Push::default()
    };
    PricePush { asset, price }
}

/// Why a push is ignored, 0 if it is not.
fn reason(pool: &mut Pool, push: PricePush) -> u8 {
    let root = pool.root;
    pool.host.take_events();
    let before = pool.host.items().clone();
    on_prices(&mut pool.host, &root, &FEED, &[push]).unwrap();
    match pool.host.take_events()[..] {
        [Event::PriceAccepted { asset, price }] => {
            assert_eq!((asset, price), (push.asset, push.price));
            assert_eq!(pool.reserve(asset).price, price);
            0
        }
        [Event::PriceIgnored { asset, reason, .. }] => {
            assert_eq!(asset, push.asset);
            assert_eq!(*pool.host.items(), before);
            reason
        }
        ref events => panic!("{events:?}"),
    }
}

#[test]
fn only_the_feed_pushes() {
    let mut pool = Pool::new();
    let root = pool.root;
    let refusal =
        on_prices(&mut pool.host, &root, &BOB, &[push_at(ETH, USD, START.0, 9)]).unwrap_err();
    assert_eq!(refusal.code(), Code::NotFeed);
    assert_eq!((refusal.a().as_address(), refusal.b().as_address()), (BOB, FEED));
}

/// I-OR-03: time does not run backwards, and nothing is of the future.
#[test]
fn only_later_prices_are_taken() {
    let mut pool = Pool::new();
    pool.host.advance(100);
    let (now, round) = (START.0 + 100, pool.reserve(ETH).price.round);
    assert_eq!(reason(&mut pool, push_at(ETH, USD, START.0 - 1, round + 1)), 2);
    assert_eq!(reason(&mut pool, push_at(ETH, USD, START.0, round)), 2);
    assert_eq!(reason(&mut pool, push_at(ETH, USD, START.0, round + 1)), 0);
    assert_eq!(reason(&mut pool, push_at(ETH, USD, now + 1, round + 2)), 3);
    assert_eq!(reason(&mut pool, push_at(ETH, USD, now, round + 2)), 0);
    // A feed that begins again at round 1 is later by its time.
    pool.host.advance(1);
    assert_eq!(reason(&mut pool, push_at(ETH, USD, now + 1, 1)), 0);
}

#[test]
fn strangers_are_ignored() {
    let mut pool = Pool::new();
    let mut alike = ETH;
    alike.0[19] = 0;
    for asset in [Address([0x77; 20]), alike] {
        let root = pool.root;
        pool.host.take_events();
        on_prices(&mut pool.host, &root, &FEED, &[push_at(asset, USD, START.0, 99)]).unwrap();
        let events = pool.host.take_events();
        assert!(matches!(events[..], [Event::PriceIgnored { reason: 1, .. }]));
    }
}

#[test]
fn what_makes_no_sense_is_ignored() {
    let mut pool = Pool::new();
    let good = push_at(ETH, USD, START.0, 99);
    let with = |change: fn(&mut Push)| {
        let mut push = good;
        change(&mut push.price);
        push
    };
    assert_eq!(reason(&mut pool, with(|price| price.median = Price(0))), 4);
    assert_eq!(reason(&mut pool, with(|price| price.down = Bps(10_000))), 4);
    assert_eq!(reason(&mut pool, with(|price| price.status = Status::None)), 4);
    // 100 million tokens worth 2^108 WAD: 3.245…·10^24 WAD each, which is 3.2 million dollars.
    let most = (1u128 << 108) / 100_000_000;
    let mut push = good;
    push.price.median = Price(most + 1);
    assert_eq!(reason(&mut pool, push), 5);
    push.price.median = Price(u128::MAX);
    assert_eq!(reason(&mut pool, push), 5);
    push.price.median = Price(most);
    push.price.up = Bps(1);
    assert_eq!(reason(&mut pool, push), 5);
    push.price.up = Bps(0);
    assert_eq!(reason(&mut pool, push), 0);
}

/// The end of a freeze gives the grace that the end of a pause does.
#[test]
fn a_frozen_feed_that_recovers_gives_time() {
    let mut pool = Pool::new();
    let frozen = Push { median: Price(USD), status: Status::Frozen, ..Push::default() };
    pool.push(ETH, frozen);
    pool.host.advance(500);
    pool.push(ETH, frozen);
    assert_eq!(pool.reserve(ETH).pause, Pause::default());
    pool.host.advance(500);
    pool.price(ETH, USD);
    let now = Timestamp(START.0 + 1_000);
    // From the last push that said so to the one that no longer did.
    let grace = pool.reserve(ETH).pause.grace_until(now);
    assert_eq!(grace, Some(Timestamp(now.0 + 500)));
    assert!(!pool.reserve(ETH).pause.holds(operation::ALL, now));
    // A pause that holds is not overwritten.
    let pause = Pause { operations: operation::BORROW, from: START, until: Timestamp(now.0 + 999) };
    pool.change(ETH, |reserve| reserve.pause = pause);
    pool.push(ETH, frozen);
    pool.host.advance(10);
    pool.price(ETH, USD);
    assert_eq!(pool.reserve(ETH).pause, pause);
}

#[test]
fn a_push_does_not_accrue() {
    let mut pool = Pool::new();
    pool.host.advance(1_000);
    pool.price(ETH, USD);
    assert_eq!(pool.reserve(ETH).last_accrual, START);
}
