//! `writeOff`: less than dust is left of an account, and anyone says so.

use crate::market::{DUST, Market, SHARES, USD, WAD, refusal};
use weir_abi::{Admin, Pool};
use weir_harness::Account;

/// Bob supplied 0.01 ETH and owes 15 USD; the price of ETH falls to this.
fn scene(price: u128) -> (Market, Account, Account) {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    market.supplier("alice", usd, 5_000 * USD);
    let bob = market.supplier("bob", eth, WAD / 100);
    market.borrow(&bob, usd, 15 * USD).unwrap();
    market.price(eth, price * WAD);
    let carol = market.user("carol");
    (market, bob, carol)
}

#[test]
fn an_account_of_dust_is_written_off_by_anyone() {
    let (mut market, bob, carol) = scene(99);
    let (usd, eth, pool) = (market.usd, market.eth, market.pool);
    let before = market.reserve(usd).balances;
    let call = Admin::writeOffCall { account: bob.address };
    let receipt = market.administer(&carol, &call).unwrap();
    let forfeited = Pool::DustForfeited {
        asset: eth,
        account: bob.address,
        protectedAssets: 0,
        shares: WAD / 100 * SHARES,
        mintedShares: 0,
    };
    assert_eq!(receipt.logs::<Pool::DustForfeited>(), [(pool, forfeited)]);
    let bad = Pool::BadDebt {
        asset: usd,
        account: bob.address,
        assets: 15 * USD,
        shares: 15 * USD * SHARES,
        insured: 0,
        insuranceShares: 0,
        socialised: 15 * USD,
    };
    assert_eq!(receipt.logs::<Pool::BadDebt>(), [(pool, bad)]);
    assert_eq!(market.holdings(bob.address, eth), (0, 0));
    assert_eq!(market.debt(bob.address, usd), 0);
    assert_eq!(market.reserve(eth).balances.insurance.0, WAD / 100 * SHARES);
    let after = market.reserve(usd).balances;
    assert_eq!(before.supply.assets.0 - after.supply.assets.0, 15 * USD);
    market.check_books();
    // Once is enough.
    assert_eq!(refusal(market.administer(&carol, &call)), "NothingOwed (reserve 0)");
}

#[test]
fn an_account_with_more_than_dust_is_not() {
    let (mut market, bob, carol) = scene(100);
    let call = Admin::writeOffCall { account: bob.address };
    let refused = format!("StillCovered (collateral {WAD}, most {DUST})");
    assert_eq!(refusal(market.administer(&carol, &call)), refused);
    let eth = market.eth;
    market.price(eth, 2_000 * WAD);
    // 20 · 0.8 / 15.
    let refused = "Healthy (healthFactor 1066666666666666666)";
    assert_eq!(refusal(market.administer(&carol, &call)), refused);
}

#[test]
fn a_pause_of_liquidations_holds_a_write_off_up() {
    let (mut market, bob, carol) = scene(99);
    let governor = market.governor.clone();
    let pause = Admin::pauseCall { asset: market.eth, operations: 1 << 8, duration: 60 };
    market.administer(&governor, &pause).unwrap();
    let call = Admin::writeOffCall { account: bob.address };
    assert!(refusal(market.administer(&carol, &call)).starts_with("Paused (operation 8"));
    market.world.advance(60).unwrap();
    assert!(refusal(market.administer(&carol, &call)).starts_with("Grace"));
    market.world.advance(60).unwrap();
    market.administer(&carol, &call).unwrap();
}
