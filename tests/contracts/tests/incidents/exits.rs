//! One common check at the end of every message: what lowers health is refused wherever it comes from, in any order.

use super::stage::{action, stored};
use crate::market::{Market, USD, WAD, refusal};
use alloy_primitives::Address;
use weir_abi::{Admin, Pool};
use weir_harness::Account;

/// Bob supplied half an ETH, protected another half and owes the 1,500 USD that they support: one unit less of anything
/// is too little. Alice lends.
fn at_the_edge() -> (Market, Account) {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    market.supplier("alice", usd, 5_000 * USD);
    let bob = market.supplier("bob", eth, WAD / 2);
    market.mint(eth, &bob, WAD / 2);
    market.protect(&bob, eth, WAD / 2).unwrap();
    market.borrow(&bob, usd, 1_500 * USD).unwrap();
    (market, bob)
}

fn submit(market: &mut Market, who: &Account, actions: Vec<Pool::Action>) -> Option<String> {
    let account = who.address;
    let done = market.send(who, &Pool::submitCall { account, actions, to: account });
    done.is_err().then(|| refusal(done))
}

/// Kinds of actions as `submit` has them.
const SUPPLY: u8 = 0;
const WITHDRAW: u8 = 3;
const UNPROTECT: u8 = 4;
const BORROW: u8 = 5;
const COLLATERAL: u8 = 6;

/// An exit of its own checked solvency before it subtracted, or not at all. Every message that takes something from an
/// account ends in the same check, after the effect.
#[test]
fn incident_25_26_each_exit_is_tried_at_the_edge() {
    let (mut market, bob) = at_the_edge();
    let (usd, eth, account) = (market.usd, market.eth, bob.address);
    // A unit of the 18 decimals is worth 2 · 10^-15 USD: 1,499.9999… are supported.
    for (kind, asset, amount) in [
        (WITHDRAW, eth, 1_000_000),
        (WITHDRAW, eth, u128::MAX),
        (UNPROTECT, eth, 1_000_000),
        (UNPROTECT, eth, u128::MAX),
        (BORROW, usd, 1),
        (COLLATERAL, eth, 0),
    ] {
        let before = stored(&mut market, &[account]);
        let refused = submit(&mut market, &bob, vec![action(kind, asset, amount)]).unwrap();
        assert!(refused.starts_with("InsufficientCollateral"), "{kind} {amount}: {refused}");
        assert_eq!(stored(&mut market, &[account]), before, "{kind}");
    }
    // What may be given away for others costs the giver tokens, never shares: funding the insurance is such a gift.
    let call = Pool::fundInsuranceCall { asset: eth, amount: WAD / 4 };
    let refused = refusal(market.send(&bob, &call));
    assert_eq!(refused, format!("TokenFailed (token {eth}, flags 2)"), "he holds none outside");
    // The way down stays open: a unit paid back, and more collateral.
    market.repay(&bob, usd, USD).unwrap();
    market.mint(eth, &bob, 1);
    market.supply(&bob, eth, 1).unwrap();
}

fn permutations(items: &[Pool::Action]) -> Vec<Vec<Pool::Action>> {
    let Some((first, rest)) = items.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for shorter in permutations(rest) {
        for at in 0..=shorter.len() {
            let mut longer = shorter.clone();
            longer.insert(at, first.clone());
            all.push(longer);
        }
    }
    all
}

/// A later action of a batch cleared the check that an earlier one had made due. All 120 orders of five actions that end
/// short of collateral are refused, and all 24 orders of four that end well are taken.
#[test]
fn incident_45_a_batch_clears_the_pending_check() {
    let (mut market, bob) = at_the_edge();
    let (usd, eth, dot, account) = (market.usd, market.eth, market.dot, bob.address);
    market.mint(dot, &bob, 1_000_000);
    market.supply(&bob, dot, 1_000).unwrap();
    // 100 USD more, and nothing that pays for them; the others do not need a check, or seem to lift it.
    let short = [
        action(BORROW, usd, 100 * USD),
        action(SUPPLY, dot, 1_000),
        action(COLLATERAL, dot, 1),
        action(7, Address::ZERO, 0),
        action(2, usd, USD),
    ];
    let before = stored(&mut market, &[account]);
    for order in permutations(&short) {
        let names: Vec<_> = order.iter().map(|action| action.kind).collect();
        let refused = submit(&mut market, &bob, order).unwrap();
        assert!(refused.starts_with("InsufficientCollateral"), "{names:?}: {refused}");
    }
    assert_eq!(stored(&mut market, &[account]), before);
    // 100 USD more against a tenth of an ETH more (150 USD of capacity).
    market.mint(eth, &bob, WAD / 10);
    let well = [
        action(BORROW, usd, 100 * USD),
        action(SUPPLY, eth, WAD / 10),
        action(WITHDRAW, dot, 500),
        action(COLLATERAL, dot, 1),
    ];
    let start = market.world.snapshot();
    for order in permutations(&well) {
        let names: Vec<_> = order.iter().map(|action| action.kind).collect();
        assert_eq!(submit(&mut market, &bob, order), None, "{names:?}");
        market.world.restore(&start);
    }
}

/// A gift of shares without a check of health, and then the giver liquidated by himself at a discount. No message gives
/// shares away, an account cannot be made liquidatable by its owner, and with two addresses of one owner the suppliers
/// lose nothing either.
#[test]
fn incident_26_one_owner_with_two_addresses() {
    let (mut market, bob) = at_the_edge();
    let (usd, eth) = (market.usd, market.eth);
    let second = market.holder("bob's second", usd, 10_000 * USD);
    let liquidate = |market: &mut Market, who: &Account| {
        let call = Pool::liquidateCall {
            borrower: bob.address,
            debt: usd,
            collateral: eth,
            maxRepay: u128::MAX,
            minSeized: 0,
            receiveShares: false,
            data: alloy_primitives::Bytes::new(),
        };
        market.send(who, &call).map(|done| done.receipt)
    };
    let refused = refusal(liquidate(&mut market, &second));
    assert_eq!(refused, "Healthy (healthFactor 1066666666666666666)");
    // The price falls by a tenth: his second address takes the discount, and the suppliers' claims are whole.
    market.price(eth, 1_800 * WAD);
    assert_eq!(refusal(liquidate(&mut market, &bob)), "SelfLiquidation");
    let supply = market.reserve(usd).balances.supply;
    liquidate(&mut market, &second).unwrap();
    assert_eq!(market.reserve(usd).balances.supply, supply);
    // What both own, at the price of now: 1 ETH less the insurance's tenth of the bonus, and dollars less what is owed.
    let eths =
        market.balance(eth, second.address) + super::stage::claim(&mut market, bob.address, eth);
    assert!(eths < WAD, "{eths}");
    let paid = 10_000 * USD - market.balance(usd, second.address);
    let owed = market.reserve(usd).balances.debt.assets.0;
    assert_eq!(paid + owed, 1_500 * USD);
    market.check_books();
}

/// No message moves the health of a bystander, and no admin can be called by the way.
#[test]
fn incident_26_gifts_for_others_only_help_them() {
    let (mut market, bob) = at_the_edge();
    let (usd, eth) = (market.usd, market.eth);
    let carol = market.holder("carol", eth, WAD);
    market.mint(usd, &carol, 100 * USD);
    let account = bob.address;
    let supply = Pool::supplyCall { asset: eth, amount: WAD / 10, account };
    market.send(&carol, &supply).unwrap();
    let protect = Pool::protectCall { asset: eth, amount: WAD / 10, account };
    market.send(&carol, &protect).unwrap();
    let repay = Pool::repayCall { asset: usd, amount: 100 * USD, account };
    market.send(&carol, &repay).unwrap();
    let carols = carol.address;
    let withdraw = Pool::withdrawCall { asset: eth, amount: 1, account, to: carols };
    let refused = format!("NotAuthorised (caller {carols}, account {account})");
    assert_eq!(refusal(market.send(&carol, &withdraw)), refused);
    let role = Admin::setRoleCall { role: 0, holder: carols };
    let refused = refusal(market.administer(&carol, &role));
    assert!(refused.starts_with("NotGovernor"), "{refused}");
}
