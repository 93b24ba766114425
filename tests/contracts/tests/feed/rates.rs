//! Prices that are a base price times a rate of another contract.

use super::fixture::{Feed, asset, now, word};
use crate::evm::{assemble, deployment};
use crate::market::WAD;
use crate::refused::refused;
use alloy_primitives::{Address, FixedBytes, U256, hex};
use alloy_sol_types::{SolCall, sol};
use weir_abi::PriceFeed;
use weir_harness::{Receipt, World};

sol! {
    function rate() external view returns (uint256);
    function setRate(uint256 value) external;
}

/// A contract that answers the last number it was given.
pub fn source(world: &mut World, feed: &Feed, rate: u128) -> Address {
    let code = assemble(
        "CALLDATASIZE 4 EQ @get JUMPI 4 CALLDATALOAD 0 SSTORE STOP
         get: 0 SLOAD 0 MSTORE 32 0 RETURN",
    );
    let at = world.deploy(&feed.governor, &deployment(&code), Vec::new()).unwrap().value;
    set_source(world, feed, at, U256::from(rate));
    at
}

pub fn set_source(world: &mut World, feed: &Feed, at: Address, value: U256) {
    world.send(&feed.governor, at, &setRateCall { value }).unwrap();
}

/// `setRate` of the feed: from `start` on, growing by `growth` basis points a year.
pub fn set_rate(
    asset: Address,
    source: Address,
    start: u128,
    growth: u16,
) -> PriceFeed::setRateCall {
    let selector = FixedBytes(rateCall::SELECTOR);
    PriceFeed::setRateCall { asset, source, selector, start, growthBps: growth }
}

/// A feed of one reporter whose asset has a rate of 1.2, capped at 1.2 growing by 10 % a year.
fn rated() -> (World, Feed, Address) {
    let (mut world, feed) = Feed::with_asset(1, 1);
    let from = source(&mut world, &feed, WAD * 12 / 10);
    let call = set_rate(asset(1), from, WAD * 12 / 10, 1_000);
    let time = now(&mut world);
    let receipt = feed.govern(&mut world, &call).unwrap().receipt;
    let event = PriceFeed::RateSet {
        asset: asset(1),
        source: from,
        start: WAD * 12 / 10,
        growthBps: 1_000,
        from: time,
    };
    assert_eq!(receipt.logs(), [(feed.at, event)]);
    (world, feed, from)
}

fn report(world: &mut World, feed: &Feed, price: u128) -> Receipt {
    world.advance(60).unwrap();
    feed.report(world, 0, price)
}

/// S-FEE-13.
#[test]
fn a_price_is_the_reported_one_times_the_rate() {
    let (mut world, feed, from) = rated();
    report(&mut world, &feed, 100 * WAD);
    let round = feed.round(&mut world, asset(1));
    assert_eq!((round.median, round.downBps, round.upBps), (120 * WAD, 0, 0));
    assert_eq!(feed.last_report(&mut world, asset(1), 0).0, 120 * WAD);
    let rate = feed.ask(&mut world, &PriceFeed::rateCall { asset: asset(1) });
    assert_eq!((rate.source, rate.start, rate.growthBps), (from, WAD * 12 / 10, 1_000));
    assert_eq!(rate.selector, FixedBytes(rateCall::SELECTOR));
    // 60 s · 10 %/31 536 000 s of 1.2: 60 · 3 805 175 038.05 = 228 310 502 283.1 more.
    assert_eq!(rate.cap, WAD * 12 / 10 + 228_310_502_283);
    // Without a source it is the reported price again: here a step back by a sixth, which waits.
    feed.govern(&mut world, &set_rate(asset(1), Address::ZERO, 0, 0)).unwrap();
    report(&mut world, &feed, 100 * WAD);
    let round = feed.round(&mut world, asset(1));
    assert_eq!((round.status, round.candidate), (2, 100 * WAD));
}

/// S-FEE-13: above its cap the rate lends nothing more and liquidates nobody.
#[test]
fn above_the_cap_only_the_low_side_is_capped() {
    let (mut world, feed, from) = rated();
    report(&mut world, &feed, 100 * WAD);
    // 5 % more at once: within the step, above the cap.
    set_source(&mut world, &feed, from, U256::from(WAD * 126 / 100));
    report(&mut world, &feed, 100 * WAD);
    let round = feed.round(&mut world, asset(1));
    // The average still stands at 120, as does the capped price but for two minutes of growth:
    // (126 − 120)/126 = 476.2 bps.
    assert_eq!((round.median, round.status, round.downBps), (126 * WAD, 1, 477));
    // Hours later the average is there too, and the cap alone holds the low side down.
    for _ in 0..2 {
        world.advance(3_600).unwrap();
        report(&mut world, &feed, 100 * WAD);
    }
    let round = feed.round(&mut world, asset(1));
    // After 7 320 s it is at 1.2 · (1 + 0.1 · 7 320/31 536 000) = 1.200 027 9: (126 − 120.002 79)/126 = 475.97 bps.
    assert_eq!((round.twap, round.downBps, round.upBps), (126 * WAD, 476, 0));
}

#[test]
fn a_rate_that_cannot_be_read_takes_its_report_out_and_no_other() {
    // Each answers wrongly, does not answer, or wants too much.
    let nothing = U256::ZERO;
    let (mut world, feed, from) = rated();
    feed.add(&mut world, asset(2));
    let too_large = U256::from(1_u128) << 100;
    for value in [nothing, too_large, U256::MAX] {
        set_source(&mut world, &feed, from, value);
        world.advance(60).unwrap();
        let time = now(&mut world);
        let reports = [(asset(1), 100 * WAD, time), (asset(2), 7 * WAD, time)];
        let receipt = feed.try_report(&mut world, 0, &reports).unwrap();
        let unread = PriceFeed::RateNotRead { asset: asset(1), source: from };
        assert_eq!(receipt.logs(), [(feed.at, unread)], "{value}");
        let rounds = receipt.logs::<PriceFeed::RoundAccepted>();
        assert_eq!(rounds.len(), 1);
        assert_eq!((rounds[0].1.asset, rounds[0].1.median), (asset(2), 7 * WAD));
        assert_eq!(feed.last_report(&mut world, asset(1), 0), (0, 0), "not kept");
    }
    set_source(&mut world, &feed, from, U256::from(WAD));
    report(&mut world, &feed, 100 * WAD);
    assert_eq!(feed.round(&mut world, asset(1)).median, 100 * WAD);
}

#[test]
fn a_rate_is_read_before_it_is_believed() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    let writes = format!("1 0 SSTORE 0x{} 0 MSTORE 32 0 RETURN", hex::encode(WAD.to_be_bytes()));
    let hostile = [
        ("reverts", assemble("0 0 REVERT")),
        ("traps", vec![0xfe]),
        ("burns everything", assemble("again: @again JUMP")),
        ("answers nothing", assemble("STOP")),
        ("answers two words", assemble("1 0 MSTORE 1 32 MSTORE 64 0 RETURN")),
        ("answers half a word", assemble("16 0 RETURN")),
        ("writes", assemble(&writes)),
    ];
    for (what, code) in hostile {
        let at = world.deploy(&feed.governor, &deployment(&code), Vec::new()).unwrap().value;
        let call = set_rate(asset(1), at, WAD, 0);
        let unread = PriceFeed::RateUnread { asset: word(asset(1)), source: word(at) };
        let result = feed.govern(&mut world, &call);
        assert!(result.is_err(), "{what}");
        refused(result, &unread);
    }
    // An account without code answers nothing.
    let nobody = feed.reporters[0].address;
    let unread = PriceFeed::RateUnread { asset: word(asset(1)), source: word(nobody) };
    refused(feed.govern(&mut world, &set_rate(asset(1), nobody, WAD, 0)), &unread);
    let from = source(&mut world, &feed, WAD);
    for (start, growth) in [(0, 0), (1 << 100, 0), (WAD, 10_001)] {
        let bad = PriceFeed::BadRate { start: U256::from(start), growthBps: U256::from(growth) };
        refused(feed.govern(&mut world, &set_rate(asset(1), from, start, growth)), &bad);
    }
    let unknown = PriceFeed::UnknownAsset { asset: word(asset(2)), _1: U256::ZERO };
    refused(feed.govern(&mut world, &set_rate(asset(2), from, WAD, 0)), &unknown);
}
