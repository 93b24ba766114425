//! The governor changes itself, and nobody else changes it.

use super::{DAY, HOUR, Scene};
use crate::{
    evm::puppet::{Outcome, Puppet},
    market::refusal,
};
use alloy_primitives::Address;
use alloy_sol_types::{SolCall, SolConstructor};
use weir_abi::{Admin, Governor};
use weir_harness::{artifact, handles::GovernorHandle};

#[test]
fn a_council_that_cannot_be_is_not_made() {
    let mut scene = Scene::new();
    let deployer = scene.stranger();
    let code = artifact("governor").unwrap();
    let one = Address::repeat_byte(1);
    let mut deploy = |signers: Vec<Address>, threshold, short, long| {
        let constructor = Governor::constructorCall {
            signers,
            threshold,
            shortDelay: short,
            longDelay: long,
            vetoHolder: Address::ZERO,
        };
        let world = &mut scene.market.world;
        refusal(world.deploy(&deployer, &code, constructor.abi_encode()))
    };
    let many: Vec<_> = (1..=13).map(Address::repeat_byte).collect();
    assert_eq!(deploy(vec![], 1, 3_600, 3_600), "BadSigners (given 0, allowed 12)");
    assert_eq!(deploy(many, 1, 3_600, 3_600), "BadSigners (given 13, allowed 12)");
    assert_eq!(deploy(vec![one, one], 1, 3_600, 3_600), "BadSigners (given 2, allowed 12)");
    assert_eq!(
        deploy(vec![one, Address::ZERO], 1, 3_600, 3_600),
        "BadSigners (given 2, allowed 12)"
    );
    assert_eq!(deploy(vec![one], 0, 3_600, 3_600), "BadThreshold (threshold 0, signers 1)");
    assert_eq!(deploy(vec![one], 2, 3_600, 3_600), "BadThreshold (threshold 2, signers 1)");
    for (short, long) in [(3_599, 3_600), (3_600, 86_401), (7_200, 3_600)] {
        let expected = format!("BadDelays (shortDelay {short}, longDelay {long})");
        assert_eq!(deploy(vec![one], 1, short, long), expected);
    }
}

#[test]
fn nobody_changes_the_governor_but_itself() {
    let mut scene = Scene::new();
    let stranger = scene.stranger();
    let (governor, world) = (scene.governor, &mut scene.market.world);
    let before = governor.council(world, &stranger).unwrap();
    for who in [&scene.signers[0], &scene.holder, &stranger] {
        let expected = format!("OnlyItself (caller {})", who.address);
        let (signers, threshold) = (vec![who.address], 1);
        let call = Governor::setSignersCall { signers, threshold };
        assert_eq!(refusal(world.send(who, governor.at, &call)), expected);
        let call = Governor::setDelaysCall { shortDelay: 3_600, longDelay: 3_600 };
        assert_eq!(refusal(world.send(who, governor.at, &call)), expected);
        let call = Governor::setVetoHolderCall { holder: who.address };
        assert_eq!(refusal(world.send(who, governor.at, &call)), expected);
    }
    assert_eq!(governor.council(world, &stranger).unwrap(), before);
}

#[test]
fn the_governor_names_its_next_signers_and_begins_with_nothing() {
    let mut scene = Scene::new();
    let own = scene.governor.at;
    let dan = scene.market.user("dan");
    let next = vec![dan.address, scene.signers[1].address];
    let set = Governor::setSignersCall { signers: next.clone(), threshold: 2 };
    let delays = Governor::setDelaysCall { shortDelay: 7_200, longDelay: 14_400 };
    let calls = [GovernorHandle::call(own, &set), GovernorHandle::call(own, &delays)];
    // Signed by those who go, for later.
    let other = [scene.limits(crate::market::MIN_DEBT * 5)];
    let (change, stale) = (scene.decided(&calls), scene.decided(&other));
    let (governor, world) = (scene.governor, &mut scene.market.world);
    let [ann, ben, _] = &scene.signers[..] else { unreachable!() };
    world.advance(DAY).unwrap();
    let receipt = governor.execute(world, ann, change, &calls).unwrap();
    let event = Governor::SignersSet { signers: next.clone(), threshold: 2, epoch: 1 };
    assert_eq!(receipt.logs::<Governor::SignersSet>(), [(own, event)]);
    let event = Governor::DelaysSet { shortDelay: 7_200, longDelay: 14_400 };
    assert_eq!(receipt.logs::<Governor::DelaysSet>(), [(own, event)]);
    let council = governor.council(world, ann).unwrap();
    assert_eq!((council.signers, council.threshold, council.epoch), (next, 2, 1));
    assert_eq!((council.shortDelay, council.longDelay, council.proposals), (7_200, 14_400, 3));
    // Who has left has no say, and what he signed has none either.
    let expected = format!("NotSigner (caller {})", ann.address);
    assert_eq!(refusal(governor.execute(world, ann, stale, &other)), expected);
    assert_eq!(refusal(governor.execute(world, ben, stale, &other)), "ProposalStale");
    assert_eq!(refusal(governor.sign(world, &dan, stale)), "ProposalStale");
    assert_eq!(refusal(governor.execute(world, ben, change, &calls)), "ProposalClosed (state 4)");
    let proposal = governor.proposal(world, ben, stale).unwrap();
    assert_eq!((proposal.state, proposal.signers.len()), (8, 0));
    // The new ones decide, with the new delay.
    let id = governor.propose(world, &dan, &other).unwrap().value;
    governor.sign(world, ben, id).unwrap();
    world.advance(4 * HOUR).unwrap();
    governor.execute(world, &dan, id, &other).unwrap();
}

#[test]
fn signers_that_cannot_be_are_not_named() {
    let mut scene = Scene::new();
    let own = scene.governor.at;
    let signers = scene.signer_addresses();
    let set = Governor::setSignersCall { signers, threshold: 4 };
    let calls = [GovernorHandle::call(own, &set)];
    let id = scene.decided(&calls);
    let (governor, world) = (scene.governor, &mut scene.market.world);
    world.advance(DAY).unwrap();
    let refused = refusal(governor.execute(world, &scene.signers[0], id, &calls));
    assert_eq!(refused, "BadThreshold (threshold 4, signers 3)");
    assert_eq!(governor.council(world, &scene.holder).unwrap().threshold, 2);
}

#[test]
fn nobody_vetoes_his_own_replacement() {
    let mut scene = Scene::new();
    let own = scene.governor.at;
    let next = scene.stranger();
    let replace = Governor::setVetoHolderCall { holder: next.address };
    let calls = [GovernorHandle::call(own, &replace)];
    let id = scene.decided(&calls);
    let both = [calls[0].clone(), scene.limits(crate::market::MIN_DEBT * 5)];
    let vetoed = scene.decided(&both);
    let (governor, world) = (scene.governor, &mut scene.market.world);
    assert_eq!(refusal(governor.veto(world, &scene.holder, id)), "NoVeto");
    governor.veto(world, &scene.holder, vetoed).unwrap();
    world.advance(DAY).unwrap();
    let receipt = governor.execute(world, &scene.signers[0], id, &calls).unwrap();
    let event = Governor::VetoHolderSet { holder: next.address };
    assert_eq!(receipt.logs::<Governor::VetoHolderSet>(), [(own, event)]);
    let expected =
        format!("NotVetoHolder (caller {}, holder {})", scene.holder.address, next.address);
    assert_eq!(refusal(governor.veto(world, &scene.holder, vetoed)), expected);
}

/// The pool's role goes to another governor only by a decision, and the pool obeys the governor alone.
#[test]
fn the_pool_obeys_the_governor_and_its_signers_only_through_it() {
    let mut scene = Scene::new();
    let signers = scene.signers.clone();
    let (pool, governor) = (scene.market.pool, scene.governor.at);
    let call = Admin::setLimitsCall { dust: 1, minDebt: 1, targetHealthBps: 10_500 };
    for who in [signers[0].clone(), scene.holder.clone(), scene.market.governor.clone()] {
        let refused = refusal(scene.market.administer(&who, &call));
        let expected = format!("NotGovernor (caller {}, governor {governor})", who.address);
        assert_eq!(refused, expected);
    }
    let calls = [GovernorHandle::administer(pool, &call)];
    let id = scene.decided(&calls);
    let world = &mut scene.market.world;
    world.advance(DAY).unwrap();
    scene.governor.execute(world, &signers[0], id, &calls).unwrap();
    assert_eq!(scene.market.root().min_debt.0, 1);
}

/// A target of a call cannot have the governor do more while it is called, nor even ask it.
#[test]
fn nobody_is_let_in_during_an_execution() {
    let mut scene = Scene::new();
    let own = scene.governor.at;
    let attacker = scene.stranger();
    let puppet = Puppet::new(&mut scene.market.world, &attacker, [0; 32]);
    let calls = [Governor::Call { target: puppet.at, data: vec![1, 2, 3, 4].into() }];
    let id = scene.decided(&calls);
    let (governor, world) = (scene.governor, &mut scene.market.world);
    puppet.teach(world, &attacker, own, &Governor::councilCall {}.abi_encode());
    world.advance(DAY).unwrap();
    governor.execute(world, &scene.signers[0], id, &calls).unwrap();
    assert_eq!(puppet.outcome(world), Outcome::Refused([0; 32]));
    // At any other time it is answered.
    puppet.call_back(world, &attacker);
    assert_eq!(puppet.outcome(world), Outcome::Worked);
}
