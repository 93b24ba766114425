//! Tokens sent to the pool outside of its messages, and markets that are nearly empty.

use super::stage::{Stage, claim, stored};
use crate::{
    evm::{self, token::EvmToken},
    market::{Market, SEED, USD, WAD, parameters, refusal},
};
use alloy_primitives::{Address, U256};
use weir_abi::{Admin, Lens, Pool};
use weir_harness::Account;

/// How the attacker raises what the pool holds after his first deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gift {
    /// A transfer.
    Donation,
    /// A transfer that somebody skims.
    Skimmed,
    /// A payment to the insurance.
    Insurance,
}

fn give(market: &mut Market, who: &Account, token: Address, amount: u128, gift: Gift) {
    if gift == Gift::Insurance {
        market.send(who, &Pool::fundInsuranceCall { asset: token, amount }).unwrap();
        return;
    }
    let call = EvmToken::transferCall { to: market.pool, amount: U256::from(amount) };
    market.world.send(who, token, &call).unwrap();
    if gift == Gift::Skimmed {
        market.administer(who, &Admin::skimCall { asset: token }).unwrap();
    }
}

/// The classic: a new market, one unit in, a donation, a victim, everything out. The victim may lose to rounding what one
/// share is worth, here less than a unit; the attacker wins nothing.
#[test]
fn incident_27_28_31_32_33_34_48_an_empty_market_is_inflated() {
    for (decimals, victim_pays) in [(6, 1_000_000), (18, WAD), (0, 7), (24, 10_u128.pow(24))] {
        for gift in [Gift::Donation, Gift::Skimmed, Gift::Insurance] {
            for donation in [victim_pays, victim_pays * 20] {
                let mut market = Market::bare();
                let token = market.token(decimals);
                let cap = 1_000_000;
                let free = Admin::ReserveParameters {
                    supplyCap: cap,
                    borrowCap: cap,
                    protectedCap: cap,
                    ..parameters()
                };
                market.list(token, free).unwrap();
                let thief = market.holder("thief", token, 1 + donation);
                let victim = market.holder("victim", token, victim_pays);
                market.supply(&thief, token, 1).unwrap();
                give(&mut market, &thief, token, donation, gift);
                market.supply(&victim, token, victim_pays).unwrap();
                market.withdraw(&thief, token, u128::MAX).unwrap();
                let case = format!("{gift:?} of {donation} at {decimals} decimals");
                // His one unit, and not a unit of the victim's.
                assert!(market.balance(token, thief.address) <= 1, "{case}");
                assert!(claim(&mut market, victim.address, token) + 1 >= victim_pays, "{case}");
                market.withdraw(&victim, token, u128::MAX).unwrap();
                assert!(market.balance(token, victim.address) + 1 >= victim_pays, "{case}");
            }
        }
    }
}

/// Listing is one call. In the very next one the market is as it will be: seeded, priced at its start, with no step left
/// for anybody to do in between.
#[test]
fn incident_37_a_new_market_is_attacked_in_the_call_after_its_listing() {
    let mut market = Market::bare();
    let token = market.token(6);
    let thief = market.holder("thief", token, 1_000 * USD);
    assert_eq!(
        refusal(market.supply(&thief, token, 1)),
        format!("UnknownAsset (asset {token})"),
        "before the listing nothing can be done"
    );
    market.list(token, parameters()).unwrap();
    let supply = market.reserve(token).balances.supply;
    assert_eq!((supply.assets.0, supply.shares.0), (SEED, SEED * 1_000_000));
    // Without a price nothing is lent, and nobody holds the seed's key.
    market.supply(&thief, token, 1_000 * USD).unwrap();
    assert_eq!(refusal(market.borrow(&thief, token, 10 * USD)), "PriceMissing (reserve 0)");
    market.withdraw(&thief, token, u128::MAX).unwrap();
    let supply = market.reserve(token).balances.supply;
    assert_eq!((supply.assets.0, supply.shares.0), (SEED, SEED * 1_000_000));
}

/// Utilisation is of what was supplied, and interest on what was lent: a donation moves neither, and lending the last unit
/// makes 100 %, not more.
#[test]
fn incident_29_a_donation_moves_no_interest() {
    let Stage { mut market, bob, .. } = Stage::new();
    let (usd, eth, pool, lens) = (market.usd, market.eth, market.pool, market.lens);
    let governor = market.governor.clone();
    // 1 % below 80 %, then up by 300 % a year: all of it at full utilisation.
    let steep =
        Admin::ReserveParameters { rateBase: 10_000, rateSlope2: 3_000_000, ..parameters() };
    let call = Admin::setParametersCall { asset: usd, parameters: steep };
    market.administer(&governor, &call).unwrap();
    market.mint(eth, &bob, 9 * WAD);
    market.supply(&bob, eth, 9 * WAD).unwrap();
    let cash = market.reserve(usd).balances.cash.0;
    market.borrow(&bob, usd, cash).unwrap();
    let start = market.world.snapshot();
    let mut ends = Vec::new();
    for donation in [0, 50_000 * USD] {
        market.world.restore(&start);
        market.mint_at(usd, pool, donation);
        let view = Lens::reserveDataCall { pool, asset: usd };
        let data = market.world.query(&governor, lens, &view).unwrap().value;
        assert_eq!((data.cash, data.utilisation), (0, WAD));
        market.world.advance(86_400).unwrap();
        market.send(&bob, &Pool::accrueCall { asset: usd }).unwrap();
        ends.push(stored(&mut market, &[bob.address]));
    }
    assert_eq!(ends[0], ends[1]);
}

/// 367 % of its supply cap were reached by transfers. Here the cap counts what was supplied, a donation is collateral of
/// nobody, and skimmed it is the insurance's.
#[test]
fn incident_48_a_donation_passes_the_supply_cap() {
    let Stage { mut market, bob, .. } = Stage::new();
    let (usd, eth, pool, lens) = (market.usd, market.eth, market.pool, market.lens);
    let governor = market.governor.clone();
    let capped = Admin::ReserveParameters { supplyCap: 10_000, ..parameters() };
    let call = Admin::setParametersCall { asset: usd, parameters: capped };
    market.administer(&governor, &call).unwrap();
    let thief = market.holder("thief", usd, 50_000 * USD);
    market.supply(&thief, usd, 3_000 * USD).unwrap();
    // 9,000 of 10,000 are open to accounts without debt, and 8,000.001 are there.
    let total = SEED + 9_001 * USD;
    let refused = format!("SupplyCap (total {total}, cap 9000000000)");
    assert_eq!(refusal(market.supply(&thief, usd, 1_001 * USD)), refused);
    let account = thief.address;
    let view = Lens::accountDataCall { pool, account };
    let capacity = market.world.query(&governor, lens, &view).unwrap().value;
    give(&mut market, &thief, usd, 36_700 * USD, Gift::Donation);
    assert_eq!(refusal(market.supply(&thief, usd, 1_001 * USD)), refused);
    assert_eq!(market.world.query(&governor, lens, &view).unwrap().value, capacity);
    market.administer(&bob, &Admin::skimCall { asset: usd }).unwrap();
    let after = market.world.query(&governor, lens, &view).unwrap().value;
    assert_eq!(after, capacity, "the insurance has it");
    // 3,000 USD support 1.125 ETH, donation or not.
    market.supplier("lender", eth, 100 * WAD);
    let refused = refusal(market.borrow(&thief, eth, WAD * 9 / 8 + 1));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    market.borrow(&thief, eth, WAD * 9 / 8).unwrap();
}

/// A token with a second address: sweeping it by that address took the underlying. `skim` moves no token at all, only
/// what is booked, and knows listed addresses only.
#[test]
fn incident_08_a_sweep_through_a_second_entry_point() {
    let Stage { mut market, alice, bob } = Stage::new();
    let (usd, pool) = (market.usd, market.pool);
    // Whatever it is asked, it asks the token.
    let source = format!(
        "CALLDATASIZE 0 0 CALLDATACOPY 32 0 CALLDATASIZE 0 0 0x{} GAS CALL POP 32 0 RETURN",
        alloy_primitives::hex::encode(usd)
    );
    let code = evm::deployment(&evm::assemble(&source));
    let governor = market.governor.clone();
    let second = market.world.deploy(&governor, &code, Vec::new()).unwrap().value;
    let held = market.balance(usd, pool);
    assert_eq!(market.balance(second, pool), held, "both tell the same");
    let people = [alice.address, bob.address];
    let before = stored(&mut market, &people);
    let refused = refusal(market.administer(&bob, &Admin::skimCall { asset: second }));
    assert_eq!(refused, format!("UnknownAsset (asset {second})"));
    let to = bob.address;
    let call = Pool::withdrawCall { asset: second, amount: 1, account: to, to };
    assert_eq!(refusal(market.send(&bob, &call)), format!("UnknownAsset (asset {second})"));
    assert_eq!(stored(&mut market, &people), before);
    market.mint_at(usd, pool, 5 * USD);
    market.administer(&bob, &Admin::skimCall { asset: usd }).unwrap();
    assert_eq!(market.balance(usd, pool), held + 5 * USD, "skimming pays nobody");
    market.check_books();
}
