//! From a proposal to its execution.

use super::{DAY, HOUR, Scene};
use crate::market::{MIN_DEBT, WAD, refusal};
use alloy_primitives::{Address, B256, U256, keccak256};
use alloy_sol_types::{SolCall, SolValue as _};
use weir_abi::{Admin, Governor, Pool, PriceFeed};
use weir_harness::{Failure, handles::GovernorHandle};

/// Larger than the market's own.
const LIMIT: u128 = 2 * MIN_DEBT;

#[test]
fn two_of_three_change_the_pool_after_a_day() {
    let mut scene = Scene::new();
    let calls = [scene.limits(LIMIT)];
    let (governor, world) = (scene.governor, &mut scene.market.world);
    let [ann, ben, _] = &scene.signers[..] else { unreachable!() };
    let proposed = governor.propose(world, ann, &calls).unwrap();
    let id = proposed.value;
    // The id as anybody computes it: governor, number (0 took the pool over), hash of the calls from their length on.
    let encoded = calls.to_vec().abi_encode();
    let hash = keccak256(&encoded[32..]);
    let preimage = [governor.at.as_slice(), &1_u64.to_be_bytes(), hash.as_slice()].concat();
    assert_eq!(id, keccak256(preimage));
    let event = Governor::Proposed {
        id,
        proposer: ann.address,
        nonce: 1,
        long: true,
        calls: calls.to_vec(),
    };
    assert_eq!(proposed.receipt.logs::<Governor::Proposed>(), [(governor.at, event)]);
    let signed = Governor::Signed { id, signer: ann.address, ready: 0 };
    assert_eq!(proposed.receipt.logs::<Governor::Signed>(), [(governor.at, signed)]);

    world.advance(100).unwrap();
    let ready = u32::try_from(world.now() + DAY).unwrap();
    let receipt = governor.sign(world, ben, id).unwrap();
    let signed = Governor::Signed { id, signer: ben.address, ready };
    assert_eq!(receipt.logs::<Governor::Signed>(), [(governor.at, signed)]);
    world.advance(DAY - 1).unwrap();
    let early = refusal(governor.execute(world, ben, id, &calls));
    assert_eq!(early, format!("TooEarly (ready {ready}, now {})", ready - 1));
    world.advance(1).unwrap();
    let receipt = governor.execute(world, ben, id, &calls).unwrap();
    let executed = Governor::Executed { id, signer: ben.address };
    assert_eq!(receipt.logs::<Governor::Executed>(), [(governor.at, executed)]);
    assert_eq!(receipt.logs::<Admin::LimitsSet>().len(), 1);
    let again = refusal(governor.execute(world, ben, id, &calls));
    assert_eq!(again, "ProposalClosed (state 4)");
    assert_eq!(scene.market.root().min_debt.0, LIMIT);
    let proposal = scene.proposal(id);
    assert_eq!((proposal.state, proposal.long, proposal.ready), (4, true, ready));
    assert_eq!(proposal.signers, scene.signer_addresses()[..2]);
    assert_eq!((proposal.expires, proposal.nonce), (ready + 604_800, 1));
}

#[test]
fn what_ends_an_emergency_waits_an_hour_and_nothing_else_does() {
    let mut scene = Scene::new();
    let pool = scene.market.pool;
    let unpause = Admin::unpauseCall { asset: Address::ZERO, operations: 1 };
    let unpause = GovernorHandle::administer(pool, &unpause);
    let rearm = GovernorHandle::call(pool, &PriceFeed::rearmCall { asset: Address::ZERO });
    let other = scene.limits(LIMIT);
    for (calls, delay) in [
        (vec![unpause.clone()], HOUR),
        (vec![rearm.clone(), unpause.clone()], HOUR),
        (vec![rearm, other, unpause], DAY),
    ] {
        let id = scene.decided(&calls);
        let proposal = scene.proposal(id);
        assert_eq!(proposal.long, delay == DAY);
        assert_eq!(u64::from(proposal.ready), u64::from(proposal.proposed) + delay);
    }
}

#[test]
fn only_signers_propose_sign_and_execute() {
    let mut scene = Scene::new();
    let calls = [scene.limits(LIMIT)];
    let id = scene.decided(&calls);
    let stranger = scene.stranger();
    let (governor, world) = (scene.governor, &mut scene.market.world);
    world.advance(DAY).unwrap();
    for who in [&stranger, &scene.holder] {
        let expected = format!("NotSigner (caller {})", who.address);
        assert_eq!(refusal(governor.propose(world, who, &calls)), expected);
        assert_eq!(refusal(governor.sign(world, who, id)), expected);
        assert_eq!(refusal(governor.unsign(world, who, id)), expected);
        assert_eq!(refusal(governor.execute(world, who, id, &calls)), expected);
        let (caller, proposer) = (who.address, scene.signers[0].address);
        let expected = format!("NotProposer (caller {caller}, proposer {proposer})");
        assert_eq!(refusal(governor.cancel(world, who, id)), expected);
    }
    let ben = &scene.signers[1];
    let (caller, holder) = (ben.address, scene.holder.address);
    let expected = format!("NotVetoHolder (caller {caller}, holder {holder})");
    assert_eq!(refusal(governor.veto(world, ben, id)), expected);
    assert_eq!(refusal(governor.sign(world, ben, id)), format!("AlreadySigned (signer {caller})"));
    governor.execute(world, ben, id, &calls).unwrap();
}

/// A signature is for these calls, of this proposal, on this governor.
#[test]
fn other_calls_are_not_those_that_were_signed() {
    let mut scene = Scene::new();
    let (calls, other) = ([scene.limits(LIMIT)], [scene.limits(LIMIT + 1)]);
    let id = scene.decided(&calls);
    let same = {
        let world = &mut scene.market.world;
        scene.governor.propose(world, &scene.signers[0], &calls).unwrap().value
    };
    assert_ne!(id, same, "the same calls, another proposal");
    let (governor, world) = (scene.governor, &mut scene.market.world);
    let ben = &scene.signers[1];
    world.advance(DAY).unwrap();
    let twice = [calls[0].clone(), calls[0].clone()];
    for wrong in [&other[..], &twice, &[]] {
        let refused = refusal(governor.execute(world, ben, id, wrong));
        assert_eq!(refused, format!("OtherCalls (id {id})"));
    }
    let few = refusal(governor.execute(world, ben, same, &calls));
    assert_eq!(few, "TooFewSignatures (given 1, needed 2)");
    let unknown = B256::repeat_byte(5);
    let refused = refusal(governor.execute(world, ben, unknown, &calls));
    assert_eq!(refused, format!("UnknownProposal (id {unknown})"));
    assert_eq!(refusal(governor.sign(world, ben, unknown)), refused);
    governor.execute(world, ben, id, &calls).unwrap();
}

/// All or none, and the error is that of the call itself.
#[test]
fn a_call_that_fails_takes_the_others_with_it() {
    let mut scene = Scene::new();
    let token = scene.market.usd;
    let pool = scene.market.pool;
    let unknown = Pool::accrueCall { asset: Address::repeat_byte(7) };
    // ink! answers 01 01 to what it does not know: too short for an error, so it is told by its place.
    let strange = Governor::Call { target: pool, data: vec![1, 2, 3, 4].into() };
    let cases = [
        (GovernorHandle::call(pool, &unknown), "UnknownAsset (asset "),
        (strange, "CallFailed (index 1, code 2)"),
    ];
    let before = scene.market.root();
    for (call, expected) in cases {
        let calls = [scene.limits(LIMIT), call];
        let id = scene.decided(&calls);
        scene.market.world.advance(DAY).unwrap();
        let (governor, ben) = (scene.governor, scene.signers[1].clone());
        let refused = governor.execute(&mut scene.market.world, &ben, id, &calls);
        let refused = refusal(refused);
        assert!(refused.starts_with(expected), "{refused}");
        assert_eq!(scene.market.root(), before);
        assert_eq!(scene.proposal(id).state, 3, "it can be tried again");
    }
    // Nothing would answer there, and a call would seem to succeed.
    let nobody = scene.stranger().address;
    let data = Pool::accrueCall { asset: token }.abi_encode().into();
    let calls = [Governor::Call { target: nobody, data }];
    let ann = scene.signers[0].clone();
    let refused = refusal(scene.governor.propose(&mut scene.market.world, &ann, &calls));
    assert_eq!(refused, format!("NotContract (target {nobody})"));
}

#[test]
fn a_proposal_holds_one_to_eight_calls_in_canonical_encoding() {
    let mut scene = Scene::new();
    let call = scene.limits(LIMIT);
    let (governor, ann) = (scene.governor, scene.signers[0].clone());
    let world = &mut scene.market.world;
    let none = refusal(governor.propose(world, &ann, &[]));
    assert_eq!(none, "BadCalls (given 0, allowed 8)");
    let nine = vec![call.clone(); 9];
    let refused = refusal(governor.propose(world, &ann, &nine));
    assert_eq!(refused, "BadCalls (given 9, allowed 8)");
    governor.propose(world, &ann, &nine[..8]).unwrap();
    let large = Governor::Call { target: call.target, data: vec![0; 16_384].into() };
    assert_eq!(refusal(governor.propose(world, &ann, &[large])), "malformed");
    // One call: selector, offset, length, its offset, target, offset of the data, its length, the data.
    let right = Governor::proposeCall { calls: vec![call] }.abi_encode();
    for (word, byte) in [(0, 33), (1, 2), (2, 64), (4, 96)] {
        let mut wrong = right.clone();
        wrong[4 + 32 * word + 31] = byte;
        let receipt = world.call(&ann, governor.at, U256::ZERO, wrong);
        assert_eq!(receipt.output, Err(Failure::Reverted(vec![1, 1])), "word {word}");
    }
    let longer = [&right[..], &[0; 32]].concat();
    let receipt = world.call(&ann, governor.at, U256::ZERO, longer);
    assert_eq!(receipt.output, Err(Failure::Reverted(vec![1, 1])));
    assert!(world.call(&ann, governor.at, U256::ZERO, right).output.is_ok());
}

#[test]
fn what_is_taken_back_is_not_done() {
    let mut scene = Scene::new();
    let calls = [scene.limits(LIMIT)];
    let (id, kept) = (scene.decided(&calls), scene.decided(&calls));
    let (governor, world) = (scene.governor, &mut scene.market.world);
    let [ann, ben, cem] = &scene.signers[..] else { unreachable!() };
    let receipt = governor.cancel(world, ann, id).unwrap();
    let event = Governor::Cancelled { id };
    assert_eq!(receipt.logs::<Governor::Cancelled>(), [(governor.at, event)]);
    let receipt = governor.unsign(world, ben, kept).unwrap();
    let event = Governor::Unsigned { id: kept, signer: ben.address, ready: 0 };
    assert_eq!(receipt.logs::<Governor::Unsigned>(), [(governor.at, event)]);
    world.advance(DAY).unwrap();
    let refused = refusal(governor.execute(world, ann, id, &calls));
    assert_eq!(refused, "ProposalClosed (state 5)");
    let few = refusal(governor.execute(world, ann, kept, &calls));
    assert_eq!(few, "TooFewSignatures (given 1, needed 2)");
    // The delay begins anew with the signature that suffices.
    governor.sign(world, cem, kept).unwrap();
    world.advance(DAY).unwrap();
    governor.execute(world, ann, kept, &calls).unwrap();
}

#[test]
fn a_proposal_waits_a_week_and_no_longer() {
    let mut scene = Scene::new();
    let calls = [scene.limits(LIMIT)];
    let id = scene.decided(&calls);
    let expires = scene.proposal(id).expires;
    let (governor, world) = (scene.governor, &mut scene.market.world);
    let ann = &scene.signers[0];
    world.advance(8 * DAY + 1).unwrap();
    let refused = refusal(governor.execute(world, ann, id, &calls));
    assert_eq!(refused, format!("ProposalExpired (expired {expires}, now {})", expires + 1));
    assert_eq!(scene.proposal(id).state, 7);
}

#[test]
fn the_veto_stops_and_all_override_it() {
    let mut scene = Scene::new();
    let calls = [scene.limits(3 * WAD + MIN_DEBT)];
    let id = scene.decided(&calls);
    let (governor, world) = (scene.governor, &mut scene.market.world);
    let [ann, _, cem] = &scene.signers[..] else { unreachable!() };
    let receipt = governor.veto(world, &scene.holder, id).unwrap();
    let event = Governor::VetoUsed { id, holder: scene.holder.address };
    assert_eq!(receipt.logs::<Governor::VetoUsed>(), [(governor.at, event)]);
    world.advance(DAY).unwrap();
    let refused = refusal(governor.execute(world, ann, id, &calls));
    assert_eq!(refused, "ProposalVetoed (given 2, needed 3)");
    assert_eq!(governor.proposal(world, ann, id).unwrap().state, 6);
    governor.sign(world, cem, id).unwrap();
    assert_eq!(refusal(governor.veto(world, &scene.holder, id)), "NoVeto");
    governor.execute(world, ann, id, &calls).unwrap();
}
