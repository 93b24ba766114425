//! Assets that are not what they seem: unbacked, thin, or minted without end. What can be lost to one is its cap times
//! its ltv.

use super::stage::Stage;
use crate::market::{Market, USD, WAD, parameters, refusal};
use weir_abi::{Admin, Pool};

/// The price of one asset is never that of another, whatever it calls itself.
#[test]
fn incident_10_an_unbacked_token_is_priced_as_the_real_one() {
    let Stage { mut market, .. } = Stage::new();
    let (usd, eth) = (market.usd, market.eth);
    let unbacked = market.token(18);
    let thief = market.holder("thief", unbacked, 1_000_000 * WAD);
    let unknown = format!("UnknownAsset (asset {unbacked})");
    assert_eq!(refusal(market.supply(&thief, unbacked, WAD)), unknown, "not listed");
    // Listed, but without a source of its own it is worth nothing; the real one's rounds do not concern it.
    market.list(unbacked, parameters()).unwrap();
    market.supply(&thief, unbacked, 1_000 * WAD).unwrap();
    market.price(eth, 2_000 * WAD);
    assert_eq!(refusal(market.borrow(&thief, usd, 10 * USD)), "PriceMissing (reserve 3)");
    // A feed that says the real one's price of it is ignored if it is not listed.
    let stranger = market.token(18);
    let push = market.push(stranger, 2_000 * WAD);
    let receipt = market.on_prices(vec![push]).unwrap();
    assert_eq!(receipt.logs::<Pool::PriceIgnored>()[0].1.reason, 1);
}

/// A billion minted out of nothing: what enters is the cap's open part, what leaves is its ltv, and the guardian closes
/// the door within the block.
#[test]
fn incident_18_19_50_52_53_unbacked_collateral_floods_in() {
    let Stage { mut market, .. } = Stage::new();
    let usd = market.usd;
    // A bridged ETH: at most one is taken.
    let bridged = market.token(18);
    market.list(bridged, Admin::ReserveParameters { supplyCap: 1, ..parameters() }).unwrap();
    market.price(bridged, 2_000 * WAD);
    let thief = market.holder("thief", bridged, 1_000_000_000 * WAD);
    let cap = 9 * WAD / 10;
    let total = 1_000 + WAD;
    let refused = refusal(market.supply(&thief, bridged, WAD));
    assert_eq!(refused, format!("SupplyCap (total {total}, cap {cap})"));
    // The seed of 1,000 units is in the cap. ltv 75 % of 0.9 · 2,000 USD = 1,350, less the seed's 1.5 · 10^-12.
    market.supply(&thief, bridged, cap - 1_000).unwrap();
    let refused = refusal(market.borrow(&thief, usd, 1_350 * USD));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    let before = market.balance(usd, market.pool);
    market.borrow(&thief, usd, 1_349 * USD).unwrap();
    assert_eq!(before - market.balance(usd, market.pool), 1_349 * USD);
    // With debt he reaches the last tenth: 150 USD more, and not a unit further.
    market.supply(&thief, bridged, WAD / 10).unwrap();
    let refused = refusal(market.supply(&thief, bridged, 1));
    assert_eq!(refused, format!("SupplyCap (total {}, cap {WAD})", WAD + 1));
    let refused = refusal(market.borrow(&thief, usd, 151 * USD));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    // Every other address finds the door shut: the cap is the reserve's, not the account's.
    let second = market.holder("second", bridged, WAD);
    let refused = refusal(market.supply(&second, bridged, 1));
    assert!(refused.starts_with("SupplyCap"), "{refused}");
    // Guardian: no borrow in the pool from this call on; repaying and leaving stay open.
    let guardian = market.user("guardian");
    name_guardian(&mut market, &guardian);
    let asset = alloy_primitives::Address::ZERO;
    let pause = Admin::pauseCall { asset, operations: 1 << 5 | 1, duration: 3_600 };
    market.administer(&guardian, &pause).unwrap();
    let refused = refusal(market.borrow(&thief, usd, USD));
    assert!(refused.starts_with("Paused (operation 5"), "{refused}");
    market.repay(&thief, usd, USD).unwrap();
}

fn name_guardian(market: &mut Market, guardian: &weir_harness::Account) {
    let governor = market.governor.clone();
    let call = Admin::setRoleCall { role: 1, holder: guardian.address };
    market.administer(&governor, &call).unwrap();
}

/// One account cannot take the whole market: borrow caps hold whatever the collateral.
#[test]
fn incident_16_18_one_account_holds_most_of_a_market() {
    let Stage { mut market, .. } = Stage::new();
    let (usd, eth) = (market.usd, market.eth);
    let governor = market.governor.clone();
    let capped = Admin::ReserveParameters { borrowCap: 2_000, ..parameters() };
    let call = Admin::setParametersCall { asset: usd, parameters: capped };
    market.administer(&governor, &call).unwrap();
    let whale = market.supplier("whale", eth, 1_000 * WAD);
    // Bob owes 1,000 of the 2,000.
    let refused = refusal(market.borrow(&whale, usd, 1_001 * USD));
    assert_eq!(refused, "BorrowCap (total 2001000000, cap 2000000000)");
    market.borrow(&whale, usd, 1_000 * USD).unwrap();
    market.repay(&whale, usd, u128::MAX).unwrap();
    market.withdraw(&whale, eth, u128::MAX).unwrap();
}
