//! What the governor changes and everybody reads.

use super::fixture::{Feed, HIGH, SKEW, STEP, addresses, asset, reporters, word};
use crate::refused::refused;
use alloy_primitives::{Address, U256};
use weir_abi::PriceFeed;
use weir_harness::World;

fn code(world: &mut World, feed: &Feed) -> Address {
    let code = crate::evm::deployment(&[0]);
    world.deploy(&feed.governor, &code, Vec::new()).unwrap().value
}

#[test]
fn a_new_feed_has_what_it_was_deployed_with() {
    let mut world = World::new().unwrap();
    let feed = Feed::new(&mut world, 5, 3);
    let settings = feed.ask(&mut world, &PriceFeed::settingsCall {});
    assert_eq!(settings.governor, feed.governor.address);
    assert_eq!((settings.quorum, settings.skewSeconds), (3, SKEW));
    assert_eq!(feed.ask(&mut world, &PriceFeed::reportersCall {}), addresses(&feed.reporters));
    assert_eq!(feed.ask(&mut world, &PriceFeed::assetsCall {}), Vec::<Address>::new());
    assert_eq!(feed.ask(&mut world, &PriceFeed::subscribersCall {}), Vec::<Address>::new());
}

/// The list of assets is kept in pages of 20.
#[test]
fn assets_are_listed_in_the_order_of_their_addition() {
    let mut world = World::new().unwrap();
    let feed = Feed::new(&mut world, 1, 1);
    let all: Vec<_> = (1..=41).map(asset).collect();
    for (index, asset) in all.iter().enumerate() {
        let call = PriceFeed::addAssetCall { asset: *asset, maxStepBps: STEP, low: 1, high: HIGH };
        let receipt = feed.govern(&mut world, &call).unwrap().receipt;
        let added = PriceFeed::AssetAdded { asset: *asset, maxStepBps: STEP, low: 1, high: HIGH };
        assert_eq!(receipt.logs(), [(feed.at, added)]);
        assert_eq!(feed.ask(&mut world, &PriceFeed::assetsCall {}), all[..=index]);
    }
    let unknown = PriceFeed::roundCall { asset: asset(42) };
    let result = world.query(&feed.governor, feed.at, &unknown);
    refused(result, &PriceFeed::UnknownAsset { asset: word(asset(42)), _1: U256::ZERO });
}

#[test]
fn subscribers_come_and_go() {
    let mut world = World::new().unwrap();
    let feed = Feed::new(&mut world, 1, 1);
    let pools: Vec<_> = (0..3).map(|_| code(&mut world, &feed)).collect();
    for pool in &pools {
        let call = PriceFeed::subscribeCall { pool: *pool, refTime: 7, proofSize: 8 };
        let receipt = feed.govern(&mut world, &call).unwrap().receipt;
        assert_eq!(receipt.logs(), [(feed.at, PriceFeed::Subscribed { pool: *pool })]);
    }
    assert_eq!(feed.ask(&mut world, &PriceFeed::subscribersCall {}), pools);
    let call = PriceFeed::unsubscribeCall { pool: pools[0] };
    let receipt = feed.govern(&mut world, &call).unwrap().receipt;
    assert_eq!(receipt.logs(), [(feed.at, PriceFeed::Unsubscribed { pool: pools[0] })]);
    // The last one takes the free place.
    let left = feed.ask(&mut world, &PriceFeed::subscribersCall {});
    assert_eq!(left, [pools[2], pools[1]]);
    let gone = PriceFeed::NotSubscribed { pool: word(pools[0]), _1: U256::ZERO };
    refused(feed.govern(&mut world, &call), &gone);
}

#[test]
fn new_reporters_do_not_inherit_reports() {
    let mut world = World::new().unwrap();
    let mut feed = Feed::new(&mut world, 2, 2);
    // More than a page of assets: the reports of all of them are forgotten.
    for number in 1..=21 {
        feed.add(&mut world, asset(number));
    }
    let time = super::fixture::now(&mut world);
    let before = [(asset(1), 100, time), (asset(21), 100, time)];
    feed.try_report(&mut world, 0, &before).unwrap();
    let old = feed.reporters.clone();
    let new = reporters(&mut world, 4).split_off(2);
    let set = PriceFeed::setReportersCall { reporters: addresses(&new), quorum: 2 };
    let receipt = feed.govern(&mut world, &set).unwrap().receipt;
    let event = PriceFeed::ReportersSet { reporters: addresses(&new), quorum: 2 };
    assert_eq!(receipt.logs(), [(feed.at, event)]);
    feed.reporters = new;
    assert_eq!(feed.ask(&mut world, &PriceFeed::reportersCall {}), addresses(&feed.reporters));
    let gone = PriceFeed::NotReporter { caller: word(old[0].address), _1: U256::ZERO };
    let result = world.send(&old[0], feed.at, &super::fixture::report_call(&before));
    refused(result, &gone);
    for reported in [asset(1), asset(21)] {
        assert_eq!(feed.last_report(&mut world, reported, 0), (0, 0));
    }
    // With the old report this would be a quorum.
    feed.try_report(&mut world, 1, &before).unwrap();
    assert_eq!(feed.round(&mut world, asset(1)).status, 0);
    feed.try_report(&mut world, 0, &before).unwrap();
    assert_eq!(feed.round(&mut world, asset(1)).status, 1);
    assert_eq!(feed.round(&mut world, asset(21)).status, 1);
}

#[test]
fn rounds_outlive_their_reporters() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    feed.report(&mut world, 0, 100);
    let round = feed.round(&mut world, asset(1));
    let set = PriceFeed::setReportersCall { reporters: vec![Address::repeat_byte(7)], quorum: 1 };
    feed.govern(&mut world, &set).unwrap();
    assert_eq!(feed.round(&mut world, asset(1)), round);
}
