#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::{
    config::{BucketConfig, RateConfig, ReserveConfig},
    listing::reconfigure,
    state::Reserve,
    testkit::*,
    units::{Bps, Ppm},
};

/// As listed: 4 % and 60 % with the bend at 80 %, caps of 100, 80, 100 and 1 million.
fn before() -> Steering {
    config(7_500, 8_000).steering()
}

fn steered(pool: &mut Pool, change: impl FnOnce(&mut Steering)) -> Result<(), (Code, u128, u128)> {
    let mut steering = before();
    change(&mut steering);
    let steward = pool.root.steward(&GOVERNOR).unwrap();
    let result = steer(&mut pool.host, &pool.root, steward, &ETH, &steering);
    result.map_err(|refusal| words::<()>(Err(refusal)))
}

#[test]
fn s_ctl_09_a_quarter_of_each_parameter_and_not_a_unit_more() {
    type Change = fn(&mut Steering);
    type Answer = Result<(), (Code, u128, u128)>;
    let limit = |field: Field, was| Err((Code::StewardLimit, u128::from(field.code()), was));
    let cap = |tokens: u128| tokens * ONE_ETH;
    let cases: [(Change, Answer); 11] = [
        (|_| {}, Ok(())),
        (|s| s.caps = [125_000_000, 60_000_000, 75_000_000, 1_250_000], Ok(())),
        // A cap keeps seven digits.
        (|s| s.caps[0] = 125_000_010, limit(Field::SupplyCap, cap(100_000_000))),
        (|s| s.caps[1] = 59_999_999, limit(Field::BorrowCap, cap(80_000_000))),
        (|s| s.caps[2] = 0, limit(Field::ProtectedCap, cap(100_000_000))),
        (|s| s.caps[3] = 1_250_001, limit(Field::FlashCap, cap(1_000_000))),
        (|s| s.rates = kinked(0, 50_000, 750_000, 6_000), Ok(())),
        (|s| s.rates = kinked(1, 40_000, 600_000, 8_000), limit(Field::RateBase, 0)),
        (|s| s.rates = kinked(0, 50_001, 600_000, 8_000), limit(Field::RateSlope1, 40_000)),
        (|s| s.rates = kinked(0, 40_000, 600_000, 5_999), limit(Field::RateOptimal, 8_000)),
        (|s| s.inflow = BucketConfig { cap: 1, refill_minutes: 1 }, limit(Field::InflowCap, 0)),
    ];
    for (index, (change, expected)) in cases.into_iter().enumerate() {
        let mut pool = Pool::new();
        assert_eq!(steered(&mut pool, change), expected, "{index}");
    }
    let mut pool = Pool::new();
    let model = limit(Field::RateModel, 0);
    assert_eq!(steered(&mut pool, |s| s.rates = RateConfig::Adaptive), model);
    // The bounds of the governor hold for the steward as well.
    let bent = |s: &mut Steering| s.rates = kinked(0, 40_000, 39_999, 8_000);
    assert_eq!(steered(&mut pool, bent).unwrap_err().0, Code::BadParameter);
}

fn kinked(base: u32, slope1: u32, slope2: u32, optimal: u16) -> RateConfig {
    let (base, slope1, slope2) = (Ppm(base), Ppm(slope1), Ppm(slope2));
    RateConfig::Kinked { base, slope1, slope2, optimal: Bps(optimal) }
}

#[test]
fn s_ctl_09_no_day_holds_two_quarters() {
    let mut pool = Pool::new();
    let rest = pool.reserve(ETH);
    assert_eq!(steered(&mut pool, |s| s.caps[0] = 125_000_000), Ok(()));
    let moved = pool.reserve(ETH);
    // Nothing else has changed.
    let same = Reserve { limits: rest.limits, last_accrual: rest.last_accrual, ..moved };
    assert_eq!(same, rest);
    let was = 100_000_000 * ONE_ETH;
    let more = Err((Code::StewardLimit, u128::from(Field::SupplyCap.code()), was));
    assert_eq!(steered(&mut pool, |s| s.caps[0] = 126_000_000), more);
    pool.advance(DAY - 1);
    assert_eq!(steered(&mut pool, |s| s.caps[0] = 126_000_000), more);
    // Another change keeps the day going.
    assert_eq!(steered(&mut pool, |s| s.caps[0] = 124_000_000), Ok(()));
    pool.advance(DAY - 1);
    assert_eq!(steered(&mut pool, |s| s.caps[0] = 126_000_000), more);
    pool.advance(1);
    // 124 · 5 / 4 = 155 million, in a new day.
    assert_eq!(steered(&mut pool, |s| s.caps[0] = 155_000_000), Ok(()));
}

#[test]
fn the_governors_change_begins_a_new_day_of_the_steward() {
    let mut pool = Pool::new();
    assert_eq!(steered(&mut pool, |s| s.caps[0] = 125_000_000), Ok(()));
    let next = ReserveConfig { supply_cap: 200_000_000, ..config(7_500, 8_000) };
    reconfigure(&mut pool.host, &pool.root, &ETH, &next).unwrap();
    assert_eq!(steered(&mut pool, |s| s.caps[0] = 250_000_000), Ok(()));
}

#[test]
fn only_the_steward_and_the_governor_steer() {
    let mut root = Pool::empty().root;
    root.steward = BOB;
    assert!(root.steward(&BOB).is_ok() && root.steward(&GOVERNOR).is_ok());
    assert_eq!(root.steward(&ALICE).unwrap_err().code(), Code::NotSteward);
    assert!(root.govern(&BOB).is_err() && root.guard(&BOB).is_err());
}
