//! Debt that nothing is left to pay for: in the same call, in its own reserve, insurance first.

use super::borrower_at;
use crate::{
    error::Code,
    event::Event,
    liquidate::Order,
    reserves::fund_insurance,
    state::Flags,
    submit::Kind,
    testkit::*,
    units::{Assets, Shares},
};

/// At 1 000 dollars 10 ETH pay for 10 000 / 1.02 = 9 803.921569 USDC of 15 000.
#[test]
fn the_suppliers_bear_what_the_insurance_does_not() {
    let mut pool = borrower_at(1_000);
    let root = pool.root;
    fund_insurance(&mut pool.host, &root, &CAROL, &USDC, Assets(1_000 * ONE_USDC)).unwrap();
    let before = pool.reserve(USDC).balances;
    pool.host.take_events();
    let outcome = pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    assert_eq!(outcome.repay, Assets(9_803_921_569));
    let events = pool.host.take_events();
    let Some(Event::BadDebt(bad)) = events.last() else { panic!("{events:?}") };
    // What is left is the whole debt of the reserve: all of it goes.
    assert_eq!(bad.assets.0, 15_000 * ONE_USDC - 9_803_921_569);
    assert!(bad.insured.0.abs_diff(1_000 * ONE_USDC) <= 1, "{:?}", bad.insured);
    assert_eq!(bad.insured.0 + bad.socialised.0, bad.assets.0);
    let after = pool.reserve(USDC).balances;
    assert_eq!((after.debt.assets, after.debt.shares), (Assets(0), Shares(0)));
    assert_eq!(after.insurance, Shares(0));
    assert_eq!(after.supply.assets.0, before.supply.assets.0 - bad.assets.0);
    assert_eq!(after.cash, after.supply.assets);
    // I-LQ-06, I-HF-04: nothing is open.
    let account = pool.account(ALICE);
    assert!(account.supplies().is_empty() && account.debts().is_empty());
    // I-DEF-03: no other reserve lost anything but the seized collateral.
    let eth = pool.reserve(ETH).balances;
    assert_eq!(eth.cash, eth.supply.assets);
}

#[test]
fn a_full_insurance_bears_it_all() {
    let mut pool = borrower_at(1_000);
    let root = pool.root;
    fund_insurance(&mut pool.host, &root, &CAROL, &USDC, Assets(9_000 * ONE_USDC)).unwrap();
    let price =
        |pool: &Pool| pool.reserve(USDC).balances.supply.to_assets_floor(Shares(10u128.pow(18)));
    let before = price(&pool).unwrap();
    pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    // I-IDX-01: the suppliers' price did not fall.
    assert!(price(&pool).unwrap() >= before);
}

/// A second collateral worth less than dust does not hold the write-off up; it goes to its reserve's insurance.
#[test]
fn dust_of_another_collateral_is_forfeited() {
    let mut pool = borrower_at(1_900);
    pool.supply(ALICE, DOT, ONE_DOT).unwrap();
    pool.act(ALICE, Kind::Protect, DOT, ONE_DOT / 2).unwrap();
    pool.price(ETH, 1_000 * USD);
    let insurance = pool.reserve(DOT).balances.insurance;
    pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    let account = pool.account(ALICE);
    assert!(account.supplies().is_empty() && account.debts().is_empty());
    let balances = pool.reserve(DOT).balances;
    let gained = balances.insurance.0 - insurance.0;
    assert_eq!(balances.supply.to_assets_floor(Shares(gained)).unwrap().0, ONE_DOT * 3 / 2);
    assert_eq!(balances.cash, balances.supply.assets);
}

#[test]
fn a_collateral_worth_more_than_dust_holds_the_write_off_up() {
    let mut pool = borrower_at(1_900);
    pool.supply(ALICE, DOT, 3 * ONE_DOT).unwrap();
    pool.price(ETH, 1_000 * USD);
    pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    assert!(pool.account(ALICE).has_debt());
    pool.liquidate(BOB, &order(ALICE, USDC, DOT)).unwrap();
    assert!(!pool.account(ALICE).has_debt());
}

/// 0.1035 ETH at 165 dollars in all against 150 USDC and one DOT of 5: the bonus that the collateral bears is
/// 165/155 − 1, so 150·165/155 = 159.68 are seized. 5.32 are left, below dust, and still cover the 5 that are owed.
#[test]
fn dust_that_covers_what_is_left_of_the_debt_is_not_forfeited() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, ONE_ETH / 5).unwrap();
    pool.borrow(ALICE, USDC, 150 * ONE_USDC).unwrap();
    pool.borrow(ALICE, DOT, 20 * ONE_DOT).unwrap();
    pool.act(ALICE, Kind::Repay, DOT, 19 * ONE_DOT).unwrap();
    pool.act(ALICE, Kind::Withdraw, ETH, ONE_ETH * 965 / 10_000).unwrap();
    pool.price(ETH, 165 * USD * 10_000 / 1_035);
    let outcome = pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    assert_eq!(outcome.repay, Assets(150 * ONE_USDC));
    let data = pool.host.account_data(&ALICE).unwrap();
    assert_eq!(data.debt_value.0, 5 * USD);
    assert!(data.collateral_value.0 > 5 * USD && data.collateral_value < DUST, "{data:?}");
}

#[test]
fn every_debt_is_written_off_in_its_own_reserve() {
    let mut pool = borrower_at(2_000);
    pool.price(ETH, 2_500 * USD);
    pool.borrow(ALICE, DOT, 500 * ONE_DOT).unwrap();
    pool.price(ETH, 1_000 * USD);
    pool.host.take_events();
    pool.liquidate(BOB, &order(ALICE, USDC, ETH)).unwrap();
    let written: std::vec::Vec<_> = pool
        .host
        .take_events()
        .into_iter()
        .filter_map(|event| match event {
            Event::BadDebt(bad) => Some((bad.asset, bad.socialised.0)),
            _ => None,
        })
        .collect();
    assert_eq!(written.len(), 2);
    assert!(written.contains(&(DOT, 500 * ONE_DOT)));
    for token in TOKENS {
        let balances = pool.reserve(token).balances;
        assert_eq!(balances.cash, balances.supply.assets);
    }
}

/// A reserve whose suppliers lost all but a thousandth is closed for good.
#[test]
fn a_wiped_out_reserve_is_wound_up() {
    let mut pool = Pool::new();
    pool.supply(CAROL, ETH, 450 * ONE_ETH).unwrap();
    // Nearly all of a small reserve is borrowed.
    pool.act(DAVE, Kind::Withdraw, DOT, 190_000 * ONE_DOT).unwrap();
    pool.borrow(CAROL, DOT, 10_000 * ONE_DOT).unwrap();
    pool.price(ETH, USD / 1_000);
    pool.host.take_events();
    let all = Order { receive_shares: true, ..order(CAROL, DOT, ETH) };
    pool.liquidate(BOB, &all).unwrap();
    assert!(
        pool.host
            .take_events()
            .iter()
            .any(|event| { matches!(event, Event::WoundUp { asset, .. } if *asset == DOT) })
    );
    assert!(pool.reserve(DOT).flags.has(Flags::WOUND_UP));
    assert_eq!(code(pool.supply(BOB, DOT, ONE_DOT)), Code::WoundUpReserve);
}
