//! The treasury's shares, and books that do not match the token's.

use crate::{
    evm::token::EvmToken,
    market::{FLOOR, Market, SEED, USD, WAD, parameters, refusal},
};
use alloy_primitives::U256;
use weir_abi::{Admin, Pool};
use weir_harness::Account;

/// A year of 1,000 USD lent at 10 %, a tenth of the interest for the treasury.
fn with_treasury() -> (Market, Account) {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    let governor = market.governor.clone();
    let parameters =
        Admin::ReserveParameters { rateBase: 100_000, insuranceTarget: 0, ..parameters() };
    market.administer(&governor, &Admin::setParametersCall { asset: usd, parameters }).unwrap();
    let alice = market.supplier("alice", usd, 5_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    market.borrow(&bob, usd, 1_000 * USD).unwrap();
    market.world.advance(31_536_000).unwrap();
    market.send(&alice, &Pool::accrueCall { asset: usd }).unwrap();
    (market, alice)
}

#[test]
fn the_governor_collects_the_treasury() {
    let (mut market, alice) = with_treasury();
    let (usd, pool, governor) = (market.usd, market.pool, market.governor.clone());
    let books = market.reserve(usd).balances;
    let to = market.user("vault").address;
    let all = Admin::collectCall { asset: usd, to, shares: u128::MAX };
    let refused = refusal(market.administer(&alice, &all));
    assert!(refused.starts_with("NotGovernor"), "{refused}");
    let receipt = market.administer(&governor, &all).unwrap();
    let (_, event) = &receipt.logs::<Pool::Collected>()[0];
    assert_eq!((event.asset, event.to, event.shares), (usd, to, books.treasury.0));
    // 1,000 USD · (10 % + 0.5 % + 0.0167 %) · a tenth.
    assert!(event.assets.abs_diff(10_516_666) < 100, "{}", event.assets);
    assert_eq!(market.balance(usd, to), event.assets);
    assert_eq!(market.reserve(usd).balances.treasury.0, 0);
    assert_eq!(receipt.logs::<Pool::Collected>()[0].0, pool);
    market.check_books();
    assert_eq!(refusal(market.administer(&governor, &all)), "ZeroAmount");
    let one = Admin::collectCall { shares: 1, ..all };
    let refused = refusal(market.administer(&governor, &one));
    assert_eq!(refused, "InsufficientSupply (wanted 1, available 0)");
}

#[test]
fn a_token_that_lost_balances_is_frozen_by_anyone() {
    let mut market = Market::new();
    let (usd, pool) = (market.usd, market.pool);
    let alice = market.supplier("alice", usd, 1_000 * USD);
    let carol = market.user("carol");
    let call = Admin::reconcileCall { asset: usd };
    assert_eq!(refusal(market.administer(&carol, &call)), "ZeroAmount");
    // This token lets anyone take from anyone.
    let steal = EvmToken::transferFromCall { from: pool, to: carol.address, amount: U256::from(1) };
    market.world.send(&carol, usd, &steal).unwrap();
    let receipt = market.administer(&carol, &call).unwrap();
    let owed = 1_000 * USD + SEED + FLOOR;
    let event = Admin::Shortfall { asset: usd, balance: owed - 1, owed };
    assert_eq!(receipt.logs::<Admin::Shortfall>(), [(pool, event)]);
    market.mint(usd, &alice, USD);
    assert_eq!(refusal(market.supply(&alice, usd, USD)), "Frozen (reserve 0)");
    // Whoever leaves, leaves.
    market.withdraw(&alice, usd, 500 * USD).unwrap();
}
