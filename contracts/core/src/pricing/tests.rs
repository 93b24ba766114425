#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::{testkit::words, units::Bps};

fn price(median: u128, down: u16, up: u16) -> StoredPrice {
    StoredPrice {
        median: Price(median),
        down: Bps(down),
        up: Bps(up),
        time: Timestamp(1_000),
        status: Status::Ok,
        ..StoredPrice::default()
    }
}

#[test]
fn the_sides_are_rounded_outward() {
    // 1 % of 150 is 1.5.
    let price = price(150, 100, 100);
    assert_eq!((low(&price), high(&price)), (Price(148), Price(152)));
    assert_eq!((doubt_collateral(&price), doubt_debt(&price)), (Price(304), Price(74)));
}

#[test]
fn extreme_sides_do_not_fail() {
    let price = price(u128::MAX, 10_000, u16::MAX);
    assert_eq!((low(&price), high(&price)), (Price(0), Price(u128::MAX)));
    assert_eq!(doubt_collateral(&price), Price(u128::MAX));
}

/// I-OR-01: which price passes which policy.
#[test]
fn the_policy_table_cell_by_cell() {
    let ages = Ages { strict: 60, long: 600 };
    let id = ReserveId(7);
    for (status, new_risk, liquidation) in [
        (Status::Ok, true, true),
        (Status::Confirmed, false, true),
        (Status::Suspect, false, false),
        (Status::Frozen, false, false),
    ] {
        for (age, strict, long) in
            [(0, true, true), (60, true, true), (61, false, true), (601, false, false)]
        {
            let price = StoredPrice { status, ..price(5, 0, 0) };
            let now = Timestamp(1_000 + age);
            for (policy, allowed, fresh) in
                [(NEW_RISK, new_risk, strict), (LIQUIDATION, liquidation, long)]
            {
                let checked = policy.check(id, &price, &ages, now);
                let expected = if !allowed {
                    Err((Code::PriceNotUsable, 7, u128::from(status.code())))
                } else if !fresh {
                    Err((Code::PriceStale, 7, u128::from(age)))
                } else {
                    Ok(())
                };
                assert_eq!(checked.map_err(|refusal| words::<()>(Err(refusal))), expected);
            }
        }
    }
    for price in [price(0, 0, 0), StoredPrice { status: Status::None, ..price(5, 0, 0) }] {
        for policy in [NEW_RISK, LIQUIDATION] {
            let checked = policy.check(id, &price, &ages, Timestamp(1_000));
            assert_eq!(words(checked), (Code::PriceMissing, 7, 0));
        }
    }
}

#[test]
fn values_and_amounts_round_as_they_say() {
    // 3 units of a token of 2 decimals at 0.5 WAD-cents: 3 · 50 / 100 = 1.5.
    let price = Price(50);
    assert_eq!(value_floor(Assets(3), price, 2).unwrap(), Value(1));
    assert_eq!(value_ceil(Assets(3), price, 2).unwrap(), Value(2));
    assert_eq!(amount_floor(Value(3), Price(200), 2).unwrap(), Assets(1));
    assert_eq!(amount_ceil(Value(3), Price(200), 2).unwrap(), Assets(2));
    assert!(amount_ceil(Value(3), Price(0), 2).is_err());
    assert!(value_floor(Assets::MAX, Price(u128::MAX), 0).is_err());
    assert!(value_floor(Assets(1), price, 39).is_err());
}
