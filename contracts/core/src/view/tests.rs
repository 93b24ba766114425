#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::*;
use crate::{
    error::Code,
    submit::Kind,
    testkit::*,
    units::{Assets, Value},
};

/// 10 ETH at 2 000 dollars and 100 DOT at 5, opted out, against 9 000 USDC and 200 DOT of debt.
fn pool() -> Pool {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 9 * ONE_ETH).unwrap();
    pool.act(ALICE, Kind::Protect, ETH, ONE_ETH).unwrap();
    pool.supply(ALICE, DOT, 100 * ONE_DOT).unwrap();
    pool.act(ALICE, Kind::SetCollateral, DOT, 0).unwrap();
    pool.borrow(ALICE, USDC, 9_000 * ONE_USDC).unwrap();
    pool.borrow(ALICE, DOT, 200 * ONE_DOT).unwrap();
    pool
}

#[test]
fn an_account_in_figures() {
    let mut pool = pool();
    let data = pool.host.account_data(&ALICE).unwrap();
    assert_eq!(data.collateral_value, Value(20_000 * USD));
    assert_eq!(data.debt_value, Value(10_000 * USD));
    assert_eq!(data.borrow_capacity, Value(15_000 * USD));
    assert_eq!(data.health_factor.0, 1_600_000_000_000_000_000);
    assert!(!data.liquidatable);
    assert_eq!(data.account.version, 6);
    let legs = data.legs();
    assert_eq!(legs.len(), 3);
    assert_eq!(
        (legs[0].token, legs[0].supplied, legs[0].protected, legs[0].collateral),
        (ETH, Assets(9 * ONE_ETH), Assets(ONE_ETH), true)
    );
    assert_eq!(
        (legs[1].token, legs[1].supplied, legs[1].owed, legs[1].collateral),
        (DOT, Assets(100 * ONE_DOT), Assets(200 * ONE_DOT), false)
    );
    assert_eq!((legs[2].token, legs[2].owed), (USDC, Assets(9_000 * ONE_USDC)));
}

/// At 1 250 dollars 10 ETH · 80 % are 10 000. A debt of 200 DOT may grow by 6 000 dollars: 35 each; one of 9 000 USDC
/// to 15 000: 1.666….
#[test]
fn liquidation_prices_are_where_the_health_is_one() {
    let mut pool = pool();
    let data = pool.host.account_data(&ALICE).unwrap();
    let prices: std::vec::Vec<_> = data.legs().iter().map(|leg| leg.liquidation_price.0).collect();
    assert_eq!(prices, [1_250 * USD, 35 * USD, USD * 5 / 3]);
    for (token, price) in [(ETH, prices[0]), (DOT, prices[1]), (USDC, prices[2])] {
        let mut at = pool.clone();
        at.price(token, price);
        assert!(at.health(ALICE) >= USD, "{token:?}");
        let beyond = if token == ETH { price - 2 } else { price + 2 };
        at.price(token, beyond);
        assert!(at.host.account_data(&ALICE).unwrap().liquidatable, "{token:?}");
    }
}

#[test]
fn whoever_owes_nothing_has_no_liquidation_price() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, ONE_ETH).unwrap();
    let data = pool.host.account_data(&ALICE).unwrap();
    assert_eq!(data.health_factor, Wad::MAX);
    assert_eq!(data.legs()[0].liquidation_price, Price(0));
    let nobody = pool.host.account_data(&BOB).unwrap();
    assert!(nobody.legs().is_empty() && !nobody.liquidatable);
}

#[test]
fn old_prices_are_shown_and_support_nothing() {
    let mut pool = pool();
    pool.host.advance(1_000);
    let data = pool.host.account_data(&ALICE).unwrap();
    assert_eq!(data.borrow_capacity, Value(0));
    assert_eq!(data.collateral_value.0 / USD, 20_000);
}

#[test]
fn a_reserve_in_figures() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 400 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 400_000 * ONE_USDC).unwrap();
    let root = pool.root;
    let data = reserve_data(&mut pool.host, &root, &USDC).unwrap();
    // 40 % of utilisation is half of the first slope of 4 %; suppliers get 90 % of 40 % of it.
    let about = |wad: Wad, expected: u128| wad.0.abs_diff(expected) < 100_000_000;
    assert!(about(data.utilisation, 400_000_000_000_000_000 - 400_000_000), "{data:?}");
    assert!(about(data.borrow_rate, 20_000_000_000_000_000), "{data:?}");
    assert!(about(data.supply_rate, 7_200_000_000_000_000), "{data:?}");
    assert_eq!(code(reserve_data(&mut pool.host, &root, &BOB)), Code::UnknownAsset);
    // Looking books nothing.
    pool.host.advance(1_000);
    let before = pool.host.items().clone();
    let later = reserve_data(&mut pool.host, &root, &USDC).unwrap();
    assert!(later.reserve.balances.debt.assets > data.reserve.balances.debt.assets);
    assert_eq!(*pool.host.items(), before);
}
