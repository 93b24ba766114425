//! Tests: pauses and the look at a token, on a pool in memory.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::{Role, Skimmed, change_pause, skim, stored_reserve};
use crate::{
    address::Address,
    error::Code,
    state::{Flags, pause::operation},
    testkit::*,
    units::{Assets, Shares, Timestamp},
};

const NEVER_LISTED: Address = Address([0x77; 20]);

#[test]
fn each_role_has_its_place() {
    let mut root = Pool::empty().root;
    let governor = root.govern(&GOVERNOR).unwrap();
    for (code, holder) in [(2, ALICE), (3, BOB), (4, CAROL)] {
        root.set_role(governor, Role::from_code(code).unwrap(), holder).unwrap();
    }
    assert_eq!((root.steward, root.feed, root.admin), (ALICE, BOB, CAROL));
    assert_eq!((root.governor, root.guardian), (GOVERNOR, GOVERNOR));
}

#[test]
fn a_pause_is_of_one_reserve_or_of_all() {
    let mut pool = Pool::new();
    let mut root = pool.root;
    let guard = root.guard(&GOVERNOR).unwrap();
    let set = |pause: crate::state::pause::Pause, now| {
        pause.extended(guard, operation::BORROW | operation::SUPPLY, 600, now)
    };
    let now = pool.host.time();
    let pause = change_pause(&mut pool.host, &mut root, &ETH, set).unwrap();
    assert_eq!((pause.from, pause.until), (now, Timestamp(now.0 + 600)));
    assert_eq!(pool.reserve(ETH).pause, pause);
    // Neither another reserve nor the pool as a whole.
    assert!(!pool.reserve(DOT).pause.holds(operation::BORROW, now));
    assert!(!root.pause.holds(operation::BORROW, now));
    let everywhere = change_pause(&mut pool.host, &mut root, &Address::ZERO, set).unwrap();
    assert_eq!(root.pause, everywhere);
    assert!(!pool.reserve(DOT).pause.holds(operation::BORROW, now));
    let unknown = change_pause(&mut pool.host, &mut root, &NEVER_LISTED, set);
    assert_eq!(code(unknown), Code::UnknownAsset);
}

#[test]
fn a_part_of_a_pause_is_lifted() {
    let pool = Pool::new();
    let (guard, governor) =
        (pool.root.guard(&GOVERNOR).unwrap(), pool.root.govern(&GOVERNOR).unwrap());
    let operations = operation::BORROW | operation::SUPPLY;
    let pause = crate::state::pause::Pause::default();
    let pause = pause.extended(guard, operations, 600, START).unwrap();
    let later = Timestamp(START.0 + 60);
    let rest = pause.lifted(governor, operation::BORROW, later).unwrap();
    assert!(!rest.holds(operation::BORROW, later) && rest.holds(operation::SUPPLY, later));
    // What goes on ends when it was to end, and nobody is given grace for a pause of borrowing.
    assert_eq!((rest.until, rest.grace_until(later)), (pause.until, None));
}

#[test]
fn s_ctl_13_a_surplus_is_the_insurances_and_a_lack_freezes() {
    let mut pool = Pool::new();
    let root = pool.root;
    let before = pool.reserve(USDC).balances;
    // 1 000 000 USDC of Dave, 1 000 units of seed, 10 protected.
    let owed = 1_000_000 * ONE_USDC + 1_000 + 10;
    // Nothing was lent, so a share is worth 10^-6 of a unit as at the start.
    let found = skim(&mut pool.host, &root, &USDC, Assets(owed + 500)).unwrap();
    assert_eq!(found, Skimmed::Surplus { assets: Assets(500), shares: Shares(500_000_000) });
    let after = pool.reserve(USDC).balances;
    assert_eq!(after.cash.0, before.cash.0 + 500);
    assert_eq!(after.supply.assets.0, before.supply.assets.0 + 500);
    assert_eq!(after.supply.shares.0, before.supply.shares.0 + 500_000_000);
    assert_eq!(after.insurance.0, before.insurance.0 + 500_000_000);
    assert_eq!(after.protected, before.protected);
    // The same balance again is exactly what is owed: nothing to take.
    let again = skim(&mut pool.host, &root, &USDC, Assets(owed + 500));
    assert_eq!(code(again), Code::ZeroAmount);
    assert!(!pool.reserve(USDC).flags.has(Flags::FROZEN));
    let short = skim(&mut pool.host, &root, &USDC, Assets(owed + 499)).unwrap();
    assert_eq!(short, Skimmed::Shortfall { owed: Assets(owed + 500) });
    assert!(pool.reserve(USDC).flags.has(Flags::FROZEN));
    assert_eq!(pool.reserve(USDC).balances, after);
    assert_eq!(code(skim(&mut pool.host, &root, &NEVER_LISTED, Assets(1))), Code::UnknownAsset);
}

#[test]
fn a_stored_reserve_is_found_by_its_whole_address() {
    let mut pool = Pool::new();
    let root = pool.root;
    let stored = stored_reserve(&mut pool.host, &root, &DOT).unwrap();
    assert_eq!(stored, pool.reserve(DOT));
    // The directory keeps four bytes of an address: another one with the same beginning is not this token.
    let mut alike = DOT;
    alike.0[19] ^= 1;
    for strange in [alike, NEVER_LISTED] {
        assert_eq!(code(stored_reserve(&mut pool.host, &root, &strange)), Code::UnknownAsset);
    }
}
