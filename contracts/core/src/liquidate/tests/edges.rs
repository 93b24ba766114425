//! One unit to either side of a bound.

use super::borrower_at;
use crate::{
    error::Code,
    liquidate::Order,
    state::Flags,
    submit::Kind,
    testkit::*,
    units::{Assets, Bps},
};

/// 10 ETH at 1 650 dollars bear a bonus of 10 % on all of the 15 000, and the target asks for all: 14 990 leave 10 dollars
/// of debt, which is dust to the cent, and 16 500 − 14 990 · 1.1 = 11 dollars of collateral.
#[test]
fn exactly_dust_may_be_left() {
    let bounded = |max_repay| {
        let order = Order { max_repay: Assets(max_repay), ..order(ALICE, USDC, ETH) };
        borrower_at(1_650).liquidate(BOB, &order)
    };
    let paid = bounded(14_990 * ONE_USDC).unwrap().repay;
    assert_eq!(paid, Assets(14_990 * ONE_USDC));
    let refused = bounded(14_990 * ONE_USDC + 1);
    assert_eq!(words(refused), (Code::DustLeft, 15_000 * ONE_USDC, 14_990 * ONE_USDC + 1));
}

/// Whoever has debt and nothing else that counts may take an isolated collateral: it stands alone.
#[test]
fn shares_that_arrive_alone_break_no_isolation() {
    for alone in [true, false] {
        let mut pool = borrower_at(1_500);
        pool.supply(CAROL, DOT, 2_000 * ONE_DOT).unwrap();
        pool.borrow(CAROL, USDC, 1_000 * ONE_USDC).unwrap();
        pool.change(ETH, |reserve| reserve.flags.set(Flags::ISOLATED));
        if alone {
            pool.change(DOT, |reserve| {
                reserve.risk.threshold.from = Bps(0);
                reserve.risk.threshold.target = Bps(0);
            });
        }
        let order = Order { receive_shares: true, ..order(ALICE, USDC, ETH) };
        pool.liquidate(CAROL, &order).unwrap();
        let leg = *pool.account(CAROL).supply(crate::state::ReserveId(2)).unwrap();
        assert_eq!(leg.opted_out, !alone);
        // And it is his to take as it is.
        assert!(!leg.shares.is_zero());
        assert!(alone || pool.act(CAROL, Kind::Repay, USDC, 1_000 * ONE_USDC).is_ok());
    }
}

/// What is left covers the debt that is left to the unit: nobody forfeits anything and nothing is written off. 0.1 ETH at
/// 1 020 dollars are 100 USDC and the smallest bonus, so both are gone afterwards; 1 DOT stands against 1 DOT.
#[test]
fn dust_that_equals_the_debt_is_not_forfeited() {
    let mut pool = Pool::new();
    pool.act(ALICE, Kind::Protect, ETH, ONE_ETH / 5).unwrap();
    pool.act(ALICE, Kind::Protect, DOT, ONE_DOT).unwrap();
    pool.borrow(ALICE, USDC, 100 * ONE_USDC).unwrap();
    pool.borrow(ALICE, DOT, 20 * ONE_DOT).unwrap();
    pool.act(ALICE, Kind::Repay, DOT, 19 * ONE_DOT).unwrap();
    pool.act(ALICE, Kind::Unprotect, ETH, ONE_ETH / 10).unwrap();
    pool.price(ETH, 1_020 * USD);
    let outcome = pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    assert_eq!(outcome.repay, Assets(100 * ONE_USDC));
    assert_eq!(outcome.event.seized_protected, Assets(ONE_ETH / 10));
    let data = pool.host.account_data(&ALICE).unwrap();
    assert_eq!((data.collateral_value.0, data.debt_value.0), (5 * USD, 5 * USD));
}
