//! Tests: pauses and the look at a token, on a pool in memory.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::{
    Role, Skimmed, accept, change_pause, load_control, pause, set_role, skim, stored_reserve,
    unpause,
};
use crate::{
    address::Address,
    error::{Code, Refusal},
    feed::{Push, Status},
    state::{Flags, control::ControlItem, pause::operation},
    submit::Kind,
    testkit::*,
    units::{Assets, Price, Shares, Timestamp},
};

const NEVER_LISTED: Address = Address([0x77; 20]);

/// Hands out a role by its number.
fn name(pool: &mut Pool, who: Address, role: u8, holder: Address) -> Result<Address, Refusal> {
    set_role(&mut pool.host, &mut pool.root, &who, Role::from_code(role)?, holder, |_| None)
}

/// A feed has to go on where the last one stopped: 5 % at most, of every reserve that counts.
#[test]
fn s_ctl_12_a_new_feed_prices_every_reserve_near_to_its_last_price() {
    let mut pool = Pool::new();
    let now = pool.host.time();
    let set = |pool: &mut Pool, usdc: u128, dot: Option<u128>, status| {
        let ask = |token: &Address| {
            let median = match *token {
                USDC => Some(usdc),
                DOT => dot,
                _ => Some(2_000 * USD),
            };
            Some(Push { median: Price(median?), time: now, status, ..Push::default() })
        };
        let (host, root) = (&mut pool.host, &mut pool.root);
        set_role(host, root, &GOVERNOR, Role::Feed, BOB, ask)
    };
    let step = 5 * USD / 20;
    let near = Some(5 * USD + step);
    let far = set(&mut pool, USD, Some(5 * USD + step + 1), Status::Ok);
    assert_eq!(words(far), (Code::FeedMismatch, 1, 5 * USD + step + 1));
    let far = set(&mut pool, USD * 95 / 100 - 1, near, Status::Ok);
    assert_eq!(words(far), (Code::FeedMismatch, 0, USD * 95 / 100 - 1));
    assert_eq!(code(set(&mut pool, USD, None, Status::Ok)), Code::PriceMissing);
    assert_eq!(code(set(&mut pool, USD, near, Status::Suspect)), Code::PriceNotUsable);
    let feed = pool.root.feed;
    assert_eq!(set(&mut pool, USD, near, Status::Ok), Ok(feed));
    assert_eq!(pool.root.feed, BOB);
    // What is wound down needs no price.
    let governor = pool.root.govern(&GOVERNOR).unwrap();
    super::wind_down(&mut pool.host, &pool.root, governor, &DOT).unwrap();
    assert_eq!(set(&mut pool, USD, None, Status::Ok), Ok(BOB));
    pool.host.advance(3_601);
    assert_eq!(code(set(&mut pool, USD, None, Status::Ok)), Code::PriceStale);
}

#[test]
fn each_role_has_its_place() {
    let mut pool = Pool::empty();
    for (code, holder) in [(2, ALICE), (3, BOB), (4, CAROL)] {
        name(&mut pool, GOVERNOR, code, holder).unwrap();
    }
    let root = pool.root;
    assert_eq!((root.steward, root.feed, root.admin), (ALICE, BOB, CAROL));
    assert_eq!((root.governor, root.guardian), (GOVERNOR, GOVERNOR));
    assert_eq!(code(name(&mut pool, ALICE, 1, BOB)), Code::NotGovernor);
}

#[test]
fn no_role_can_be_given_to_nobody() {
    let mut pool = Pool::empty();
    for role in 0..5 {
        assert_eq!(code(name(&mut pool, GOVERNOR, role, Address::ZERO)), Code::ZeroAddress);
    }
    assert_eq!(code(name(&mut pool, GOVERNOR, 5, ALICE)), Code::BadParameter);
}

#[test]
fn s_ctl_11_the_governors_role_passes_when_it_is_accepted() {
    let mut pool = Pool::empty();
    let accept = |pool: &mut Pool, who| accept(&mut pool.host, &mut pool.root, &who);
    // Nothing was offered, not to the zero address either.
    assert_eq!(words(accept(&mut pool, Address::ZERO)).0, Code::NotGovernor);
    assert_eq!(name(&mut pool, GOVERNOR, 0, ALICE), Ok(GOVERNOR));
    assert_eq!(pool.root.governor, GOVERNOR);
    assert_eq!(code(accept(&mut pool, BOB)), Code::NotGovernor);
    // A second offer replaces the first, and to himself takes it back.
    name(&mut pool, GOVERNOR, 0, BOB).unwrap();
    assert_eq!(code(accept(&mut pool, ALICE)), Code::NotGovernor);
    assert_eq!(accept(&mut pool, BOB), Ok(GOVERNOR));
    assert_eq!(pool.root.governor, BOB);
    // Once only, and the one before has no say any more.
    assert_eq!(code(accept(&mut pool, BOB)), Code::NotGovernor);
    assert_eq!(code(name(&mut pool, GOVERNOR, 0, GOVERNOR)), Code::NotGovernor);
    assert_eq!(name(&mut pool, BOB, 1, CAROL), Ok(GOVERNOR));
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

const HOUR: u32 = 3_600;
const DAY: u32 = 24 * HOUR;

/// A pool whose guardian is Bob.
fn guarded() -> Pool {
    let mut pool = Pool::new();
    name(&mut pool, GOVERNOR, 1, BOB).unwrap();
    pool
}

/// Pauses from now; what was set, or what was refused and its first word.
fn paused(
    pool: &mut Pool,
    who: Address,
    asset: Address,
    bits: u16,
    time: u32,
) -> Result<u32, (Code, u128)> {
    let set = pause(&mut pool.host, &mut pool.root, &who, &asset, bits, time);
    set.map(|pause| pause.until.0)
        .map_err(|refusal| (refusal.code(), refusal.a().as_u128().unwrap()))
}

#[test]
fn s_ctl_07_the_guardian_has_six_hours_without_liquidations_a_week() {
    let mut pool = guarded();
    let start = pool.host.time().0;
    let all = Address::ZERO;
    assert_eq!(paused(&mut pool, BOB, USDC, operation::LIQUIDATE, 4 * HOUR), Ok(start + 4 * HOUR));
    // Elsewhere at the same time: the same four hours.
    assert_eq!(paused(&mut pool, BOB, ETH, operation::LIQUIDATE, 4 * HOUR), Ok(start + 4 * HOUR));
    // The grace is over after eight. Two hours are left, everywhere.
    pool.advance(8 * HOUR);
    let more = paused(&mut pool, BOB, all, operation::LIQUIDATE, 2 * HOUR + 1);
    assert_eq!(more, Err((Code::PauseLimit, u128::from(2 * HOUR))));
    paused(&mut pool, BOB, all, operation::LIQUIDATE, 2 * HOUR).unwrap();
    pool.advance(4 * HOUR);
    let more = paused(&mut pool, BOB, DOT, operation::LIQUIDATE, 1);
    assert_eq!(more, Err((Code::PauseLimit, 0)));
    // What is refused is not booked: of other operations the day has 24 − 6 hours.
    paused(&mut pool, BOB, DOT, operation::BORROW, 18 * HOUR).unwrap();
    // The governor is not bounded by the week.
    paused(&mut pool, GOVERNOR, ETH, operation::LIQUIDATE, 6 * HOUR).unwrap();
    // A week after the last second used it is whole again: 12 h + 18 h + 7 days.
    pool.advance(18 * HOUR + 7 * DAY - 1);
    let early = paused(&mut pool, BOB, DOT, operation::BORROW, 1);
    assert_eq!(early, Err((Code::PauseLimit, 0)));
    pool.advance(1);
    paused(&mut pool, BOB, DOT, operation::LIQUIDATE, 6 * HOUR).unwrap();
}

#[test]
fn s_ctl_07_the_guardian_has_a_day_of_pauses_a_week() {
    let mut pool = guarded();
    let now = pool.host.time().0;
    assert_eq!(paused(&mut pool, BOB, ETH, operation::BORROW, DAY), Ok(now + DAY));
    pool.advance(HOUR);
    // To the same end is free; an hour longer is not.
    assert_eq!(paused(&mut pool, BOB, USDC, operation::SUPPLY, 23 * HOUR), Ok(now + DAY));
    let more = paused(&mut pool, BOB, DOT, operation::SUPPLY, DAY);
    assert_eq!(more, Err((Code::PauseLimit, u128::from(23 * HOUR))));
    let stored = load_control(&mut pool.host).unwrap();
    assert_eq!((stored.pauses.until.0, stored.pauses.used), (now + DAY, DAY));
    assert_eq!(stored.liquidations, Default::default());
    assert_eq!(ControlItem::decode(&stored.encode()), Ok(stored));
}

/// I-CTL-02: what the governor paused, the guardian neither lifts nor brings to an end by a shorter pause.
#[test]
fn a_guardian_ends_no_pause_of_others() {
    let mut pool = guarded();
    let now = pool.host.time().0;
    assert_eq!(paused(&mut pool, GOVERNOR, ETH, operation::BORROW, DAY), Ok(now + DAY));
    let lifted = unpause(&mut pool.host, &mut pool.root, &BOB, &ETH, operation::BORROW);
    assert_eq!(code(lifted), Code::NotGovernor);
    let shorter = paused(&mut pool, BOB, ETH, operation::LIQUIDATE, HOUR);
    assert_eq!(shorter, Err((Code::BadParameter, 1)));
    assert_eq!(paused(&mut pool, BOB, ETH, operation::SUPPLY, HOUR), Ok(now + DAY));
    unpause(&mut pool.host, &mut pool.root, &GOVERNOR, &ETH, operation::BORROW).unwrap();
    assert!(!pool.reserve(ETH).pause.holds(operation::BORROW, Timestamp(now)));
}

#[test]
fn s_ctl_16_the_guardians_freeze_ends_by_itself_and_leaves_no_trace() {
    let mut pool = guarded();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    let before = pool.reserve(ETH);
    for token in [ETH, USDC] {
        paused(&mut pool, BOB, token, operation::FREEZE, HOUR).unwrap();
    }
    assert_eq!(code(pool.supply(CAROL, ETH, 1)), Code::Frozen);
    assert_eq!(code(pool.act(CAROL, Kind::Protect, ETH, 1)), Code::Frozen);
    assert_eq!(code(pool.borrow(ALICE, USDC, 200 * ONE_USDC)), Code::Frozen);
    // The ltv is nothing, the threshold what it was.
    assert_eq!(code(pool.borrow(ALICE, DOT, 100 * ONE_DOT)), Code::InsufficientCollateral);
    let now = pool.host.time();
    assert_eq!(pool.reserve(ETH).risk.threshold_at(0, now), before.risk.threshold_at(0, now));
    pool.act(ALICE, Kind::Protect, ETH, 1).unwrap();
    pool.act(ALICE, Kind::Repay, USDC, ONE_USDC).unwrap();
    pool.advance(HOUR);
    pool.prices([USD, 5 * USD, 2_000 * USD]);
    pool.supply(CAROL, ETH, 1_000_000).unwrap();
    pool.borrow(ALICE, USDC, 200 * ONE_USDC).unwrap();
    let after = pool.reserve(ETH);
    assert_eq!(
        (after.flags, after.risk, after.limits.supply),
        (before.flags, before.risk, before.limits.supply)
    );
    // A freeze is of a reserve.
    let all = paused(&mut pool, BOB, Address::ZERO, operation::FREEZE, HOUR);
    assert_eq!(all, Err((Code::BadParameter, 1)));
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
