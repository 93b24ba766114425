//! Who can be liquidated, when, and at which prices.

use super::{borrower, borrower_at};
use crate::{
    address::Address,
    error::Code,
    feed::{Push, Status},
    state::{
        Flags,
        pause::{Pause, operation},
    },
    submit::Kind,
    testkit::*,
    units::{Assets, Price, Timestamp},
};

/// I-LQ-01: exactly 1 is healthy; the smallest step below is not.
#[test]
fn a_health_factor_of_one_is_healthy() {
    let mut pool = borrower();
    pool.price(ETH, 1_875 * USD);
    assert_eq!(words(pool.liquidate(BOB, &order(ALICE, USDC, ETH))), (Code::Healthy, USD, 0));
    pool.price(ETH, 1_875 * USD - 1);
    pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
}

#[test]
fn whoever_owes_nothing_is_healthy() {
    let mut pool = borrower_at(1_000);
    assert_eq!(words(pool.liquidate(BOB, &order(ALICE, DOT, ETH))), (Code::NothingOwed, 1, 0));
    assert_eq!(words(pool.liquidate(BOB, &order(ALICE, USDC, DOT))), (Code::NothingToSeize, 1, 0));
    assert_eq!(code(pool.liquidate(BOB, &order(CAROL, USDC, ETH))), Code::NothingOwed);
    assert_eq!(code(pool.liquidate(ALICE, &order(ALICE, USDC, ETH))), Code::SelfLiquidation);
    let stranger = Address([0x77; 20]);
    assert_eq!(code(pool.liquidate(BOB, &order(ALICE, stranger, ETH))), Code::UnknownAsset);
    let mut nothing = order(ALICE, USDC, ETH);
    nothing.max_repay = Assets(0);
    assert_eq!(code(pool.liquidate(BOB, &nothing)), Code::ZeroAmount);
}

/// I-LQ-01: the two reserves need a price that is fit, each by its own name.
#[test]
fn the_prices_of_both_reserves_have_to_be_fit() {
    for (token, reserve) in [(USDC, 0), (ETH, 2)] {
        for status in [Status::Suspect, Status::Frozen] {
            let mut pool = borrower_at(1_500);
            let median = pool.reserve(token).price.median;
            pool.push(token, Push { median, status, ..Push::default() });
            let result = pool.liquidate(BOB, &order(ALICE, USDC, ETH));
            assert_eq!(words(result), (Code::PriceNotUsable, reserve, u128::from(status.code())));
        }
        let mut pool = borrower_at(1_500);
        let median = pool.reserve(token).price.median;
        pool.push(token, Push { median, status: Status::Confirmed, ..Push::default() });
        pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
        let mut pool = borrower_at(1_500);
        pool.change(token, |reserve| reserve.price = Push::default());
        let result = pool.liquidate(BOB, &order(ALICE, USDC, ETH));
        assert_eq!(words(result), (Code::PriceMissing, reserve, 0));
    }
}

#[test]
fn a_price_for_a_liquidation_may_be_older() {
    let mut pool = borrower_at(1_500);
    pool.host.advance(3_600);
    pool.clone().liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    pool.host.advance(1);
    pool.price(USDC, USD);
    assert_eq!(words(pool.liquidate(BOB, &order(ALICE, USDC, ETH))), (Code::PriceStale, 2, 3_601));
}

/// I-LQ-01: another leg without a usable price gets the benefit of the doubt, and cannot shield the account for more.
#[test]
fn other_legs_without_a_price_get_the_benefit_of_the_doubt() {
    let mut pool = borrower();
    // 200 DOT, 1 000 dollars at 75 %: 750, and twice that with doubt.
    pool.supply(ALICE, DOT, 200 * ONE_DOT).unwrap();
    let suspect = Push { median: Price(5 * USD), status: Status::Suspect, ..Push::default() };
    // ETH at 1 781.25: 14 250 + 750 = 15 000, exactly healthy.
    pool.price(ETH, 1_781 * USD);
    let fit = pool.clone().liquidate(BOB, &order(ALICE, USDC, ETH));
    assert!(fit.is_ok());
    pool.push(DOT, suspect);
    assert_eq!(code(pool.clone().liquidate(BOB, &order(ALICE, USDC, ETH))), Code::Healthy);
    // 13 500 by ETH are missed by 1 500 of DOT at twice its price, to the dollar: 1 687.5 · 8.
    pool.price(ETH, 1_687 * USD);
    assert!(pool.liquidate(BOB, &order(ALICE, USDC, ETH)).is_ok());
    // A debt with doubt counts half.
    let mut pool = borrower();
    pool.borrow(DAVE, DOT, 1_000 * ONE_DOT).unwrap();
    pool.supply(ALICE, ETH, 2 * ONE_ETH).unwrap();
    pool.borrow(ALICE, DOT, 400 * ONE_DOT).unwrap();
    // 12 ETH: 9 600 · p weighted against 15 000 + 2 000.
    pool.price(ETH, 1_700 * USD);
    pool.clone().liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    pool.push(DOT, suspect);
    assert_eq!(code(pool.liquidate(BOB, &order(ALICE, USDC, ETH))), Code::Healthy);
}

#[test]
fn one_unit_of_a_dead_asset_shields_nobody() {
    let mut pool = borrower();
    pool.supply(ALICE, DOT, 1).unwrap();
    pool.change(DOT, |reserve| reserve.price.status = Status::Frozen);
    pool.price(ETH, 1_800 * USD);
    pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
}

#[test]
fn a_pause_stops_liquidation_and_gives_time_afterwards() {
    let until = Timestamp(START.0 + 1_000);
    let pause = Pause { operations: operation::LIQUIDATE, from: START, until };
    for place in 0..3 {
        let mut pool = borrower_at(1_500);
        match place {
            0 => pool.root.pause = pause,
            1 => pool.change(USDC, |reserve| reserve.pause = pause),
            _ => pool.change(ETH, |reserve| reserve.pause = pause),
        }
        let refused = words(pool.liquidate(BOB, &order(ALICE, USDC, ETH)));
        assert_eq!(refused, (Code::Paused, 8, u128::from(until.0)));
        pool.host.advance(1_000);
        let refused = words(pool.liquidate(BOB, &order(ALICE, USDC, ETH)));
        assert_eq!(refused, (Code::Grace, u128::from(until.0) + 1_000, 0));
        pool.host.advance(1_000);
        pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    }
}

/// I-LQ-09: nothing else of the account or of the reserves holds a liquidation back.
#[test]
fn frozen_and_capped_reserves_are_liquidated() {
    let mut pool = borrower_at(1_500);
    for token in TOKENS {
        pool.change(token, |reserve| {
            reserve.flags.set(Flags::FROZEN);
            reserve.limits = Default::default();
            reserve.pause.operations = operation::ALL & !operation::LIQUIDATE;
            reserve.pause.until = Timestamp(u32::MAX);
        });
    }
    pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
}

#[test]
fn what_does_not_count_is_seized_last_and_for_the_smallest_bonus() {
    let mut pool = borrower();
    pool.supply(ALICE, DOT, 2_000 * ONE_DOT).unwrap();
    pool.act(ALICE, Kind::SetCollateral, DOT, 0).unwrap();
    pool.price(ETH, 1_400 * USD);
    assert_eq!(words(pool.liquidate(BOB, &order(ALICE, USDC, DOT))), (Code::NothingToSeize, 1, 0));
    // 14 000 dollars of ETH do not pay for 15 000: all of it goes, at the smallest bonus.
    let first = pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    assert_eq!(first.event.seized_assets, Assets(10 * ONE_ETH));
    assert!(pool.account(ALICE).has_debt(), "there is recourse left");
    let second = pool.liquidate(BOB, &order(ALICE, USDC, DOT)).unwrap();
    assert_eq!(second.event.bonus.0, USD / 50);
    assert!(!pool.account(ALICE).has_debt());
    // 15 000 − 14 000/1.02 = 1 274.51 dollars of debt: 260 DOT with the bonus.
    assert!(second.event.seized_assets.0.abs_diff(260 * ONE_DOT) < ONE_DOT / 1_000);
}

/// F-11: 10 ETH carry 15 000 USDC; at 1 400 dollars the ETH is gone and some 1 275 dollars are owed. The 10 000 dollars
/// of DOT that never counted are the next to be seized, so they stay, by whatever message and under whatever top-up that
/// does not pay for the debt.
#[test]
fn a_bankrupt_borrower_takes_out_nothing_before_recourse_does() {
    let mut pool = borrower();
    pool.supply(ALICE, DOT, 1_000 * ONE_DOT).unwrap();
    pool.act(ALICE, Kind::Protect, DOT, 1_000 * ONE_DOT).unwrap();
    pool.act(ALICE, Kind::SetCollateral, DOT, 0).unwrap();
    // As long as she is healthy it is hers to take.
    pool.act(ALICE, Kind::Withdraw, DOT, ONE_DOT).unwrap();
    pool.act(ALICE, Kind::Unprotect, DOT, ONE_DOT).unwrap();
    pool.price(ETH, 1_400 * USD);
    // 10 · 1 400 · 80 % against 15 000: unhealthy, though there is collateral yet.
    let short = (Code::InsufficientCollateral, 11_200 * USD, 15_000 * USD);
    assert_eq!(words(pool.act(ALICE, Kind::Withdraw, DOT, 1)), short);
    assert_eq!(words(pool.act(ALICE, Kind::Unprotect, DOT, 1)), short);
    pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    for kind in [Kind::Withdraw, Kind::Unprotect] {
        let (code, supported, _) = words(pool.act(ALICE, kind, DOT, ONE_DOT));
        assert_eq!((code, supported), (Code::InsufficientCollateral, 0));
    }
    // A dollar of collateral that counts frees nothing.
    pool.supply(ALICE, USDC, ONE_USDC).unwrap();
    assert_eq!(code(pool.act(ALICE, Kind::Withdraw, DOT, ONE_DOT)), Code::InsufficientCollateral);
    // What is opted out already may be opted out again; nothing leaves by that.
    pool.act(ALICE, Kind::SetCollateral, DOT, 0).unwrap();
    // The price does not matter for whoever pays what he owes.
    pool.host.advance(1_000_000);
    pool.act(ALICE, Kind::Repay, USDC, u128::MAX).unwrap();
    pool.act(ALICE, Kind::Withdraw, DOT, u128::MAX).unwrap();
    pool.act(ALICE, Kind::Unprotect, DOT, u128::MAX).unwrap();
}

/// F-11: what has no threshold is seizable by recourse as what is opted out is.
#[test]
fn what_has_no_threshold_leaves_a_healthy_account_and_no_other() {
    let mut pool = borrower();
    pool.supply(ALICE, DOT, 1_000 * ONE_DOT).unwrap();
    pool.change(DOT, |reserve| {
        reserve.risk.threshold.target = crate::units::Bps(0);
        reserve.risk.threshold.from = crate::units::Bps(0);
    });
    pool.act(ALICE, Kind::Withdraw, DOT, ONE_DOT).unwrap();
    pool.price(ETH, 1_400 * USD);
    assert_eq!(code(pool.act(ALICE, Kind::Withdraw, DOT, ONE_DOT)), Code::InsufficientCollateral);
}
