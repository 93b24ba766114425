//! What strangers, owners and hostile tokens can and cannot do with the liquidator.

use super::{PROFIT, REPAID, Scene};
use crate::{
    evm::puppet::{Outcome, Puppet},
    market::{Market, USD, WAD, refusal},
};
use alloy_primitives::U256;
use alloy_sol_types::{SolCall, SolConstructor as _, SolError as _};
use weir_abi::{Liquidator, Pool};
use weir_harness::handles::{AmmHandle, LiquidatorHandle};

/// The callbacks with arguments that would have the liquidator sell and pay.
fn callbacks(scene: &Scene) -> [Vec<u8>; 2] {
    let liquidated = Liquidator::onLiquidateCall {
        borrower: scene.bob.address,
        debt: scene.usd,
        collateral: scene.eth,
        repay: 100 * USD,
        received: WAD,
        data: vec![1].into(),
    };
    // The job that the liquidator sends along, as three words.
    let job = [scene.bob.address.into_word(), scene.eth.into_word(), Default::default()].concat();
    let loaned = Liquidator::onFlashLoanCall {
        initiator: scene.liquidator.at,
        token: scene.usd,
        amount: U256::from(100 * USD),
        fee: U256::ZERO,
        data: job.into(),
    };
    [liquidated.abi_encode(), loaned.abi_encode()]
}

#[test]
fn only_the_pool_calls_back_and_only_during_a_job() {
    let mut scene = Scene::new(1_800);
    let (at, pool) = (scene.liquidator.at, scene.market.pool);
    // Something to lose.
    scene.market.mint_at(scene.usd, at, 500 * USD);
    scene.market.mint_at(scene.eth, at, WAD);
    let (keeper, owner) = (scene.keeper.clone(), scene.owner.clone());
    for data in callbacks(&scene) {
        for who in [&keeper, &owner] {
            let receipt = scene.market.world.call(who, at, U256::ZERO, data.clone());
            let refused = receipt.output.unwrap_err();
            let expected = Liquidator::UnexpectedCallback {
                caller: U256::from_be_bytes(who.address.into_word().0),
                pool: U256::from_be_bytes(pool.into_word().0),
            };
            assert_eq!(refused, weir_harness::Failure::Reverted(expected.abi_encode()));
        }
    }
    // The pool itself calls back, but for a loan that somebody else asked for.
    let job = [scene.bob.address.into_word(), scene.eth.into_word(), Default::default()].concat();
    for data in [Vec::new(), job] {
        let lend = Pool::flashLoanCall {
            receiver: at,
            token: scene.usd,
            amount: U256::from(REPAID),
            data: data.into(),
        };
        let refused = refusal(scene.market.send(&keeper, &lend));
        assert_eq!(refused, format!("CallbackRefused (receiver {at})"));
    }
    assert_eq!(scene.balances(at), (500 * USD, WAD));
}

#[test]
fn what_lies_there_is_nobodys_profit() {
    let mut scene = Scene::new(1_800);
    let (at, keeper) = (scene.liquidator.at, scene.keeper.clone());
    scene.market.mint_at(scene.usd, at, 500 * USD);
    scene.market.mint_at(scene.eth, at, WAD);
    for (flash, profit) in [(false, PROFIT), (true, PROFIT - 626_289)] {
        let job = Liquidator::Job { maxRepay: REPAID, flash, ..scene.job() };
        let snapshot = scene.market.world.snapshot();
        let done = scene.liquidator.liquidate(&mut scene.market.world, &keeper, job).unwrap();
        assert_eq!(done.value, profit);
        assert_eq!(scene.balances(at), (500 * USD, WAD));
        scene.market.world.restore(&snapshot);
    }
    // Nor does it cover a loss: the venue pays 1,600.
    let mut scene = Scene::new(1_600);
    let at = scene.liquidator.at;
    scene.market.mint_at(scene.usd, at, 500 * USD);
    for flash in [false, true] {
        let job = Liquidator::Job { maxRepay: REPAID, flash, ..scene.job() };
        let refused = scene.liquidator.liquidate(&mut scene.market.world, &keeper, job);
        assert_eq!(refusal(refused), "ProfitTooSmall (profit 0, least 0)");
    }
    assert_eq!(scene.balances(at), (500 * USD, 0));
}

#[test]
fn only_the_owner_sweeps_and_chooses_the_venue() {
    let mut scene = Scene::new(1_800);
    let (liquidator, keeper, owner) = (scene.liquidator, scene.keeper.clone(), scene.owner.clone());
    let (usd, to) = (scene.usd, scene.keeper.address);
    scene.market.mint_at(usd, liquidator.at, 500 * USD);
    let world = &mut scene.market.world;
    let expected = format!("NotOwner (caller {to}, owner {})", owner.address);
    assert_eq!(refusal(liquidator.sweep(world, &keeper, (usd, to, 1))), expected);
    let set = Liquidator::setVenueCall { venue: to };
    assert_eq!(refusal(world.send(&keeper, liquidator.at, &set)), expected);
    let refused = refusal(world.send(&owner, liquidator.at, &set));
    assert_eq!(refused, format!("NotContract (target {to})"));
    liquidator.sweep(world, &owner, (usd, to, 100 * USD)).unwrap();
    let receipt = liquidator.sweep(world, &owner, (usd, to, u128::MAX)).unwrap();
    let event = Liquidator::Swept { token: usd, to, amount: 400 * USD };
    assert_eq!(receipt.logs::<Liquidator::Swept>(), [(liquidator.at, event)]);
    assert_eq!(scene.balances(to), (500 * USD, 0));
    // Another venue is another price.
    let other = AmmHandle::deploy(&mut scene.market.world, &owner, 0).unwrap();
    let set = Liquidator::setVenueCall { venue: other.at };
    scene.market.world.send(&owner, liquidator.at, &set).unwrap();
    let job = scene.job();
    let refused = liquidator.liquidate(&mut scene.market.world, &keeper, job);
    // It has no market; what fails in a callback the pool tells as one that was refused.
    assert_eq!(refusal(refused), format!("CallbackRefused (receiver {})", liquidator.at));
    let settings = scene.market.world.query(&keeper, liquidator.at, &Liquidator::settingsCall {});
    let settings = settings.unwrap().value;
    let expected = (owner.address, scene.market.pool, other.at);
    assert_eq!((settings.owner, settings.pool, settings.venue), expected);
}

#[test]
fn what_the_pool_refuses_is_told_in_its_words() {
    let mut scene = Scene::new(1_800);
    scene.market.price(scene.eth, 2_000 * WAD);
    let (keeper, liquidator) = (scene.keeper.clone(), scene.liquidator);
    let job = scene.job();
    let refused = refusal(liquidator.liquidate(&mut scene.market.world, &keeper, job.clone()));
    assert!(refused.starts_with("Healthy (healthFactor"), "{refused}");
    // A loan of everything is more than there is.
    let job = Liquidator::Job { flash: true, ..job };
    let refused = refusal(liquidator.liquidate(&mut scene.market.world, &keeper, job));
    assert!(refused.starts_with("FlashCap"), "{refused}");
    let code = weir_harness::artifact("liquidator").unwrap();
    let nobody = keeper.address;
    for (pool, venue) in [(nobody, scene.amm.at), (scene.market.pool, nobody)] {
        let constructor = Liquidator::constructorCall { owner: nobody, pool, venue };
        let refused = scene.market.world.deploy(&keeper, &code, constructor.abi_encode());
        assert_eq!(refusal(refused), format!("NotContract (target {nobody})"));
    }
}

/// A collateral whose token calls an attacker whenever it moves: he finds the liquidator closed, even as its owner.
#[test]
fn nobody_begins_a_job_within_a_job() {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    market.supplier("alice", usd, 5_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    market.borrow(&bob, usd, 1_500 * USD).unwrap();
    market.price(eth, 1_800 * WAD);
    let keeper = market.user("keeper");
    let world = &mut market.world;
    let attacker = Puppet::new(world, &keeper, [0; 32]);
    let amm = AmmHandle::deploy(world, &keeper, 30).unwrap();
    let constructor =
        Liquidator::constructorCall { owner: attacker.at, pool: market.pool, venue: amm.at };
    let liquidator = LiquidatorHandle::deploy(world, &keeper, &constructor).unwrap();
    market.mint(eth, &keeper, 1_000 * WAD);
    market.mint(usd, &keeper, 1_800_000 * USD);
    let (ether, dollars) = ((eth, 1_000 * WAD), (usd, 1_800_000 * USD));
    amm.add(&mut market.world, &keeper, ether, dollars).unwrap();
    let job = Liquidator::Job {
        borrower: bob.address,
        debt: usd,
        collateral: eth,
        maxRepay: u128::MAX,
        minSeized: 0,
        minProfit: 0,
        flash: false,
    };
    let sweep = Liquidator::sweepCall { token: usd, to: attacker.at, amount: u128::MAX };
    let venue = Liquidator::setVenueCall { venue: attacker.at };
    let lessons = [
        Liquidator::liquidateCall { job: job.clone() }.abi_encode(),
        sweep.abi_encode(),
        venue.abi_encode(),
    ];
    let hook = crate::evm::token::EvmToken::behaveCall {
        behaviour: U256::from_be_bytes(attacker.at.into_word().0),
    };
    market.world.send(&keeper, eth, &hook).unwrap();
    let before = market.world.snapshot();
    for lesson in lessons {
        let world = &mut market.world;
        attacker.teach(world, &keeper, liquidator.at, &lesson);
        // The token calls him twice: when the pool pays out, and when the venue is paid, where nobody is let in at all.
        let done = liquidator.liquidate(world, &keeper, job.clone()).unwrap();
        assert_eq!(done.value, PROFIT);
        assert!(matches!(attacker.outcome(world), Outcome::Refused(_)));
        world.restore(&before);
    }
}
