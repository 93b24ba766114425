#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;

const PERCENT: u128 = WAD / 100;

fn terms(target: u128, threshold: u128, bonus: u128) -> Terms {
    let [target, threshold, bonus] =
        [target, threshold, bonus].map(|percent| Wad(percent * PERCENT));
    Terms { target, threshold, bonus }
}

/// T·(D − x) − (H − x·LT·(1 + b)), scaled: not positive once the account has the target health.
fn missing(debt: u128, weighted: u128, terms: &Terms, repaid: u128) -> BigInt {
    let one = BigInt::from(WAD);
    let needed = (BigInt::from(debt) - repaid) * terms.target.0 * &one;
    let taken = BigInt::from(repaid) * terms.threshold.0 * (WAD + terms.bonus.0);
    needed + taken - BigInt::from(weighted) * &one * &one
}

proptest! {
    #[test]
    fn the_repayment_reaches_the_target_and_no_further(
        debt in 1u128..1 << 100,
        health in 1u128..WAD,
        target in 10_100u128..15_000,
        threshold in 1u128..9_500,
        bonus in 0u128..2_000,
    ) {
        let [target, threshold, bonus] = [target, threshold, bonus].map(|bps| Wad(bps * WAD_PER_BPS));
        let terms = Terms { target, threshold, bonus };
        let weighted = mul_div_floor(debt, health, WAD).unwrap();
        let repay = target_health_repay_value(Value(debt), Value(weighted), &terms, Value(u128::MAX / 2)).unwrap().0;
        prop_assert!(repay <= debt);
        let left = missing(debt, weighted, &terms, repay);
        let gained = BigInt::from(target.0) * WAD - BigInt::from(threshold.0) * (WAD + bonus.0);
        if repay < debt {
            prop_assert!(gained > BigInt::ZERO);
            prop_assert!(left <= BigInt::ZERO);
            // One unit from rounding T·D up, one from the result, nothing from the denominator (exact in basis points).
            let step = BigInt::from(WAD) * WAD;
            prop_assert!(left > -(gained + step));
        } else if gained > BigInt::ZERO {
            // All of it only where a unit less would not have done.
            prop_assert!(missing(debt, weighted, &terms, debt - 1) > -(BigInt::from(WAD) * WAD));
        }
    }

    #[test]
    fn the_repayment_is_bounded_by_debt_and_collateral(
        debt in 0u128..1 << 100, weighted in 0u128..1 << 100, seizable in 0u128..1 << 100,
        target in 100u128..150, threshold in 0u128..110, bonus in 0u128..30,
    ) {
        let terms = terms(target, threshold, bonus);
        let repay = target_health_repay_value(Value(debt), Value(weighted), &terms, Value(seizable)).unwrap().0;
        prop_assert!(repay <= debt);
        prop_assert!(BigInt::from(repay) * (WAD + terms.bonus.0) <= BigInt::from(seizable) * WAD);
    }

    #[test]
    fn the_bonus_never_falls_with_worse_health(
        low in 0..=WAD + PERCENT, high in 0..=WAD + PERCENT, for_max in 0..WAD, min in 0u128..10, more in 0u128..20,
    ) {
        let bonus = |health| bonus_linear(Wad(health), Wad(min * PERCENT), Wad((min + more) * PERCENT), Wad(for_max)).unwrap();
        let (low, high) = (low.min(high), low.max(high));
        prop_assert!(bonus(low) >= bonus(high));
        prop_assert!((min * PERCENT..=(min + more) * PERCENT).contains(&bonus(low).0));
    }
}

#[test]
fn repayments_worked_by_hand() {
    let repay = |debt, weighted, terms: &Terms, seizable| {
        target_health_repay_value(Value(debt), Value(weighted), terms, Value(seizable))
    };
    // (1·100 − 80) / (1 − 0.5·1.2) = 20 / 0.4 = 50.
    assert_eq!(repay(100 * WAD, 80 * WAD, &terms(100, 50, 20), 160 * WAD), Ok(Value(50 * WAD)));
    // (1.05·0.01 − 0.0099) / (1.05 − 0.8·1.05) = 0.0006 / 0.21 = 1/350, rounded up.
    let third = Ok(Value(2_857_142_857_142_858));
    assert_eq!(repay(PERCENT, 99 * PERCENT / 100, &terms(105, 80, 5), WAD), third);
    // Bounded by the collateral: 11 / 1.1 = 10.
    assert_eq!(repay(100 * WAD, 80 * WAD, &terms(105, 80, 10), 11 * WAD), Ok(Value(10 * WAD)));
    // Denominator 1 − 0.9·1.2 < 0 and 1.08 − 0.9·1.2 = 0: all of it.
    assert_eq!(repay(100 * WAD, 99 * WAD, &terms(100, 90, 20), 500 * WAD), Ok(Value(100 * WAD)));
    assert_eq!(repay(100 * WAD, 99 * WAD, &terms(108, 90, 20), 500 * WAD), Ok(Value(100 * WAD)));
    // The same without bounds: 1.5 · 100 − 50 = 100, by 1.5 − 0.5·1.2 = 0.9, is more than the whole debt.
    let unbounded = |terms| repay_to_target(Value(100 * WAD), Value(50 * WAD), &terms);
    assert_eq!(unbounded(terms(150, 50, 20)), Ok(Some(Value(111_111_111_111_111_111_112))));
    assert_eq!(unbounded(terms(60, 50, 20)), Ok(None));
    assert_eq!(unbounded(terms(59, 50, 20)), Ok(None));
    // At the target already, whatever the denominator.
    assert_eq!(repay(100 * WAD, 105 * WAD, &terms(105, 80, 5), 500 * WAD), Ok(Value::ZERO));
    assert_eq!(repay(0, 0, &terms(105, 80, 5), 0), Ok(Value::ZERO));
    // Values that do not fit are refused, not cut.
    assert_eq!(repay(u128::MAX, 1, &terms(105, 80, 5), WAD), Err(Overflow));
}

#[test]
fn bonuses_worked_by_hand() {
    let bonus = |health: u128| {
        bonus_linear(Wad(health), Wad(4 * PERCENT), Wad(10 * PERCENT), Wad(85 * PERCENT))
    };
    assert_eq!(bonus(2 * WAD), Ok(Wad(4 * PERCENT)));
    assert_eq!(bonus(WAD), Ok(Wad(4 * PERCENT)));
    // 4 % + 6 % · 0.05 / 0.15 = 6 %.
    assert_eq!(bonus(95 * PERCENT), Ok(Wad(6 * PERCENT)));
    assert_eq!(bonus(85 * PERCENT), Ok(Wad(10 * PERCENT)));
    assert_eq!(bonus(0), Ok(Wad(10 * PERCENT)));
    // One unit below 1 rounds down to the smallest bonus.
    assert_eq!(bonus(WAD - 1), Ok(Wad(4 * PERCENT)));
    assert_eq!(bonus_linear(Wad(WAD / 2), Wad(2), Wad(1), Wad::ZERO), Err(Overflow));
}

#[test]
fn multipliers_worked_by_hand() {
    let multiplier = |health: u128, factor: u128| {
        bonus_linear_hf(
            Wad(health * PERCENT),
            Wad(factor * PERCENT),
            Wad(5 * PERCENT),
            Wad(85 * PERCENT),
        )
    };
    // 1.04 + 0.01 · 0.05 / 0.15 = 1.04333…
    assert_eq!(multiplier(95, 80), Ok(Bps(10_433)));
    assert_eq!(multiplier(80, 80), Ok(Bps(10_500)));
    assert_eq!(multiplier(100, 80), Ok(Bps(10_400)));
    assert_eq!(multiplier(95, 101), Err(Overflow));
}
