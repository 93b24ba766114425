//! `write_off`: who can be written off, by anyone, and what becomes of what is left.

use super::{borrower, borrower_at};
use crate::{
    error::{Code, Refusal},
    event::Event,
    feed::{Push, Status},
    liquidate::write_off,
    reserves::fund_insurance,
    state::pause::{Pause, operation},
    submit::Kind,
    testkit::*,
    units::{Assets, Price, Shares, Timestamp},
};

fn try_write_off(pool: &mut Pool) -> Result<(), Refusal> {
    let root = pool.root;
    pool.host.transact(|host| write_off(host, &root, &ALICE))
}

/// Alice: 0.01 ETH, 15 USDC of debt at 2 000 dollars; dust is 10 dollars, and the debts are older than the minimum.
fn small(price: u128) -> Pool {
    let mut pool = Pool::new();
    pool.root.min_debt = crate::units::Value(USD);
    pool.supply(ALICE, ETH, ONE_ETH / 100).unwrap();
    pool.borrow(ALICE, USDC, 15 * ONE_USDC).unwrap();
    pool.price(ETH, price * USD);
    pool
}

/// At 999 dollars the collateral is worth 9.99, below dust and below the debt.
#[test]
fn what_is_worth_less_than_dust_is_written_off() {
    let mut pool = small(999);
    let root = pool.root;
    fund_insurance(&mut pool.host, &root, &CAROL, &USDC, Assets(5 * ONE_USDC)).unwrap();
    let before = [USDC, ETH].map(|token| pool.reserve(token).balances);
    pool.host.take_events();
    assert_eq!(try_write_off(&mut pool), Ok(()));
    let account = pool.account(ALICE);
    assert!(account.supplies().is_empty() && account.debts().is_empty());
    let [usdc, eth] = [USDC, ETH].map(|token| pool.reserve(token).balances);
    // The shares of 0.01 ETH change hands, no token moves, nobody else's price changes.
    assert_eq!(eth.insurance.0 - before[1].insurance.0, ONE_ETH / 100 * 1_000_000);
    assert_eq!((eth.supply, eth.cash), (before[1].supply, before[1].cash));
    // 15 dollars are lost, 5 of them the insurance's.
    assert_eq!(before[0].supply.assets.0 - usdc.supply.assets.0, 15 * ONE_USDC);
    assert_eq!((usdc.debt.assets, usdc.insurance), (Assets(0), Shares(0)));
    assert_eq!(usdc.cash, before[0].cash);
    let events = pool.host.take_events();
    let [Event::DustForfeited { asset, account, .. }, Event::BadDebt(bad)] = events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((asset, account, bad.asset, bad.account), (ETH, ALICE, USDC, ALICE));
    assert_eq!((bad.assets.0, bad.insured.0), (15 * ONE_USDC, 5 * ONE_USDC));
}

/// At 1 000 dollars it is worth 10, which is dust and no less.
#[test]
fn collateral_worth_a_liquidation_is_not_written_off() {
    let ten = 10 * USD;
    assert_eq!(words(try_write_off(&mut small(1_000))), (Code::StillCovered, ten, ten));
    // 16 dollars · 0.8 = 12.8 of 15 owed: unhealthy, far from dust.
    assert_eq!(words(try_write_off(&mut small(1_600))), (Code::StillCovered, 16 * USD, ten));
    let (code, health, _) = words(try_write_off(&mut small(2_000)));
    // 20 · 0.8 / 15 = 1.0666…
    assert_eq!((code, health), (Code::Healthy, 1_066_666_666_666_666_666));
    assert_eq!(code, Code::Healthy);
    let mut pool = Pool::new();
    assert_eq!(words(try_write_off(&mut pool)), (Code::NothingOwed, 0, 0));
}

/// 5 dollars of debt and 5.5 dollars of collateral: both are dust, but a liquidation pays for itself.
#[test]
fn a_debt_that_the_collateral_is_worth_is_not_written_off() {
    let mut pool = small(2_000);
    pool.act(ALICE, Kind::Repay, USDC, 10 * ONE_USDC).unwrap();
    pool.price(ETH, 550 * USD);
    let refused = words(try_write_off(&mut pool));
    assert_eq!(refused, (Code::StillCovered, 11 * USD / 2, 5 * USD));
}

/// What is opted out is no collateral, but it is there.
#[test]
fn what_does_not_count_as_collateral_holds_a_write_off_up() {
    let mut pool = small(2_000);
    pool.supply(ALICE, DOT, ONE_DOT).unwrap();
    pool.act(ALICE, Kind::SetCollateral, DOT, 0).unwrap();
    pool.price(ETH, 900 * USD);
    // 9 dollars of ETH and 5 of DOT.
    assert_eq!(words(try_write_off(&mut pool)), (Code::StillCovered, 14 * USD, 10 * USD));
}

/// A price that is too old counts twice for what is held, half for what is owed.
#[test]
fn a_price_that_is_not_fit_counts_for_the_account() {
    let mut pool = small(600);
    // 2 · 6 dollars.
    pool.host.advance(3_601);
    pool.price(USDC, USD);
    assert_eq!(words(try_write_off(&mut pool)), (Code::StillCovered, 12 * USD, 10 * USD));
    let mut pool = small(400);
    pool.host.advance(3_601);
    pool.price(USDC, USD);
    // 2 · 4 dollars are dust.
    assert_eq!(try_write_off(&mut pool), Ok(()));
    let mut pool = small(900);
    pool.push(USDC, Push { median: Price(USD), status: Status::Suspect, ..Push::default() });
    // Half of 15 dollars is more than 9 · 0.8 = 7.2, but not more than the 9 that are there.
    assert_eq!(words(try_write_off(&mut pool)), (Code::StillCovered, 9 * USD, 15 * USD / 2));
}

#[test]
fn what_never_had_a_price_is_not_taken() {
    let mut pool = small(2_000);
    let odd = crate::address::Address([0x07; 20]);
    pool.list(odd, 6, &config(5_000, 6_000));
    pool.supply(ALICE, odd, 1).unwrap();
    pool.price(ETH, 999 * USD);
    assert_eq!(words(try_write_off(&mut pool)), (Code::PriceMissing, 3, 0));
}

#[test]
fn a_pause_of_liquidations_holds_a_write_off_up() {
    let until = Timestamp(START.0 + 60);
    let pause = Pause { operations: operation::LIQUIDATE, from: START, until };
    for token in [USDC, ETH] {
        let mut pool = small(900);
        pool.change(token, |reserve| reserve.pause = pause);
        assert_eq!(words(try_write_off(&mut pool)), (Code::Paused, 8, until.0.into()));
        pool.advance(60);
        assert_eq!(words(try_write_off(&mut pool)), (Code::Grace, (until.0 + 60).into(), 0));
        pool.advance(60);
        assert_eq!(try_write_off(&mut pool), Ok(()));
    }
    let mut pool = small(900);
    pool.root.pause = pause;
    assert_eq!(code(try_write_off(&mut pool)), Code::Paused);
    // A reserve in which the account is not does not matter.
    let mut pool = small(900);
    pool.change(DOT, |reserve| reserve.pause = pause);
    assert_eq!(try_write_off(&mut pool), Ok(()));
}

/// The books of both reserves are stored, with the interest up to now.
#[test]
fn the_larger_cases_are_for_liquidations() {
    assert_eq!(code(try_write_off(&mut borrower())), Code::Healthy);
    assert_eq!(code(try_write_off(&mut borrower_at(1_000))), Code::StillCovered);
    let mut pool = borrower_at(1);
    // 10 dollars: dust and no less.
    assert_eq!(code(try_write_off(&mut pool)), Code::StillCovered);
    pool.host.advance(60);
    pool.push(ETH, Push { median: Price(USD - 1), status: Status::Ok, ..Push::default() });
    pool.price(USDC, USD);
    assert_eq!(try_write_off(&mut pool), Ok(()));
    let usdc = pool.reserve(USDC);
    assert_eq!((usdc.last_accrual, usdc.balances.debt.assets), (pool.host.time(), Assets(0)));
}
