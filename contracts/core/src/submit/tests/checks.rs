//! Health, isolation, category, smallest debts: on the final state.

use crate::{
    address::Address,
    config::{CategoryConfig, ReserveConfig},
    error::Code,
    state::{
        Flags,
        pause::{Pause, operation},
    },
    submit::{ALL, Action, Kind},
    testkit::*,
    units::{Bps, Timestamp},
};

/// 10 ETH support 10 · 2 000 · 75 % = 15 000 dollars, to the unit.
#[test]
fn a_borrow_goes_up_to_the_ltv() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    assert_eq!(
        words(pool.borrow(ALICE, USDC, 15_000 * ONE_USDC + 1)),
        (Code::InsufficientCollateral, 15_000 * USD, 15_000 * USD + USD / ONE_USDC)
    );
    pool.borrow(ALICE, USDC, 15_000 * ONE_USDC).unwrap();
    // 20 000 · 80 % / 15 000.
    assert_eq!(pool.health(ALICE), 1_066_666_666_666_666_666);
}

#[test]
fn protected_tokens_are_collateral_too() {
    let mut pool = Pool::new();
    pool.act(ALICE, Kind::Protect, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 15_000 * ONE_USDC).unwrap();
    assert_eq!(code(pool.act(ALICE, Kind::Unprotect, ETH, 1)), Code::InsufficientCollateral);
}

#[test]
fn the_order_within_a_submission_does_not_matter_for_health() {
    let mut pool = Pool::new();
    pool.submit(
        ALICE,
        ALICE,
        &[
            Action::new(Kind::Borrow, USDC, 1_000 * ONE_USDC),
            Action::new(Kind::Supply, ETH, ONE_ETH),
        ],
    )
    .unwrap();
}

#[test]
fn what_is_opted_out_supports_nothing() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.act(ALICE, Kind::SetCollateral, ETH, 0).unwrap();
    assert_eq!(code(pool.borrow(ALICE, USDC, 1_000 * ONE_USDC)), Code::InsufficientCollateral);
    pool.act(ALICE, Kind::SetCollateral, ETH, 1).unwrap();
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    assert_eq!(code(pool.act(ALICE, Kind::SetCollateral, ETH, 0)), Code::InsufficientCollateral);
    assert_eq!(words(pool.act(ALICE, Kind::SetCollateral, ETH, 2)), (Code::BadParameter, 6, 2));
    assert_eq!(code(pool.act(ALICE, Kind::SetCollateral, DOT, 0)), Code::NoLeg);
}

/// I-HF-03: an account over its ltv may do what does not lower collateral·threshold / debt, and nothing else.
#[test]
fn whoever_reduces_his_risk_is_not_held_back() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.supply(ALICE, DOT, 100 * ONE_DOT).unwrap();
    pool.borrow(ALICE, USDC, 15_000 * ONE_USDC).unwrap();
    pool.price(ETH, 1_900 * USD);
    // 19 000·75 % + 500·70 % = 14 600 < 15 000: over the ltv, though healthy.
    assert_eq!(code(pool.act(ALICE, Kind::Withdraw, DOT, ONE_DOT)), Code::InsufficientCollateral);
    // Repaying a tenth and taking a hundredth of the collateral out raises the ratio.
    pool.submit(
        ALICE,
        ALICE,
        &[
            Action::new(Kind::Withdraw, DOT, 50 * ONE_DOT),
            Action::new(Kind::Repay, USDC, 200 * ONE_USDC),
        ],
    )
    .unwrap();
    // The same the other way round does not.
    let result = pool.submit(
        ALICE,
        ALICE,
        &[
            Action::new(Kind::Withdraw, ETH, ONE_ETH),
            Action::new(Kind::Repay, USDC, 200 * ONE_USDC),
        ],
    );
    assert_eq!(code(result), Code::InsufficientCollateral);
    // And not by borrowing elsewhere, whatever is repaid.
    let result = pool.submit(
        ALICE,
        ALICE,
        &[
            Action::new(Kind::Repay, USDC, 300 * ONE_USDC),
            Action::new(Kind::Borrow, DOT, 40 * ONE_DOT),
        ],
    );
    assert_eq!(code(result), Code::InsufficientCollateral);
}

/// I-LQ-13, as a table: at the limit of what can be borrowed nobody is liquidatable, whatever the ramp.
#[test]
fn nobody_is_liquidatable_in_the_call_in_which_he_borrowed() {
    for (ltv, threshold, later, minutes) in [
        (7_500, 8_000, 8_000, 0),
        (7_999, 8_000, 8_000, 0),
        (7_500, 8_000, 5_000, 0),
        (7_500, 8_000, 5_000, 61),
        (7_500, 8_000, 0, 600),
        (4_000, 5_000, 8_000, 61),
    ] {
        let mut pool = Pool::new();
        let base = config(ltv, threshold);
        let eth = Address([0x44; 20]);
        pool.list(eth, 18, &base);
        pool.price(eth, 2_000 * USD + 7);
        let changed = ReserveConfig {
            ltv: Bps(ltv.min(later.max(1) - 1)),
            threshold: Bps(later),
            flags: if later == 0 { Flags(Flags::BORROWABLE) } else { base.flags },
            ..base
        };
        let root = pool.root;
        crate::listing::reconfigure(&mut pool.host, &root, &eth, &changed).unwrap();
        pool.advance(minutes * 60);
        pool.price(eth, 2_000 * USD + 7);
        pool.supply(ALICE, eth, 10 * ONE_ETH + 1).unwrap();
        // The most that can be borrowed, by bisection.
        let (mut most, mut refused) = (0, 20_000 * ONE_USDC);
        while refused - most > 1 {
            let middle = most.midpoint(refused);
            match pool.clone().borrow(ALICE, USDC, middle) {
                Ok(_) => most = middle,
                Err(refusal) if refusal.code() == Code::DebtBelowMinimum => most = middle,
                Err(_) => refused = middle,
            }
        }
        if later != 0 {
            pool.borrow(ALICE, USDC, most).unwrap();
            assert!(pool.health(ALICE) >= USD, "{ltv} {threshold} {later}");
            let result = pool.liquidate(BOB, &order(ALICE, USDC, eth));
            assert_eq!(code(result), Code::Healthy);
        } else {
            assert_eq!(most, 0);
        }
    }
}

#[test]
fn a_debt_is_not_smaller_than_allowed() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, ONE_ETH).unwrap();
    assert_eq!(
        words(pool.borrow(ALICE, USDC, 99 * ONE_USDC)),
        (Code::DebtBelowMinimum, 99 * USD, 100 * USD)
    );
    pool.borrow(ALICE, USDC, 100 * ONE_USDC).unwrap();
    // Repaying may go below; adding to what is below may not stay there.
    pool.act(ALICE, Kind::Repay, USDC, 60 * ONE_USDC).unwrap();
    assert_eq!(code(pool.borrow(ALICE, USDC, 10 * ONE_USDC)), Code::DebtBelowMinimum);
    pool.borrow(ALICE, USDC, 60 * ONE_USDC).unwrap();
}

#[test]
fn an_isolated_collateral_stands_alone() {
    let mut pool = Pool::new();
    let mut isolated = config(5_000, 6_000);
    isolated.flags.set(Flags::ISOLATED);
    let token = Address([0x44; 20]);
    pool.list(token, 6, &isolated);
    pool.price(token, USD);
    pool.supply(ALICE, token, 1_000 * ONE_USDC).unwrap();
    pool.borrow(ALICE, USDC, 400 * ONE_USDC).unwrap();
    let refused = pool.supply(ALICE, ETH, ONE_ETH);
    assert_eq!(words(refused), (Code::Isolated, 3, 0));
    // Opted out in the same call it is welcome.
    pool.submit(
        ALICE,
        ALICE,
        &[Action::new(Kind::Supply, ETH, ONE_ETH), Action::new(Kind::SetCollateral, ETH, 0)],
    )
    .unwrap();
    assert_eq!(code(pool.act(ALICE, Kind::SetCollateral, ETH, 1)), Code::Isolated);
    // Without debt anything goes, but then no debt.
    pool.supply(BOB, token, ONE_USDC).unwrap();
    pool.supply(BOB, ETH, ONE_ETH).unwrap();
    assert_eq!(code(pool.borrow(BOB, USDC, 400 * ONE_USDC)), Code::Isolated);
}

/// A reserve that becomes isolated later traps nobody: risk can be reduced, not added.
#[test]
fn isolation_that_comes_later_traps_nobody() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.supply(ALICE, DOT, 1_000 * ONE_DOT).unwrap();
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    pool.change(DOT, |reserve| reserve.flags.set(Flags::ISOLATED));
    pool.act(ALICE, Kind::Withdraw, DOT, ONE_DOT).unwrap();
    assert_eq!(words(pool.borrow(ALICE, USDC, ONE_USDC)), (Code::Isolated, 1, 0));
    pool.act(ALICE, Kind::SetCollateral, DOT, 0).unwrap();
    pool.borrow(ALICE, USDC, ONE_USDC).unwrap();
}

#[test]
fn a_category_borrows_within_itself_at_its_own_ratios() {
    let mut pool = Pool::new();
    let category =
        CategoryConfig { id: 1, ltv: Bps(9_000), threshold: Bps(9_300), bonus_max: Bps(200) };
    let mut stable = ReserveConfig { category, ..config(8_000, 8_500) };
    stable.liquidation.health_for_max_bonus = Bps(9_900);
    let token = Address([0x44; 20]);
    pool.list(token, 6, &stable);
    pool.price(token, USD);
    let root = pool.root;
    crate::listing::reconfigure(&mut pool.host, &root, &USDC, &stable).unwrap();
    pool.supply(ALICE, token, 10_000 * ONE_USDC).unwrap();
    assert_eq!(code(pool.borrow(ALICE, USDC, 8_500 * ONE_USDC)), Code::InsufficientCollateral);
    pool.act(ALICE, Kind::SetCategory, USDC, 1).unwrap();
    pool.borrow(ALICE, USDC, 9_000 * ONE_USDC).unwrap();
    assert_eq!(words(pool.borrow(ALICE, DOT, 1)), (Code::WrongCategory, 1, 1));
    assert_eq!(code(pool.act(ALICE, Kind::SetCategory, USDC, 0)), Code::InsufficientCollateral);
    pool.act(ALICE, Kind::Repay, USDC, 1_000 * ONE_USDC).unwrap();
    pool.act(ALICE, Kind::SetCategory, USDC, 0).unwrap();
    assert_eq!(code(pool.act(ALICE, Kind::SetCategory, USDC, 256)), Code::BadParameter);
    // And not into a category to which a debt does not belong.
    pool.supply(BOB, ETH, ONE_ETH).unwrap();
    pool.borrow(BOB, DOT, 100 * ONE_DOT).unwrap();
    assert_eq!(words(pool.act(BOB, Kind::SetCategory, USDC, 1)), (Code::WrongCategory, 1, 1));
}

#[test]
fn a_frozen_reserve_takes_no_risk_and_lets_everybody_leave() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    for token in [ETH, USDC] {
        pool.change(token, |reserve| reserve.flags.set(Flags::FROZEN));
    }
    assert_eq!(code(pool.supply(BOB, ETH, 1)), Code::Frozen);
    assert_eq!(code(pool.act(BOB, Kind::Protect, ETH, 1)), Code::Frozen);
    assert_eq!(code(pool.borrow(ALICE, USDC, 200 * ONE_USDC)), Code::Frozen);
    // Its ltv is nothing now.
    assert_eq!(code(pool.borrow(ALICE, DOT, 100 * ONE_DOT)), Code::InsufficientCollateral);
    pool.act(ALICE, Kind::Protect, ETH, 1).unwrap();
    pool.act(ALICE, Kind::Repay, USDC, ALL.0).unwrap();
    pool.act(ALICE, Kind::Withdraw, ETH, ALL.0).unwrap();
    pool.act(ALICE, Kind::Unprotect, ETH, ALL.0).unwrap();
}

#[test]
fn what_is_not_lent_or_closed_says_so() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, ONE_ETH).unwrap();
    pool.change(DOT, |reserve| reserve.flags.0 &= !Flags::BORROWABLE);
    assert_eq!(words(pool.borrow(ALICE, DOT, 1)), (Code::NotBorrowable, 1, 0));
    pool.change(DOT, |reserve| reserve.flags.set(Flags::WOUND_UP));
    assert_eq!(words(pool.supply(ALICE, DOT, 1)), (Code::WoundUpReserve, 1, 0));
    let token = Address([0x44; 20]);
    let mut plain = config(0, 0);
    plain.flags = Flags(Flags::BORROWABLE);
    pool.list(token, 6, &plain);
    pool.supply(ALICE, token, 5).unwrap();
    assert_eq!(words(pool.act(ALICE, Kind::SetCollateral, token, 1)), (Code::NotCollateral, 3, 0));
}

/// I-CTL-01 on the messages: which pause stops which action, here or everywhere.
#[test]
fn a_pause_stops_its_operation() {
    let stopped = [
        (Kind::Supply, Some(operation::SUPPLY)),
        (Kind::Protect, None),
        (Kind::Repay, None),
        (Kind::Withdraw, Some(operation::WITHDRAW)),
        (Kind::Unprotect, None),
        (Kind::Borrow, Some(operation::BORROW)),
        (Kind::SetCollateral, Some(operation::COLLATERAL)),
        (Kind::SetCategory, Some(operation::CATEGORY)),
    ];
    let mut pool = Pool::new();
    pool.supply(ALICE, USDC, 10_000 * ONE_USDC).unwrap();
    pool.act(ALICE, Kind::Protect, USDC, 1_000 * ONE_USDC).unwrap();
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    let until = Timestamp(START.0 + 60);
    for global in [true, false] {
        // Bit 10 of a reserve is its freeze, which is more than a pause and has tests of its own.
        for bit in (0..16).filter(|bit| global || *bit != 10) {
            for (kind, own) in stopped {
                let mut pool = pool.clone();
                let pause = Pause { operations: 1 << bit, from: START, until };
                if global {
                    pool.root.pause = pause;
                } else {
                    pool.change(USDC, |reserve| reserve.pause = pause);
                }
                let amount = match kind {
                    Kind::SetCollateral => 1,
                    Kind::SetCategory => 0,
                    _ => 100 * ONE_USDC,
                };
                let result = pool.act(ALICE, kind, USDC, amount);
                // The category belongs to no reserve: only the global pause reaches it.
                let stops = own == Some(1 << bit) && (global || kind != Kind::SetCategory);
                if stops {
                    assert_eq!(words(result), (Code::Paused, bit, u128::from(until.0)));
                } else {
                    assert!(result.is_ok(), "{kind:?} under bit {bit}: {result:?}");
                }
            }
        }
    }
}
