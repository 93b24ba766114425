#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::*;
use crate::{
    submit::{ALL, Action, Kind, Request, submit},
    testkit::*,
    transfers::Transfer,
};
use std::vec::Vec;

const LATER: Timestamp = Timestamp(START.0 + 100);
/// Neither the account nor its operator.
const ELSEWHERE: Address = Address([0xee; 20]);

fn granted(permissions: u8) -> Pool {
    let mut pool = Pool::new();
    pool.supply(ALICE, DOT, 1_000 * ONE_DOT).unwrap();
    pool.act(ALICE, Kind::Protect, ETH, ONE_ETH).unwrap();
    set_operator(&mut pool.host, &ALICE, &BOB, permissions, LATER).unwrap();
    pool
}

/// Bob does something for Alice.
fn act(pool: &mut Pool, to: Address, actions: &[Action]) -> Result<Vec<Transfer>, Refusal> {
    let root = pool.root;
    let request = Request { caller: BOB, account: ALICE, to };
    let moved = pool.host.transact(|host| submit(host, &root, &request, actions))?;
    Ok(moved.iter().copied().collect())
}

/// Each action that needs a permission, with that permission.
fn table() -> [(Action, u8); 5] {
    [
        (Action::new(Kind::Withdraw, DOT, ONE_DOT), permission::WITHDRAW),
        (Action::new(Kind::Unprotect, ETH, ALL.0), permission::WITHDRAW),
        (Action::new(Kind::Borrow, USDC, 200 * ONE_USDC), permission::BORROW),
        (Action::new(Kind::SetCollateral, DOT, 0), permission::SETTINGS),
        (Action::new(Kind::SetCategory, Address::ZERO, 0), permission::SETTINGS),
    ]
}

#[test]
fn an_operator_does_what_he_may_and_nothing_else() {
    for permissions in 0..=permission::ALL {
        for (action, needed) in table() {
            let to_account = act(&mut granted(permissions), ALICE, &[action]);
            let may = permissions & needed == needed;
            assert_eq!(to_account.is_ok(), may, "{permissions} {action:?}");
            let elsewhere = act(&mut granted(permissions), ELSEWHERE, &[action]);
            let pays = action.kind.moves_money();
            let may = may && (!pays || permissions & permission::PAYOUT != 0);
            assert_eq!(elsewhere.is_ok(), may, "{permissions} {action:?} elsewhere");
            if !may {
                let refusal = elsewhere.unwrap_err();
                assert_eq!(refusal.code(), Code::NotAuthorised);
                assert_eq!((refusal.a().as_address(), refusal.b().as_address()), (BOB, ALICE));
            }
        }
    }
}

/// 1 and 2 without 8: the operator himself is somebody else, too.
#[test]
fn an_operator_without_payout_cannot_pay_himself() {
    let mut pool = granted(permission::WITHDRAW | permission::BORROW);
    let take = [Action::new(Kind::Withdraw, DOT, ONE_DOT)];
    assert_eq!(code(act(&mut pool, BOB, &take)), Code::NotAuthorised);
    assert_eq!(act(&mut pool, ALICE, &take).unwrap(), [push(DOT, ONE_DOT)]);
    let mut pool = granted(permission::WITHDRAW | permission::PAYOUT);
    assert_eq!(act(&mut pool, BOB, &take).unwrap(), [push(DOT, ONE_DOT)]);
    assert_eq!(code(act(&mut pool, Address::ZERO, &take)), Code::ZeroAddress);
}

#[test]
fn a_grant_ends_with_its_expiry_and_when_it_is_taken_back() {
    let take = [Action::new(Kind::Withdraw, DOT, ONE_DOT)];
    let mut pool = granted(permission::ALL);
    pool.host.set_now(Timestamp(LATER.0 - 1));
    assert!(act(&mut pool, BOB, &take).is_ok());
    pool.host.set_now(LATER);
    assert_eq!(code(act(&mut pool, BOB, &take)), Code::NotAuthorised);
    let mut pool = granted(permission::ALL);
    set_operator(&mut pool.host, &ALICE, &BOB, 0, LATER).unwrap();
    assert_eq!(code(act(&mut pool, BOB, &take)), Code::NotAuthorised);
    // Nothing is left of it.
    assert!(!pool.host.items().keys().any(|key| key[0] == b'o'));
}

/// The grant is Alice's to Bob: not Carol's, not to Carol, and not the other way round.
#[test]
fn a_grant_is_of_one_account_to_one_operator() {
    let mut pool = granted(permission::ALL);
    pool.supply(BOB, DOT, ONE_DOT).unwrap();
    let take = [Action::new(Kind::Withdraw, DOT, ALL.0)];
    assert_eq!(code(pool.submit(CAROL, ALICE, &take)), Code::NotAuthorised);
    assert_eq!(code(pool.submit(ALICE, BOB, &take)), Code::NotAuthorised);
    assert!(pool.submit(BOB, ALICE, &take).is_ok());
}

/// Any live grant opens a leg; a stranger pays only into one that is there.
#[test]
fn an_operator_opens_a_leg() {
    let pay = [Action::new(Kind::Supply, USDC, ONE_USDC)];
    for permissions in [1, 2, 4, 8] {
        assert_eq!(act(&mut granted(permissions), ALICE, &pay).unwrap(), [pull(USDC, ONE_USDC)]);
    }
    let mut pool = granted(0);
    assert_eq!(words(act(&mut pool, ALICE, &pay)), (Code::NoLeg, 0, 0));
    assert!(act(&mut pool, ALICE, &[Action::new(Kind::Supply, DOT, ONE_DOT)]).is_ok());
    let protect = [Action::new(Kind::Protect, USDC, ONE_USDC)];
    assert_eq!(code(act(&mut pool, ALICE, &protect)), Code::NoLeg);
    assert!(act(&mut granted(4), ALICE, &protect).is_ok());
}

#[test]
fn what_cannot_be_granted() {
    let mut pool = Pool::new();
    let mut set = |operator, permissions, expiry| {
        words(set_operator(&mut pool.host, &ALICE, &operator, permissions, Timestamp(expiry)))
    };
    assert_eq!(set(Address::ZERO, 1, LATER.0), (Code::ZeroAddress, 0, 0));
    assert_eq!(set(ALICE, 1, LATER.0).0, Code::BadParameter);
    assert_eq!(set(BOB, 16, LATER.0), (Code::BadParameter, 1, 16));
    assert_eq!(set(BOB, 1, START.0), (Code::BadParameter, 2, START.0.into()));
}

#[test]
fn the_event_tells_the_whole_grant() {
    let mut pool = Pool::new();
    pool.host.take_events();
    set_operator(&mut pool.host, &ALICE, &BOB, 9, LATER).unwrap();
    set_operator(&mut pool.host, &ALICE, &BOB, 0, LATER).unwrap();
    let event = |grant| Event::OperatorSet { account: ALICE, operator: BOB, grant };
    let given = Grant { permissions: 9, expiry: LATER };
    assert_eq!(pool.host.take_events(), [event(given), event(Grant::default())]);
}
