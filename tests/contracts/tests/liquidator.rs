//! The liquidator contract: a profit for whoever asks, or nothing at all.
//!
//! As in the tests of liquidations Bob supplied 1 ETH and owes 1,500 USD, and ETH falls to 1,800 USD. The tokens are
//! those of the test chains, with true allowances; they are sold at a market of 1,000 ETH and 1,800,000 USD for 30 bps.

mod amm;
mod safety;

use crate::market::{Market, SEED, USD, WAD, parameters};
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolConstructor as _;
use weir_abi::{Admin, Liquidator, MockToken};
use weir_harness::{
    Account, artifact,
    handles::{AmmHandle, LiquidatorHandle},
};

/// What is repaid: 135 / 0.194 USD, rounded up.
const REPAID: u128 = 695_876_289;
/// What the liquidator receives: 0.413659794016666666 ETH less the insurance's 0.002706185568333334.
const RECEIVED: u128 = 410_953_608_448_333_332;
/// ⌊1,800,000 · x / (1,000 + x)⌋ USD for x = ⌊received · 0.997⌋ = 0.409720747622988332 ETH.
const SOLD: u128 = 737_195_301;
/// 41.319012 USD.
const PROFIT: u128 = SOLD - REPAID;

struct Scene {
    market: Market,
    usd: Address,
    eth: Address,
    bob: Account,
    keeper: Account,
    owner: Account,
    amm: AmmHandle,
    liquidator: LiquidatorHandle,
}

impl Scene {
    /// With ETH at 1,800 in the pool, and at this many USD at the venue.
    fn new(venue_price: u128) -> Self {
        let mut market = Market::bare();
        let governor = market.governor.clone();
        let (usd, eth) = (token(&mut market, 6), token(&mut market, 18));
        for asset in [usd, eth] {
            let spender = market.pool;
            approve(&mut market, &governor, asset, spender);
            let lent = if asset == usd { 0b1011 } else { 0b11 };
            let parameters = Admin::ReserveParameters {
                flashFee: 9,
                flashSplit: 5_000,
                flashCap: 4_000,
                flags: lent,
                ..parameters()
            };
            market.list(asset, parameters).unwrap();
        }
        market.price(usd, WAD);
        market.price(eth, 2_000 * WAD);
        (market.usd, market.eth) = (usd, eth);
        let pool = market.pool;
        let alice = holder(&mut market, "alice", (usd, 5_000 * USD), pool);
        market.supply(&alice, usd, 5_000 * USD).unwrap();
        let bob = holder(&mut market, "bob", (eth, WAD), pool);
        market.supply(&bob, eth, WAD).unwrap();
        market.borrow(&bob, usd, 1_500 * USD).unwrap();
        market.price(eth, 1_800 * WAD);
        let owner = market.user("owner");
        let amm = AmmHandle::deploy(&mut market.world, &owner, 30).unwrap();
        let depth = (1_000 * WAD, 1_000 * venue_price * USD);
        holder(&mut market, "owner", (eth, depth.0), amm.at);
        holder(&mut market, "owner", (usd, depth.1), amm.at);
        amm.add(&mut market.world, &owner, (eth, depth.0), (usd, depth.1)).unwrap();
        let constructor =
            Liquidator::constructorCall { owner: owner.address, pool: market.pool, venue: amm.at };
        let liquidator = LiquidatorHandle::deploy(&mut market.world, &owner, &constructor).unwrap();
        let keeper = market.user("keeper");
        Self { market, usd, eth, bob, keeper, owner, amm, liquidator }
    }

    fn job(&self) -> Liquidator::Job {
        Liquidator::Job {
            borrower: self.bob.address,
            debt: self.usd,
            collateral: self.eth,
            maxRepay: u128::MAX,
            minSeized: 0,
            minProfit: 0,
            flash: false,
        }
    }

    fn balances(&mut self, who: Address) -> (u128, u128) {
        (self.market.balance(self.usd, who), self.market.balance(self.eth, who))
    }

    fn allowance(&mut self, token: Address, spender: Address) -> U256 {
        let call = MockToken::allowanceCall { owner: self.liquidator.at, spender };
        self.market.world.query(&self.keeper, token, &call).unwrap().value
    }

    /// Nothing lies with the liquidator, and nobody may take of it.
    fn assert_clean(&mut self) {
        let (at, pool, venue) = (self.liquidator.at, self.market.pool, self.amm.at);
        assert_eq!(self.balances(at), (0, 0));
        for (token, spender) in
            [(self.usd, pool), (self.eth, pool), (self.usd, venue), (self.eth, venue)]
        {
            assert_eq!(self.allowance(token, spender), U256::ZERO);
        }
    }
}

/// A token of the test chains.
fn token(market: &mut Market, decimals: u8) -> Address {
    let governor = market.governor.clone();
    let constructor = MockToken::constructorCall {
        name: "Test".into(),
        symbol: "TEST".into(),
        decimals,
        mintCap: U256::MAX,
    };
    let code = artifact("token").unwrap();
    market.world.deploy(&governor, &code, constructor.abi_encode()).unwrap().value
}

fn approve(market: &mut Market, who: &Account, token: Address, spender: Address) {
    let call = MockToken::approveCall { spender, amount: U256::MAX };
    market.world.send(who, token, &call).unwrap();
}

/// An account with tokens that `spender` may take.
fn holder(market: &mut Market, name: &str, held: (Address, u128), spender: Address) -> Account {
    let account = market.holder(name, held.0, held.1);
    approve(market, &account, held.0, spender);
    account
}

#[test]
fn a_keeper_without_capital_earns_in_the_callback() {
    let mut scene = Scene::new(1_800);
    let job = scene.job();
    let (keeper, liquidator) = (scene.keeper.clone(), scene.liquidator);
    let done = liquidator.liquidate(&mut scene.market.world, &keeper, job).unwrap();
    assert_eq!(done.value, PROFIT);
    let event = Liquidator::Earned {
        borrower: scene.bob.address,
        caller: keeper.address,
        debt: scene.usd,
        profit: PROFIT,
    };
    assert_eq!(done.receipt.logs::<Liquidator::Earned>(), [(liquidator.at, event)]);
    let liquidated = &done.receipt.logs::<weir_abi::Pool::Liquidated>()[0].1;
    assert_eq!((liquidated.caller, liquidated.repaid), (liquidator.at, REPAID));
    assert_eq!(scene.balances(keeper.address), (PROFIT, 0));
    let venue = scene.amm.at;
    let expected = (1_800_000 * USD - SOLD, 1_000 * WAD + RECEIVED);
    assert_eq!(scene.balances(venue), expected);
    scene.assert_clean();
    // Nothing is left to do.
    let job = scene.job();
    let again = liquidator.liquidate(&mut scene.market.world, &keeper, job);
    assert!(crate::market::refusal(again).starts_with("Healthy"));
}

/// A loan costs 9 bps of all that was lent, whether it was needed or not.
#[test]
fn a_keeper_without_capital_earns_with_a_flash_loan() {
    for (lent, fee) in [(REPAID, 626_289), (1_000 * USD, 900_000)] {
        let mut scene = Scene::new(1_800);
        let job = Liquidator::Job { maxRepay: lent, flash: true, ..scene.job() };
        let (keeper, liquidator) = (scene.keeper.clone(), scene.liquidator);
        let done = liquidator.liquidate(&mut scene.market.world, &keeper, job).unwrap();
        assert_eq!(done.value, PROFIT - fee);
        let loans = done.receipt.logs::<weir_abi::Pool::FlashLoaned>();
        assert_eq!((loans[0].1.assets, loans[0].1.fee), (lent, fee));
        assert_eq!(scene.balances(keeper.address), (PROFIT - fee, 0));
        scene.assert_clean();
        // The pool has the seed, what Alice supplied, what Bob still owes less, and the fee.
        let held = scene.market.balance(scene.usd, scene.market.pool);
        let owed = 1_500 * USD - REPAID;
        assert_eq!(held, SEED + crate::market::FLOOR + 5_000 * USD - owed + fee);
    }
}

#[test]
fn less_than_was_asked_for_is_nothing_at_all() {
    let mut scene = Scene::new(1_800);
    let (keeper, liquidator) = (scene.keeper.clone(), scene.liquidator);
    let before = scene.market.account(scene.bob.address);
    for (flash, profit) in [(false, PROFIT), (true, PROFIT - 626_289)] {
        let job = Liquidator::Job { minProfit: profit + 1, maxRepay: REPAID, flash, ..scene.job() };
        let world = &mut scene.market.world;
        let refused = crate::market::refusal(liquidator.liquidate(world, &keeper, job.clone()));
        assert_eq!(refused, format!("ProfitTooSmall (profit {profit}, least {})", profit + 1));
        assert_eq!(scene.market.account(scene.bob.address), before);
        scene.assert_clean();
        let job = Liquidator::Job { minProfit: profit, ..job };
        let snapshot = scene.market.world.snapshot();
        let world = &mut scene.market.world;
        assert_eq!(liquidator.liquidate(world, &keeper, job).unwrap().value, profit);
        scene.market.world.restore(&snapshot);
    }
}

/// At 1,600 USD the sale brings 655 USD for a debt of 696: the pool cannot take what is owed.
#[test]
fn a_loss_is_nobodys() {
    let mut scene = Scene::new(1_600);
    let (keeper, liquidator, usd) = (scene.keeper.clone(), scene.liquidator, scene.usd);
    for flash in [false, true] {
        let job = Liquidator::Job { maxRepay: REPAID, flash, ..scene.job() };
        let refused = liquidator.liquidate(&mut scene.market.world, &keeper, job);
        let refused = crate::market::refusal(refused);
        assert_eq!(refused, format!("TokenFailed (token {usd}, flags 2)"));
    }
    assert_eq!(scene.balances(keeper.address), (0, 0));
    scene.assert_clean();
}
