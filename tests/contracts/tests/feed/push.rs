//! Rounds reach the subscribed pools.

use super::fixture::{Feed, asset, now, word};
use crate::market::{Market, WAD};
use crate::refused::refused;
use alloy_primitives::{Address, U256};
use weir_abi::{Pool, PriceFeed};
use weir_core::feed::{Push, Status};
use weir_core::units::{Bps, Price, Timestamp};
use weir_harness::Receipt;

/// More than telling a pool costs.
pub const BUDGET: (u64, u64) = (40_000_000_000, 1_000_000);

/// A market whose feed is a contract with one reporter; it knows the market's tokens and tells nobody yet.
pub fn market() -> (Market, Feed) {
    let mut market = Market::new();
    let feed = Feed::new(&mut market.world, 1, 1);
    for token in [market.usd, market.eth, market.dot] {
        feed.add(&mut market.world, token);
    }
    market.set_feed(feed.at);
    // Later than the prices that the market starts with.
    market.world.advance(60).unwrap();
    (market, feed)
}

/// As [`market`], with the pool subscribed.
pub fn told() -> (Market, Feed) {
    let (mut market, feed) = market();
    feed.subscribe(&mut market.world, market.pool, BUDGET);
    (market, feed)
}

fn report(market: &mut Market, feed: &Feed, token: Address, price: u128) -> Receipt {
    let time = now(&mut market.world);
    feed.try_report(&mut market.world, 0, &[(token, price, time)]).unwrap()
}

/// What the feed last said, as the pool keeps it.
fn as_push(round: &PriceFeed::Round) -> Push {
    Push {
        median: Price(round.median),
        down: Bps(round.downBps),
        up: Bps(round.upBps),
        time: Timestamp(round.time),
        round: round.round,
        status: Status::from_code(round.status).unwrap(),
        volatility: Bps(round.volatilityBps),
    }
}

fn accepted(asset: Address, round: &PriceFeed::Round) -> Pool::PriceAccepted {
    Pool::PriceAccepted {
        asset,
        median: round.median,
        downBps: round.downBps,
        upBps: round.upBps,
        time: round.time,
        round: round.round,
        status: round.status,
        volatilityBps: round.volatilityBps,
    }
}

#[test]
fn a_round_is_the_pools_price_in_the_same_call() {
    let (mut market, feed) = told();
    let eth = market.eth;
    for price in [1_950 * WAD, 1_980 * WAD, 2_500 * WAD, 2_550 * WAD] {
        let receipt = report(&mut market, &feed, eth, price);
        let round = feed.round(&mut market.world, eth);
        assert_eq!(receipt.logs(), [(market.pool, accepted(eth, &round))]);
        assert!(receipt.logs::<PriceFeed::PushSkipped>().is_empty());
        assert_eq!(market.reserve(eth).price, as_push(&round));
        market.world.advance(300).unwrap();
    }
    // 2 500 was suspect and 2 550 confirmed it.
    let last = market.reserve(eth).price;
    assert_eq!((last.status, last.median.0), (Status::Confirmed, 2_550 * WAD));
}

#[test]
fn only_what_became_a_round_is_told() {
    let (mut market, feed) = told();
    let (eth, usd) = (market.eth, market.usd);
    let time = now(&mut market.world);
    let out_of_bounds = super::fixture::HIGH + 1;
    let reports = [(eth, 2_100 * WAD, time), (usd, out_of_bounds, time)];
    let receipt = feed.try_report(&mut market.world, 0, &reports).unwrap();
    let told = receipt.logs::<Pool::PriceAccepted>();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].1.asset, eth);
    assert_eq!(market.reserve(usd).price.median.0, WAD);
}

#[test]
fn a_frozen_feed_freezes_the_price_of_the_pool() {
    let (mut market, feed) = told();
    let eth = market.eth;
    report(&mut market, &feed, eth, 2_000 * WAD);
    for _ in 0..2 {
        market.world.advance(60).unwrap();
        report(&mut market, &feed, eth, super::fixture::HIGH + 1);
    }
    let price = market.reserve(eth).price;
    assert_eq!((price.status, price.median.0), (Status::Frozen, 2_000 * WAD));
}

#[test]
fn anybody_pushes_again() {
    let (mut market, feed) = market();
    let (eth, dot) = (market.eth, market.dot);
    report(&mut market, &feed, eth, 2_100 * WAD);
    report(&mut market, &feed, dot, 6 * WAD);
    assert_eq!(market.reserve(eth).price.median.0, 2_000 * WAD, "nobody was told");
    feed.subscribe(&mut market.world, market.pool, BUDGET);
    let stranger = market.user("stranger");
    let call = PriceFeed::pushCall { pool: market.pool, assets: vec![eth, dot] };
    let receipt = market.world.send(&stranger, feed.at, &call).unwrap().receipt;
    let mut expected = Vec::new();
    for token in [eth, dot] {
        let round = feed.round(&mut market.world, token);
        expected.push((market.pool, accepted(token, &round)));
        assert_eq!(market.reserve(token).price, as_push(&round));
    }
    assert_eq!(receipt.logs(), expected);
    // The second time it is nothing new: reason 2, not later.
    let receipt = market.world.send(&stranger, feed.at, &call).unwrap().receipt;
    let ignored = receipt.logs::<Pool::PriceIgnored>();
    assert_eq!(ignored.len(), 2);
    assert_eq!((ignored[0].1.asset, ignored[0].1.reason), (eth, 2));
    assert!(receipt.logs::<Pool::PriceAccepted>().is_empty());
}

/// A reporter's clock may be ahead; the pool takes the price when its own clock is there.
#[test]
fn a_price_of_the_future_is_pushed_again_later() {
    let (mut market, feed) = told();
    let eth = market.eth;
    let time = now(&mut market.world) + super::fixture::SKEW;
    let reports = [(eth, 2_100 * WAD, time)];
    let receipt = feed.try_report(&mut market.world, 0, &reports).unwrap();
    let ignored = receipt.logs::<Pool::PriceIgnored>();
    assert_eq!((ignored.len(), ignored[0].1.reason), (1, 3));
    assert_eq!(market.reserve(eth).price.median.0, 2_000 * WAD);
    market.world.advance(super::fixture::SKEW.into()).unwrap();
    let stranger = market.user("stranger");
    let call = PriceFeed::pushCall { pool: market.pool, assets: vec![eth] };
    market.world.send(&stranger, feed.at, &call).unwrap();
    assert_eq!(market.reserve(eth).price.median.0, 2_100 * WAD);
}

#[test]
fn an_asset_that_the_pool_does_not_list_holds_nothing_back() {
    let (mut market, feed) = told();
    let eth = market.eth;
    feed.add(&mut market.world, asset(1));
    let time = now(&mut market.world);
    let reports = [(asset(1), WAD, time), (eth, 2_050 * WAD, time)];
    let receipt = feed.try_report(&mut market.world, 0, &reports).unwrap();
    // Reason 1: not listed.
    let ignored = receipt.logs::<Pool::PriceIgnored>();
    assert_eq!((ignored.len(), ignored[0].1.asset, ignored[0].1.reason), (1, asset(1), 1));
    assert_eq!(market.reserve(eth).price.median.0, 2_050 * WAD);
}

#[test]
fn push_refuses_strange_assets_and_too_many() {
    let (mut market, feed) = told();
    let stranger = market.user("stranger");
    let pool = market.pool;
    let call = PriceFeed::pushCall { pool, assets: vec![asset(9)] };
    let unknown = PriceFeed::UnknownAsset { asset: word(asset(9)), _1: U256::ZERO };
    refused(market.world.send(&stranger, feed.at, &call), &unknown);
    let call = PriceFeed::pushCall { pool, assets: vec![market.eth; 33] };
    let many = PriceFeed::TooManyReports { given: U256::from(33), allowed: U256::from(32) };
    refused(market.world.send(&stranger, feed.at, &call), &many);
    let call = PriceFeed::pushCall { pool, assets: Vec::new() };
    assert_eq!(market.world.send(&stranger, feed.at, &call).unwrap().receipt.events, []);
}

#[test]
fn a_pool_that_left_is_told_nothing() {
    let (mut market, feed) = told();
    let (eth, pool) = (market.eth, market.pool);
    feed.govern(&mut market.world, &PriceFeed::unsubscribeCall { pool }).unwrap();
    let receipt = report(&mut market, &feed, eth, 2_100 * WAD);
    assert!(receipt.logs::<Pool::PriceAccepted>().is_empty());
    assert_eq!(market.reserve(eth).price.median.0, 2_000 * WAD);
}
