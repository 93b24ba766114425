//! Liquidations, in part and to the end, with and without a callback.
//!
//! Bob supplied 1 ETH and owes 1,500 USD; the threshold is 80 %, the target health 1.05, the bonus 5 % at a health of 1
//! and 10 % at 0.9, a tenth of it for the insurance. While no interest is booked an asset is a million shares.

mod callback;

use crate::market::{Market, SEED, SHARES, USD, WAD, refusal};
use alloy_primitives::{Address, Bytes};
use weir_abi::{Admin, Pool};
use weir_harness::{Account, Failed, Receipt};

/// What a liquidator asks for; the rest is as in [`Scene`].
#[derive(Clone)]
pub struct Ask {
    max_repay: u128,
    min_seized: u128,
    receive_shares: bool,
    data: Bytes,
}

impl Default for Ask {
    fn default() -> Self {
        Self { max_repay: u128::MAX, min_seized: 0, receive_shares: false, data: Bytes::new() }
    }
}

struct Scene {
    market: Market,
    alice: Account,
    bob: Account,
    carol: Account,
}

impl Scene {
    /// The price of ETH falls from 2,000 USD to this. Alice supplied 5,000 USD; Carol, who liquidates, has 2,000.
    fn at(price: u128) -> Self {
        let mut market = Market::new();
        let (usd, eth) = (market.usd, market.eth);
        let alice = market.supplier("alice", usd, 5_000 * USD);
        let bob = market.supplier("bob", eth, WAD);
        market.borrow(&bob, usd, 1_500 * USD).unwrap();
        let carol = market.holder("carol", usd, 2_000 * USD);
        market.price(eth, price * WAD);
        Self { market, alice, bob, carol }
    }

    fn call(&self, ask: Ask) -> Pool::liquidateCall {
        Pool::liquidateCall {
            borrower: self.bob.address,
            debt: self.market.usd,
            collateral: self.market.eth,
            maxRepay: ask.max_repay,
            minSeized: ask.min_seized,
            receiveShares: ask.receive_shares,
            data: ask.data,
        }
    }

    fn liquidate(&mut self, ask: Ask) -> Result<Receipt, Failed> {
        let call = self.call(ask);
        let carol = self.carol.clone();
        self.market.send(&carol, &call).map(|done| done.receipt)
    }
}

/// ETH at 1,800: health 1,440 / 1,500 = 0.96, bonus 5 % + (0.04 / 0.1) · 5 % = 7 %.
/// x = (1.05 · 1,500 − 1,440) / (1.05 − 0.8 · 1.07) = 135 / 0.194 = 695.876288…, so 695.876289 USD are repaid.
const REPAID: u128 = 695_876_289;
/// ⌊695.876289 · 1.07 / 1,800⌋ ETH.
const SEIZED: u128 = 413_659_794_016_666_666;
/// A tenth, rounded up, of what is above ⌊seized / 1.07⌋ = 386,597,938,333,333,332.
const CUT: u128 = 2_706_185_568_333_334;

fn partial(scene: &Scene, receive_shares: bool) -> Pool::Liquidated {
    Pool::Liquidated {
        borrower: scene.bob.address,
        debt: scene.market.usd,
        collateral: scene.market.eth,
        caller: scene.carol.address,
        repaid: REPAID,
        repaidShares: REPAID * SHARES,
        seizedProtected: 0,
        seizedAssets: SEIZED,
        seizedShares: SEIZED * SHARES,
        insuranceAssets: CUT,
        insuranceShares: CUT * SHARES,
        bonus: WAD * 7 / 100,
        receiveShares: receive_shares,
    }
}

#[test]
fn a_liquidation_restores_the_target_health() {
    let mut scene = Scene::at(1_800);
    let receipt = scene.liquidate(Ask::default()).unwrap();
    let (usd, eth) = (scene.market.usd, scene.market.eth);
    let event = partial(&scene, false);
    assert_eq!(receipt.logs::<Pool::Liquidated>(), [(scene.market.pool, event)]);
    let market = &mut scene.market;
    assert_eq!(market.balance(usd, scene.carol.address), 2_000 * USD - REPAID);
    assert_eq!(market.balance(eth, scene.carol.address), SEIZED - CUT);
    assert_eq!(market.debt(scene.bob.address, usd), (1_500 * USD - REPAID) * SHARES);
    assert_eq!(market.holdings(scene.bob.address, eth), ((WAD - SEIZED) * SHARES, 0));
    assert_eq!(market.reserve(eth).balances.insurance.0, CUT * SHARES);
    market.check_books();
    // Healthy again, by a hair above 1.05.
    let refused = refusal(scene.liquidate(Ask::default()));
    assert!(refused.starts_with("Healthy (healthFactor 105000000"), "{refused}");
}

#[test]
fn shares_are_handed_over_instead_of_tokens() {
    let mut scene = Scene::at(1_800);
    let ask = Ask { receive_shares: true, ..Ask::default() };
    let receipt = scene.liquidate(ask).unwrap();
    let event = partial(&scene, true);
    assert_eq!(receipt.logs::<Pool::Liquidated>(), [(scene.market.pool, event)]);
    let market = &mut scene.market;
    let eth = market.eth;
    assert_eq!(market.balance(eth, scene.carol.address), 0);
    assert_eq!(market.holdings(scene.carol.address, eth), ((SEIZED - CUT) * SHARES, 0));
    market.check_books();
}

#[test]
fn protected_collateral_goes_first() {
    let mut scene = Scene::at(2_000);
    let market = &mut scene.market;
    let eth = market.eth;
    // Bob protects 0.1 of his ETH.
    market.mint(eth, &scene.bob, WAD / 10);
    market.protect(&scene.bob, eth, WAD / 10).unwrap();
    market.withdraw(&scene.bob, eth, WAD / 10).unwrap();
    market.price(eth, 1_800 * WAD);
    let receipt = scene.liquidate(Ask::default()).unwrap();
    let [(_, event)] = &receipt.logs::<Pool::Liquidated>()[..] else { panic!("{receipt:?}") };
    assert_eq!((event.seizedProtected, event.seizedAssets), (WAD / 10, SEIZED - WAD / 10));
    let holdings = scene.market.holdings(scene.bob.address, eth);
    assert_eq!(holdings, ((WAD - SEIZED) * SHARES, 0));
    scene.market.check_books();
}

/// ETH at 1,000: collateral 1,000 against 1,500 of debt, so the bonus is its floor of 5 %. All that 1 ETH pays for is
/// ⌈1,000 / 1.05⌉ = 952.380953 USD; 547.619047 USD stay unpaid.
const LAST: u128 = 952_380_953;
const UNPAID: u128 = 547_619_047;

#[test]
fn what_nothing_is_left_to_pay_for_is_socialised() {
    let mut scene = Scene::at(1_000);
    let receipt = scene.liquidate(Ask::default()).unwrap();
    let (usd, eth) = (scene.market.usd, scene.market.eth);
    let [(_, event)] = &receipt.logs::<Pool::Liquidated>()[..] else { panic!("{receipt:?}") };
    assert_eq!((event.repaid, event.seizedAssets), (LAST, WAD));
    // A tenth of 1 − ⌊1 / 1.05⌋ = 0.047619047619047620, rounded up.
    assert_eq!(event.insuranceAssets, 4_761_904_761_904_762);
    assert_eq!(event.bonus, WAD / 20);
    let bad = Pool::BadDebt {
        asset: usd,
        account: scene.bob.address,
        assets: UNPAID,
        shares: UNPAID * SHARES,
        insured: 0,
        insuranceShares: 0,
        socialised: UNPAID,
    };
    assert_eq!(receipt.logs::<Pool::BadDebt>(), [(scene.market.pool, bad)]);
    let market = &mut scene.market;
    let books = market.reserve(usd).balances;
    assert_eq!((books.debt.assets.0, books.debt.shares.0), (0, 0));
    assert_eq!(books.supply.assets.0, SEED + 5_000 * USD - UNPAID);
    assert_eq!(books.cash.0, SEED + 3_500 * USD + LAST);
    let account = market.account(scene.bob.address);
    assert!(account.supplies().is_empty() && account.debts().is_empty());
    assert_eq!(market.balance(eth, scene.carol.address), WAD - 4_761_904_761_904_762);
    market.check_books();
}

#[test]
fn the_insurance_bears_bad_debt_first() {
    let mut scene = Scene::at(1_000);
    let usd = scene.market.usd;
    let dave = scene.market.holder("dave", usd, 100 * USD);
    let fund = Pool::fundInsuranceCall { asset: usd, amount: 100 * USD };
    scene.market.send(&dave, &fund).unwrap();
    let receipt = scene.liquidate(Ask::default()).unwrap();
    let bad = Pool::BadDebt {
        asset: usd,
        account: scene.bob.address,
        assets: UNPAID,
        shares: UNPAID * SHARES,
        insured: 100 * USD,
        insuranceShares: 100 * USD * SHARES,
        socialised: UNPAID - 100 * USD,
    };
    assert_eq!(receipt.logs::<Pool::BadDebt>(), [(scene.market.pool, bad)]);
    assert_eq!(scene.market.reserve(usd).balances.insurance.0, 0);
    scene.market.check_books();
}

#[test]
fn a_reserve_that_lost_almost_everything_takes_no_more() {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    let alice = market.supplier("alice", usd, 3_000 * USD);
    let bob = market.supplier("bob", eth, 2 * WAD);
    market.borrow(&bob, usd, 3_000 * USD).unwrap();
    let carol = market.holder("carol", usd, 100 * USD);
    // 2 ETH at 1 USD pay for 1.91 USD of 3,000: less than a thousandth is left of the supply.
    market.price(eth, WAD);
    let mut scene = Scene { market, alice, bob, carol };
    let receipt = scene.liquidate(Ask::default()).unwrap();
    // ⌈2 / 1.05⌉ = 1.904762 USD came back.
    let left = SEED + 1_904_762;
    let [(_, wound)] = &receipt.logs::<Pool::WoundUp>()[..] else { panic!("{receipt:?}") };
    assert_eq!((wound.asset, wound.supplyAssets), (usd, left));
    let Scene { market, alice, .. } = &mut scene;
    market.mint(usd, alice, USD);
    assert_eq!(refusal(market.supply(alice, usd, USD)), "WoundUpReserve (reserve 0)");
    market.withdraw(alice, usd, u128::MAX).unwrap();
}

#[test]
fn who_and_what_is_not_liquidated() {
    let mut scene = Scene::at(2_000);
    // 2,000 · 0.8 / 1,500 = 1.0666…
    let refused = refusal(scene.liquidate(Ask::default()));
    assert_eq!(refused, "Healthy (healthFactor 1066666666666666666)");
    let mut scene = Scene::at(1_800);
    let refused = refusal(scene.liquidate(Ask { max_repay: 0, ..Ask::default() }));
    assert_eq!(refused, "ZeroAmount");
    let (bob, dot) = (scene.bob.clone(), scene.market.dot);
    let own = scene.call(Ask::default());
    assert_eq!(refusal(scene.market.send(&bob, &own)), "SelfLiquidation");
    let carol = scene.carol.clone();
    let call = Pool::liquidateCall { collateral: dot, ..scene.call(Ask::default()) };
    assert_eq!(refusal(scene.market.send(&carol, &call)), "NothingToSeize (reserve 2)");
    let call = Pool::liquidateCall { debt: dot, ..scene.call(Ask::default()) };
    assert_eq!(refusal(scene.market.send(&carol, &call)), "NothingOwed (reserve 2)");
    let stranger = Address::repeat_byte(3);
    let call = Pool::liquidateCall { debt: stranger, ..scene.call(Ask::default()) };
    let refused = refusal(scene.market.send(&carol, &call));
    assert_eq!(refused, format!("UnknownAsset (asset {stranger})"));
}

#[test]
fn amounts_too_small_or_leaving_dust() {
    let mut scene = Scene::at(1_800);
    // Half a dollar, where a dollar is dust.
    let refused = refusal(scene.liquidate(Ask { max_repay: USD / 2, ..Ask::default() }));
    assert_eq!(refused, format!("BelowMinimum (repay {}, minimum {WAD})", WAD / 2));
    // 100 USD seize ⌊107 / 1,800⌋ = 0.059444444444444444 ETH; a tenth of 0.003888888888888889, rounded up, is the
    // insurance's.
    let (seized, wanted) = (59_055_555_555_555_555, 59_055_555_555_555_556);
    let ask = Ask { max_repay: 100 * USD, min_seized: wanted, ..Ask::default() };
    let refused = refusal(scene.liquidate(ask.clone()));
    assert_eq!(refused, format!("SeizedTooLittle (seized {seized}, wanted {wanted})"));
    scene.liquidate(Ask { min_seized: seized, ..ask }).unwrap();
    assert_eq!(scene.market.balance(scene.market.eth, scene.carol.address), seized);
    // ETH at 1,500: all of it pays for ⌈1,500 / 1.05⌉ = 1,428.571429 USD; 1,428 would leave 0.6 USD of collateral.
    let mut scene = Scene::at(1_500);
    let refused = refusal(scene.liquidate(Ask { max_repay: 1_428 * USD, ..Ask::default() }));
    assert_eq!(refused, "DustLeft (needed 1428571429, given 1428000000)");
}

#[test]
fn prices_for_a_liquidation() {
    let mut scene = Scene::at(1_800);
    let eth = scene.market.eth;
    scene.market.world.advance(7_200).unwrap();
    scene.liquidate(Ask { max_repay: 100 * USD, ..Ask::default() }).unwrap();
    scene.market.world.advance(1).unwrap();
    assert_eq!(refusal(scene.liquidate(Ask::default())), "PriceStale (reserve 0, age 7201)");
    scene.market.price(scene.market.usd, WAD);
    let push = scene.market.push(eth, 1_800 * WAD);
    // Suspect and frozen prices liquidate nobody; one that was confirmed does.
    for (status, round) in [(2, 1), (4, 2)] {
        let push = Pool::PricePush { status, round: push.round + round, ..push.clone() };
        scene.market.on_prices(vec![push]).unwrap();
        let refused = refusal(scene.liquidate(Ask::default()));
        assert_eq!(refused, format!("PriceNotUsable (reserve 1, status {status})"));
    }
    let mut scene = Scene::at(1_800);
    let confirmed = Pool::PricePush { status: 3, ..scene.market.push(eth, 1_700 * WAD) };
    let confirmed = Pool::PricePush { asset: scene.market.eth, ..confirmed };
    scene.market.on_prices(vec![confirmed]).unwrap();
    scene.liquidate(Ask::default()).unwrap();
}

#[test]
fn a_pause_of_liquidations_is_followed_by_as_much_grace() {
    let mut scene = Scene::at(1_800);
    let governor = scene.market.governor.clone();
    let call = Admin::pauseCall { asset: Address::ZERO, operations: 1 << 8, duration: 600 };
    scene.market.administer(&governor, &call).unwrap();
    let until = scene.market.world.now() + 600;
    let refused = refusal(scene.liquidate(Ask::default()));
    assert_eq!(refused, format!("Paused (operation 8, until {until})"));
    scene.market.world.advance(600).unwrap();
    let refused = refusal(scene.liquidate(Ask::default()));
    assert_eq!(refused, format!("Grace (until {})", until + 600));
    scene.market.world.advance(600).unwrap();
    scene.liquidate(Ask::default()).unwrap();
}

#[test]
fn a_debt_token_that_fails_undoes_the_liquidation() {
    let mut scene = Scene::at(1_800);
    let (usd, eth, bob) = (scene.market.usd, scene.market.eth, scene.bob.address);
    let before = (scene.market.reserve(usd), scene.market.reserve(eth), scene.market.account(bob));
    scene.market.behave(usd, crate::evm::token::Behaviour::SaysFalse);
    let refused = refusal(scene.liquidate(Ask::default()));
    assert_eq!(refused, format!("TokenFailed (token {usd}, flags 0)"));
    let after = (scene.market.reserve(usd), scene.market.reserve(eth), scene.market.account(bob));
    assert_eq!(after, before);
    assert_eq!(scene.market.balance(eth, scene.carol.address), 0);
}
