//! Subscribers that misbehave, and reporters that are stingy with weight.

use super::fixture::{Feed, asset, now};
use super::push::{BUDGET, told};
use crate::evm::{assemble, deployment};
use crate::market::WAD;
use alloy_primitives::{Address, hex};
use alloy_sol_types::SolCall;
use weir_abi::{Pool, PriceFeed};
use weir_harness::{Failure, World};

/// Runtime codes of subscribers that fail, by what they do.
fn hostile() -> [(&'static str, Vec<u8>); 4] {
    let settings = hex::encode(PriceFeed::settingsCall::SELECTOR) + &"00".repeat(28);
    // Ends well only if the feed lets it in again.
    let enter =
        format!("0x{settings} 0 MSTORE 0 0 4 0 0 CALLER GAS CALL @in JUMPI 0 0 REVERT in: STOP");
    [
        ("reverts", assemble("0 0 REVERT")),
        // INVALID, the instruction 0xfe.
        ("traps", vec![0xfe]),
        ("burns everything", assemble("again: @again JUMP")),
        ("re-enters", assemble(&enter)),
    ]
}

fn subscriber(world: &mut World, feed: &Feed, runtime: &[u8]) -> Address {
    let code = deployment(runtime);
    let pool = world.deploy(&feed.governor, &code, Vec::new()).unwrap().value;
    feed.subscribe(world, pool, BUDGET);
    pool
}

#[test]
fn a_subscriber_that_fails_is_skipped_and_the_others_are_told() {
    for (what, runtime) in hostile() {
        let (mut market, feed) = told();
        // One before and one behind the honest pool.
        let pool = market.pool;
        feed.govern(&mut market.world, &PriceFeed::unsubscribeCall { pool }).unwrap();
        let first = subscriber(&mut market.world, &feed, &runtime);
        feed.subscribe(&mut market.world, pool, BUDGET);
        let last = subscriber(&mut market.world, &feed, &runtime);
        let (eth, time) = (market.eth, now(&mut market.world));
        let reports = [(eth, 2_100 * WAD, time)];
        let receipt = feed.try_report(&mut market.world, 0, &reports).unwrap();
        let skipped: Vec<_> = [first, last]
            .into_iter()
            .map(|pool| (feed.at, PriceFeed::PushSkipped { pool }))
            .collect();
        assert_eq!(receipt.logs(), skipped, "{what}");
        assert_eq!(receipt.logs::<Pool::PriceAccepted>().len(), 1, "{what}");
        assert_eq!(market.reserve(eth).price.median.0, 2_100 * WAD, "{what}");
        assert_eq!(feed.round(&mut market.world, eth).median, 2_100 * WAD, "{what}");
    }
}

/// The control of the test above: a subscriber that only stops is told.
#[test]
fn a_subscriber_that_ends_well_is_not_skipped() {
    let (mut world, feed) = Feed::with_asset(1, 1);
    subscriber(&mut world, &feed, &[0]);
    let receipt = feed.report(&mut world, 0, WAD);
    assert!(receipt.logs::<PriceFeed::PushSkipped>().is_empty());
    assert_eq!(receipt.logs::<PriceFeed::RoundAccepted>().len(), 1);
}

/// A pool that needs more than its budget is skipped, however much weight the report has.
#[test]
fn a_budget_bounds_what_a_subscriber_costs() {
    let (mut market, feed) = told();
    let (pool, eth) = (market.pool, market.eth);
    feed.govern(&mut market.world, &PriceFeed::unsubscribeCall { pool }).unwrap();
    feed.subscribe(&mut market.world, pool, (1_000, 1_000));
    let time = now(&mut market.world);
    let reports = [(eth, 2_100 * WAD, time)];
    let receipt = feed.try_report(&mut market.world, 0, &reports).unwrap();
    assert_eq!(receipt.logs(), [(feed.at, PriceFeed::PushSkipped { pool })]);
    assert_eq!(market.reserve(eth).price.median.0, 2_000 * WAD);
}

/// Nobody starves a pool of its price: with whatever weight a report comes, it is refused whole or the pool has it.
#[test]
fn a_report_with_too_little_weight_is_refused_whole() {
    let (mut market, feed) = told();
    let (eth, time) = (market.eth, now(&mut market.world));
    let reports = [(eth, 2_100 * WAD, time)];
    let before = market.world.snapshot();
    let enough = feed.try_report(&mut market.world, 0, &reports).unwrap().weight;
    market.world.restore(&before);
    let (mut done, mut refused, mut named) = (0, 0, 0);
    // Both resources in steps of a 64th, and from what the report needs up to what the pool's budget adds.
    for step in 1..=128 {
        for time_is_scarce in [true, false] {
            let mut limits = market.world.limits();
            let (scarce, needed) = if time_is_scarce {
                (&mut limits.weight.ref_time, enough.ref_time)
            } else {
                (&mut limits.weight.proof_size, enough.proof_size)
            };
            *scarce = needed / 64 * step;
            market.world.set_limits(limits);
            match feed.try_report(&mut market.world, 0, &reports) {
                Ok(receipt) => {
                    done += 1;
                    assert!(receipt.logs::<PriceFeed::PushSkipped>().is_empty(), "{limits:?}");
                    assert_eq!(market.reserve(eth).price.median.0, 2_100 * WAD);
                }
                Err(failed) => {
                    refused += 1;
                    let small = failed.error::<PriceFeed::WeightTooSmall>();
                    named += u32::from(small.is_some());
                    let ran_out = matches!(failed.cause, Failure::OutOfResources(_));
                    assert!(small.is_some() || ran_out, "{limits:?}: {failed}");
                }
            }
            market.world.restore(&before);
        }
    }
    assert!(done > 0 && refused > 0, "{done} reports were taken, {refused} refused");
    println!("{done} taken, {refused} refused, {named} of them as WeightTooSmall");
}

#[test]
fn a_refused_report_leaves_nothing() {
    let (mut market, feed) = told();
    let (eth, time) = (market.eth, now(&mut market.world));
    feed.add(&mut market.world, asset(1));
    let mut limits = market.world.limits();
    limits.weight.ref_time = 1_000_000_000;
    let whole = market.world.limits();
    market.world.set_limits(limits);
    feed.try_report(&mut market.world, 0, &[(eth, 2_100 * WAD, time)]).unwrap_err();
    market.world.set_limits(whole);
    assert_eq!(feed.round(&mut market.world, eth).status, 0);
    assert_eq!(feed.last_report(&mut market.world, eth, 0), (0, 0));
    assert_eq!(market.reserve(eth).price.median.0, 2_000 * WAD);
}
