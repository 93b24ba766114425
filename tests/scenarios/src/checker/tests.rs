//! A small pool in memory, observed block by block as a chain would be: the checker finds nothing as long as everything
//! is told and stored as it should be, and finds each single thing that is not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod world;

use super::{Checker, Findings, Observation, percentile};
use weir_abi::Pool;
use weir_abi::alloy_sol_types::SolEvent as _;
use weir_chain::Address;
use weir_chain::state::{client_address, core_address};
use weir_core::state::{Reserve, ReserveId, keys};
use weir_core::units::{Assets, Shares};
use world::{BOB, CAROL, DAVE, EMIL, ETH, FEED, POOL, USD, USDC, World};

fn check(observations: &[Observation]) -> Findings {
    let mut checker = Checker::new(POOL, FEED);
    for observation in observations {
        checker.observe(observation);
    }
    checker.findings()
}

/// A crash in which Bob is liquidated in the block after the price, and Carol, too deep under water, loses everything.
fn crash() -> Vec<Observation> {
    let mut world = World::new();
    world.price(ETH, 70 * USD);
    world.seal();
    world.liquidate(DAVE, BOB);
    world.liquidate(DAVE, CAROL);
    world.seal();
    world.seal();
    world.observations
}

#[test]
fn an_honest_pool_is_found_in_order() {
    let found = check(&crash());
    assert_eq!(found.problems, []);
    assert_eq!((found.left_liquidatable, found.unbalanced.len()), (0, 0));
    assert_eq!(found.liquidations.len(), 2);
    assert!(found.liquidations.iter().all(|one| one.delay == 1), "{:?}", found.liquidations);
    // Carol owed 74 000 USD and had 1 000 at 70 USD: whatever the bonus, at least 4 000 USD are lost, and the insurance
    // holds far less.
    assert!(found.bad_debt > 4_000 * USD, "{}", found.bad_debt);
    assert_eq!(found.bad_debt_unexplained, 0);
    // Seized for at least 4 % more than repaid, the least that the reserve's terms promise: 4 % of 66 000 and more.
    let bonus: u128 = found.liquidations.iter().map(|one| one.bonus_usd).sum();
    assert!(bonus > 2_600 * USD, "{bonus}");
}

/// Rewrites the stored item of the dollar's reserve in one observation.
fn change_reserve(observation: &mut Observation, change: impl FnOnce(&mut Reserve)) {
    let key = keys::reserve(ReserveId(0)).to_vec();
    let mut reserve = Reserve::decode(&observation.snapshot.items[&key]).unwrap();
    change(&mut reserve);
    observation.snapshot.items.insert(key, reserve.encode().to_vec());
}

fn dollar() -> Address {
    client_address(USDC)
}

#[test]
fn one_unit_of_cash_that_is_not_there_is_seen() {
    let mut story = crash();
    let last = story.last_mut().unwrap();
    change_reserve(last, |reserve| {
        reserve.balances.cash = reserve.balances.cash.checked_sub(Assets(1)).unwrap();
    });
    let found = check(&story);
    assert!(found.unbalanced.contains(&dollar()));
    assert!(found.problems[0].what.contains("are not supply"), "{}", found.problems[0]);
    assert_eq!(found.bad_debt_unexplained, 0);
}

#[test]
fn a_consistent_lie_about_both_sides_is_seen_too() {
    let mut story = crash();
    change_reserve(story.last_mut().unwrap(), |reserve| {
        let balances = &mut reserve.balances;
        balances.cash = balances.cash.checked_add(Assets(5)).unwrap();
        balances.supply.assets = balances.supply.assets.checked_add(Assets(5)).unwrap();
    });
    let found = check(&story);
    // The tokens are not there, and no event told of them.
    let said: Vec<&str> = found.problems.iter().map(|problem| problem.what.as_str()).collect();
    assert!(said.iter().any(|what| what.contains("less than cash")), "{said:?}");
    assert!(said.iter().any(|what| what.contains("the events tell")), "{said:?}");
}

#[test]
fn a_token_that_is_gone_is_seen() {
    let mut story = crash();
    let holdings = &mut story.last_mut().unwrap().snapshot.holdings;
    *holdings.get_mut(&dollar()).unwrap() -= 1;
    let found = check(&story);
    assert_eq!(found.unbalanced.into_iter().collect::<Vec<_>>(), [dollar()]);
}

#[test]
fn a_share_more_in_one_account_is_seen() {
    let mut story = crash();
    let snapshot = &mut story.last_mut().unwrap().snapshot;
    let key = keys::account(&DAVE).to_vec();
    let mut account = weir_core::state::Account::decode(&snapshot.items[&key]).unwrap();
    let leg = account.supply_mut(ReserveId(0)).unwrap();
    leg.shares = leg.shares.checked_add(Shares(1)).unwrap();
    snapshot.items.insert(key, account.encode().as_slice().to_vec());
    let found = check(&story);
    assert!(found.unbalanced.contains(&dollar()));
    let who = client_address(DAVE).to_string();
    assert!(
        found.problems.iter().any(|problem| problem.what.contains(&who)),
        "{:?}",
        found.problems
    );
}

/// Rewrites the only event of a kind in the story.
fn change_event<E: weir_chain::SolEvent>(story: &mut [Observation], change: impl FnOnce(&mut E)) {
    let mut events = story.iter_mut().flat_map(|observation| &mut observation.events);
    let event = events.find(|event| event.is::<E>()).unwrap();
    let mut decoded = event.decode::<E>().unwrap();
    change(&mut decoded);
    let log = decoded.encode_log_data();
    event.data = log.data.to_vec();
}

#[test]
fn a_write_off_told_too_small_is_unexplained() {
    let mut story = crash();
    change_event(&mut story, |event: &mut Pool::BadDebt| {
        event.assets -= 1_000_000;
        event.socialised -= 1_000_000;
    });
    let found = check(&story);
    // One dollar, at a price of one dollar.
    assert_eq!(found.bad_debt_unexplained, USD);
    assert!(found.unbalanced.contains(&dollar()));
}

#[test]
fn a_write_off_not_told_at_all_is_unexplained() {
    let mut story = crash();
    let told = check(&story).bad_debt;
    for observation in &mut story {
        observation.events.retain(|event| !event.is::<Pool::BadDebt>());
    }
    let found = check(&story);
    assert_eq!((found.bad_debt, found.bad_debt_unexplained), (0, told));
}

#[test]
fn every_event_that_moves_something_is_missed_if_it_is_gone() {
    let story = crash();
    let moving = [
        Pool::Supplied::SIGNATURE_HASH,
        Pool::Protected::SIGNATURE_HASH,
        Pool::Borrowed::SIGNATURE_HASH,
        Pool::Accrued::SIGNATURE_HASH,
        Pool::Liquidated::SIGNATURE_HASH,
        Pool::BadDebt::SIGNATURE_HASH,
    ];
    for signature in moving {
        let mut without = story.clone();
        let mut gone = 0;
        for observation in &mut without {
            let before = observation.events.len();
            observation.events.retain(|event| event.topics.first() != Some(&signature));
            gone += before - observation.events.len();
        }
        assert!(gone > 0, "the story has no event {signature}");
        assert!(!check(&without).unbalanced.is_empty(), "nobody misses the events {signature}");
    }
}

#[test]
fn whoever_is_left_is_counted_from_the_third_block_on() {
    let mut world = World::new();
    world.price(ETH, 90 * USD);
    world.seal();
    world.seal();
    assert_eq!(check(&world.observations).left_liquidatable, 0);
    world.seal();
    assert_eq!(check(&world.observations).left_liquidatable, 1);
    world.liquidate(DAVE, CAROL);
    world.seal();
    world.seal();
    let found = check(&world.observations);
    // The largest number at any time, also when it is over; and the liquidation came three blocks after the price.
    assert_eq!(found.left_liquidatable, 1);
    assert_eq!(found.liquidations.iter().map(|one| one.delay).collect::<Vec<_>>(), [3]);
}

#[test]
fn a_liquidation_in_the_block_of_its_price_took_no_block() {
    let mut world = World::new();
    world.price(ETH, 90 * USD);
    world.liquidate(DAVE, CAROL);
    world.seal();
    let delays: Vec<u64> =
        check(&world.observations).liquidations.iter().map(|one| one.delay).collect();
    assert_eq!(delays, [0]);
}

#[test]
fn the_feed_s_word_counts_where_the_pool_did_not_hear_it() {
    let mut world = World::new();
    world.accept_without_push(ETH, 90 * USD);
    for _ in 0..3 {
        world.seal();
    }
    let found = check(&world.observations);
    assert_eq!(found.left_liquidatable, 1);
    assert!(found.problems[0].what.contains("the feed accepted"), "{}", found.problems[0]);
    assert!(found.unbalanced.is_empty());
}

#[test]
fn a_block_that_was_left_out_is_missed() {
    let mut story = crash();
    story.remove(1);
    assert!(check(&story).problems.iter().any(|problem| problem.what.contains("missing")));
}

#[test]
fn interest_that_the_rules_do_not_give_is_seen() {
    let mut world = World::new();
    world.host.advance(10_000);
    world.act(EMIL, weir_core::submit::Kind::Supply, USDC, 1_000_000);
    world.seal();
    assert_eq!(check(&world.observations).problems, []);
    let last = world.observations.len() - 1;
    change_event(&mut world.observations[last..], |event: &mut Pool::Accrued| event.interest += 1);
    let found = check(&world.observations);
    assert!(found.problems.iter().any(|problem| problem.what.contains("by the rules")));
}

#[test]
fn an_unknown_event_of_the_pool_is_a_problem() {
    let mut story = crash();
    let strange = weir_chain::ContractEvent {
        contract: POOL,
        topics: vec![weir_chain::B256::repeat_byte(7)],
        data: Vec::new(),
        extrinsic: None,
    };
    story[1].events.push(strange);
    assert_eq!(check(&story).problem_count, 1);
}

#[test]
fn percentiles_are_values_that_occur() {
    // Nearest rank: ⌈99 · 3 / 100⌉ = 3rd of three; ⌈50 · 4 / 100⌉ = 2nd of four.
    assert_eq!(percentile(&[2, 0, 1], 99), 2);
    assert_eq!(percentile(&[4, 3, 2, 1], 50), 2);
    // One in 101 may be later: ⌈99 · 101 / 100⌉ = 100th.
    let mut many = vec![1; 100];
    many.push(9);
    assert_eq!(percentile(&many, 99), 1);
    assert_eq!(percentile(&[], 99), 0);
}

#[test]
fn addresses_go_both_ways() {
    assert_eq!(core_address(client_address(BOB)), BOB);
}
