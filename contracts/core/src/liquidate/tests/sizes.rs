//! How much is repaid and seized, in figures worked out by hand.

use super::borrower_at;
use crate::{
    error::Code,
    liquidate::Order,
    state::ReserveId,
    submit::Kind,
    testkit::*,
    units::{Assets, Shares},
};

/// At 1 800 dollars: C = 18 000, H = 14 400, D = 15 000, HF = 0.96. Linear from 2 % at 1 to 10 % at 0.95:
/// b = 2 % + 8 %·0.04/0.05 = 8.4 %, below C/D − 1 = 20 %.
/// x = (1.05·15 000 − 14 400) / (1.05 − 0.8·1.084) = 1 350 / 0.1828 = 7 385.1203501…
#[test]
fn a_liquidation_restores_the_target_health() {
    let mut pool = borrower_at(1_800);
    let outcome = pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    assert_eq!(outcome.event.bonus.0, 84_000_000_000_000_000);
    assert_eq!(outcome.repay, Assets(7_385_120_351));
    // 7 385.120351 · 1.084 / 1 800 = 4.447 483 589 158 88… ETH, rounded down at the value and at the amount.
    let seized = outcome.event.seized_assets.0;
    assert_eq!(seized, 4_447_483_589_157_777_777);
    // A tenth of the bonus: seized · 0.084/1.084 / 10, rounded up.
    let cut = outcome.event.insurance_assets.0;
    let bonus = seized - seized * 1_000 / 1_084;
    assert_eq!(cut, bonus.div_ceil(10));
    assert_eq!(outcome.pay_out.0, seized - cut);
    let health = pool.health(ALICE);
    assert!((1_050_000_000_000_000_000..1_050_000_001_000_000_000).contains(&health), "{health}");
}

#[test]
fn the_books_of_both_reserves_balance_afterwards() {
    let mut pool = borrower_at(1_800);
    let (usdc, eth) = (pool.reserve(USDC).balances, pool.reserve(ETH).balances);
    let outcome = pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    let (usdc_after, eth_after) = (pool.reserve(USDC).balances, pool.reserve(ETH).balances);
    assert_eq!(usdc_after.cash.0, usdc.cash.0 + outcome.repay.0);
    assert_eq!(usdc_after.cash.0 + usdc_after.debt.assets.0, usdc_after.supply.assets.0);
    assert_eq!(eth_after.cash.0, eth.cash.0 - outcome.pay_out.0);
    assert_eq!(eth_after.cash, eth_after.supply.assets);
    assert_eq!(eth_after.insurance.0, eth.insurance.0 + outcome.event.insurance_shares.0);
    let left = pool.account(ALICE).supply(ReserveId(2)).unwrap().shares;
    assert_eq!(left.0 + outcome.event.seized_shares.0, 10 * ONE_ETH * 1_000_000);
}

#[test]
fn the_caller_bounds_what_he_pays_and_asks_for_enough() {
    let mut pool = borrower_at(1_800);
    let bounded = Order { max_repay: Assets(1_000 * ONE_USDC), ..order(ALICE, USDC, ETH) };
    let outcome = pool.clone().liquidate(BOB, &bounded).unwrap();
    assert_eq!(outcome.repay, Assets(1_000 * ONE_USDC));
    // 1 000 · 1.084 / 1 800, less a tenth of the bonus: 0.602222… − 0.004666…
    let received = outcome.pay_out.0;
    assert!(received.abs_diff(597_555_555_555_555_555) <= 2, "{received}");
    let fair = Order { min_seized: Assets(received), ..bounded };
    pool.clone().liquidate(BOB, &fair).unwrap();
    let greedy = Order { min_seized: Assets(received + 1), ..bounded };
    assert_eq!(
        words(pool.clone().liquidate(BOB, &greedy)),
        (Code::SeizedTooLittle, received, received + 1)
    );
    // In proportion: twice as much for twice the bound is the same demand.
    let wide = Order {
        max_repay: Assets(14_770_240_702),
        min_seized: Assets(2 * 4_412_000_000_000_000_000),
        ..bounded
    };
    pool.liquidate(BOB, &wide).unwrap();
}

#[test]
fn protected_collateral_is_handed_over_first() {
    let mut pool = borrower_at(1_900);
    pool.act(ALICE, Kind::Protect, ETH, 2 * ONE_ETH).unwrap();
    pool.price(ETH, 1_500 * USD);
    let cash = pool.reserve(ETH).balances.cash;
    let bounded = Order { max_repay: Assets(2_000 * ONE_USDC), ..order(ALICE, USDC, ETH) };
    let outcome = pool.liquidate(BOB, &bounded).unwrap();
    assert_eq!((outcome.event.seized_assets, outcome.event.seized_shares), (Assets(0), Shares(0)));
    let seized = outcome.event.seized_protected.0;
    assert_eq!(outcome.pay_out.0, seized - outcome.event.insurance_assets.0);
    // The insurance's part of it becomes supply.
    let balances = pool.reserve(ETH).balances;
    assert_eq!(balances.cash.0, cash.0 + outcome.event.insurance_assets.0);
    assert_eq!(balances.cash, balances.supply.assets);
    let leg = *pool.account(ALICE).supply(ReserveId(2)).unwrap();
    assert_eq!(leg.protected.0, 2 * ONE_ETH - seized);
    assert_eq!(leg.shares.0, 10 * ONE_ETH * 1_000_000);
}

#[test]
fn without_cash_only_what_is_there_is_seized_as_assets() {
    let mut pool = borrower_at(1_500);
    pool.price(ETH, 2_000 * USD);
    pool.act(ALICE, Kind::Protect, ETH, ONE_ETH).unwrap();
    pool.price(ETH, 1_200 * USD);
    // Everything but one ETH is lent out.
    pool.change(ETH, |reserve| {
        let lent = Assets(reserve.balances.cash.0 - ONE_ETH);
        reserve.balances.cash = Assets(ONE_ETH);
        reserve.balances.debt.assets = lent;
        reserve.balances.debt.shares = Shares(lent.0 * 1_000_000);
    });
    let assets = pool.clone().liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    assert_eq!(assets.event.seized_protected, Assets(ONE_ETH));
    assert_eq!(assets.event.seized_assets, Assets(ONE_ETH));
    assert_eq!(assets.pay_out.0 + assets.event.insurance_assets.0, 2 * ONE_ETH);
    // As shares there is no such bound; protected tokens are paid out all the same.
    let shares = Order { receive_shares: true, ..order(ALICE, USDC, ETH) };
    let outcome = pool.liquidate(BOB, &shares).unwrap();
    assert_eq!(outcome.pay_out, Assets(ONE_ETH));
    assert!(outcome.event.seized_assets.0 > 9 * ONE_ETH);
    let taken = pool.account(BOB).supply(ReserveId(2)).unwrap().shares;
    assert_eq!(taken.0 + outcome.event.insurance_shares.0, outcome.event.seized_shares.0);
    assert_eq!(pool.account(BOB).version, 1);
}

#[test]
fn shares_arrive_opted_out_where_they_would_break_isolation() {
    let isolate = |pool: &mut Pool, token| {
        pool.change(token, |reserve| reserve.flags.set(crate::state::Flags::ISOLATED));
    };
    for isolated in [DOT, ETH] {
        let mut pool = borrower_at(1_800);
        pool.supply(BOB, DOT, 1_000 * ONE_DOT).unwrap();
        pool.borrow(BOB, USDC, 1_000 * ONE_USDC).unwrap();
        isolate(&mut pool, isolated);
        let shares = Order { receive_shares: true, ..order(ALICE, USDC, ETH) };
        pool.liquidate(BOB, &shares).unwrap();
        assert!(pool.account(BOB).supply(ReserveId(2)).unwrap().opted_out);
    }
    let mut pool = borrower_at(1_800);
    pool.supply(BOB, DOT, 1_000 * ONE_DOT).unwrap();
    pool.borrow(BOB, USDC, 1_000 * ONE_USDC).unwrap();
    let shares = Order { receive_shares: true, ..order(ALICE, USDC, ETH) };
    pool.liquidate(BOB, &shares).unwrap();
    assert!(!pool.account(BOB).supply(ReserveId(2)).unwrap().opted_out);
}

/// I-LQ-05: what would be left below 10 dollars is taken along, or the caller is told what that costs.
#[test]
fn dust_is_not_left_behind() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, ONE_ETH / 10).unwrap();
    pool.borrow(ALICE, USDC, 150 * ONE_USDC).unwrap();
    pool.act(ALICE, Kind::Repay, USDC, 135 * ONE_USDC).unwrap();
    pool.submit(
        ALICE,
        ALICE,
        &[
            crate::submit::Action::new(Kind::Supply, DOT, 30 * ONE_DOT),
            crate::submit::Action::new(Kind::SetCollateral, DOT, 0),
            crate::submit::Action::new(Kind::Withdraw, ETH, ONE_ETH * 9 / 100),
        ],
    )
    .unwrap();
    // 0.01 ETH, 15 dollars of debt. At 1 800: D = 15, C = 18, x = 7.39: 7.61 would be left.
    pool.price(ETH, 1_800 * USD);
    let half = Order { max_repay: Assets(7 * ONE_USDC), ..order(ALICE, USDC, ETH) };
    assert_eq!(words(pool.clone().liquidate(BOB, &half)), (Code::BelowMinimum, 7 * USD, 10 * USD));
    let more = Order { max_repay: Assets(12 * ONE_USDC), ..half };
    assert_eq!(
        words(pool.clone().liquidate(BOB, &more)),
        (Code::DustLeft, 15 * ONE_USDC, 12 * ONE_USDC)
    );
    let outcome = pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    assert_eq!(outcome.repay, Assets(15 * ONE_USDC));
    assert!(!pool.account(ALICE).has_debt());
}

#[test]
fn less_than_dust_is_no_liquidation() {
    let mut pool = borrower_at(1_800);
    let little = Order { max_repay: Assets(10 * ONE_USDC - 1), ..order(ALICE, USDC, ETH) };
    assert_eq!(code(pool.liquidate(BOB, &little)), Code::BelowMinimum);
    let enough = Order { max_repay: Assets(10 * ONE_USDC), ..little };
    pool.liquidate(BOB, &enough).unwrap();
}

/// At 1 550 dollars C/D − 1 = 3.3 % is below the line's 10 % and above the floor; at 1 510 it is 0.67 %: the floor.
#[test]
fn the_bonus_is_what_the_collateral_bears_and_never_below_its_floor() {
    let bonus = |price| {
        let mut pool = borrower_at(price);
        pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap().event.bonus.0
    };
    assert_eq!(bonus(1_874), {
        // HF = 0.999466666666666666, so 2 % + 8 %·(0.000533333333333334/0.05) = 2 % + 0.0008533333333333344.
        20_000_000_000_000_000 + 853_333_333_333_334
    });
    assert_eq!(bonus(1_700), 100_000_000_000_000_000);
    assert_eq!(bonus(1_550), 33_333_333_333_333_333);
    assert_eq!(bonus(1_510), 20_000_000_000_000_000);
    assert_eq!(bonus(1_000), 20_000_000_000_000_000);
}

#[test]
fn debt_and_collateral_may_be_the_same_reserve() {
    let mut pool = Pool::new();
    pool.supply(ALICE, USDC, 10_000 * ONE_USDC).unwrap();
    pool.borrow(ALICE, USDC, 8_000 * ONE_USDC).unwrap();
    pool.change(USDC, |reserve| {
        reserve.risk.threshold.target = crate::units::Bps(7_800);
        reserve.risk.threshold.from = crate::units::Bps(7_800);
    });
    for receive_shares in [false, true] {
        let mut pool = pool.clone();
        let order = Order { receive_shares, ..order(ALICE, USDC, USDC) };
        let outcome = pool.liquidate(BOB, &order).unwrap();
        let balances = pool.reserve(USDC).balances;
        assert_eq!(balances.cash.0 + balances.debt.assets.0, balances.supply.assets.0);
        assert!(outcome.repay.0 > 0);
        assert!(pool.health(ALICE) >= 1_050_000_000_000_000_000);
    }
}
