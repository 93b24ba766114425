//! Who governs the feed, and how that passes on; its bounds.

use super::fixture::{Feed, HIGH, asset, word};
use crate::refused::refused;
use alloy_primitives::{Address, U256};
use weir_abi::PriceFeed;
use weir_harness::World;

const NONE: U256 = U256::ZERO;

fn roles(world: &mut World, feed: &Feed) -> (Address, Address, Address) {
    let roles = feed.ask(world, &PriceFeed::rolesCall {});
    (roles.governor, roles.guardian, roles.offered)
}

#[test]
fn the_governor_passes_on_in_two_steps() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    let (old, none) = (feed.governor.address, Address::ZERO);
    let new = world.account("new").unwrap();
    let other = world.account("other").unwrap();
    assert_eq!(roles(&mut world, &feed), (old, old, none));
    let accept = PriceFeed::acceptGovernorCall {};
    let not_offered = |caller: Address, offered: Address| PriceFeed::NotOffered {
        caller: word(caller),
        offered: word(offered),
    };
    refused(world.send(&new, feed.at, &accept), &not_offered(new.address, none));
    let offer = PriceFeed::offerGovernorCall { to: other.address };
    feed.govern(&mut world, &offer).unwrap();
    // Another offer replaces the first; until it is accepted nothing changes.
    let offer = PriceFeed::offerGovernorCall { to: new.address };
    let receipt = feed.govern(&mut world, &offer).unwrap().receipt;
    assert_eq!(receipt.logs(), [(feed.at, PriceFeed::GovernorOffered { to: new.address })]);
    refused(world.send(&other, feed.at, &accept), &not_offered(other.address, new.address));
    assert_eq!(roles(&mut world, &feed), (old, old, new.address));
    feed.add(&mut world, asset(2));
    let receipt = world.send(&new, feed.at, &accept).unwrap().receipt;
    let event = PriceFeed::GovernorSet { governor: new.address };
    assert_eq!(receipt.logs(), [(feed.at, event)]);
    assert_eq!(roles(&mut world, &feed), (new.address, old, none));
    let call = PriceFeed::setGuardianCall { guardian: other.address };
    let stranger = PriceFeed::NotGovernor { caller: word(old), governor: word(new.address) };
    refused(feed.govern(&mut world, &call), &stranger);
    refused(feed.govern(&mut world, &offer), &stranger);
    world.send(&new, feed.at, &call).unwrap();
    assert_eq!(roles(&mut world, &feed).1, other.address);
    refused(world.send(&new, feed.at, &accept), &not_offered(new.address, none));
    let nobody = PriceFeed::setGuardianCall { guardian: none };
    refused(world.send(&new, feed.at, &nobody), &PriceFeed::ZeroAddress { _0: NONE, _1: NONE });
}

#[test]
fn an_offer_can_be_taken_back() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    let new = world.account("new").unwrap();
    feed.govern(&mut world, &PriceFeed::offerGovernorCall { to: new.address }).unwrap();
    feed.govern(&mut world, &PriceFeed::offerGovernorCall { to: Address::ZERO }).unwrap();
    let expected = PriceFeed::NotOffered { caller: word(new.address), offered: NONE };
    refused(world.send(&new, feed.at, &PriceFeed::acceptGovernorCall {}), &expected);
}

#[test]
fn bounds_are_replaced_and_judge_the_next_round() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    feed.report(&mut world, 0, 1_000);
    let round = feed.round(&mut world, asset(1));
    let set =
        |step, low, high| PriceFeed::setBoundsCall { asset: asset(1), maxStepBps: step, low, high };
    let receipt = feed.govern(&mut world, &set(5_000, 1_200, 3_000)).unwrap().receipt;
    let event =
        PriceFeed::BoundsSet { asset: asset(1), maxStepBps: 5_000, low: 1_200, high: 3_000 };
    assert_eq!(receipt.logs(), [(feed.at, event)]);
    // What was accepted stays, though it lies outside now.
    assert_eq!(feed.round(&mut world, asset(1)), round);
    let bounds = feed.ask(&mut world, &PriceFeed::boundsCall { asset: asset(1) });
    assert_eq!((bounds.maxStepBps, bounds.low, bounds.high), (5_000, 1_200, 3_000));
    world.advance(60).unwrap();
    let receipt = feed.report(&mut world, 0, 1_100);
    assert_eq!(receipt.logs::<PriceFeed::RoundOutOfBounds>().len(), 1);
    world.advance(60).unwrap();
    // 50 %: suspect with the bound of before, 10 %.
    feed.report(&mut world, 0, 1_500);
    let round = feed.round(&mut world, asset(1));
    assert_eq!((round.median, round.status), (1_500, 1));
    let unknown = PriceFeed::setBoundsCall { asset: asset(2), maxStepBps: 1, low: 1, high: HIGH };
    let error = PriceFeed::UnknownAsset { asset: word(asset(2)), _1: NONE };
    refused(feed.govern(&mut world, &unknown), &error);
    let stranger = world.account("stranger").unwrap();
    let expected = PriceFeed::NotGovernor {
        caller: word(stranger.address),
        governor: word(feed.governor.address),
    };
    refused(world.send(&stranger, feed.at, &set(1, 1, 2)), &expected);
}
