//! Roundings harvested in loops, shares and assets that part, amounts beyond what is held.

use super::stage::{Stage, claim, stored};
use crate::market::{Market, SEED, USD, WAD, parameters, refusal};
use alloy_primitives::Address;
use weir_abi::{Admin, Pool};
use weir_harness::Account;

/// A stage whose dollars cost 100 % a year, a year later: a share is worth some odd part of a unit.
fn aged() -> Stage {
    let mut stage = Stage::new();
    let Stage { market, bob, .. } = &mut stage;
    let (usd, eth, dot) = (market.usd, market.eth, market.dot);
    let governor = market.governor.clone();
    let dear = Admin::ReserveParameters { rateBase: 1_000_000, ..parameters() };
    let call = Admin::setParametersCall { asset: usd, parameters: dear };
    market.administer(&governor, &call).unwrap();
    market.mint(eth, bob, 9 * WAD);
    market.supply(bob, eth, 9 * WAD).unwrap();
    market.world.advance(31_536_001).unwrap();
    for (token, price) in [(usd, WAD), (eth, 2_000 * WAD), (dot, 5 * WAD)] {
        market.price(token, price);
    }
    market.send(bob, &Pool::accrueCall { asset: usd }).unwrap();
    let supply = market.reserve(usd).balances.supply;
    assert!(supply.assets.0 > SEED + 6_000 * USD, "{supply:?}");
    assert_ne!(supply.shares.0 % supply.assets.0, 0);
    stage
}

fn everybodys(market: &mut Market, people: &[Address], token: Address) -> u128 {
    people.iter().map(|who| claim(market, *who, token)).sum()
}

/// Supplying and withdrawing small odd amounts at an odd share price, over and over, one unit at a time too.
#[test]
fn incident_31_41_roundings_are_harvested_in_a_loop() {
    let Stage { mut market, alice, .. } = aged();
    let usd = market.usd;
    let thief = market.holder("thief", usd, 1_000 * USD);
    let others = claim(&mut market, alice.address, usd);
    for step in 1..=40_u128 {
        // 3, 8, 17, … units in; one unit less out, in two pieces.
        let paid = step * step + 2;
        market.supply(&thief, usd, paid).unwrap();
        if paid > 3 {
            market.withdraw(&thief, usd, paid / 2 - 1).unwrap();
        }
        market.withdraw(&thief, usd, 1).unwrap();
    }
    if market.holdings(thief.address, usd).0 > 0 {
        market.withdraw(&thief, usd, u128::MAX).unwrap();
    }
    let kept = market.balance(usd, thief.address);
    assert!(kept <= 1_000 * USD, "{kept}");
    assert!(claim(&mut market, alice.address, usd) >= others);
    // Borrowing and repaying in pieces costs at least what was lent.
    market.mint(market.eth, &thief, WAD);
    market.supply(&thief, market.eth, WAD).unwrap();
    for step in 1..=20_u128 {
        market.borrow(&thief, usd, 11 * USD + step).unwrap();
        market.repay(&thief, usd, 5 * USD + 1).unwrap();
        market.repay(&thief, usd, u128::MAX).unwrap();
    }
    assert_eq!(market.debt(thief.address, usd), 0);
    assert!(market.balance(usd, thief.address) <= kept);
    market.check_books();
}

/// Repaying for others, in odd pieces, until nothing is owed: assets and shares of the debt are zero together or not at
/// all, in the reserve and in the account.
#[test]
fn incident_35_repaying_for_others_parts_shares_from_assets() {
    let Stage { mut market, bob, .. } = aged();
    let usd = market.usd;
    let payer = market.holder("payer", usd, 10_000 * USD);
    let zero_together = |market: &mut Market| {
        let debt = market.reserve(usd).balances.debt;
        assert_eq!(debt.assets.0 == 0, debt.shares.0 == 0, "{debt:?}");
        assert_eq!(debt.shares.0, market.debt(bob.address, usd));
    };
    let repay = |market: &mut Market, amount: u128| {
        let call = Pool::repayCall { asset: usd, amount, account: bob.address };
        market.send(&payer, &call).map(|done| done.receipt)
    };
    for amount in [1, 2, 3, 7, 999_999_999, 333_333_333] {
        repay(&mut market, amount).unwrap();
        zero_together(&mut market);
    }
    // All but two units, then one after the other, until what is left buys no share: the last share costs all that is owed.
    let owed = market.reserve(usd).balances.debt.assets.0;
    repay(&mut market, owed - 2).unwrap();
    while repay(&mut market, 1).is_ok() {
        zero_together(&mut market);
    }
    assert_eq!(refusal(repay(&mut market, 1)), "ZeroAmount");
    zero_together(&mut market);
    repay(&mut market, u128::MAX).unwrap();
    let debt = market.reserve(usd).balances.debt;
    assert_eq!((debt.assets.0, debt.shares.0), (0, 0));
    assert_eq!(refusal(repay(&mut market, 1)), "NothingOwed (reserve 0)");
    // Nobody owes for nothing afterwards: a new debt starts at a unit for a unit.
    market.borrow(&bob, usd, 100 * USD).unwrap();
    assert_eq!(market.reserve(usd).balances.debt.assets.0, 100 * USD);
    market.check_books();
}

/// Tries to take an amount of a token and says how it was refused.
type Attempt = fn(&mut Market, &Account, u128, Address) -> String;

/// Saturating subtraction let a transfer of more than was held move all of it and credit what was asked. Here one unit
/// more than there is is refused by each exit, and nothing is booked.
#[test]
fn incident_44_more_than_is_held_is_asked_for() {
    let Stage { mut market, alice, bob } = aged();
    let (usd, dot) = (market.usd, market.dot);
    market.mint(dot, &alice, 70);
    market.protect(&alice, dot, 70).unwrap();
    let held = claim(&mut market, alice.address, usd);
    let cash = market.reserve(usd).balances.cash.0;
    let people = [alice.address, bob.address];
    let before = stored(&mut market, &people);
    let sum = everybodys(&mut market, &people, usd);
    let cases: [(&str, Attempt, Address, u128, String); 4] = [
        (
            "withdraw",
            |m, w, x, t| refusal(m.withdraw(w, t, x)),
            usd,
            held + 1,
            format!("InsufficientSupply (wanted {}, available {held})", held + 1),
        ),
        (
            "withdraw almost everything",
            |m, w, x, t| refusal(m.withdraw(w, t, x)),
            usd,
            u128::MAX - 1,
            format!("InsufficientSupply (wanted {}, available {held})", u128::MAX - 1),
        ),
        (
            "unprotect",
            |m, w, x, t| refusal(m.unprotect(w, t, x)),
            dot,
            71,
            "InsufficientProtected (wanted 71, available 70)".into(),
        ),
        (
            "borrow",
            |m, w, x, t| refusal(m.borrow(w, t, x)),
            usd,
            cash + 1,
            format!("InsufficientCash (wanted {}, available {cash})", cash + 1),
        ),
    ];
    for (name, ask, token, amount, expected) in cases {
        assert_eq!(ask(&mut market, &alice, amount, token), expected, "{name}");
        assert_eq!(stored(&mut market, &people), before, "{name}");
    }
    assert_eq!(everybodys(&mut market, &people, usd), sum);
}

/// A transfer to oneself read both balances before it wrote them. Shares change hands only in a liquidation, and nobody
/// liquidates himself; what an account pays or gives itself leaves it as it was.
#[test]
fn incident_03_a_transfer_to_oneself() {
    let Stage { mut market, alice, bob } = Stage::new();
    let (usd, eth) = (market.usd, market.eth);
    market.price(eth, 1_200 * WAD);
    for receive_shares in [false, true] {
        let call = Pool::liquidateCall {
            borrower: bob.address,
            debt: usd,
            collateral: eth,
            maxRepay: u128::MAX,
            minSeized: 0,
            receiveShares: receive_shares,
            data: alloy_primitives::Bytes::new(),
        };
        assert_eq!(refusal(market.send(&bob, &call)), "SelfLiquidation");
    }
    // In and out in one submission moves no token and no share.
    let (before, balance) =
        (market.holdings(alice.address, usd), market.balance(usd, alice.address));
    let account = alice.address;
    let actions = vec![super::stage::action(0, usd, 77), super::stage::action(3, usd, 77)];
    market.send(&alice, &Pool::submitCall { account, actions, to: account }).unwrap();
    assert_eq!(market.holdings(account, usd), before);
    assert_eq!(market.balance(usd, account), balance);
    market.check_books();
}
