//! The guardian's freeze: at once, for a while, and at its end without anybody's permission.

use super::fixture::{Feed, asset, now, word};
use super::push::told;
use crate::market::{Market, USD, WAD, refusal};
use crate::refused::refused;
use alloy_primitives::{Address, U256};
use weir_abi::{Pool, PriceFeed};
use weir_core::feed::Status;
use weir_harness::{Account, Failed, Receipt};

const HOUR: u32 = 3_600;
const NONE: U256 = U256::ZERO;

fn guardian(market: &mut Market, feed: &Feed) -> Account {
    let guardian = market.user("guardian");
    let call = PriceFeed::setGuardianCall { guardian: guardian.address };
    let receipt = feed.govern(&mut market.world, &call).unwrap().receipt;
    let event = PriceFeed::GuardianSet { guardian: guardian.address };
    assert_eq!(receipt.logs(), [(feed.at, event)]);
    guardian
}

fn freeze(
    market: &mut Market,
    feed: &Feed,
    who: &Account,
    duration: u32,
) -> Result<Receipt, Failed> {
    let call = PriceFeed::freezeCall { asset: market.eth, duration };
    market.world.send(who, feed.at, &call).map(|done| done.receipt)
}

fn report(market: &mut Market, feed: &Feed, token: Address, price: u128) -> Receipt {
    let time = now(&mut market.world);
    feed.try_report(&mut market.world, 0, &[(token, price, time)]).unwrap()
}

/// Bob owes 1,400 USD against 1 ETH of 2,000 USD.
fn indebted(market: &mut Market, feed: &Feed) -> (Account, Account) {
    let (usd, eth) = (market.usd, market.eth);
    report(market, feed, usd, WAD);
    report(market, feed, eth, 2_000 * WAD);
    market.supplier("alice", usd, 5_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    market.borrow(&bob, usd, 1_400 * USD).unwrap();
    (bob, market.holder("carol", usd, 5_000 * USD))
}

fn liquidate(market: &mut Market, who: &Account, borrower: Address) -> Result<Receipt, Failed> {
    let call = Pool::liquidateCall {
        borrower,
        debt: market.usd,
        collateral: market.eth,
        maxRepay: u128::MAX,
        minSeized: 0,
        receiveShares: false,
        data: Vec::new().into(),
    };
    market.send(who, &call).map(|done| done.receipt)
}

/// S-FEE-14, S-CTL-06: the whole of a freeze, from the guardian's call to the liquidation after the grace.
#[test]
fn a_freeze_holds_at_once_ends_by_itself_and_gives_grace() {
    let (mut market, feed) = told();
    let guardian = guardian(&mut market, &feed);
    let (bob, carol) = indebted(&mut market, &feed);
    let (usd, eth, pool) = (market.usd, market.eth, market.pool);
    market.world.advance(60).unwrap();
    let start = now(&mut market.world);
    let receipt = freeze(&mut market, &feed, &guardian, HOUR).unwrap();
    let until = start + HOUR;
    let event = PriceFeed::AssetFrozen { asset: eth, until };
    assert_eq!(receipt.logs(), [(feed.at, event)]);
    // The pool knows in the same call; the price is the one before.
    let price = market.reserve(eth).price;
    assert_eq!((price.status, price.median.0), (Status::Frozen, 2_000 * WAD));
    assert_eq!(price.time.0, start);
    let bounds = feed.ask(&mut market.world, &PriceFeed::boundsCall { asset: eth });
    assert_eq!((bounds.frozenUntil, bounds.freezeLeft), (until, 5 * HOUR));
    // No new risk, no liquidation; what reduces risk goes on.
    let id = market.id(eth).0;
    let unusable = format!("PriceNotUsable (reserve {id}, status 4)");
    assert_eq!(refusal(market.borrow(&bob, usd, USD)), unusable);
    market.repay(&bob, usd, USD).unwrap();
    // Reports are kept and make no round.
    assert!(report(&mut market, &feed, eth, 1_700 * WAD).logs::<Pool::PriceAccepted>().is_empty());
    assert_eq!(refusal(liquidate(&mut market, &carol, bob.address)), unusable);

    // After its end anybody tells the pool so. The price is not believed before a round of later reports.
    market.world.advance(u64::from(HOUR) + 600).unwrap();
    assert_eq!(feed.round(&mut market.world, eth).status, 2);
    let push = PriceFeed::pushCall { pool, assets: vec![eth] };
    market.world.send(&carol, feed.at, &push).unwrap();
    let price = market.reserve(eth).price;
    assert_eq!((price.status, price.time.0), (Status::Suspect, until));
    // 15 % lower: beyond the step of 10 %, so that two rounds are needed.
    for _ in 0..2 {
        market.world.advance(1).unwrap();
        report(&mut market, &feed, usd, WAD);
        report(&mut market, &feed, eth, 1_700 * WAD);
    }
    assert_eq!(market.reserve(eth).price.status, Status::Confirmed);
    // Frozen for an hour: borrowers have an hour from its end on, whenever it was told.
    let grace = format!("Grace (until {})", until + HOUR);
    assert_eq!(refusal(liquidate(&mut market, &carol, bob.address)), grace);
    let left = u64::from(until + HOUR - now(&mut market.world));
    market.world.advance(left - 1).unwrap();
    assert_eq!(refusal(liquidate(&mut market, &carol, bob.address)), grace);
    market.world.advance(1).unwrap();
    liquidate(&mut market, &carol, bob.address).unwrap();
    market.check_books();
}

#[test]
fn the_guardian_has_six_hours_of_all_assets_together() {
    let (mut market, feed) = told();
    let guardian = guardian(&mut market, &feed);
    let dot = market.dot;
    let bad = |duration: u32, left: u32| PriceFeed::BadFreeze {
        duration: U256::from(duration),
        left: U256::from(left),
    };
    for duration in [0, 6 * HOUR + 1, u32::MAX] {
        let result = freeze(&mut market, &feed, &guardian, duration);
        refused(result, &bad(duration, 6 * HOUR));
    }
    freeze(&mut market, &feed, &guardian, 4 * HOUR).unwrap();
    market.world.advance(u64::from(5 * HOUR)).unwrap();
    let other = PriceFeed::freezeCall { asset: dot, duration: 2 * HOUR + 1 };
    let result = market.world.send(&guardian, feed.at, &other);
    refused(result, &bad(2 * HOUR + 1, 2 * HOUR));
    // The governor's time is the same.
    refused(feed.govern(&mut market.world, &other), &bad(2 * HOUR + 1, 2 * HOUR));
    let other = PriceFeed::freezeCall { asset: dot, duration: 2 * HOUR };
    feed.govern(&mut market.world, &other).unwrap();
    // A week after the end of the last one, and not a second before.
    market.world.advance(u64::from(2 * HOUR + 604_800 - 1)).unwrap();
    refused(freeze(&mut market, &feed, &guardian, 1), &bad(1, 0));
    market.world.advance(1).unwrap();
    freeze(&mut market, &feed, &guardian, 6 * HOUR).unwrap();
}

#[test]
fn who_may_freeze_and_what() {
    let (mut market, feed) = told();
    let guardian = guardian(&mut market, &feed);
    let stranger = market.user("stranger");
    for who in [&stranger, &feed.reporters[0].clone()] {
        let expected =
            PriceFeed::NotGuardian { caller: word(who.address), guardian: word(guardian.address) };
        refused(freeze(&mut market, &feed, who, HOUR), &expected);
    }
    let unknown = PriceFeed::freezeCall { asset: asset(0xaa), duration: HOUR };
    let result = market.world.send(&guardian, feed.at, &unknown);
    refused(result, &PriceFeed::UnknownAsset { asset: word(asset(0xaa)), _1: NONE });
    // The guardian ends nothing; the governor re-arms early.
    freeze(&mut market, &feed, &guardian, HOUR).unwrap();
    let rearm = PriceFeed::rearmCall { asset: market.eth };
    let expected = PriceFeed::NotGovernor {
        caller: word(guardian.address),
        governor: word(feed.governor.address),
    };
    refused(market.world.send(&guardian, feed.at, &rearm), &expected);
    feed.govern(&mut market.world, &rearm).unwrap();
    let eth = market.eth;
    let round = feed.round(&mut market.world, eth);
    assert_eq!(round.status, 2);
    // What its bounds froze gets no end from the guardian.
    let mut market = told();
    let (market, feed) = (&mut market.0, &market.1);
    report(market, feed, eth, 2_000 * WAD);
    for _ in 0..2 {
        market.world.advance(60).unwrap();
        report(market, feed, eth, super::fixture::HIGH + 1);
    }
    let governor = feed.governor.clone();
    let already = PriceFeed::AlreadyFrozen { asset: word(eth), _1: NONE };
    refused(freeze(market, feed, &governor, HOUR), &already);
}
