//! The terms of a reserve that a listing sets: its category, isolation, flow limits, and the cut in volatile times.

use crate::market::{Market, USD, WAD, parameters, refusal};
use alloy_primitives::Address;
use weir_abi::{Admin, Pool};
use weir_harness::Account;

fn flow(cap: u64, refill_minutes: u16) -> Admin::Flow {
    Admin::Flow { cap, refillMinutes: refill_minutes }
}

/// A token of 6 decimals at 1 USD with 100,000 of supply, listed with these terms.
fn listed(market: &mut Market, terms: Admin::ReserveParameters) -> Address {
    let token = market.token(6);
    market.list(token, terms).unwrap();
    market.price(token, WAD);
    market.supplier("alice", token, 100_000 * USD);
    token
}

fn choose(market: &mut Market, who: &Account, id: u8) -> Result<(), String> {
    let call = Pool::setCategoryCall { id, account: who.address };
    market.send(who, &call).map(|_| ()).map_err(|failed| refusal::<()>(Err(failed)))
}

/// 1,000 USD of collateral carry 750 outside of the category and 850 in it, of the category's own reserves only.
#[test]
fn a_category_carries_more_and_borrows_within_itself() {
    let mut market = Market::new();
    let terms = Admin::ReserveParameters {
        healthForMaxBonus: 9_100,
        category: Admin::Category { id: 3, ltv: 8_500, threshold: 8_600, bonusMax: 500 },
        ..parameters()
    };
    let (x, y) = (listed(&mut market, terms.clone()), listed(&mut market, terms));
    let usd = market.usd;
    market.supplier("alice", usd, 10_000 * USD);
    let bob = market.supplier("bob", x, 1_000 * USD);
    let refused = refusal(market.borrow(&bob, y, 751 * USD));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    choose(&mut market, &bob, 3).unwrap();
    let refused = refusal(market.borrow(&bob, usd, 100 * USD));
    assert!(refused.starts_with("WrongCategory"), "{refused}");
    let refused = refusal(market.borrow(&bob, y, 850 * USD + 1));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    market.borrow(&bob, y, 850 * USD).unwrap();
    // The way out would leave 850 of debt on 750 of base ltv.
    let refused = choose(&mut market, &bob, 0).unwrap_err();
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    market.check_books();
}

/// Isolated: the only collateral of its account, whichever comes first.
#[test]
fn an_isolated_reserve_stands_alone() {
    let mut market = Market::new();
    let isolated = listed(&mut market, Admin::ReserveParameters { flags: 0b111, ..parameters() });
    let (usd, dot) = (market.usd, market.dot);
    market.supplier("alice", usd, 10_000 * USD);
    let bob = market.supplier("bob", isolated, 1_000 * USD);
    market.borrow(&bob, usd, 500 * USD).unwrap();
    market.mint(dot, &bob, 10_000_000_000);
    let refused = refusal(market.supply(&bob, dot, 10_000_000_000));
    assert!(refused.starts_with("Isolated"), "{refused}");
    market.repay(&bob, usd, u128::MAX).unwrap();
}

/// A bucket of 1,000 in an hour: full after 1,000, half empty after half an hour. Leaving without debt is never refused.
#[test]
fn net_outflow_is_let_through_slowly_and_exits_always() {
    let mut market = Market::new();
    let limited = |cap| Admin::ReserveParameters {
        flows: Admin::Flows { inflow: flow(0, 0), outflow: flow(cap, 60) },
        ..parameters()
    };
    let x = listed(&mut market, limited(1_000));
    let eth = market.eth;
    // What Alice supplied counts as negative flow until an hour has passed.
    market.world.advance(3_600).unwrap();
    market.price(x, WAD);
    market.price(eth, 2_000 * WAD);
    let bob = market.supplier("bob", eth, 10 * WAD);
    market.borrow(&bob, x, 1_000 * USD).unwrap();
    let refused = refusal(market.borrow(&bob, x, 50 * USD));
    assert!(refused.starts_with("OutflowLimit"), "{refused}");
    market.world.advance(1_800).unwrap();
    market.price(x, WAD);
    market.price(eth, 2_000 * WAD);
    // A block's own seconds may have passed: less than a tenth of the half bucket.
    market.borrow(&bob, x, 500 * USD).unwrap();
    let refused = refusal(market.borrow(&bob, x, 50 * USD));
    assert!(refused.starts_with("OutflowLimit"), "{refused}");
    let carol = market.supplier("carol", x, 5_000 * USD);
    market.withdraw(&carol, x, u128::MAX).unwrap();
    market.check_books();
}

/// Of an inflow bucket the last tenth is kept for accounts with debt.
#[test]
fn net_inflow_is_let_through_slowly() {
    let mut market = Market::new();
    let x = listed(&mut market, parameters());
    let terms = Admin::ReserveParameters {
        flows: Admin::Flows { inflow: flow(1_000, 60), outflow: flow(0, 0) },
        ..parameters()
    };
    let governor = market.governor.clone();
    let call = Admin::setParametersCall { asset: x, parameters: terms };
    market.administer(&governor, &call).unwrap();
    let bob = market.holder("bob", x, 10_000 * USD);
    let refused = refusal(market.supply(&bob, x, 900 * USD + 1));
    assert!(refused.starts_with("InflowLimit"), "{refused}");
    market.supply(&bob, x, 900 * USD).unwrap();
    let refused = refusal(market.protect(&bob, x, 50 * USD));
    assert!(refused.starts_with("InflowLimit"), "{refused}");
    market.withdraw(&bob, x, 400 * USD).unwrap();
    market.protect(&bob, x, 400 * USD).unwrap();
}

/// At 200 % of annual volatility, 100 % of it free, a fifth of the ltv of 75 % is cut: 60 %. Above 250 % the cut stays
/// at its largest, 30 %: 52.5 %. The threshold does not move.
#[test]
fn volatility_cuts_what_may_be_borrowed_and_liquidates_nobody() {
    let mut market = Market::new();
    let terms = Admin::ReserveParameters {
        volatility: Admin::Volatility { free: 10_000, slope: 2_000, cutMax: 3_000 },
        ..parameters()
    };
    let x = listed(&mut market, terms);
    let usd = market.usd;
    market.supplier("alice", usd, 10_000 * USD);
    let bob = market.supplier("bob", x, 1_000 * USD);
    market.borrow(&bob, usd, 590 * USD).unwrap();
    let volatile = |market: &mut Market, bps| {
        let push = Pool::PricePush { volatilityBps: bps, ..market.push(x, WAD) };
        market.on_prices(vec![push]).unwrap();
    };
    volatile(&mut market, 20_000);
    let refused = refusal(market.borrow(&bob, usd, 10 * USD + 1));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    market.borrow(&bob, usd, 10 * USD).unwrap();
    volatile(&mut market, 60_000);
    let refused = refusal(market.borrow(&bob, usd, 1));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    let carol = market.holder("carol", usd, 1_000 * USD);
    let call = Pool::liquidateCall {
        borrower: bob.address,
        debt: usd,
        collateral: x,
        maxRepay: u128::MAX,
        minSeized: 0,
        receiveShares: false,
        data: Vec::new().into(),
    };
    let refused = refusal(market.send(&carol, &call));
    assert!(refused.starts_with("Healthy"), "{refused}");
    // Down to 525 of debt he may borrow again.
    market.mint(usd, &bob, 100 * USD);
    market.repay(&bob, usd, 80 * USD).unwrap();
    market.borrow(&bob, usd, 5 * USD).unwrap();
    let refused = refusal(market.borrow(&bob, usd, 1));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
}
