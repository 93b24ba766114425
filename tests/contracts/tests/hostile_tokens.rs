//! Kinds of tokens: what a listing finds, what is found later, and every number of decimals.

use crate::{
    evm::token::Behaviour,
    market::{FLOOR, Market, SEED, SHARES, USD, WAD, parameters, refusal},
};
use weir_abi::Admin;

/// A token that is not what it says is found by the probe transfer of its listing: nothing of it stays.
#[test]
fn a_token_that_is_not_what_it_says_is_not_listed() {
    let mut market = Market::bare();
    // 256: another amount arrived than was sent. 0: no `true` in one word. 2: it reverted.
    for (behaviour, flags) in [
        (Behaviour::TakesFee, 256),
        (Behaviour::Rebases, 256),
        (Behaviour::Lies, 256),
        (Behaviour::SaysFalse, 0),
        (Behaviour::SaysNothing, 0),
        (Behaviour::SaysTooMuch, 0),
        (Behaviour::SaysTwo, 0),
        (Behaviour::Reverts, 2),
        (Behaviour::CallsBack, 2),
    ] {
        let token = market.token(6);
        market.behave(token, behaviour);
        let refused = refusal(market.list(token, parameters()));
        assert_eq!(refused, format!("TokenFailed (token {token}, flags {flags})"), "{behaviour:?}");
        assert_eq!(market.root().count(), 0);
    }
}

/// Balances that shrink later are found by whoever looks: the reserve freezes, and who can leave may.
#[test]
fn a_token_that_shrinks_later_freezes_its_reserve() {
    let mut market = Market::new();
    let usd = market.usd;
    let alice = market.supplier("alice", usd, 1_000 * USD);
    let carol = market.user("carol");
    let reconcile = Admin::reconcileCall { asset: usd };
    assert_eq!(refusal(market.administer(&carol, &reconcile)), "ZeroAmount");
    market.behave(usd, Behaviour::Rebases);
    let receipt = market.administer(&carol, &reconcile).unwrap();
    let owed = SEED + FLOOR + 1_000 * USD;
    let event = Admin::Shortfall { asset: usd, balance: owed / 2, owed };
    assert_eq!(receipt.logs::<Admin::Shortfall>(), [(market.pool, event)]);
    assert_eq!(refusal(market.supply(&alice, usd, 1)), "Frozen (reserve 0)");
    market.withdraw(&alice, usd, 500 * USD).unwrap();
}

/// What a token says of its balances moves nothing that a user does: only `skim` and `reconcile` ask it.
#[test]
fn a_lie_about_balances_moves_no_book() {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    let alice = market.supplier("alice", usd, 1_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    for behaviour in [Behaviour::Lies, Behaviour::Rebases] {
        let before = market.reserve(usd).balances;
        market.behave(usd, behaviour);
        market.borrow(&bob, usd, 100 * USD).unwrap();
        market.repay(&bob, usd, u128::MAX).unwrap();
        market.withdraw(&alice, usd, USD).unwrap();
        market.supply(&alice, usd, USD).unwrap();
        assert_eq!(market.reserve(usd).balances, before, "{behaviour:?}");
    }
    market.behave(usd, Behaviour::Plain);
    market.check_books();
}

#[test]
fn every_number_of_decimals_from_none_to_twenty_four_is_exact() {
    for decimals in 0..=24 {
        let mut market = Market::new();
        let token = market.token(decimals);
        // Larger caps of the smallest units would not fit.
        let cap = 1_000_000;
        let small = Admin::ReserveParameters {
            supplyCap: cap,
            borrowCap: cap,
            protectedCap: cap,
            ..parameters()
        };
        market.list(token, small).unwrap();
        market.price(token, WAD);
        let whole = 10_u128.pow(decimals.into());
        let alice = market.supplier("alice", token, 10_000 * whole);
        let bob = market.supplier("bob", market.eth, WAD);
        market.borrow(&bob, token, 1_000 * whole).unwrap();
        // 1 ETH of 2,000 USD carries 1,500 USD, of this token 1,500 whole ones and not a unit more.
        let most = market.world.snapshot();
        market.borrow(&bob, token, 500 * whole).unwrap();
        let more = refusal(market.borrow(&bob, token, 1));
        assert!(more.starts_with("InsufficientCollateral"), "{decimals}: {more}");
        market.world.restore(&most);
        assert_eq!(market.debt(bob.address, token), 1_000 * whole * SHARES);
        market.repay(&bob, token, u128::MAX).unwrap();
        market.withdraw(&alice, token, u128::MAX).unwrap();
        assert_eq!(market.balance(token, alice.address), 10_000 * whole, "{decimals}");
        assert_eq!(market.balance(token, market.pool), SEED + FLOOR);
    }
    let mut market = Market::bare();
    let token = market.token(25);
    let refused = refusal(market.list(token, parameters()));
    assert!(
        refused.starts_with("BadParameter (field") && refused.ends_with("value 25)"),
        "{refused}"
    );
}
