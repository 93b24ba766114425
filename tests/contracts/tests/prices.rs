//! What the pool takes from its feed, and what it ignores.

use crate::market::{Market, WAD, parameters, refusal};
use alloy_primitives::Address;
use weir_abi::Pool;

#[test]
fn a_price_is_stored_and_told() {
    let mut market = Market::new();
    let (eth, usd) = (market.eth, market.usd);
    market.world.advance(10).unwrap();
    let first = Pool::PricePush {
        downBps: 25,
        upBps: 40,
        volatilityBps: 6_000,
        ..market.push(eth, 1_900 * WAD)
    };
    let second = market.push(usd, WAD);
    let receipt = market.on_prices(vec![first.clone(), second]).unwrap();
    let accepted = receipt.logs::<Pool::PriceAccepted>();
    assert_eq!(accepted.len(), 2);
    let event = Pool::PriceAccepted {
        asset: eth,
        median: 1_900 * WAD,
        downBps: 25,
        upBps: 40,
        time: first.time,
        round: first.round,
        status: 1,
        volatilityBps: 6_000,
    };
    assert_eq!(accepted[0], (market.pool, event));
    let price = market.reserve(eth).price;
    assert_eq!((price.median.0, price.down.0, price.up.0), (1_900 * WAD, 25, 40));
    assert_eq!((price.time.0, price.round), (first.time, first.round));
    assert_eq!((price.status.code(), price.volatility.0), (1, 6_000));
    // No interest is booked by a push.
    let now = u32::try_from(market.world.now()).unwrap();
    assert_eq!(market.reserve(eth).last_accrual.0, now - 10);
}

#[test]
fn only_the_feed_pushes() {
    let mut market = Market::new();
    let governor = market.governor.clone();
    let prices = vec![market.push(market.eth, WAD)];
    let refused = refusal(market.send(&governor, &Pool::onPricesCall { prices }));
    let (caller, feed) = (governor.address, market.feed.address);
    assert_eq!(refused, format!("NotFeed (caller {caller}, feed {feed})"));
}

#[test]
fn what_makes_no_sense_is_ignored_with_its_reason() {
    let mut market = Market::new();
    let eth = market.eth;
    market.price(eth, 2_000 * WAD);
    let last = market.push(eth, 2_100 * WAD);
    let cases = [
        (1, Pool::PricePush { asset: Address::repeat_byte(9), ..last }),
        // The last round once more.
        (2, Pool::PricePush { round: last.round - 1, ..last }),
        (2, Pool::PricePush { time: last.time - 1, ..last }),
        (3, Pool::PricePush { time: last.time + 1, ..last }),
        (4, Pool::PricePush { median: 0, ..last }),
        (4, Pool::PricePush { downBps: 10_000, ..last }),
        (4, Pool::PricePush { status: 0, ..last }),
        // A cap of 10^9 tokens at 400,000 USD is 4 · 10^14 USD; 2^108 / 10^18 = 3.2 · 10^14 is too much.
        (5, Pool::PricePush { median: 400_000 * WAD, ..last }),
    ];
    let before = market.reserve(eth);
    for (reason, push) in cases {
        let Pool::PricePush { asset, median, time, round, .. } = push;
        let receipt = market.on_prices(vec![push]).unwrap();
        let event = Pool::PriceIgnored { asset, median, time, round, reason };
        assert_eq!(receipt.logs::<Pool::PriceIgnored>(), [(market.pool, event)]);
        assert_eq!(market.reserve(eth), before, "reason {reason}");
    }
    // One bad price holds no other back.
    let bad = Pool::PricePush { median: 0, ..last };
    let receipt = market.on_prices(vec![bad, last]).unwrap();
    assert_eq!(receipt.logs::<Pool::PriceAccepted>().len(), 1);
}

#[test]
fn a_status_that_does_not_exist_is_malformed() {
    let mut market = Market::new();
    let strange = Pool::PricePush { status: 5, ..market.push(market.eth, WAD) };
    assert_eq!(refusal(market.on_prices(vec![strange])), "malformed");
}

#[test]
fn all_reserves_in_one_push() {
    let mut market = Market::bare();
    let tokens: Vec<_> = (0..32).map(|_| market.token(6)).collect();
    for token in &tokens {
        market.list(*token, parameters()).unwrap();
    }
    let prices = tokens.iter().map(|token| market.push(*token, WAD)).collect();
    let receipt = market.on_prices(prices).unwrap();
    assert_eq!(receipt.logs::<Pool::PriceAccepted>().len(), 32);
}
