#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::{
    error::Code,
    submit::Kind,
    testkit::{Pool, *},
};

/// A preview is the same functions on the same items: it says what the message then does.
#[test]
fn a_preview_is_what_happens() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.host.advance(300);
    let root = pool.root;
    let request = Request { caller: ALICE, account: ALICE, to: ALICE };
    let actions = [
        Action::new(Kind::Borrow, USDC, 5_000 * ONE_USDC),
        Action::new(Kind::Borrow, DOT, 500 * ONE_DOT),
    ];
    let items = pool.host.items().clone();
    pool.host.take_events();
    let seen = preview(&mut pool.host, &root, &request, &actions).unwrap();
    assert_eq!(*pool.host.items(), items);
    assert!(pool.host.take_events().is_empty());
    assert_eq!(seen.health_before, Wad::MAX);
    assert_eq!(submit(&mut pool.host, &root, &request, &actions), seen.result);
    assert_eq!(pool.health(ALICE), seen.health_after.0);
}

#[test]
fn a_refusal_is_part_of_the_preview() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    let root = pool.root;
    let request = Request { caller: ALICE, account: ALICE, to: ALICE };
    let actions = [Action::new(Kind::Borrow, USDC, 15_001 * ONE_USDC)];
    let seen = preview(&mut pool.host, &root, &request, &actions).unwrap();
    assert_eq!(seen.result.unwrap_err().code(), Code::InsufficientCollateral);
    assert_eq!(seen.health_after, seen.health_before);
}

#[test]
fn a_liquidation_is_previewed_for_both_accounts() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 15_000 * ONE_USDC).unwrap();
    pool.price(ETH, 1_700 * USD);
    let root = pool.root;
    let order = Order { receive_shares: true, ..order(ALICE, USDC, ETH) };
    let items = pool.host.items().clone();
    let seen = preview_liquidation(&mut pool.host, &root, &BOB, &order).unwrap();
    assert_eq!(*pool.host.items(), items);
    assert_eq!(pool.liquidate(BOB, &order), seen.result);
    assert_eq!(pool.health(ALICE), seen.health_after.0);
    assert!(seen.health_before.0 < USD);
}

/// An operator's preview asks for the same grant as his message.
#[test]
fn what_an_operator_may_not_is_part_of_the_preview() {
    use crate::{operators::set_operator, units::Timestamp};

    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    let root = pool.root;
    let request = Request { caller: BOB, account: ALICE, to: ALICE };
    let actions = [Action::new(Kind::Borrow, USDC, 5_000 * ONE_USDC)];
    let seen = preview(&mut pool.host, &root, &request, &actions).unwrap();
    assert_eq!(seen.result.unwrap_err().code(), Code::NotAuthorised);
    // Bit 1 is borrowing.
    let expiry = Timestamp(START.0 + 1_000);
    set_operator(&mut pool.host, &ALICE, &BOB, 2, expiry).unwrap();
    let seen = preview(&mut pool.host, &root, &request, &actions).unwrap();
    assert!(seen.result.is_ok());
    assert_eq!(submit(&mut pool.host, &root, &request, &actions), seen.result);
}
