#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::*;
use crate::{
    state::{
        Flags,
        limits::Cap,
        pause::{Pause, operation},
    },
    testkit::*,
};
use proptest::prelude::*;

fn room(pool: &mut Pool, who: Address, asset: Address, kind: Kind) -> HeadRoom {
    let root = pool.root;
    head_room(&mut pool.host, &root, &who, &asset, kind).unwrap()
}

/// Room, code and both words.
fn told(room: &HeadRoom) -> (u128, Option<(Code, u128, u128)>) {
    let word = |word: Word| word.as_u128().unwrap();
    let binding = room.binding.map(|binding| (binding.code, word(binding.a), word(binding.b)));
    (room.room.0, binding)
}

/// Alice: 10 ETH at 2 000 dollars and an ltv of 75 % carry 15 000 dollars.
fn alice() -> Pool {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool
}

#[test]
fn what_collateral_carries() {
    let mut pool = alice();
    let borrow = room(&mut pool, ALICE, USDC, Kind::Borrow);
    let most = 15_000 * ONE_USDC;
    let words = (Code::InsufficientCollateral, 15_000 * USD, 15_000 * USD + USD / ONE_USDC);
    assert_eq!(told(&borrow), (most, Some(words)));
    assert_eq!(borrow.frees, Timestamp::ZERO);
    pool.borrow(ALICE, USDC, most).unwrap();
    let (left, binding) = told(&room(&mut pool, ALICE, USDC, Kind::Borrow));
    assert_eq!((left, binding.unwrap().0), (0, Code::InsufficientCollateral));
    // All of it can be repaid, and more than the debt is clamped.
    assert_eq!(told(&room(&mut pool, ALICE, USDC, Kind::Repay)), (most, None));
    // 7 500 dollars of debt need 5 ETH.
    pool.act(ALICE, Kind::Repay, USDC, most / 2).unwrap();
    let (left, binding) = told(&room(&mut pool, ALICE, ETH, Kind::Withdraw));
    assert_eq!((left, binding.unwrap().0), (5 * ONE_ETH, Code::InsufficientCollateral));
}

#[test]
fn what_is_held_and_what_is_there() {
    let mut pool = alice();
    let all = 10 * ONE_ETH;
    let more = (Code::InsufficientSupply, all + 1, all);
    assert_eq!(told(&room(&mut pool, ALICE, ETH, Kind::Withdraw)), (all, Some(more)));
    pool.change(ETH, |reserve| reserve.balances.cash = Assets(ONE_ETH));
    let more = (Code::InsufficientCash, ONE_ETH + 1, ONE_ETH);
    assert_eq!(told(&room(&mut pool, ALICE, ETH, Kind::Withdraw)), (ONE_ETH, Some(more)));
    let none = room(&mut pool, ALICE, DOT, Kind::Withdraw);
    assert_eq!(told(&none), (0, Some((Code::NoLeg, 1, 0))));
    let none = room(&mut pool, ALICE, DOT, Kind::Unprotect);
    assert_eq!(told(&none), (0, Some((Code::NoLeg, 1, 0))));
    let none = room(&mut pool, ALICE, DOT, Kind::Repay);
    assert_eq!(told(&none), (0, Some((Code::NothingOwed, 1, 0))));
    pool.act(ALICE, Kind::Protect, DOT, 7).unwrap();
    let more = (Code::InsufficientProtected, 8, 7);
    assert_eq!(told(&room(&mut pool, ALICE, DOT, Kind::Unprotect)), (7, Some(more)));
}

/// Nine tenths of 100 million for those without debt, all of it for those with.
#[test]
fn what_the_caps_leave() {
    let mut pool = alice();
    let held = 1_000_000 * ONE_USDC + 1_000;
    let part = 90_000_000 * ONE_USDC;
    let more = (Code::SupplyCap, part + 1, part);
    assert_eq!(told(&room(&mut pool, BOB, USDC, Kind::Supply)), (part - held, Some(more)));
    let more = (Code::ProtectedCap, part + 1, part);
    assert_eq!(told(&room(&mut pool, BOB, USDC, Kind::Protect)), (part - 10, Some(more)));
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    let cap = 100_000_000 * ONE_USDC;
    let more = (Code::SupplyCap, cap + 1, cap);
    assert_eq!(told(&room(&mut pool, ALICE, USDC, Kind::Supply)), (cap - held, Some(more)));
    pool.change(USDC, |reserve| reserve.limits.borrow = Cap::floor(Assets(1_500 * ONE_USDC)));
    let cap = 1_500 * ONE_USDC;
    let more = (Code::BorrowCap, cap + 1, cap);
    assert_eq!(told(&room(&mut pool, ALICE, USDC, Kind::Borrow)), (500 * ONE_USDC, Some(more)));
}

/// A bucket of 600 dollars that empties in 10 minutes.
#[test]
fn a_flow_limit_tells_when_it_frees() {
    let mut pool = alice();
    pool.change(USDC, |reserve| {
        let cap = Cap::floor(Assets(600 * ONE_USDC));
        reserve.limits.outflow = Bucket { cap, refill_minutes: 10, level: 0 };
    });
    pool.borrow(ALICE, USDC, 450 * ONE_USDC).unwrap();
    let borrow = room(&mut pool, ALICE, USDC, Kind::Borrow);
    let left = 150 * ONE_USDC;
    assert_eq!(told(&borrow), (left, Some((Code::OutflowLimit, left + 1, left))));
    // 450 of 600 are 450 of 600 seconds.
    assert_eq!(borrow.frees, Timestamp(START.0 + 450));
    pool.advance(300);
    let borrow = room(&mut pool, ALICE, USDC, Kind::Borrow);
    assert_eq!((borrow.room.0, borrow.frees), (450 * ONE_USDC, Timestamp(START.0 + 450)));
}

#[test]
fn what_no_amount_would_change() {
    let mut pool = alice();
    let until = Timestamp(START.0 + 60);
    let pause = Pause { operations: operation::BORROW, from: START, until };
    pool.change(USDC, |reserve| reserve.pause = pause);
    let borrow = room(&mut pool, ALICE, USDC, Kind::Borrow);
    assert_eq!(told(&borrow), (0, Some((Code::Paused, 5, until.0.into()))));
    assert_eq!(borrow.frees, until);
    pool.change(USDC, |reserve| reserve.flags.set(Flags::FROZEN));
    let supply = room(&mut pool, ALICE, USDC, Kind::Supply);
    assert_eq!(told(&supply), (0, Some((Code::Frozen, 0, 0))));
    let root = pool.root;
    let unknown = head_room(&mut pool.host, &root, &ALICE, &BOB, Kind::Supply);
    assert_eq!(code(unknown), Code::UnknownAsset);
}

/// 0.04 ETH carry 60 dollars, and the smallest debt is 100.
#[test]
fn a_room_below_the_smallest_debt_is_none() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, ONE_ETH / 25).unwrap();
    let borrow = room(&mut pool, ALICE, USDC, Kind::Borrow);
    assert_eq!(told(&borrow), (0, Some((Code::DebtBelowMinimum, 60 * USD, 100 * USD))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The room is accepted, a unit more is refused with the words that were told.
    #[test]
    fn the_pool_does_what_the_room_says(
        supplied in 1..100 * ONE_ETH,
        borrowed in 100..100_000u128,
        price in 500..4_000u128,
        protected in 0..1_000 * ONE_DOT,
        kind in 0..6usize,
        token in 0..3usize,
    ) {
        let mut pool = Pool::new();
        pool.supply(ALICE, ETH, supplied).unwrap();
        if protected != 0 {
            pool.act(ALICE, Kind::Protect, DOT, protected).unwrap();
        }
        let _ = pool.borrow(ALICE, USDC, borrowed * ONE_USDC);
        pool.price(ETH, price * USD);
        let (kind, asset) = (OPERATIONS[kind], TOKENS[token]);
        let found = room(&mut pool, ALICE, asset, kind);
        if !found.room.is_zero() {
            prop_assert!(pool.clone().act(ALICE, kind, asset, found.room.0).is_ok());
        }
        let more = pool.act(ALICE, kind, asset, found.room.0 + 1);
        match found.binding {
            None => prop_assert!(more.is_ok()),
            // What is smallest is told for the largest amount that is too little.
            Some(binding) if binding.code == Code::DebtBelowMinimum => prop_assert!(more.is_err()),
            Some(binding) => {
                let refusal = more.unwrap_err();
                let is = (refusal.code(), refusal.a(), refusal.b());
                // Where there is no room the attempt was another amount.
                if found.room.is_zero() {
                    prop_assert_eq!(is.0, binding.code);
                } else {
                    prop_assert_eq!(is, (binding.code, binding.a, binding.b));
                }
            }
        }
    }
}
