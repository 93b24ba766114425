#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;
use crate::{
    exponential::{exp, scale},
    rates::MAX_FULL_RATE,
    units::YEAR,
};

/// 800 % per year, the highest rate that a model can give.
const MAX_RATE: u128 = 8 * WAD / 31_536_000;

fn accrual(debt: u128, supply: u128, shares: u128) -> Accrual {
    let supply = Totals { assets: Assets(supply), shares: Shares(shares) };
    Accrual { debt: Assets(debt), supply, rem: 0, fee: Wad(WAD / 10) }
}

fn after(booked: &Booked, fee: Wad) -> Accrual {
    Accrual { debt: booked.debt, supply: booked.supply, rem: booked.rem, fee }
}

/// What must hold of every booking, clamped or not.
fn check(before: &Accrual, booked: &Booked) {
    assert_eq!(before.debt.checked_add(booked.interest), Ok(booked.debt));
    let supply = before.supply.checked_add(booked.interest, booked.fee_shares);
    assert_eq!(supply, Ok(booked.supply));
    assert!(booked.fee_assets <= booked.interest);
    // The totals stay usable: every claim can be priced.
    assert!(booked.supply.to_assets_floor(booked.supply.shares).is_ok());
    // I-IDX-06: the protocol's shares are never worth more than its part of the interest.
    assert!(booked.supply.to_assets_floor(booked.fee_shares).unwrap() <= booked.fee_assets);
    assert!(u128::from(booked.rem) < WAD);
}

proptest! {
    // The published bound: 0 ≤ e^a − 1 − growth < (a⁴/24)·e^a, and 3 units of truncation.
    #[test]
    fn three_terms_lie_just_below_the_exponential(a in 0u128..4 * WAD) {
        let growth = BigInt::from(taylor3(Wad(a)).0) * BigInt::from(10).pow(82);
        let exact = exp(i128::try_from(a).unwrap());
        let short = &exact - scale() - growth;
        let a4 = BigInt::from(a).pow(4) * &exact / 24u32 / BigInt::from(WAD).pow(4);
        prop_assert!(short >= BigInt::ZERO);
        prop_assert!(short <= a4 + BigInt::from(10).pow(82) * 3u32);
    }

    // I-IDX-07
    #[test]
    fn splitting_a_period_stays_between_simple_and_exponential(
        debt in 1u128..1 << 90,
        rate in 0u128..=MAX_RATE,
        seconds in 1u32..YEAR / 4,
        parts in 1u32..20,
    ) {
        let mut state = accrual(debt, debt, debt);
        let length = Seconds(seconds.div_ceil(parts));
        for _ in 0..parts {
            let booked = book_interest(&state, Wad(rate), length);
            check(&state, &booked);
            prop_assert!(!booked.clamped);
            state = after(&booked, state.fee);
        }
        let a = rate * u128::from(length.0 * parts);
        let simple = mul_div_floor(debt, a, WAD).unwrap();
        prop_assert!(state.debt.0 >= debt + simple);
        let exponential = BigInt::from(debt) * exp(i128::try_from(a).unwrap()) / scale();
        prop_assert!(BigInt::from(state.debt.0) <= exponential);
    }

    // I-IDX-03
    #[test]
    fn no_time_is_no_interest(debt in any::<u128>(), supply in 0..u128::MAX, rate in any::<u128>(), rem in 0..1u64 << 59) {
        let before = Accrual { rem, ..accrual(debt, supply, supply / 3) };
        let booked = book_interest(&before, Wad(rate), Seconds::ZERO);
        prop_assert_eq!(after(&booked, before.fee), before);
        prop_assert!(!booked.clamped);
    }

    // I-IDX-08
    #[test]
    fn booking_never_fails(
        debt in any::<u128>(),
        assets in any::<u128>(),
        shares in any::<u128>(),
        small in 0u32..120,
        rem in any::<u64>(),
        fee in 0..=WAD + 1,
        rate in any::<u128>(),
        elapsed in any::<u32>(),
    ) {
        // One below the largest of each, which is all that the totals can hold beside their virtual part.
        let (debt, assets, shares) = (debt >> small, assets.min(u128::MAX - 1), shares.min(u128::MAX - VIRTUAL_SHARES));
        let before = Accrual { rem, fee: Wad(fee), ..accrual(debt, assets, shares >> small) };
        for rate in [rate, rate % (MAX_RATE + 1)] {
            let booked = book_interest(&before, Wad(rate), Seconds(elapsed));
            prop_assert_eq!(before.debt.checked_add(booked.interest), Ok(booked.debt));
            prop_assert_eq!(before.supply.checked_add(booked.interest, booked.fee_shares), Ok(booked.supply));
            prop_assert!(booked.fee_assets <= booked.interest);
        }
    }
}

// I-IDX-08
#[test]
fn ten_thousand_years_at_the_highest_rate() {
    assert_eq!(MAX_FULL_RATE.to_wad(), Wad(8 * WAD));
    // In one step a is 80 000, and the growth 80 000 + 80 000²/2 + 80 000³/6 = 85 336 533 413 333.3…; the rate per second
    // is short by a part of 4.6·10^-13, which takes 3 · 4.6·10^-13 · 8.5·10^13 = 118 from it.
    let growth = taylor3(Wad(MAX_RATE * 315_360_000_000)).0 / WAD;
    assert_eq!(growth, 85_336_533_413_333 - 118);
    // In steps of 136 years, the longest that the clock has.
    for debt in [0, 1, 1_000_000, 10u128.pow(24), 10u128.pow(32)] {
        let mut state = accrual(debt, debt + 1, (debt + 1) * 1_000_000);
        let mut clamped = false;
        for _ in 0..74 {
            let booked = book_interest(&state, Wad(MAX_RATE), Seconds(u32::MAX));
            check(&state, &booked);
            clamped |= booked.clamped;
            state = after(&booked, state.fee);
        }
        assert_eq!(clamped, debt > 0, "74 times e^1089 does not fit, unless nothing is owed");
    }
}

#[test]
fn the_lost_fraction_is_carried() {
    // 5 units at 5 % are a quarter of a unit: three bookings of nothing, then one unit.
    let quarter = Wad(WAD / 20);
    let mut state = accrual(5, 7, 7_000_000);
    for _ in 0..3 {
        let booked = book_growth(&state, quarter);
        assert_eq!(booked.interest, Assets::ZERO);
        state = after(&booked, state.fee);
    }
    assert_eq!(u128::from(state.rem), WAD / 4 * 3);
    let booked = book_growth(&state, quarter);
    assert_eq!((booked.interest, booked.rem), (Assets(1), 0));
}

#[test]
fn what_does_not_fit_is_clamped_and_said() {
    // Room for 100 more beside the virtual unit, and 10 % of 10 000 are due.
    let before = accrual(10_000, u128::MAX - 101, 1_000_000);
    let booked = book_growth(&before, Wad(WAD / 10));
    assert_eq!((booked.interest, booked.clamped, booked.rem), (Assets(100), true, 0));
    assert_eq!(booked.supply.assets, Assets(u128::MAX - 1));
    // Nothing left of the room for shares: the fee stays with the suppliers.
    let before = accrual(1_000_000, 1_000_000, u128::MAX - VIRTUAL_SHARES);
    let booked = book_growth(&before, Wad(WAD));
    assert_eq!((booked.interest, booked.fee_assets), (Assets(1_000_000), Assets(100_000)));
    assert_eq!((booked.fee_shares, booked.clamped), (Shares::ZERO, true));
}

#[test]
fn a_fee_of_everything_leaves_suppliers_where_they_were() {
    let before = Accrual { fee: Wad::ONE, ..accrual(1_000, 2_000, 2_000_000_000) };
    let booked = book_growth(&before, Wad(WAD / 10));
    // 10 % of 1000; 100 · (2·10^9 + 10^6) / 2001 = 10^8.
    assert_eq!((booked.interest, booked.fee_assets), (Assets(100), Assets(100)));
    assert_eq!(booked.fee_shares, Shares(100_000_000));
}

/// What fills the room to the last unit was booked whole: nothing is clamped and the fraction is kept.
#[test]
fn the_last_unit_of_room_is_no_clamping() {
    // 1 % of 10 000 are the 100 units of room, and the 7 that were carried stay carried.
    let before = Accrual { rem: 7, ..accrual(10_000, u128::MAX - 101, 1_000_000) };
    let booked = book_growth(&before, Wad(WAD / 100));
    assert_eq!((booked.interest, booked.clamped, booked.rem), (Assets(100), false, 7));
    // One unit more is due than fits; the fraction of what was not booked is nobody's.
    let booked = book_growth(&before, Wad(WAD / 100 + WAD / 10_000));
    assert_eq!((booked.interest, booked.clamped, booked.rem), (Assets(100), true, 0));
}

#[test]
fn the_last_share_of_room_is_no_clamping() {
    // 2 · (shares + 10^6) for 2 assets beside none, and MAX − 10^6 − shares of room: equal at MAX / 3 − 10^6.
    let third = u128::MAX / 3;
    let shares = third - VIRTUAL_SHARES;
    assert_eq!(fee_shares(shares, 0, 2), (2 * third, false));
    assert_eq!(fee_shares(shares + 1, 0, 2), (2 * third - 1, true));
    assert_eq!(fee_shares(shares, 0, 0), (0, false));
}
