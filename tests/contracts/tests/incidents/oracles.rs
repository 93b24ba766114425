//! Prices that were one source's, anybody's, clamped, of the wrong scale, or a ratio that a donation raised.
//!
//! Each replay is shown to work where its defence stands wide open.

use crate::evm::puppet::Puppet;
use crate::feed::fixture::{Feed, HIGH, addresses, asset, now, report_call, word};
use crate::feed::push::BUDGET;
use crate::feed::rates::{set_rate, set_source, source};
use crate::market::{Market, USD, WAD, refusal};
use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError};
use weir_abi::{Pool, PriceFeed};
use weir_core::feed::Status;
use weir_harness::{Account, Failed, Failure, Receipt};

/// A market that goes by the feed's prices; Alice supplied 100,000 USD, Mallory 1 ETH of 2,000 USD, on which at most
/// 1,500 USD are lent.
struct Stage {
    market: Market,
    feed: Feed,
    mallory: Account,
}

impl Stage {
    /// With so many reporters, such a quorum, and these bounds of ETH: step, low, high.
    fn new(reporters: usize, quorum: u8, (step, low, high): (u16, u128, u128)) -> Self {
        let mut market = Market::new();
        let feed = Feed::new(&mut market.world, reporters, quorum);
        let (usd, eth) = (market.usd, market.eth);
        feed.add(&mut market.world, usd);
        let call = PriceFeed::addAssetCall { asset: eth, maxStepBps: step, low, high };
        feed.govern(&mut market.world, &call).unwrap();
        market.set_feed(feed.at);
        feed.subscribe(&mut market.world, market.pool, BUDGET);
        market.supplier("alice", usd, 100_000 * USD);
        let mallory = market.supplier("mallory", eth, WAD);
        let mut stage = Self { market, feed, mallory };
        stage.round(2_000 * WAD);
        assert_eq!(stage.market.reserve(eth).price.status, Status::Ok);
        stage
    }

    /// A minute later every reporter says that ETH costs so much.
    fn round(&mut self, price: u128) {
        let prices = vec![price; self.feed.reporters.len()];
        self.split(&prices);
    }

    /// A minute later each reporter says what he says.
    fn split(&mut self, prices: &[u128]) {
        self.market.world.advance(60).unwrap();
        let time = now(&mut self.market.world);
        for (reporter, price) in prices.iter().enumerate() {
            let reports = [(self.market.usd, WAD, time), (self.market.eth, *price, time)];
            self.feed.try_report(&mut self.market.world, reporter, &reports).unwrap();
        }
    }

    /// An hour of rounds at one price: the average is there.
    fn hour_at(&mut self, price: u128) {
        for _ in 0..60 {
            self.round(price);
        }
    }

    fn borrow(&mut self, dollars: u128) -> Result<Receipt, Failed> {
        let (usd, mallory) = (self.market.usd, self.mallory.clone());
        self.market.borrow(&mallory, usd, dollars * USD)
    }

    /// What Mallory owes could have been lent before as well.
    fn assert_no_more_than_before(&mut self) {
        let refused = refusal(self.borrow(1_501));
        assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    }

    fn liquidate_mallory(&mut self) -> Result<Receipt, Failed> {
        let usd = self.market.usd;
        let keeper = self.market.holder("keeper", usd, 10_000 * USD);
        let call = Pool::liquidateCall {
            borrower: self.mallory.address,
            debt: usd,
            collateral: self.market.eth,
            maxRepay: u128::MAX,
            minSeized: 0,
            receiveShares: false,
            data: Bytes::new(),
        };
        self.market.send(&keeper, &call).map(|done| done.receipt)
    }
}

/// Steps of a tenth, prices from 500 to 10,000 USD.
const BOUNDS: (u16, u128, u128) = (1_000, 500 * WAD, 10_000 * WAD);
/// Nothing is too far.
const OPEN: (u16, u128, u128) = (10_000, 1, HIGH);

/// A spot price moved by a flash loan, one exchange, one reporter, one block: nothing more is lent on it.
#[test]
fn incident_02_15_20_24_36_38_40_one_source_or_one_step_moves_the_price() {
    let mut stage = Stage::new(3, 3, BOUNDS);
    // One of three sources.
    stage.split(&[2_000 * WAD, 2_000 * WAD, 9_999 * WAD]);
    assert_eq!(stage.market.reserve(stage.market.eth).price.median.0, 2_000 * WAD);
    stage.assert_no_more_than_before();
    // All of them for a block, by less than a step: the average stands against it.
    stage.round(2_190 * WAD);
    stage.assert_no_more_than_before();
    stage.round(2_000 * WAD);
    // All of them for a block, by more: it waits, and is gone with the next.
    stage.round(4_000 * WAD);
    let refused = refusal(stage.borrow(1));
    assert!(refused.starts_with("PriceNotUsable"), "{refused}");
    stage.round(2_000 * WAD);
    stage.assert_no_more_than_before();
    // Twice in a row: that is believed, and still not lent on at once.
    stage.round(4_000 * WAD);
    stage.round(4_000 * WAD);
    let refused = refusal(stage.borrow(1));
    assert!(refused.starts_with("PriceNotUsable"), "{refused}");
    // A minute later the average has gone a thirtieth of the way, from 2,005.5 (what the 2,190 left of themselves) to
    // 2,072, of which 75 % are 1,554.
    stage.round(4_000 * WAD);
    let refused = refusal(stage.borrow(1_555));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    stage.market.check_books();
}

/// The control: one reporter, no step too far, and the time that the average takes.
#[test]
fn incident_02_15_20_24_36_38_40_with_one_reporter_and_no_breaker_it_works() {
    let mut stage = Stage::new(1, 1, OPEN);
    stage.round(4_000 * WAD);
    stage.assert_no_more_than_before();
    // (1 − 1/30)^60 of the way is left to the average, 13 %: 3,738, of which 75 % are 2,803.
    stage.hour_at(4_000 * WAD);
    stage.borrow(2_700).unwrap();
}

/// Every message that changes the feed, but those that anybody may send for himself.
fn setters(eth: Address, me: Address, pool: Address) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("addAsset", add(asset(9)).abi_encode()),
        ("setBounds", bounds(eth).abi_encode()),
        ("setRate", set_rate(eth, pool, WAD, 1).abi_encode()),
        ("subscribe", PriceFeed::subscribeCall { pool: me, refTime: 1, proofSize: 1 }.abi_encode()),
        ("unsubscribe", PriceFeed::unsubscribeCall { pool }.abi_encode()),
        (
            "setReporters",
            PriceFeed::setReportersCall { reporters: vec![me], quorum: 1 }.abi_encode(),
        ),
        ("rearm", PriceFeed::rearmCall { asset: eth }.abi_encode()),
        (
            "setBonds",
            PriceFeed::setBondsCall { token: eth, least: 0, faultBps: 1, faultsAllowed: 0 }
                .abi_encode(),
        ),
        ("setGuardian", PriceFeed::setGuardianCall { guardian: me }.abi_encode()),
        ("offerGovernor", PriceFeed::offerGovernorCall { to: me }.abi_encode()),
    ]
}

fn add(asset: Address) -> PriceFeed::addAssetCall {
    PriceFeed::addAssetCall { asset, maxStepBps: 1, low: 1, high: HIGH }
}

fn bounds(asset: Address) -> PriceFeed::setBoundsCall {
    PriceFeed::setBoundsCall { asset, maxStepBps: 10_000, low: 1, high: HIGH }
}

/// Prices and what makes them are set by those who may, called by themselves: no stranger, no reporter, no contract
/// that somebody who may has called.
#[test]
fn incident_12_13_43_anybody_sets_the_price() {
    let mut stage = Stage::new(3, 2, BOUNDS);
    let (pool, eth, at) = (stage.market.pool, stage.market.eth, stage.feed.at);
    let stranger = stage.market.user("stranger");
    let forwarder = Puppet::new(&mut stage.market.world, &stranger, [0; 32]);
    let (governor, reporter) = (stage.feed.governor.clone(), stage.feed.reporters[0].clone());
    let before = stage.feed.round(&mut stage.market.world, eth);
    let not_governor = |caller: Address| {
        PriceFeed::NotGovernor { caller: word(caller), governor: word(governor.address) }
            .abi_encode()
    };
    for (name, data) in setters(eth, stranger.address, pool) {
        let world = &mut stage.market.world;
        for who in [&stranger, &reporter] {
            let receipt = world.call(who, at, U256::ZERO, data.clone());
            let refused = Failure::Reverted(not_governor(who.address));
            assert_eq!(receipt.output, Err(refused), "{name} by {}", who.address);
        }
    }
    // Through a forwarder nobody is who he is, the governor and the reporters neither.
    let world = &mut stage.market.world;
    let receipt = forwarder.execute(world, &governor, at, &bounds(eth));
    assert_eq!(receipt.output, Err(Failure::Reverted(not_governor(forwarder.at))));
    let call = report_call(&[(eth, 9_000 * WAD, now(world) + 1)]);
    let receipt = forwarder.execute(world, &reporter, at, &call);
    let not_reporter = PriceFeed::NotReporter { caller: word(forwarder.at), _1: U256::ZERO };
    assert_eq!(receipt.output, Err(Failure::Reverted(not_reporter.abi_encode())));
    // The pool hears the feed alone, whoever asks it for him.
    let price = stage.market.push(eth, 9_000 * WAD);
    let call = Pool::onPricesCall { prices: vec![price] };
    let refused = refusal(stage.market.send(&reporter, &call));
    assert!(refused.starts_with("NotFeed"), "{refused}");
    let world = &mut stage.market.world;
    let receipt = forwarder.execute(world, &governor, pool, &call);
    let Err(Failure::Reverted(data)) = receipt.output else { panic!("{receipt:?}") };
    assert_eq!(data[..4], Pool::NotFeed::SELECTOR);
    // And one reporter alone makes no round.
    world.advance(60).unwrap();
    let time = now(world);
    stage.feed.try_report(world, 0, &[(eth, 2_100 * WAD, time)]).unwrap();
    assert_eq!(stage.feed.round(world, eth), before);
    assert_eq!(
        stage.feed.ask(world, &PriceFeed::reportersCall {}),
        addresses(&stage.feed.reporters)
    );
}

/// A source that stops at its least price while the market falls through it: such a price is refused, at its bound as
/// beyond it, and with the second one nothing is lent on the asset.
#[test]
fn incident_14_a_feed_is_clamped_at_its_bound() {
    for clamped in [500, 499, 1] {
        let mut stage = Stage::new(3, 2, BOUNDS);
        for _ in 0..2 {
            stage.round(clamped * WAD);
        }
        let price = stage.market.reserve(stage.market.eth).price;
        assert_eq!((price.status, price.median.0), (Status::Frozen, 2_000 * WAD), "{clamped}");
        let refused = refusal(stage.borrow(1));
        assert!(refused.starts_with("PriceNotUsable"), "{clamped}: {refused}");
        // Whoever only leaves may: the collateral is his, and he owes nothing.
        let (eth, mallory) = (stage.market.eth, stage.mallory.clone());
        stage.market.withdraw(&mallory, eth, u128::MAX).unwrap();
    }
    // The control: where the bound lies lower the price is believed, and lent on.
    let mut stage = Stage::new(3, 2, (1_000, WAD, 10_000 * WAD));
    for _ in 0..3 {
        stage.round(500 * WAD);
    }
    stage.borrow(370).unwrap();
}

/// A price that is a bare ratio, or wrong by a power of ten, is outside of the bounds of the listing: it liquidates
/// nobody and nothing is lent on it.
#[test]
fn incident_39_46_54_the_scale_is_wrong() {
    let wrong = [WAD * 112 / 100, 2_000 * 1_000_000, 2_000 * WAD * 1_000_000, 2_000];
    for price in wrong {
        let mut stage = Stage::new(3, 2, BOUNDS);
        stage.borrow(1_400).unwrap();
        for _ in 0..3 {
            stage.round(price);
            let refused = refusal(stage.liquidate_mallory());
            let safe = refused.starts_with("Healthy") || refused.starts_with("PriceNotUsable");
            assert!(safe, "{price}: {refused}");
        }
        let stored = stage.market.reserve(stage.market.eth).price;
        assert_eq!((stored.status, stored.median.0), (Status::Frozen, 2_000 * WAD), "{price}");
        let refused = refusal(stage.borrow(1));
        assert!(refused.starts_with("PriceNotUsable"), "{price}: {refused}");
    }
    // The control: with bounds wide open the ratio is a price, and the account is gone.
    let mut stage = Stage::new(3, 2, (10_000, 1, HIGH));
    stage.borrow(1_400).unwrap();
    stage.round(WAD * 112 / 100);
    stage.liquidate_mallory().unwrap();
}

/// ETH stands for a share of a vault: its price is what is reported times the vault's rate, from 1 on.
fn vault(cap: u128) -> (Stage, Address) {
    let mut stage = Stage::new(3, 2, (1_000, 1, HIGH));
    let (eth, world) = (stage.market.eth, &mut stage.market.world);
    let rate = source(world, &stage.feed, WAD);
    stage.feed.govern(world, &set_rate(eth, rate, cap, 1_000)).unwrap();
    stage.round(2_000 * WAD);
    (stage, rate)
}

/// A donation doubles what a share is worth: it waits as any step, and for new risk it never counts above its cap.
#[test]
fn incident_06_22_42_51_a_donation_raises_a_rate() {
    let (mut stage, rate) = vault(WAD);
    stage.borrow(1_400).unwrap();
    let double = U256::from(2 * WAD);
    set_source(&mut stage.market.world, &stage.feed, rate, double);
    stage.round(2_000 * WAD);
    let eth = stage.market.eth;
    assert_eq!(stage.market.reserve(eth).price.status, Status::Suspect);
    let refused = refusal(stage.borrow(1));
    assert!(refused.starts_with("PriceNotUsable"), "{refused}");
    // The donor waits until the step is believed and the average has followed.
    stage.hour_at(2_000 * WAD);
    let price = stage.market.reserve(eth).price;
    assert_eq!((price.status, price.median.0), (Status::Ok, 4_000 * WAD));
    // With what he owes: 101 more would be 1,501.
    let refused = refusal(stage.borrow(101));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    // Nobody is liquidated by the guard: the median is what liquidations go by.
    assert!(refusal(stage.liquidate_mallory()).starts_with("Healthy"));
    stage.market.check_books();
}

/// The control: with a cap far above the rate the donor borrows on his donation.
#[test]
fn incident_06_22_42_51_without_the_cap_it_works() {
    let (mut stage, rate) = vault(10 * WAD);
    set_source(&mut stage.market.world, &stage.feed, rate, U256::from(2 * WAD));
    stage.hour_at(2_000 * WAD);
    stage.borrow(2_700).unwrap();
}
