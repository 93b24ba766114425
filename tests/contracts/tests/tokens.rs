//! Tokens that misbehave after they were listed, and the test chains' own.

use crate::{
    evm::token::Behaviour,
    market::{FLOOR, Market, SEED, USD, WAD, parameters, refusal},
};
use alloy_primitives::U256;
use alloy_sol_types::SolConstructor;
use weir_abi::{Admin, MockToken, Pool};
use weir_harness::artifact;

/// How a call to the token ends, as the pool's error tells it: 0 not `true`, 1 trapped, 2 reverted.
const FAULTS: [(Behaviour, u8); 6] = [
    (Behaviour::SaysFalse, 0),
    (Behaviour::SaysNothing, 0),
    (Behaviour::SaysTooMuch, 0),
    (Behaviour::SaysTwo, 0),
    (Behaviour::Reverts, 2),
    // Re-entry is denied to the token, which passes the failure on.
    (Behaviour::CallsBack, 2),
];

#[test]
fn a_token_that_does_not_confirm_is_refused_and_nothing_is_booked() {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    let alice = market.supplier("alice", usd, 1_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    market.mint(usd, &alice, 1_000 * USD);
    let before = (market.reserve(usd), market.account(alice.address), market.account(bob.address));
    for (behaviour, flags) in FAULTS {
        market.behave(usd, behaviour);
        let expected = format!("TokenFailed (token {usd}, flags {flags})");
        assert_eq!(refusal(market.supply(&alice, usd, USD)), expected, "{behaviour:?} pulled");
        assert_eq!(refusal(market.withdraw(&alice, usd, USD)), expected, "{behaviour:?} pushed");
        assert_eq!(refusal(market.borrow(&bob, usd, 20 * USD)), expected, "{behaviour:?} lent");
    }
    let after = (market.reserve(usd), market.account(alice.address), market.account(bob.address));
    assert_eq!(after, before);
    market.behave(usd, Behaviour::Plain);
    market.supply(&alice, usd, USD).unwrap();
    market.check_books();
}

#[test]
fn a_failing_token_holds_no_other_reserve_back() {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    let bob = market.supplier("bob", eth, WAD);
    market.behave(usd, Behaviour::Reverts);
    market.withdraw(&bob, eth, WAD / 2).unwrap();
    assert_eq!(market.balance(eth, bob.address), WAD / 2);
}

/// I-ACC-08: a token sent to the pool moves nothing but the surplus that `skim` finds.
#[test]
fn a_donation_changes_nothing_until_it_is_skimmed() {
    let mut market = Market::new();
    let usd = market.usd;
    market.supplier("alice", usd, 1_000 * USD);
    let before = market.reserve(usd);
    let pool = market.pool;
    market.mint_at(usd, pool, 50 * USD);
    assert_eq!(market.reserve(usd), before);
    let carol = market.user("carol");
    let receipt = market.administer(&carol, &Admin::skimCall { asset: usd }).unwrap();
    let event = Admin::Skimmed { asset: usd, assets: 50 * USD, shares: 50 * USD * 1_000_000 };
    assert_eq!(receipt.logs::<Admin::Skimmed>(), [(pool, event)]);
    let books = market.reserve(usd).balances;
    assert_eq!(books.cash.0, SEED + 1_050 * USD);
    assert_eq!(books.insurance.0, 50 * USD * 1_000_000);
    let refused = refusal(market.administer(&carol, &Admin::skimCall { asset: usd }));
    assert_eq!(refused, "ZeroAmount");
    market.check_books();
}

#[test]
fn a_shortfall_freezes_the_reserve() {
    let mut market = Market::new();
    let usd = market.usd;
    let alice = market.supplier("alice", usd, 1_000 * USD);
    market.mint(usd, &alice, 100 * USD);
    // The token takes a hundredth of a deposit: the pool has 99 USD for 100.
    market.behave(usd, Behaviour::TakesFee);
    market.supply(&alice, usd, 100 * USD).unwrap();
    market.behave(usd, Behaviour::Plain);
    let carol = market.user("carol");
    let receipt = market.administer(&carol, &Admin::skimCall { asset: usd }).unwrap();
    let owed = SEED + FLOOR + 1_100 * USD;
    let event = Admin::Shortfall { asset: usd, balance: owed - USD, owed };
    assert_eq!(receipt.logs::<Admin::Shortfall>(), [(market.pool, event)]);
    assert_eq!(refusal(market.supply(&alice, usd, 1)), "Frozen (reserve 0)");
    let bob = market.user("bob");
    assert_eq!(refusal(market.borrow(&bob, usd, 1)), "Frozen (reserve 0)");
    assert_eq!(refusal(market.protect(&alice, usd, 1)), "Frozen (reserve 0)");
    let (pool, lens) = (market.pool, market.lens);
    let view = weir_abi::Lens::reserveDataCall { pool, asset: usd };
    let flags = market.world.query(&carol, lens, &view).unwrap().value.flags;
    // Borrowable, collateral, and frozen.
    assert_eq!(flags, 0b1_0000_0011);
    // Leaving stays open.
    market.withdraw(&alice, usd, 1_000 * USD).unwrap();
}

#[test]
fn the_test_chains_own_token_is_listed_lent_and_repaid() {
    let mut market = Market::new();
    let governor = market.governor.clone();
    let alice = market.user("alice");
    let constructor = MockToken::constructorCall {
        name: "Gold".into(),
        symbol: "XAU".into(),
        decimals: 8,
        mintCap: U256::from(10_u128.pow(12)),
    };
    let code = artifact("token").unwrap();
    let gold = market.world.deploy(&governor, &code, constructor.abi_encode()).unwrap().value;
    let spender = market.pool;
    for who in [&governor, &alice] {
        let mint = MockToken::mintCall { to: who.address, amount: U256::from(1_000_000_000) };
        market.world.send(who, gold, &mint).unwrap();
    }
    let call = Admin::listCall { asset: gold, parameters: parameters(), seed: SEED, floor: FLOOR };
    // Nothing is allowed yet: the token's own error ends in the pool's.
    let refused = refusal(market.administer(&governor, &call));
    assert_eq!(refused, format!("TokenFailed (token {gold}, flags 2)"));
    for who in [&governor, &alice] {
        let approve = MockToken::approveCall { spender, amount: U256::MAX };
        market.world.send(who, gold, &approve).unwrap();
    }
    market.administer(&governor, &call).unwrap();
    market.price(gold, 4_000 * WAD);
    market.supply(&alice, gold, 500_000_000).unwrap();
    let bob = market.supplier("bob", market.eth, 10 * WAD);
    market.borrow(&bob, gold, 100_000_000).unwrap();
    let approve = MockToken::approveCall { spender, amount: U256::MAX };
    market.world.send(&bob, gold, &approve).unwrap();
    let receipt = market.repay(&bob, gold, u128::MAX).unwrap();
    assert_eq!(receipt.logs::<Pool::Repaid>()[0].1.assets, 100_000_000);
    assert_eq!(market.balance(gold, market.pool), SEED + FLOOR + 500_000_000);
}
