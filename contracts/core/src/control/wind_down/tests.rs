#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::{
    listing::reconfigure,
    submit::Kind,
    testkit::*,
    units::{Assets, Wad},
};

const HOUR: u32 = 3_600;

/// Alice owes 10,000 USDC against 10 ETH of 2,000 USD, and Bob 100 DOT against dollars; ETH is wound down.
fn winding(asset: Address) -> Pool {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 10_000 * ONE_USDC).unwrap();
    pool.supply(BOB, USDC, 1_000 * ONE_USDC).unwrap();
    pool.borrow(BOB, DOT, 100 * ONE_DOT).unwrap();
    let health = pool.health(ALICE);
    let governor = pool.root.govern(&GOVERNOR).unwrap();
    wind_down(&mut pool.host, &pool.root, governor, &asset).unwrap();
    // I-CTL-05: nobody is nearer to his liquidation in the same block.
    assert_eq!(pool.health(ALICE), health);
    pool
}

fn settle(pool: &mut Pool, asset: Address, price: u128) -> Result<(), Refusal> {
    let governor = pool.root.govern(&GOVERNOR).unwrap();
    set_final_price(&mut pool.host, &pool.root, governor, &asset, Price(price))
}

#[test]
fn s_ctl_10_a_reserve_in_wind_down_is_closed_and_can_be_left() {
    let mut pool = winding(ETH);
    assert_eq!(code(pool.supply(CAROL, ETH, ONE_ETH)), Code::Frozen);
    assert_eq!(code(pool.act(CAROL, Kind::Protect, ETH, 1)), Code::Frozen);
    assert_eq!(code(pool.borrow(BOB, ETH, ONE_ETH / 10)), Code::NotBorrowable);
    assert_eq!(code(pool.borrow(ALICE, USDC, 200 * ONE_USDC)), Code::InsufficientCollateral);
    let governor = pool.root.govern(&GOVERNOR).unwrap();
    let again = wind_down(&mut pool.host, &pool.root, governor, &ETH);
    assert_eq!(code(again), Code::WoundUpReserve);
    let changed = reconfigure(&mut pool.host, &pool.root, &ETH, &config(7_500, 8_000));
    assert_eq!(code(changed), Code::WoundUpReserve);
    // Suppliers leave, and so does whoever pays back.
    pool.act(DAVE, Kind::Withdraw, ETH, ONE_ETH).unwrap();
    pool.act(ALICE, Kind::Repay, USDC, Assets::MAX.0).unwrap();
    pool.act(ALICE, Kind::Withdraw, ETH, Assets::MAX.0).unwrap();
}

/// 80 % go in 80 hours, a percentage point each.
#[test]
fn s_ctl_10_the_threshold_of_a_wind_down_ramps_to_nothing() {
    let mut pool = winding(ETH);
    let threshold = |pool: &Pool| pool.reserve(ETH).risk.threshold_at(0, pool.host.time());
    assert_eq!(threshold(&pool), Bps(8_000));
    pool.advance(10 * HOUR);
    assert_eq!(threshold(&pool), Bps(7_000));
    pool.advance(70 * HOUR - 1);
    assert_eq!(threshold(&pool), Bps(1));
    pool.advance(1);
    assert_eq!(threshold(&pool), Bps(0));
}

/// The debts of a reserve whose feed is gone are settled at its final price.
#[test]
fn s_ctl_10_a_final_price_settles_what_is_left_after_a_week() {
    let mut pool = winding(DOT);
    let start = pool.host.time().0;
    let early = words(settle(&mut pool, DOT, 4 * USD));
    assert_eq!(early, (Code::NotYet, u128::from(start + FINAL_PRICE_DELAY), 0));
    assert_eq!(words(settle(&mut pool, USDC, USD)), (Code::NotYet, 0, 0));
    pool.advance(FINAL_PRICE_DELAY - 1);
    assert_eq!(code(settle(&mut pool, DOT, 4 * USD)), Code::NotYet);
    pool.advance(1);
    assert_eq!(code(settle(&mut pool, DOT, 0)), Code::BadParameter);
    settle(&mut pool, DOT, 4 * USD).unwrap();
    // Once: no feed's price and no other of the governor's comes after it, and it is never too old.
    assert_eq!(code(settle(&mut pool, DOT, 5 * USD)), Code::BadParameter);
    pool.advance(1_000 * 24 * HOUR);
    pool.prices([USD, 9 * USD, 2_000 * USD]);
    let price = pool.reserve(DOT).price;
    assert_eq!((price.median, price.down, price.up), (Price(4 * USD), Bps(0), Bps(0)));
    pool.act(BOB, Kind::Withdraw, USDC, ONE_USDC).unwrap();
}

/// A final price far above the last one makes Bob liquidatable, after the time that a pause would give him.
#[test]
fn a_final_price_gives_borrowers_time() {
    let mut pool = winding(DOT);
    pool.advance(FINAL_PRICE_DELAY);
    pool.prices([USD, 5 * USD, 2_000 * USD]);
    settle(&mut pool, DOT, 10 * USD).unwrap();
    // 1,000 dollars at 85 % for 100 DOT of 10 dollars and a week's interest.
    assert!(Wad(pool.health(BOB)) < crate::health::HEALTHY);
    let order = order(BOB, DOT, USDC);
    assert_eq!(code(pool.liquidate(ALICE, &order)), Code::Grace);
    pool.advance(MAX_GRACE);
    pool.prices([USD, 5 * USD, 2_000 * USD]);
    pool.liquidate(ALICE, &order).unwrap();
}
