//! Caps and flow limits bind on new risk only.

use crate::{
    error::Code,
    state::limits::{Bucket, Cap},
    submit::{ALL, Kind},
    testkit::*,
    units::Assets,
};

fn cap(amount: u128) -> Cap {
    Cap::floor(Assets(amount))
}

fn bucket(amount: u128) -> Bucket {
    Bucket { cap: cap(amount), refill_minutes: 60, level: 0 }
}

/// I-LIM-01: the last tenth of a cap is for those who have debt.
#[test]
fn the_last_tenth_of_a_cap_is_for_borrowers() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    let total = pool.reserve(DOT).balances.supply.assets.0;
    let most = total + ONE_DOT;
    // A cap of which nine tenths are one DOT above what is there (the figures divide evenly: 200 000.0000001 DOT).
    let whole = most.div_ceil(9) * 10;
    pool.change(DOT, |reserve| reserve.limits.supply = cap(whole));
    let open = pool.reserve(DOT).limits.supply.open_part().0;
    assert!(pool.clone().supply(BOB, DOT, open - total).is_ok());
    assert_eq!(words(pool.supply(BOB, DOT, open - total + 1)), (Code::SupplyCap, open + 1, open));
    let full = pool.reserve(DOT).limits.supply.assets().0;
    pool.supply(ALICE, DOT, full - total).unwrap();
    assert_eq!(words(pool.supply(ALICE, DOT, 1)), (Code::SupplyCap, full + 1, full));
    // I-CTL-03: a full reserve can be left.
    pool.act(ALICE, Kind::Withdraw, DOT, ALL.0).unwrap();
}

#[test]
fn protected_tokens_have_a_cap_of_their_own() {
    let mut pool = Pool::new();
    let floor = pool.reserve(DOT).balances.protected.0;
    pool.change(DOT, |reserve| reserve.limits.protected = cap(1_000 + floor));
    assert_eq!(code(pool.act(ALICE, Kind::Protect, DOT, 1_000)), Code::ProtectedCap);
    pool.act(ALICE, Kind::Protect, DOT, 890).unwrap();
}

#[test]
fn debt_has_a_cap() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.change(USDC, |reserve| reserve.limits.borrow = cap(500 * ONE_USDC));
    assert_eq!(
        words(pool.borrow(ALICE, USDC, 500 * ONE_USDC + 1)),
        (Code::BorrowCap, 500 * ONE_USDC + 1, 500 * ONE_USDC)
    );
    pool.borrow(ALICE, USDC, 500 * ONE_USDC).unwrap();
}

#[test]
fn inflow_is_limited_and_netted() {
    let mut pool = Pool::new();
    pool.change(DOT, |reserve| reserve.limits.inflow = bucket(100 * ONE_DOT));
    assert_eq!(
        words(pool.supply(ALICE, DOT, 91 * ONE_DOT)),
        (Code::InflowLimit, 91 * ONE_DOT, 90 * ONE_DOT)
    );
    // I-LIM-01: a cycle moves nothing.
    for _ in 0..5 {
        pool.supply(ALICE, DOT, 90 * ONE_DOT).unwrap();
        pool.act(ALICE, Kind::Withdraw, DOT, ALL.0).unwrap();
        pool.act(ALICE, Kind::Protect, DOT, 90 * ONE_DOT).unwrap();
        pool.act(ALICE, Kind::Unprotect, DOT, ALL.0).unwrap();
        assert_eq!(pool.reserve(DOT).limits.inflow.level, 0);
    }
    pool.supply(ALICE, DOT, 90 * ONE_DOT).unwrap();
    assert_eq!(code(pool.supply(BOB, DOT, 1)), Code::InflowLimit);
    // Half of the bucket is gone after half of its hour.
    pool.advance(1_800);
    assert_eq!(code(pool.supply(BOB, DOT, 51 * ONE_DOT)), Code::InflowLimit);
    pool.supply(BOB, DOT, 50 * ONE_DOT).unwrap();
}

#[test]
fn the_last_tenth_of_the_inflow_is_for_borrowers() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    pool.change(DOT, |reserve| reserve.limits.inflow = bucket(100 * ONE_DOT));
    pool.supply(BOB, DOT, 90 * ONE_DOT).unwrap();
    assert_eq!(code(pool.supply(ALICE, DOT, 11 * ONE_DOT)), Code::InflowLimit);
    pool.supply(ALICE, DOT, 10 * ONE_DOT).unwrap();
}

/// I-HF-05: leaving without debt is counted and never refused.
#[test]
fn outflow_holds_back_debt_and_not_exits() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.supply(BOB, USDC, 5_000 * ONE_USDC).unwrap();
    pool.change(USDC, |reserve| reserve.limits.outflow = bucket(1_000 * ONE_USDC));
    assert_eq!(
        words(pool.borrow(ALICE, USDC, 1_001 * ONE_USDC)),
        (Code::OutflowLimit, 1_001 * ONE_USDC, 1_000 * ONE_USDC)
    );
    pool.borrow(ALICE, USDC, 600 * ONE_USDC).unwrap();
    pool.act(BOB, Kind::Withdraw, USDC, 4_000 * ONE_USDC).unwrap();
    assert_eq!(pool.reserve(USDC).limits.outflow.level, 4_600_000_000);
    assert_eq!(words(pool.borrow(ALICE, USDC, 1)), (Code::OutflowLimit, 1, 0));
    // What comes back makes room again.
    pool.supply(BOB, USDC, 4_000 * ONE_USDC).unwrap();
    pool.act(ALICE, Kind::Repay, USDC, 100 * ONE_USDC).unwrap();
    pool.borrow(ALICE, USDC, 500 * ONE_USDC).unwrap();
    pool.supply(ALICE, USDC, 200 * ONE_USDC).unwrap();
    pool.change(USDC, |reserve| reserve.limits.outflow.level = 950_000_000);
    assert_eq!(code(pool.act(ALICE, Kind::Withdraw, USDC, 51 * ONE_USDC)), Code::OutflowLimit);
    pool.act(ALICE, Kind::Withdraw, USDC, 50 * ONE_USDC).unwrap();
}
