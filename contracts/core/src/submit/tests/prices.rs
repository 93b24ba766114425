//! Which operation needs which price (I-OR-01): the table of `crate::pricing`, cell by cell.

use crate::{
    error::Code,
    feed::{Push, Status},
    submit::{ALL, Kind},
    testkit::*,
    units::{Bps, Price},
};

/// Alice: 10 ETH and 100 DOT of collateral, some of it protected; 1 000 USDC of debt. Bob: no debt.
fn pool() -> Pool {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.act(ALICE, Kind::Protect, ETH, ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    pool.supply(BOB, ETH, ONE_ETH).unwrap();
    pool.act(BOB, Kind::Protect, ETH, ONE_ETH).unwrap();
    pool
}

/// What a state of the prices does to operations with risk.
fn check(pool: &Pool, expected: Option<(Code, u128)>) {
    let with_risk = [
        (Kind::Borrow, USDC, 100 * ONE_USDC),
        (Kind::Withdraw, ETH, 1),
        (Kind::Unprotect, ETH, 1),
        (Kind::SetCollateral, ETH, 0),
        (Kind::SetCategory, ETH, 0),
    ];
    for (kind, asset, amount) in with_risk {
        let result = pool.clone().act(ALICE, kind, asset, amount);
        match expected {
            // Opting all collateral out is refused for its own reason where the prices are fit.
            None if kind == Kind::SetCollateral => {
                assert_eq!(code(result), Code::InsufficientCollateral);
            }
            None => assert!(result.is_ok(), "{kind:?} {result:?}"),
            // Without any collateral that counts, the price of it is not asked for.
            Some((_, 2)) if kind == Kind::SetCollateral => {}
            Some((code, reserve)) => {
                let refused = words(result);
                assert_eq!((refused.0, refused.1), (code, reserve), "{kind:?}");
            }
        }
    }
    let without_risk = [
        (ALICE, Kind::Supply, 5),
        (ALICE, Kind::Protect, 5),
        (BOB, Kind::Withdraw, ALL.0),
        (BOB, Kind::Unprotect, ALL.0),
        (BOB, Kind::SetCollateral, 0),
        (BOB, Kind::SetCategory, 3),
    ];
    for (who, kind, amount) in without_risk {
        let result = pool.clone().act(who, kind, ETH, amount);
        assert!(result.is_ok(), "{kind:?} {result:?}");
    }
    pool.clone().act(ALICE, Kind::Repay, USDC, ALL.0).unwrap();
}

#[test]
fn fresh_prices_let_all_through() {
    check(&pool(), None);
}

#[test]
fn a_stale_price_refuses_new_risk_only() {
    let mut pool = pool();
    pool.host.advance(600);
    check(&pool, None);
    pool.host.advance(1);
    pool.price(USDC, USD);
    check(&pool, Some((Code::PriceStale, 2)));
    pool.price(ETH, 2_000 * USD);
    check(&pool, None);
    pool.host.advance(601);
    pool.price(ETH, 2_000 * USD);
    check(&pool, Some((Code::PriceStale, 0)));
}

#[test]
fn a_status_that_is_not_ok_refuses_new_risk_only() {
    for status in [Status::Suspect, Status::Confirmed, Status::Frozen] {
        let mut pool = pool();
        pool.push(ETH, Push { median: Price(2_000 * USD), status, ..Push::default() });
        check(&pool, Some((Code::PriceNotUsable, 2)));
    }
}

#[test]
fn a_reserve_without_price_supports_no_risk() {
    let mut pool = pool();
    pool.change(USDC, |reserve| reserve.price = Push::default());
    check(&pool, Some((Code::PriceMissing, 0)));
}

#[test]
fn collateral_counts_at_its_low_price_and_debt_at_its_high_one() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    let (status, bps) = (Status::Ok, Bps(500));
    pool.push(ETH, Push { median: Price(2_000 * USD), down: bps, status, ..Push::default() });
    // 10 · 1 900 · 75 % = 14 250.
    assert_eq!(
        code(pool.clone().borrow(ALICE, USDC, 14_250 * ONE_USDC + 1)),
        Code::InsufficientCollateral
    );
    pool.clone().borrow(ALICE, USDC, 14_250 * ONE_USDC).unwrap();
    pool.push(USDC, Push { median: Price(USD), up: bps, status, ..Push::default() });
    // 14 250 / 1.05 = 13 571.428571…
    pool.clone().borrow(ALICE, USDC, 13_571_428_571).unwrap();
    assert_eq!(words(pool.borrow(ALICE, USDC, 13_571_428_572)).0, Code::InsufficientCollateral);
}

#[test]
fn collateral_that_supports_nothing_needs_no_price() {
    let mut pool = pool();
    pool.supply(ALICE, DOT, 100 * ONE_DOT).unwrap();
    pool.change(DOT, |reserve| {
        reserve.risk.ltv = Bps(0);
        reserve.price = Push::default();
    });
    pool.borrow(ALICE, USDC, 100 * ONE_USDC).unwrap();
}
