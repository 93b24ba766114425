//! A market with people in it, and what is stored of it.

use crate::market::{Market, USD, WAD, core_address};
use alloy_primitives::Address;
use weir_abi::Pool;
use weir_core::state::keys;
use weir_harness::Account;

/// Alice supplied 5,000 USD; Bob supplied 1 ETH and owes 1,000 USD.
pub struct Stage {
    pub market: Market,
    pub alice: Account,
    pub bob: Account,
}

impl Stage {
    pub fn new() -> Self {
        let mut market = Market::new();
        let (usd, eth) = (market.usd, market.eth);
        let alice = market.supplier("alice", usd, 5_000 * USD);
        let bob = market.supplier("bob", eth, WAD);
        market.borrow(&bob, usd, 1_000 * USD).unwrap();
        Self { market, alice, bob }
    }
}

/// Everything that is stored of a pool, of these accounts.
pub fn stored(market: &mut Market, accounts: &[Address]) -> Vec<Vec<u8>> {
    let count = market.root().count();
    let mut items = vec![market.item(&keys::ROOT), market.item(&keys::INDEBTED_COUNT)];
    items.push(market.item(&keys::indebted_page(0)));
    items.extend((0..count).map(|id| market.item(&[b'r', id])));
    items.extend(accounts.iter().map(|who| market.item(&keys::account(&core_address(*who)))));
    items
}

/// One action of a submission.
pub fn action(kind: u8, asset: Address, amount: u128) -> Pool::Action {
    Pool::Action { kind, asset, amount }
}

/// What an account could get out of a reserve, in tokens: what it supplied, rounded down, and what it protected.
pub fn claim(market: &mut Market, who: Address, token: Address) -> u128 {
    let (shares, protected) = market.holdings(who, token);
    let supply = market.reserve(token).balances.supply;
    // ⌊shares · (assets + 1) / (total shares + 10^6)⌋ in 256 bits.
    let wide = alloy_primitives::U256::from;
    let assets = wide(shares) * (wide(supply.assets.0) + wide(1))
        / (wide(supply.shares.0) + wide(1_000_000));
    protected + u128::try_from(assets).unwrap()
}
