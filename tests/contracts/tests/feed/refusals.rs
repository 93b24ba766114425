//! Every refusal of the feed, by name and words.

use super::fixture::{
    Feed, SKEW, addresses, admin, asset, constructor, now, report_call, reporters, word,
};
use crate::market::WAD;
use crate::refused::refused;
use alloy_primitives::{Address, U256};
use weir_abi::PriceFeed;
use weir_harness::{World, artifact};

const NONE: U256 = U256::ZERO;

#[test]
fn strangers_and_the_governor_do_not_report() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    let call = report_call(&[(asset(1), WAD, now(&mut world))]);
    for name in ["stranger", "governor"] {
        let who = world.account(name).unwrap();
        let result = world.send(&who, feed.at, &call);
        refused(result, &PriceFeed::NotReporter { caller: word(who.address), _1: NONE });
    }
    let stranger = world.account("stranger").unwrap().address;
    let call = PriceFeed::lastReportCall { asset: asset(1), reporter: stranger };
    let result = world.query(&feed.governor, feed.at, &call);
    refused(result, &PriceFeed::NotReporter { caller: word(stranger), _1: NONE });
}

#[test]
fn reports_have_a_known_asset_a_price_and_a_time_in_order() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    let time = now(&mut world);
    let result = feed.try_report(&mut world, 0, &[(asset(9), WAD, time)]);
    refused(result, &PriceFeed::UnknownAsset { asset: word(asset(9)), _1: NONE });
    let result = feed.try_report(&mut world, 0, &[(asset(1), 0, time)]);
    refused(result, &PriceFeed::ZeroPrice { asset: word(asset(1)), _1: NONE });
    let latest = time + SKEW;
    let result = feed.try_report(&mut world, 0, &[(asset(1), WAD, latest + 1)]);
    let future =
        PriceFeed::ReportInFuture { time: U256::from(latest + 1), latest: U256::from(latest) };
    refused(result, &future);
    feed.try_report(&mut world, 0, &[(asset(1), WAD, latest)]).unwrap();
    for again in [latest, latest - 1] {
        let result = feed.try_report(&mut world, 0, &[(asset(1), WAD, again)]);
        let old = PriceFeed::ReportTooOld { time: U256::from(again), newest: U256::from(latest) };
        refused(result, &old);
    }
}

#[test]
fn an_asset_stands_once_in_a_report() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    let time = now(&mut world);
    let result = feed.try_report(&mut world, 0, &[(asset(1), WAD, time), (asset(1), WAD, time)]);
    refused(result, &PriceFeed::ReportTooOld { time: U256::from(time), newest: U256::from(time) });
}

#[test]
fn a_report_has_1_to_32_prices() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    let result = feed.try_report(&mut world, 0, &[]);
    refused(result, &PriceFeed::NothingReported { _0: NONE, _1: NONE });
    let time = now(&mut world);
    let result = feed.try_report(&mut world, 0, &[(asset(1), WAD, time); 33]);
    refused(result, &PriceFeed::TooManyReports { given: U256::from(33), allowed: U256::from(32) });
    for number in 2..=32 {
        feed.add(&mut world, asset(number));
    }
    let all: Vec<_> = (1..=32).map(|number| (asset(number), WAD, time)).collect();
    let receipt = feed.try_report(&mut world, 0, &all).unwrap();
    assert_eq!(receipt.logs::<PriceFeed::RoundAccepted>().len(), 32);
}

#[test]
fn only_the_governor_governs() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    let expected = PriceFeed::NotGovernor {
        caller: word(feed.reporters[0].address),
        governor: word(feed.governor.address),
    };
    let who = &feed.reporters[0];
    let pool = feed.at;
    let add = PriceFeed::addAssetCall { asset: asset(2), maxStepBps: 1, low: 1, high: 2 };
    refused(world.send(who, feed.at, &add), &expected);
    let subscribe = PriceFeed::subscribeCall { pool, refTime: 1, proofSize: 1 };
    refused(world.send(who, feed.at, &subscribe), &expected);
    refused(world.send(who, feed.at, &PriceFeed::unsubscribeCall { pool }), &expected);
    let set = PriceFeed::setReportersCall { reporters: vec![who.address], quorum: 1 };
    refused(world.send(who, feed.at, &set), &expected);
    refused(world.send(who, feed.at, &PriceFeed::rearmCall { asset: asset(1) }), &expected);
}

/// Lists of reporters that cannot be, with the error for each, as the constructor and `setReporters` must answer it.
#[test]
fn there_are_1_to_9_reporters_and_a_quorum_of_them() {
    let mut world = World::new().unwrap();
    let governor = world.account("governor").unwrap();
    let ten = reporters(&mut world, 10);
    let code = artifact("price-feed").unwrap();
    let rare = admin(&mut world, &governor);
    let feed = Feed::new(&mut world, 9, 9);
    let many = PriceFeed::TooManyReporters { given: U256::from(10), allowed: U256::from(9) };
    refused(world.deploy(&governor, &code, constructor(&governor, rare, &ten, 1)), &many);
    let set = PriceFeed::setReportersCall { reporters: addresses(&ten), quorum: 1 };
    refused(feed.govern(&mut world, &set), &many);
    let pair = vec![ten[1].clone(), ten[1].clone()];
    let twice = PriceFeed::DuplicateReporter { reporter: word(ten[1].address), _1: NONE };
    refused(world.deploy(&governor, &code, constructor(&governor, rare, &pair, 1)), &twice);
    let set = PriceFeed::setReportersCall { reporters: addresses(&pair), quorum: 1 };
    refused(feed.govern(&mut world, &set), &twice);
    let zero = PriceFeed::setReportersCall { reporters: vec![Address::ZERO], quorum: 1 };
    refused(feed.govern(&mut world, &zero), &PriceFeed::ZeroAddress { _0: NONE, _1: NONE });
    let plain = PriceFeed::NotContract { target: word(governor.address), _1: NONE };
    let data = constructor(&governor, governor.address, &ten[..1], 1);
    refused(world.deploy(&governor, &code, data), &plain);
    for (count, quorum) in [(3, 0), (3, 4), (9, 10), (1, 255), (0, 1)] {
        let bad = PriceFeed::BadQuorum { quorum: U256::from(quorum), reporters: U256::from(count) };
        let list = &ten[..count];
        refused(world.deploy(&governor, &code, constructor(&governor, rare, list, quorum)), &bad);
        let set = PriceFeed::setReportersCall { reporters: addresses(list), quorum };
        refused(feed.govern(&mut world, &set), &bad);
    }
}

#[test]
fn the_bounds_of_an_asset_are_checked() {
    let mut world = World::new().unwrap();
    let feed = Feed::new(&mut world, 1, 1);
    let top = 1_u128 << 100;
    feed.add(&mut world, asset(9));
    let number = |value: u128| U256::from(value);
    for step in [0, 10_001] {
        let add = PriceFeed::addAssetCall { asset: asset(1), maxStepBps: step, low: 1, high: 2 };
        let bad = PriceFeed::BadStep { step: U256::from(step), most: U256::from(10_000) };
        refused(feed.govern(&mut world, &add), &bad);
        let set = PriceFeed::setBoundsCall { asset: asset(9), maxStepBps: step, low: 1, high: 2 };
        refused(feed.govern(&mut world, &set), &bad);
    }
    for (low, high) in [(0, 2), (2, 2), (3, 2), (1, top)] {
        let add = PriceFeed::addAssetCall { asset: asset(1), maxStepBps: 1, low, high };
        let bad = PriceFeed::BadBounds { low: number(low), high: number(high) };
        refused(feed.govern(&mut world, &add), &bad);
        let set = PriceFeed::setBoundsCall { asset: asset(9), maxStepBps: 1, low, high };
        refused(feed.govern(&mut world, &set), &bad);
    }
    for (number, step, low, high) in [(1, 1, 1, 2), (2, 10_000, top - 2, top - 1)] {
        let call = PriceFeed::addAssetCall { asset: asset(number), maxStepBps: step, low, high };
        feed.govern(&mut world, &call).unwrap();
    }
    let again = PriceFeed::addAssetCall { asset: asset(1), maxStepBps: 5, low: 5, high: 6 };
    let listed = PriceFeed::AlreadyListed { asset: word(asset(1)), _1: NONE };
    refused(feed.govern(&mut world, &again), &listed);
}

#[test]
fn subscribers_have_code_and_are_at_most_4() {
    let mut world = World::new().unwrap();
    let feed = Feed::new(&mut world, 1, 1);
    let pools: Vec<_> = (0..5)
        .map(|_| {
            let code = crate::evm::deployment(&[0]);
            world.deploy(&feed.governor, &code, Vec::new()).unwrap().value
        })
        .collect();
    let subscribe = |pool| PriceFeed::subscribeCall { pool, refTime: 1, proofSize: 1 };
    let nobody = feed.governor.address;
    let result = feed.govern(&mut world, &subscribe(nobody));
    refused(result, &PriceFeed::NotContract { target: word(nobody), _1: NONE });
    for pool in &pools[..4] {
        feed.govern(&mut world, &subscribe(*pool)).unwrap();
    }
    let full = PriceFeed::TooManySubscribers { given: U256::from(4), allowed: U256::from(4) };
    refused(feed.govern(&mut world, &subscribe(pools[4])), &full);
    let twice = PriceFeed::AlreadyListed { asset: word(pools[2]), _1: NONE };
    refused(feed.govern(&mut world, &subscribe(pools[2])), &twice);
    let stranger = PriceFeed::NotSubscribed { pool: word(pools[4]), _1: NONE };
    let unsubscribe = PriceFeed::unsubscribeCall { pool: pools[4] };
    refused(feed.govern(&mut world, &unsubscribe), &stranger);
    let push = PriceFeed::pushCall { pool: pools[4], assets: vec![] };
    refused(feed.govern(&mut world, &push), &stranger);
}

#[test]
fn calldata_that_is_not_a_message_is_malformed() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    let right = alloy_sol_types::SolCall::abi_encode(&PriceFeed::roundCall { asset: asset(1) });
    let short = right[..right.len() - 1].to_vec();
    let long = [&right[..], &[0]].concat();
    let mut dirty = right;
    dirty[4] = 1;
    for data in [Vec::new(), vec![1, 2, 3], vec![0xde, 0xad, 0xbe, 0xef], short, long, dirty] {
        let receipt = world.dry_run(&feed.governor, feed.at, U256::ZERO, data.clone());
        let malformed = weir_harness::Failure::Reverted(vec![1, 1]);
        assert_eq!(receipt.output, Err(malformed), "{data:?}");
    }
}
