//! Liquidators who pay nothing, markets that a liquidation would break, and losses that nobody books.

use super::stage::claim;
use crate::market::{Market, SHARES, USD, WAD, parameters, refusal};
use alloy_primitives::{Address, Bytes};
use weir_abi::{Admin, Lens, Pool};
use weir_harness::{Account, Failed, Receipt};

fn liquidate(
    market: &mut Market,
    who: &Account,
    borrower: Address,
    max_repay: u128,
    receive_shares: bool,
) -> Result<Receipt, Failed> {
    let call = Pool::liquidateCall {
        borrower,
        debt: market.usd,
        collateral: market.eth,
        maxRepay: max_repay,
        minSeized: 0,
        receiveShares: receive_shares,
        data: Bytes::new(),
    };
    market.send(who, &call).map(|done| done.receipt)
}

/// Alice and Amy supplied 4,000 and 1,000 USD, Bob owes 1,500 of them against 1 ETH that fell to `price`.
fn fallen(price: u128) -> (Market, [Account; 2], Account, Account) {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    let alice = market.supplier("alice", usd, 4_000 * USD);
    let amy = market.supplier("amy", usd, 1_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    market.borrow(&bob, usd, 1_500 * USD).unwrap();
    let carol = market.holder("carol", usd, 5_000 * USD);
    market.price(eth, price * WAD);
    (market, [alice, amy], bob, carol)
}

/// Auctions were won with nothing. Here there is a least amount, and nobody gets more than he paid for and the bonus.
#[test]
fn incident_04_a_liquidator_pays_nothing() {
    let (mut market, _, bob, carol) = fallen(1_800);
    for nothing in [1, 2, USD / 2, USD - 1] {
        let refused = refusal(liquidate(&mut market, &carol, bob.address, nothing, false));
        assert!(refused.starts_with("BelowMinimum"), "{nothing}: {refused}");
    }
    assert_eq!(refusal(liquidate(&mut market, &carol, bob.address, 0, false)), "ZeroAmount");
    let start = market.world.snapshot();
    for paid in [USD, 17 * USD + 3, 100 * USD, u128::MAX] {
        let receipt = liquidate(&mut market, &carol, bob.address, paid, false).unwrap();
        let [(_, event)] = &receipt.logs::<Pool::Liquidated>()[..] else { panic!("{receipt:?}") };
        // In 10^-18 USD: seized at 1,800 ≤ repaid · 1.07, to the unit of the seized (I-LQ-03).
        let seized = (event.seizedProtected + event.seizedAssets) * 1_800;
        assert!(seized <= event.repaid * 1_070_000_000_000, "{event:?}");
        assert!(market.balance(market.eth, carol.address) <= event.seizedAssets);
        market.world.restore(&start);
    }
}

/// The liquidation of one large account would have broken the market. One liquidation takes what restores the target
/// health, not all, needs no cash in the collateral, and an account has at most 8 and 4 legs.
#[test]
fn incident_16_a_whale_is_liquidated_step_by_step() {
    let (mut market, _, bob, carol) = fallen(1_800);
    let eth = market.eth;
    // Everything that was supplied in ETH is lent out.
    let dave = market.supplier("dave", market.dot, 10_000 * 10_000_000_000);
    let cash = market.reserve(eth).balances.cash.0;
    market.borrow(&dave, eth, cash).unwrap();
    let refused = refusal(liquidate(&mut market, &carol, bob.address, u128::MAX, false));
    assert_eq!(refused, "NothingToSeize (reserve 1)");
    let receipt = liquidate(&mut market, &carol, bob.address, u128::MAX, true).unwrap();
    let [(_, event)] = &receipt.logs::<Pool::Liquidated>()[..] else { panic!("{receipt:?}") };
    // (1.05 · 1,500 − 1,440) / (1.05 − 0.8 · 1.07) = 695.876289 of 1,500 USD.
    assert_eq!(event.repaid, 695_876_289);
    assert_eq!(market.balance(eth, carol.address), 0, "shares, no tokens");
    assert!(market.holdings(carol.address, eth).0 > 0);
    let refused = refusal(liquidate(&mut market, &carol, bob.address, u128::MAX, true));
    assert!(refused.starts_with("Healthy"), "{refused}");
}

/// Hundreds of small liquidations drained an account whose collateral could not bear the bonus. The bonus falls to what
/// the collateral bears, never below its floor, and the last liquidation books what is left: no debt stays behind.
#[test]
fn incident_21_many_small_liquidations_spiral() {
    // 1,590 USD of collateral for 1,500 of debt: 6 % is all it bears.
    let (mut market, lenders, bob, carol) = fallen(1_590);
    let (usd, eth) = (market.usd, market.eth);
    let mut paid = 0;
    for step in 1..=100 {
        let owed = market.reserve(usd).balances.debt.assets.0;
        let done = liquidate(&mut market, &carol, bob.address, 60 * USD, false);
        let receipt = match done {
            Ok(receipt) => receipt,
            Err(failed) => {
                let refused = refusal::<Receipt>(Err(failed));
                assert!(refused.starts_with("DustLeft"), "{step}: {refused}");
                liquidate(&mut market, &carol, bob.address, u128::MAX, false).unwrap()
            }
        };
        let [(_, event)] = &receipt.logs::<Pool::Liquidated>()[..] else { panic!("{receipt:?}") };
        assert!(event.bonus >= WAD / 20 && event.bonus <= WAD * 6 / 100, "{event:?}");
        paid += event.repaid;
        assert!(market.reserve(usd).balances.debt.assets.0 < owed);
        if market.debt(bob.address, usd) == 0 {
            break;
        }
    }
    let account = market.account(bob.address);
    assert!(account.debts().is_empty(), "{account:?}");
    assert_eq!(market.holdings(bob.address, eth), (0, 0), "and nothing is left to seize");
    // In one step at 6 %: 1,590 / 1.06 = 1,500 would be paid. Rounding of the bonus in a hundred steps costs less than
    // the difference between the floor and what it bears: 1 % of 1,500.
    assert!(paid >= 1_485 * USD, "{paid}");
    let claims: u128 = lenders.iter().map(|lender| claim(&mut market, lender.address, usd)).sum();
    assert!(claims >= 4_985 * USD, "{claims}");
    market.check_books();
}

/// No reserve can be configured so that a liquidation at its threshold leaves the account worse off.
#[test]
fn incident_21_a_bonus_that_the_collateral_cannot_bear_is_refused() {
    let mut market = Market::new();
    let (asset, governor) = (market.usd, market.governor.clone());
    // 0.92 · 1.1 = 1.012
    let spiral = Admin::ReserveParameters { ltv: 9_000, threshold: 9_200, ..parameters() };
    let call = Admin::setParametersCall { asset, parameters: spiral };
    let refused = refusal(market.administer(&governor, &call));
    assert!(refused.starts_with("BadParameter"), "{refused}");
}

/// A market that the attacker made, handed to the liquidation of real debt or of real collateral.
#[test]
fn incident_33_a_fake_market_is_passed_to_a_liquidation() {
    let (mut market, _, bob, carol) = fallen(1_800);
    let (usd, eth, pool) = (market.usd, market.eth, market.pool);
    let fake = market.token(18);
    market.mint(fake, &carol, 1_000_000 * WAD);
    for (debt, collateral) in [(fake, eth), (usd, fake), (fake, fake), (pool, eth), (usd, pool)] {
        let call = Pool::liquidateCall {
            borrower: bob.address,
            debt,
            collateral,
            maxRepay: u128::MAX,
            minSeized: 0,
            receiveShares: false,
            data: Bytes::new(),
        };
        let unknown = if debt == usd { collateral } else { debt };
        let refused = refusal(market.send(&carol, &call));
        assert_eq!(refused, format!("UnknownAsset (asset {unknown})"));
    }
}

/// A loss that stays hidden is borne by those who leave last. It is booked in the call that finds it, and the first to
/// leave gets no more than his part (I-DEF-02).
#[test]
fn incident_47_the_first_to_leave_escapes_the_loss() {
    let (mut market, [alice, amy], bob, carol) = fallen(1_000);
    let usd = market.usd;
    let receipt = liquidate(&mut market, &carol, bob.address, u128::MAX, false).unwrap();
    let bad = receipt.logs::<Pool::BadDebt>();
    // 1 ETH at 1,000 USD pays for 1,000 / 1.05 = 952.380953 USD of 1,500.
    assert_eq!(bad[0].1.assets, 547_619_047);
    let start = market.world.snapshot();
    let mut got = Vec::new();
    for order in [[&alice, &amy], [&amy, &alice]] {
        market.world.restore(&start);
        for lender in order {
            market.withdraw(lender, usd, u128::MAX).unwrap();
        }
        got.push([alice.address, amy.address].map(|who| market.balance(usd, who)));
    }
    // 4,452.381953 of 5,000.001 USD, the seed included, are left: ⌊4,000 · …⌋ and ⌊1,000 · …⌋.
    for [alices, amys] in &got {
        assert!(alices.abs_diff(3_561_904_850) <= 2, "{alices}");
        assert!(amys.abs_diff(890_476_212) <= 2, "{amys}");
    }
    assert!(got[0][0].abs_diff(got[1][0]) <= 1 && got[0][1].abs_diff(got[1][1]) <= 1, "{got:?}");
}

/// The oracle's error is never the borrower's: with a usable price for everything he is healthy, and a stale, frozen or
/// missing one makes nobody liquidatable.
#[test]
fn incident_49_an_oracle_that_fails_liquidates_nobody() {
    let (mut market, _, bob, carol) = fallen(2_000);
    let (eth, pool, lens) = (market.eth, market.pool, market.lens);
    let data = Lens::accountDataCall { pool, account: bob.address };
    for (status, down) in [(1, 3_000), (2, 0), (4, 0)] {
        market.world.advance(10).unwrap();
        let push = market.push(eth, 2_000 * WAD);
        let push = Pool::PricePush { status, downBps: down, ..push };
        market.on_prices(vec![push]).unwrap();
        let refused = refusal(liquidate(&mut market, &carol, bob.address, u128::MAX, false));
        let expected = match status {
            1 => "Healthy (healthFactor 1066666666666666666)".to_string(),
            _ => format!("PriceNotUsable (reserve 1, status {status})"),
        };
        assert_eq!(refused, expected);
        let seen = market.world.query(&carol, lens, &data).unwrap().value;
        assert!(!seen.liquidatable, "status {status}: {seen:?}");
    }
    assert_eq!(market.debt(bob.address, market.usd), 1_500 * USD * SHARES);
}
