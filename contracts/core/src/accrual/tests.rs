#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

use super::*;
use crate::{
    shares::Totals,
    state::limits::{Bucket, Cap},
    testkit::config,
    units::YEAR,
};
use proptest::prelude::*;

fn reserve(supply: u128, debt: u128) -> Reserve {
    let valid = config(7_500, 8_000).validate(6, Bps(10_500)).unwrap();
    let token = crate::address::Address([1; 20]);
    let mut reserve = Reserve::list(&valid, token, Timestamp(1_000));
    let totals = |assets: u128| Totals {
        assets: Assets(assets),
        shares: Shares(assets.checked_mul(1_000_000).unwrap_or(u128::MAX - 1_000_000)),
    };
    reserve.balances.supply = totals(supply);
    reserve.balances.debt = totals(debt);
    reserve.balances.cash = Assets(supply - debt);
    reserve
}

/// I-IDX-03: the second time at the same moment nothing happens, nor before the last time.
#[test]
fn interest_is_booked_once_per_moment() {
    let once = AccruedReserve::new(reserve(1_000_000, 500_000), Timestamp(900_000));
    let twice = AccruedReserve::new(*once, Timestamp(900_000));
    assert_eq!(*once, *twice);
    let earlier = AccruedReserve::new(*once, Timestamp(5));
    assert_eq!(*once, *earlier);
    assert!(earlier.booked.is_none());
}

/// 4 % · (80 % / 80 %) for a year on 800 000 of a million: e^0.04 − 1 = 0.0408107742; three terms give 0.0408106666….
#[test]
fn a_year_at_the_optimum() {
    let year = Timestamp(1_000 + YEAR);
    let mut accrued = AccruedReserve::new(reserve(1_000_000_000_000, 800_000_000_000), year);
    let interest = accrued.balances.debt.assets.0 - 800_000_000_000;
    // The rate per second is rounded down: up to 31 536 000 · 10^-18 of the debt less.
    assert!((32_648_533_300..=32_648_533_334).contains(&interest), "{interest}");
    assert_eq!(accrued.balances.supply.assets.0, 1_000_000_000_000 + interest);
    let Some(Event::Accrued { interest: told, insurance_shares, treasury_shares, .. }) =
        accrued.take_event()
    else {
        panic!("nothing was said");
    };
    assert_eq!(told.0, interest);
    assert_eq!(treasury_shares, Shares(0));
    // A tenth of the interest, at the price after it.
    let worth = accrued.balances.supply.to_assets_floor(insurance_shares).unwrap().0;
    assert!(worth.abs_diff(interest / 10) <= 1, "{worth}");
    assert!(accrued.take_event().is_none());
}

#[test]
fn the_flow_limits_decay_by_the_same_clock() {
    let mut reserve = reserve(1_000, 0);
    let bucket = Bucket { cap: Cap::floor(Assets(600)), refill_minutes: 10, level: 500 };
    reserve.limits.inflow = bucket;
    reserve.limits.outflow = Bucket { level: -500, ..bucket };
    let accrued = AccruedReserve::new(reserve, Timestamp(1_060));
    assert_eq!((accrued.limits.inflow.level, accrued.limits.outflow.level), (440, -440));
    assert_eq!(accrued.last_accrual, Timestamp(1_060));
}

proptest! {
    /// I-IDX-08: whatever the totals and however long, accrual gives an answer, and the books balance if they did.
    #[test]
    fn accrual_never_fails(
        supply in any::<u128>(),
        part in 0u128..=1_000,
        elapsed in any::<u32>(),
        fee in 0u16..=5_000,
        rem in 0u64..1_000_000_000_000_000_000,
    ) {
        let debt = supply / 1_000 * part;
        let mut before = reserve(supply, debt);
        before.fees.fee = Bps(fee);
        before.balances.interest_rem = rem;
        before.last_accrual = Timestamp(0);
        let after = AccruedReserve::new(before, Timestamp(elapsed));
        let (was, is) = (before.balances, after.balances);
        let interest = is.debt.assets.0 - was.debt.assets.0;
        // I-IDX-06: what borrowers are charged is what suppliers and protocol get.
        prop_assert_eq!(is.supply.assets.0 - was.supply.assets.0, interest);
        let minted = is.supply.shares.0 - was.supply.shares.0;
        prop_assert_eq!(minted, is.insurance.0 - was.insurance.0 + (is.treasury.0 - was.treasury.0));
        prop_assert_eq!(is.cash, was.cash);
    }
}

/// The adaptive model starts at 4 % a year at its target of 90 %, and the event tells the rate that was stored.
#[test]
fn the_event_tells_the_rate_at_target_of_an_adaptive_reserve() {
    let mut before = reserve(1_000_000_000, 900_000_000);
    before.rates = Rates::Adaptive(crate::rates::Adaptive::FRESH);
    let mut accrued = AccruedReserve::new(before, Timestamp(1_000 + 86_400));
    let Some(Event::Accrued { rate_at_target, interest, .. }) = accrued.take_event() else {
        panic!("nothing was booked");
    };
    // 4 % · 10^18 / 31 536 000, cut.
    assert_eq!(rate_at_target, 1_268_391_679);
    // A day of it on 900 000 000: 900 000 000 · (e^(0.04/365) − 1) = 98 635.5.
    assert_eq!(interest, Assets(98_635));
}
