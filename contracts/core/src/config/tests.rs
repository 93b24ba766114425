#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::{
    testkit::config,
    units::{Assets, BPS},
};

const TARGET: Bps = Bps(10_500);

/// The field that is complained about after a change, if any.
fn complaint(change: impl FnOnce(&mut ReserveConfig)) -> Option<Field> {
    let mut config = config(7_500, 8_000);
    change(&mut config);
    config.validate(18, TARGET).err().map(|invalid| invalid.field)
}

#[test]
fn good_parameters_pass() {
    assert_eq!(complaint(|_| {}), None);
    let valid = config(7_500, 8_000).validate(6, TARGET).unwrap();
    assert_eq!(
        valid.caps().map(Cap::assets),
        [
            Assets(100_000_000_000_000),
            Assets(80_000_000_000_000),
            Assets(100_000_000_000_000),
            Assets(1_000_000_000_000),
            Assets(0),
            Assets(0),
        ]
    );
}

/// I-CTL-04: each relation, just kept and just broken.
#[test]
fn every_relation_is_checked() {
    use Field as F;
    type Change = fn(&mut ReserveConfig);
    let cases: [(Change, Option<Field>); 38] = [
        (|c| c.ltv = Bps(7_999), None),
        (|c| c.ltv = Bps(8_000), Some(F::Ltv)),
        // 80 % · 1.1 = 88 %: the line may not end below it.
        (|c| c.liquidation.health_for_max_bonus = Bps(8_800), None),
        (|c| c.liquidation.health_for_max_bonus = Bps(8_799), Some(F::HealthForMaxBonus)),
        (|c| c.liquidation.health_for_max_bonus = Bps(10_000), Some(F::HealthForMaxBonus)),
        // 90.9 % · 1.1 = 99.99 %; 90.91 % · 1.1 = 100.001 %.
        (
            |c| {
                c.threshold = Bps(9_090);
                c.liquidation.health_for_max_bonus = Bps(9_999);
            },
            None,
        ),
        (
            |c| {
                c.threshold = Bps(9_091);
                c.liquidation.health_for_max_bonus = Bps(9_999);
            },
            Some(F::Threshold),
        ),
        (|c| c.threshold = Bps(u16::MAX), Some(F::Threshold)),
        (|c| c.liquidation.bonus_max = Bps(1_875), None),
        (|c| c.liquidation.bonus_max = Bps(1_876), Some(F::HealthForMaxBonus)),
        (|c| c.liquidation.bonus_max = Bps(2_500), Some(F::Threshold)),
        (|c| c.liquidation.bonus_max = Bps(5_001), Some(F::BonusMax)),
        (|c| c.liquidation.bonus_min = Bps(1_001), Some(F::BonusMin)),
        (|c| c.liquidation.insurance_cut = Bps(10_001), Some(F::InsuranceCut)),
        (|c| c.fees.fee = Bps(5_000), None),
        (|c| c.fees.fee = Bps(5_001), Some(F::Fee)),
        (|c| c.fees.flash_fee = Bps(1_001), Some(F::FlashFee)),
        (|c| c.fees.flash_split = Bps(10_001), Some(F::FlashSplit)),
        (|c| c.fees.insurance_target = Bps(10_001), Some(F::InsuranceTarget)),
        (|c| c.ages.strict = 0, Some(F::StrictAge)),
        (|c| c.ages.long = 599, Some(F::LongAge)),
        (|c| c.flags = Flags(1 << 4), Some(F::Flags)),
        (|c| c.flags = Flags(Flags::FROZEN), Some(F::Flags)),
        (|c| c.flags = Flags(Flags::ISOLATED), Some(F::Flags)),
        (|c| c.flags = Flags(0), Some(F::Ltv)),
        (
            |c| {
                c.flags = Flags(0);
                c.ltv = Bps(0);
            },
            Some(F::Threshold),
        ),
        (
            |c| {
                c.flags = Flags(0);
                (c.ltv, c.threshold) = (Bps(0), Bps(0));
            },
            None,
        ),
        (|c| c.borrow_cap = u64::MAX, Some(F::BorrowCap)),
        (|c| c.volatility.cut_max = Bps(10_001), Some(F::VolatilityCutMax)),
        (|c| c.inflow = BucketConfig { cap: 1, refill_minutes: 0 }, Some(F::InflowMinutes)),
        (|c| c.outflow = BucketConfig { cap: 1, refill_minutes: 0 }, Some(F::OutflowMinutes)),
        (|c| c.outflow = BucketConfig { cap: 1, refill_minutes: 1 }, None),
        (|c| c.category.ltv = Bps(1), Some(F::Category)),
        (|c| c.category = category(8_500, 8_600, 1_000), None),
        (|c| c.category = category(8_600, 8_600, 1_000), Some(F::CategoryLtv)),
        (|c| c.category = category(7_500, 7_999, 1_000), Some(F::CategoryThreshold)),
        (|c| c.category = category(8_500, 8_600, 199), Some(F::CategoryBonusMax)),
        (|c| c.category = category(8_500, 8_700, 1_000), Some(F::HealthForMaxBonus)),
    ];
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        assert_eq!(complaint(change), expected, "case {number}");
    }
}

/// I-CTL-04.
#[test]
fn the_ltv_is_below_the_threshold() {
    assert_eq!(complaint(|c| c.ltv = Bps(7_999)), None);
    assert_eq!(complaint(|c| c.ltv = Bps(8_000)), Some(Field::Ltv));
}

/// I-CTL-04: what is seized of a collateral at its threshold is never more than all of it. 80 % · 1.25 is all.
#[test]
fn a_threshold_with_the_largest_bonus_is_below_one() {
    let with = |bonus| {
        complaint(move |c| {
            c.liquidation.bonus_max = Bps(bonus);
            c.liquidation.health_for_max_bonus = Bps(9_999);
        })
    };
    assert_eq!((with(2_498), with(2_500)), (None, Some(Field::Threshold)));
}

/// I-CTL-04: T > threshold · (1 + bonus_max): the product is below 1, and every target that can be set above it.
#[test]
fn the_target_health_is_above_a_threshold_with_the_largest_bonus() {
    for target in [9_000, 9_999, 10_000] {
        let refused = config(7_500, 8_000).validate(18, Bps(target)).unwrap_err();
        assert_eq!((refused.field, refused.value), (Field::TargetHealth, u64::from(target)));
    }
    assert!(config(7_500, 8_000).validate(18, Bps(10_001)).is_ok());
}

/// I-CTL-04: the line of the bonus ends where liquidations still restore health.
#[test]
fn the_largest_bonus_is_reached_at_or_above_a_threshold_with_it() {
    assert_eq!(complaint(|c| c.liquidation.health_for_max_bonus = Bps(8_800)), None);
    let below = complaint(|c| c.liquidation.health_for_max_bonus = Bps(8_799));
    assert_eq!(below, Some(Field::HealthForMaxBonus));
}

/// I-CTL-04.
#[test]
fn fees_are_bounded() {
    assert_eq!(complaint(|c| (c.fees.fee, c.fees.flash_fee) = (Bps(5_000), Bps(1_000))), None);
    assert_eq!(complaint(|c| c.fees.fee = Bps(5_001)), Some(Field::Fee));
    assert_eq!(complaint(|c| c.fees.flash_fee = Bps(1_001)), Some(Field::FlashFee));
}

/// I-CTL-04: caps fit what a total can hold, whichever cap it is.
#[test]
fn caps_are_bounded() {
    type Set = fn(&mut ReserveConfig);
    let caps: [(Set, Field); 6] = [
        (|c| c.supply_cap = u64::MAX, Field::SupplyCap),
        (|c| c.borrow_cap = u64::MAX, Field::BorrowCap),
        (|c| c.protected_cap = u64::MAX, Field::ProtectedCap),
        (|c| c.flash_cap = u64::MAX, Field::FlashCap),
        (|c| c.inflow = BucketConfig { cap: u64::MAX, refill_minutes: 1 }, Field::InflowCap),
        (|c| c.outflow = BucketConfig { cap: u64::MAX, refill_minutes: 1 }, Field::OutflowCap),
    ];
    for (set, field) in caps {
        assert_eq!(complaint(set), Some(field));
    }
}

fn category(ltv: u16, threshold: u16, bonus_max: u16) -> CategoryConfig {
    CategoryConfig { id: 1, ltv: Bps(ltv), threshold: Bps(threshold), bonus_max: Bps(bonus_max) }
}

#[test]
fn rates_are_named_by_what_is_wrong_with_them() {
    let rates = |slope1, slope2, optimal| {
        complaint(move |config| {
            config.rates = RateConfig::Kinked {
                base: Ppm(0),
                slope1: Ppm(slope1),
                slope2: Ppm(slope2),
                optimal: Bps(optimal),
            };
        })
    };
    assert_eq!(rates(1, 1, 1), None);
    assert_eq!(rates(1, 1, BPS), Some(Field::RateOptimal));
    assert_eq!(rates(2, 1, 1), Some(Field::RateSlope2));
    assert_eq!(rates(1, 8_000_000, 1), Some(Field::RateBase));
    assert_eq!(complaint(|config| config.rates = RateConfig::Adaptive), None);
}

#[test]
fn decimals_caps_and_the_target_have_bounds() {
    let field = |decimals, target, cap| {
        let config = ReserveConfig { supply_cap: cap, ..config(7_500, 8_000) };
        config.validate(decimals, target).err().map(|invalid| invalid.field)
    };
    assert_eq!(field(24, TARGET, 1), None);
    assert_eq!(field(25, TARGET, 1), Some(Field::Decimals));
    assert_eq!(field(18, Bps(10_000), 1), Some(Field::TargetHealth));
    // Totals hold 3.4·10^32 units: 340 million tokens of 24 decimals.
    assert_eq!(field(24, TARGET, 340_000_000), None);
    assert_eq!(field(24, TARGET, 341_000_000), Some(Field::SupplyCap));
}

#[test]
fn a_complaint_becomes_a_refusal() {
    let refusal = crate::error::Refusal::from(Invalid { field: Field::Flags, value: 9 });
    assert_eq!(refusal.code(), crate::error::Code::BadParameter);
    // `flags` is the 22nd parameter of the interface, counted from 0.
    assert_eq!((refusal.a().as_u128(), refusal.b().as_u128()), (Some(21), Some(9)));
    // And `outflow.refillMinutes` the 33rd word and last.
    assert_eq!(Field::OutflowMinutes.code(), 32);
}
