//! What a report costs, and whether the deployment's budget for a push is enough.

use super::fixture::{Feed, now};
use crate::market::{Market, WAD};
use alloy_primitives::Address;
use weir_abi::feed::{PUSH_PROOF_SIZE, PUSH_REF_TIME};
use weir_abi::{Pool, PriceFeed};
use weir_harness::Weight;

/// A pool with 32 reserves and a feed that knows all of them.
fn full() -> (Market, Feed, Vec<Address>) {
    let mut market = Market::new();
    let mut tokens = vec![market.usd, market.eth, market.dot];
    while tokens.len() < 32 {
        let token = market.token(6);
        market.list(token, crate::market::parameters()).unwrap();
        tokens.push(token);
    }
    let feed = Feed::new(&mut market.world, 1, 1);
    for token in &tokens {
        feed.add(&mut market.world, *token);
    }
    market.set_feed(feed.at);
    market.world.advance(60).unwrap();
    (market, feed, tokens)
}

#[test]
fn the_deployments_budget_pays_for_32_prices_and_half_as_many_again() {
    let (mut market, feed, tokens) = full();
    let budget = Weight { ref_time: PUSH_REF_TIME, proof_size: PUSH_PROOF_SIZE };
    // The same push by an account that plays the feed: all of it is the pool's cost, and the base of a call on top.
    let player = market.feed.clone();
    let start = market.world.snapshot();
    market.set_feed(player.address);
    let prices = tokens.iter().map(|token| market.push(*token, 3 * WAD)).collect();
    let receipt = market.on_prices(prices).unwrap();
    assert_eq!(receipt.logs::<Pool::PriceAccepted>().len(), 32);
    let cost = receipt.weight;
    println!("onPrices of 32 prices: {cost:?}, budget {budget:?}");
    assert!(budget.ref_time >= cost.ref_time * 3 / 2, "{budget:?} for {cost:?}");
    assert!(budget.proof_size >= cost.proof_size * 3 / 2, "{budget:?} for {cost:?}");
    market.world.restore(&start);
    feed.subscribe(&mut market.world, market.pool, (budget.ref_time, budget.proof_size));
    for count in [1, 3, 32] {
        let before = market.world.snapshot();
        let time = now(&mut market.world);
        let reports: Vec<_> = tokens[..count].iter().map(|token| (*token, 3 * WAD, time)).collect();
        let receipt = feed.try_report(&mut market.world, 0, &reports).unwrap();
        println!("report of {count}: {:?}, required {:?}", receipt.weight, receipt.weight_required);
        assert_eq!(receipt.logs::<PriceFeed::RoundAccepted>().len(), count);
        assert_eq!(receipt.logs::<Pool::PriceAccepted>().len(), count);
        // It fits into a block with what the feed reserves for four pools.
        let largest = market.world.limits().weight;
        let others = 3 * budget.ref_time;
        assert!(receipt.weight.ref_time + others < largest.ref_time, "{count} assets");
        market.world.restore(&before);
    }
}
