//! What each action does to the books and to the tokens.

use crate::{
    address::Address,
    error::Code,
    event::Event,
    state::ReserveId,
    submit::{ALL, Action, Kind, MAX_ACTIONS, Request, submit},
    testkit::*,
    units::{Assets, Shares, YEAR},
};

#[test]
fn a_first_supply_mints_a_million_shares_per_unit() {
    let mut pool = Pool::new();
    assert_eq!(pool.supply(ALICE, USDC, 7).unwrap(), 7);
    let leg = *pool.account(ALICE).supply(ReserveId(0)).unwrap();
    assert_eq!((leg.shares, leg.protected, leg.opted_out), (Shares(7_000_000), Assets(0), false));
    let balances = pool.reserve(USDC).balances;
    // 1 000 of seed, Dave's million, Alice's 7 units.
    assert_eq!(balances.supply.assets, Assets(1_000 + 1_000_000 * ONE_USDC + 7));
    assert_eq!(balances.cash, balances.supply.assets);
    assert_eq!(pool.account(ALICE).version, 1);
}

/// I-RND-01: there and back brings no gain.
#[test]
fn what_is_supplied_comes_back() {
    let mut pool = Pool::new();
    pool.supply(ALICE, DOT, 123_456_789).unwrap();
    assert_eq!(pool.act(ALICE, Kind::Withdraw, DOT, 23_456_789).unwrap(), 23_456_789);
    assert_eq!(pool.act(ALICE, Kind::Withdraw, DOT, ALL.0).unwrap(), 100_000_000);
    assert!(pool.account(ALICE).supplies().is_empty());
    assert_eq!(code(pool.act(ALICE, Kind::Withdraw, DOT, 1)), Code::NoLeg);
}

#[test]
fn withdrawing_all_in_figures_leaves_no_shares_behind() {
    let mut pool = Pool::new();
    pool.supply(ALICE, DOT, 55).unwrap();
    assert_eq!(pool.act(ALICE, Kind::Withdraw, DOT, 55).unwrap(), 55);
    assert!(pool.account(ALICE).supplies().is_empty());
}

#[test]
fn more_than_there_is_cannot_be_withdrawn() {
    let mut pool = Pool::new();
    pool.supply(ALICE, USDC, 100).unwrap();
    assert_eq!(
        words(pool.act(ALICE, Kind::Withdraw, USDC, 101)),
        (Code::InsufficientSupply, 101, 100)
    );
}

#[test]
fn what_is_lent_cannot_be_withdrawn() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 100 * ONE_ETH).unwrap();
    pool.borrow(ALICE, DOT, 20_000 * ONE_DOT).unwrap();
    pool.supply(BOB, DOT, 10 * ONE_DOT).unwrap();
    pool.change(DOT, |reserve| reserve.balances.cash = Assets(9 * ONE_DOT));
    assert_eq!(
        words(pool.act(BOB, Kind::Withdraw, DOT, ALL.0)),
        (Code::InsufficientCash, 10 * ONE_DOT, 9 * ONE_DOT)
    );
}

#[test]
fn protected_tokens_are_held_apart() {
    let mut pool = Pool::new();
    let before = pool.reserve(ETH).balances;
    pool.act(ALICE, Kind::Protect, ETH, 3 * ONE_ETH).unwrap();
    let after = pool.reserve(ETH).balances;
    assert_eq!(after.protected.0, before.protected.0 + 3 * ONE_ETH);
    assert_eq!((after.cash, after.supply), (before.cash, before.supply));
    assert_eq!(
        words(pool.act(ALICE, Kind::Unprotect, ETH, 4 * ONE_ETH)),
        (Code::InsufficientProtected, 4 * ONE_ETH, 3 * ONE_ETH)
    );
    assert_eq!(pool.act(ALICE, Kind::Unprotect, ETH, ALL.0).unwrap(), 3 * ONE_ETH);
    assert!(pool.account(ALICE).supplies().is_empty());
    assert_eq!(code(pool.act(ALICE, Kind::Unprotect, ETH, 1)), Code::NoLeg);
}

#[test]
fn a_debt_costs_its_interest() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 500 * ONE_ETH).unwrap();
    // Half of the million is lent: 50 % of 80 % is 5/8 of the first slope of 4 %, so 2.5 % a year.
    pool.borrow(ALICE, USDC, 500_000 * ONE_USDC).unwrap();
    pool.advance(YEAR);
    let owed = pool.act(ALICE, Kind::Repay, USDC, ALL.0).unwrap();
    // e^0.025 = 1.0253151…; the three terms are a hair below, the utilisation is a hair below 50 % (the seed).
    let interest = owed - 500_000 * ONE_USDC;
    assert!(interest.abs_diff(12_657_560_000) < 100_000, "{interest}");
    let balances = pool.reserve(USDC).balances;
    assert_eq!((balances.debt.assets, balances.debt.shares), (Assets(0), Shares(0)));
    assert_eq!(balances.cash, balances.supply.assets);
    // A tenth of the interest is the insurance's, which does not have its 1 % of the supply yet.
    let insured = balances.supply.to_assets_floor(balances.insurance).unwrap().0;
    assert!(insured.abs_diff(interest / 10) < 2, "{insured}");
    assert_eq!(balances.treasury, Shares(0));
}

#[test]
fn the_treasury_earns_once_the_insurance_is_full() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 500 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 500_000 * ONE_USDC).unwrap();
    // Twice the target of 1 % of the supply.
    let root = pool.root;
    crate::reserves::fund_insurance(&mut pool.host, &root, &BOB, &USDC, Assets(20_000 * ONE_USDC))
        .unwrap();
    let insurance = pool.reserve(USDC).balances.insurance;
    pool.advance(YEAR);
    crate::reserves::accrue(&mut pool.host, &root, &USDC).unwrap();
    let balances = pool.reserve(USDC).balances;
    assert_eq!(balances.insurance, insurance);
    assert!(balances.treasury > Shares(0));
}

#[test]
fn anyone_repays_and_never_more_than_is_owed() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    let action = [Action::new(Kind::Repay, USDC, 400 * ONE_USDC)];
    assert_eq!(pool.submit(BOB, ALICE, &action).unwrap(), [pull(USDC, 400 * ONE_USDC)]);
    let action = [Action::new(Kind::Repay, USDC, 5_000 * ONE_USDC)];
    assert_eq!(pool.submit(BOB, ALICE, &action).unwrap(), [pull(USDC, 600 * ONE_USDC)]);
    assert!(!pool.account(ALICE).has_debt());
    assert_eq!(code(pool.submit(BOB, ALICE, &action)), Code::NothingOwed);
}

/// I-GRF-01: others pay in only where the account already is.
#[test]
fn others_open_no_legs() {
    let mut pool = Pool::new();
    for kind in [Kind::Supply, Kind::Protect] {
        let action = [Action::new(kind, DOT, ONE_DOT)];
        assert_eq!(code(pool.submit(BOB, ALICE, &action)), Code::NoLeg);
    }
    pool.supply(ALICE, DOT, ONE_DOT).unwrap();
    for kind in [Kind::Supply, Kind::Protect] {
        let action = [Action::new(kind, DOT, ONE_DOT)];
        assert_eq!(pool.submit(BOB, ALICE, &action).unwrap(), [pull(DOT, ONE_DOT)]);
    }
    let leg = *pool.account(ALICE).supply(ReserveId(1)).unwrap();
    assert_eq!(leg.protected, Assets(ONE_DOT));
}

#[test]
fn only_the_owner_takes_out() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, ONE_ETH).unwrap();
    for kind in
        [Kind::Withdraw, Kind::Unprotect, Kind::Borrow, Kind::SetCollateral, Kind::SetCategory]
    {
        let refusal = pool.submit(BOB, ALICE, &[Action::new(kind, ETH, 1)]).unwrap_err();
        assert_eq!(refusal.code(), Code::NotAuthorised, "{kind:?}");
        assert_eq!((refusal.a().as_address(), refusal.b().as_address()), (BOB, ALICE));
    }
}

#[test]
fn tokens_do_not_go_nowhere() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, ONE_ETH).unwrap();
    let root = pool.root;
    let request = Request { caller: ALICE, account: ALICE, to: Address::ZERO };
    for kind in [Kind::Withdraw, Kind::Unprotect, Kind::Borrow] {
        let result = submit(&mut pool.host, &root, &request, &[Action::new(kind, ETH, 1)]);
        assert_eq!(code(result), Code::ZeroAddress);
    }
}

#[test]
fn a_submission_is_netted() {
    let mut pool = Pool::new();
    // A loop in one call: what is borrowed is supplied again; only the differences move.
    let moved = pool
        .submit(
            ALICE,
            ALICE,
            &[
                Action::new(Kind::Supply, ETH, 10 * ONE_ETH),
                Action::new(Kind::Borrow, USDC, 5_000 * ONE_USDC),
                Action::new(Kind::Supply, USDC, 2_000 * ONE_USDC),
            ],
        )
        .unwrap();
    assert_eq!(moved, [pull(ETH, 10 * ONE_ETH), push(USDC, 3_000 * ONE_USDC)]);
    // One for each event about her.
    assert_eq!(pool.account(ALICE).version, 3);
}

#[test]
fn a_refused_step_refuses_all() {
    let mut pool = Pool::new();
    let before = pool.host.items().clone();
    let result = pool.submit(
        ALICE,
        ALICE,
        &[Action::new(Kind::Supply, ETH, 10 * ONE_ETH), Action::new(Kind::Withdraw, DOT, 1)],
    );
    assert_eq!(code(result), Code::NoLeg);
    assert_eq!(*pool.host.items(), before);
}

#[test]
fn the_number_of_actions_is_bounded() {
    let mut pool = Pool::new();
    let action = Action::new(Kind::Supply, USDC, 1);
    assert_eq!(code(pool.submit(ALICE, ALICE, &[])), Code::ZeroAmount);
    assert!(pool.submit(ALICE, ALICE, &[action; MAX_ACTIONS]).is_ok());
    assert_eq!(
        words(pool.submit(ALICE, ALICE, &[action; MAX_ACTIONS + 1])),
        (Code::TooManyActions, 9, 8)
    );
}

#[test]
fn nothing_is_no_amount() {
    let mut pool = Pool::new();
    for kind in Kind::ALL.into_iter().filter(|kind| kind.moves_money()) {
        assert_eq!(code(pool.act(ALICE, kind, USDC, 0)), Code::ZeroAmount);
    }
    assert_eq!(words(Action::decode(8, USDC, 1, 3)), (Code::UnknownAction, 8, 3));
}

#[test]
fn the_maximum_is_no_amount_to_pay_in() {
    let mut pool = Pool::new();
    assert_eq!(code(pool.supply(ALICE, USDC, u128::MAX)), Code::Overflow);
    assert_eq!(code(pool.act(ALICE, Kind::Protect, USDC, u128::MAX)), Code::Overflow);
    pool.supply(ALICE, ETH, ONE_ETH).unwrap();
    assert_eq!(code(pool.borrow(ALICE, USDC, u128::MAX)), Code::InsufficientCash);
}

#[test]
fn unknown_tokens_are_refused_also_if_they_look_alike() {
    let mut pool = Pool::new();
    let stranger = Address([0x77; 20]);
    assert_eq!(pool.supply(ALICE, stranger, 1).unwrap_err().a().as_address(), stranger);
    let mut alike = USDC;
    alike.0[19] = 0;
    assert_eq!(code(pool.supply(ALICE, alike, 1)), Code::UnknownAsset);
}

#[test]
fn the_first_debt_enters_the_list_once() {
    let mut pool = Pool::new();
    for who in [ALICE, BOB] {
        pool.supply(who, ETH, 10 * ONE_ETH).unwrap();
        pool.borrow(who, USDC, 500 * ONE_USDC).unwrap();
        pool.act(who, Kind::Repay, USDC, ALL.0).unwrap();
        pool.borrow(who, DOT, 100 * ONE_DOT).unwrap();
    }
    assert_eq!(pool.host.indebted().unwrap(), [ALICE, BOB]);
    for number in 1..26 {
        let who = Address([number; 20]);
        pool.supply(who, ETH, ONE_ETH).unwrap();
        pool.borrow(who, USDC, 500 * ONE_USDC).unwrap();
    }
    let list = pool.host.indebted().unwrap();
    assert_eq!(list.len(), 27);
    assert_eq!(list[26], Address([25; 20]));
}

#[test]
fn interest_is_said_before_what_it_was_booked_for() {
    let mut pool = Pool::new();
    pool.advance(100);
    pool.host.take_events();
    pool.supply(ALICE, USDC, 5).unwrap();
    pool.supply(ALICE, USDC, 5).unwrap();
    let events = pool.host.take_events();
    assert!(matches!(events[0], Event::Accrued { asset, .. } if asset == USDC));
    assert!(matches!(events[1], Event::Supplied { .. }));
    assert!(matches!(events[2], Event::Supplied { .. }));
    assert_eq!(events.len(), 3);
}
