//! Bonds, faults, suspension, and where a slashed bond goes.

use super::fixture::{Feed, addresses, now, report_call, word};
use super::push::BUDGET;
use crate::market::{Market, USD, WAD};
use crate::refused::refused;
use alloy_primitives::{Address, U256};
use weir_abi::PriceFeed;
use weir_harness::{Failed, Receipt};

const NONE: U256 = U256::ZERO;
const WEEK: u64 = 604_800;
const BOND: u128 = 1_000 * USD;

/// A market whose feed has four reporters, of whom two make a round, with bonds of 1,000 USD; a report farther than 2 %
/// from the median is a fault, and two a week are forgiven.
fn bonded() -> (Market, Feed) {
    let mut market = Market::new();
    let feed = Feed::new(&mut market.world, 4, 2);
    let (usd, eth) = (market.usd, market.eth);
    feed.add(&mut market.world, eth);
    feed.subscribe(&mut market.world, market.pool, BUDGET);
    let call = PriceFeed::setBondsCall { token: usd, least: BOND, faultBps: 200, faultsAllowed: 2 };
    let receipt = feed.govern(&mut market.world, &call).unwrap().receipt;
    let event = PriceFeed::BondsSet { token: usd, least: BOND, faultBps: 200, faultsAllowed: 2 };
    assert_eq!(receipt.logs(), [(feed.at, event)]);
    for index in 0..4 {
        deposit(&mut market, &feed, index, BOND);
    }
    name(&mut market, &feed, 4).unwrap();
    market.world.advance(60).unwrap();
    (market, feed)
}

fn deposit(market: &mut Market, feed: &Feed, reporter: usize, amount: u128) -> Receipt {
    let who = feed.reporters[reporter].clone();
    let usd = market.usd;
    market.mint(usd, &who, amount);
    market.world.send(&who, feed.at, &PriceFeed::depositBondCall { amount }).unwrap().receipt
}

/// Names the first reporters, all of whom have a bond by now.
fn name(market: &mut Market, feed: &Feed, count: usize) -> Result<Receipt, Failed> {
    let reporters = addresses(&feed.reporters[..count]);
    let call = PriceFeed::setReportersCall { reporters, quorum: 2 };
    feed.govern(&mut market.world, &call).map(|done| done.receipt)
}

fn bond(market: &mut Market, feed: &Feed, reporter: usize) -> PriceFeed::bondReturn {
    let account = feed.reporters[reporter].address;
    feed.ask(&mut market.world, &PriceFeed::bondCall { account })
}

fn report(market: &mut Market, feed: &Feed, reporter: usize, price: u128) -> Receipt {
    let (eth, time) = (market.eth, now(&mut market.world));
    feed.try_report(&mut market.world, reporter, &[(eth, price, time)]).unwrap()
}

/// With a quorum of three a liar is alone.
fn quorum_of_three() -> (Market, Feed) {
    let (mut market, feed) = bonded();
    let reporters = addresses(&feed.reporters);
    let call = PriceFeed::setReportersCall { reporters, quorum: 3 };
    feed.govern(&mut market.world, &call).unwrap();
    (market, feed)
}

/// Reporter 2 says 5 % more than two others.
fn round_with_a_liar(market: &mut Market, feed: &Feed) -> Receipt {
    market.world.advance(60).unwrap();
    report(market, feed, 2, 2_100 * WAD);
    report(market, feed, 0, 2_000 * WAD);
    report(market, feed, 1, 2_001 * WAD)
}

#[test]
fn faults_are_counted_and_beyond_their_bound_cost_the_bond() {
    let (mut market, feed) = quorum_of_three();
    let (eth, usd, pool) = (market.eth, market.usd, market.pool);
    let liar = feed.reporters[2].address;
    for faults in 1..=2 {
        let receipt = round_with_a_liar(&mut market, &feed);
        let fault = PriceFeed::ReporterFault { asset: eth, reporter: liar, faults };
        assert_eq!(receipt.logs(), [(feed.at, fault)]);
        assert!(receipt.logs::<PriceFeed::ReporterSlashed>().is_empty());
    }
    let before = bond(&mut market, &feed, 2);
    assert_eq!((before.amount, before.faults, before.suspended), (BOND, 2, false));
    let nothing = PriceFeed::fundInsuranceCall { pool };
    let refusal = PriceFeed::NothingSlashed { _0: NONE, _1: NONE };
    refused(market.world.send(&feed.governor, feed.at, &nothing), &refusal);

    let receipt = round_with_a_liar(&mut market, &feed);
    let slashed = PriceFeed::ReporterSlashed { reporter: liar, amount: BOND };
    assert_eq!(receipt.logs(), [(feed.at, slashed)]);
    let after = bond(&mut market, &feed, 2);
    assert_eq!((after.amount, after.faults, after.suspended), (0, 3, true));
    let bonds = feed.ask(&mut market.world, &PriceFeed::bondsCall {});
    assert_eq!((bonds.held, bonds.slashed), (3 * BOND, BOND));
    // He reports no more, the others do.
    market.world.advance(60).unwrap();
    let call = report_call(&[(eth, 2_000 * WAD, now(&mut market.world))]);
    let suspended = PriceFeed::ReporterSuspended { reporter: word(liar), _1: NONE };
    refused(market.world.send(&feed.reporters[2], feed.at, &call), &suspended);
    for reporter in [0, 1, 3] {
        report(&mut market, &feed, reporter, 2_000 * WAD);
    }
    assert_eq!(feed.round(&mut market.world, eth).round, 4);

    // Anybody sends what he lost to the insurance of a pool.
    let stranger = market.user("stranger");
    let insured = market.reserve(usd).balances.insurance.0;
    let receipt = market.world.send(&stranger, feed.at, &nothing).unwrap().receipt;
    assert_eq!(receipt.logs(), [(feed.at, PriceFeed::InsuranceFunded { pool, amount: BOND })]);
    // 1,000 USD at the first price: a million shares for each smallest unit.
    assert_eq!(market.reserve(usd).balances.insurance.0 - insured, BOND * 1_000_000);
    assert_eq!(market.balance(usd, feed.at), 3 * BOND);
    refused(market.world.send(&stranger, feed.at, &nothing), &refusal);
    market.check_books();

    // Named again he needs his bond again.
    let call = PriceFeed::setReportersCall { reporters: addresses(&feed.reporters), quorum: 3 };
    let small = PriceFeed::BondTooSmall { reporter: word(liar), bond: NONE };
    refused(feed.govern(&mut market.world, &call), &small);
    deposit(&mut market, &feed, 2, BOND);
    feed.govern(&mut market.world, &call).unwrap();
    assert!(!bond(&mut market, &feed, 2).suspended);
    market.world.advance(60).unwrap();
    report(&mut market, &feed, 2, 2_000 * WAD);
}

/// Where only a quorum is left nobody is suspended, however often he is at fault.
#[test]
fn the_quorum_is_never_broken() {
    let (mut market, feed) = bonded();
    let call = PriceFeed::setReportersCall { reporters: addresses(&feed.reporters), quorum: 4 };
    feed.govern(&mut market.world, &call).unwrap();
    for faults in 1..=5 {
        market.world.advance(60).unwrap();
        report(&mut market, &feed, 2, 2_100 * WAD);
        for reporter in [0, 1] {
            report(&mut market, &feed, reporter, 2_000 * WAD);
        }
        let receipt = report(&mut market, &feed, 3, 2_000 * WAD);
        let counted = receipt.logs::<PriceFeed::ReporterFault>();
        assert_eq!(counted.iter().map(|(_, fault)| fault.faults).collect::<Vec<_>>(), [faults]);
        assert!(receipt.logs::<PriceFeed::ReporterSlashed>().is_empty());
    }
    assert_eq!(bond(&mut market, &feed, 2).amount, BOND);
}

/// Of two reports neither is nearer to their mean: a lie makes a fault of both, which is why a quorum of two counts few.
#[test]
fn of_a_quorum_of_two_both_are_at_fault() {
    let (mut market, feed) = bonded();
    market.world.advance(60).unwrap();
    report(&mut market, &feed, 2, 2_100 * WAD);
    // Their mean is 2 050, which is 2.44 % from either.
    let receipt = report(&mut market, &feed, 0, 2_000 * WAD);
    let at_fault: Vec<_> =
        receipt.logs::<PriceFeed::ReporterFault>().iter().map(|(_, f)| f.reporter).collect();
    assert_eq!(at_fault, [feed.reporters[0].address, feed.reporters[2].address]);
}

#[test]
fn a_bond_is_paid_out_a_week_after_its_reporter_went() {
    let (mut market, feed) = bonded();
    let usd = market.usd;
    let who = feed.reporters[3].clone();
    let withdraw = PriceFeed::withdrawBondCall {};
    let time = U256::from(now(&mut market.world));
    let locked = PriceFeed::BondLocked { until: U256::from(u32::MAX), now: time };
    refused(market.world.send(&who, feed.at, &withdraw), &locked);
    name(&mut market, &feed, 3).unwrap();
    let gone = now(&mut market.world);
    let released = gone + u32::try_from(WEEK).unwrap();
    assert_eq!(bond(&mut market, &feed, 3).released, released);
    market.world.advance(WEEK - 1).unwrap();
    let locked =
        PriceFeed::BondLocked { until: U256::from(released), now: U256::from(released - 1) };
    refused(market.world.send(&who, feed.at, &withdraw), &locked);
    market.world.advance(1).unwrap();
    let receipt = market.world.send(&who, feed.at, &withdraw).unwrap().receipt;
    let event = PriceFeed::BondWithdrawn { account: who.address, amount: BOND };
    assert_eq!(receipt.logs(), [(feed.at, event)]);
    assert_eq!(market.balance(usd, who.address), BOND);
    let bonds = feed.ask(&mut market.world, &PriceFeed::bondsCall {});
    assert_eq!((bonds.token, bonds.held), (usd, 3 * BOND));
    let zero = PriceFeed::ZeroAmount { _0: NONE, _1: NONE };
    refused(market.world.send(&who, feed.at, &withdraw), &zero);
}

#[test]
fn what_bonds_cannot_be() {
    let (mut market, feed) = bonded();
    let (usd, eth) = (market.usd, market.eth);
    let set = |token, least, bps| PriceFeed::setBondsCall {
        token,
        least,
        faultBps: bps,
        faultsAllowed: 1,
    };
    let held = PriceFeed::BondTokenHeld { held: U256::from(4 * BOND), token: word(usd) };
    refused(feed.govern(&mut market.world, &set(eth, BOND, 1)), &held);
    refused(feed.govern(&mut market.world, &set(Address::ZERO, 0, 1)), &held);
    let far = PriceFeed::BadFaults { faultBps: U256::from(10_001), most: U256::from(10_000) };
    refused(feed.govern(&mut market.world, &set(usd, BOND, 10_001)), &far);
    let nobody = feed.governor.address;
    let plain = PriceFeed::NotContract { target: word(nobody), _1: NONE };
    refused(feed.govern(&mut market.world, &set(nobody, BOND, 1)), &plain);
    let stranger = market.user("stranger");
    let call = set(usd, 0, 0);
    let expected =
        PriceFeed::NotGovernor { caller: word(stranger.address), governor: word(nobody) };
    refused(market.world.send(&stranger, feed.at, &call), &expected);
    // Nothing is lodged for nothing, nor without the tokens.
    let zero = PriceFeed::ZeroAmount { _0: NONE, _1: NONE };
    let deposit = |amount| PriceFeed::depositBondCall { amount };
    refused(market.world.send(&stranger, feed.at, &deposit(0)), &zero);
    let failed = market.world.send(&stranger, feed.at, &deposit(1)).err().unwrap();
    assert!(failed.error::<PriceFeed::TokenFailed>().is_some(), "{failed}");
    assert_eq!(feed.ask(&mut market.world, &PriceFeed::bondsCall {}).held, 4 * BOND);
    // A pool that the feed does not know gets nothing of it.
    let fund = PriceFeed::fundInsuranceCall { pool: market.lens };
    let unknown = PriceFeed::NotSubscribed { pool: word(market.lens), _1: NONE };
    refused(market.world.send(&stranger, feed.at, &fund), &unknown);
}
