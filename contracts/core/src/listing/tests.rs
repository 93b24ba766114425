#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::*;
use crate::{
    config::{BucketConfig, CategoryConfig, RateConfig},
    rates::Adaptive,
    submit::Kind,
    testkit::*,
    units::{Bps, Shares, Value},
};

fn start(token: Address, seed: u128, floor: u128) -> Start {
    Start { token, seed: Assets(seed), floor: Assets(floor) }
}

#[test]
fn a_listed_reserve_is_seeded_and_its_seed_never_moves() {
    let mut pool = Pool::empty();
    let valid = config(7_500, 8_000).validate(18, pool.root.target_health).unwrap();
    let (id, transfers) =
        list(&mut pool.host, &mut pool.root, &GOVERNOR, &valid, &start(ETH, 5_000, 70)).unwrap();
    assert_eq!(transfers.iter().copied().collect::<std::vec::Vec<_>>(), [pull(ETH, 5_070)]);
    let balances = pool.reserve(ETH).balances;
    assert_eq!((balances.cash, balances.protected), (Assets(5_000), Assets(70)));
    assert_eq!(balances.supply.shares, Shares(5_000_000_000));
    let holder = pool.account(Address::seed_holder(0));
    let leg = holder.supply(id).unwrap();
    assert_eq!((leg.shares, leg.protected), (balances.supply.shares, Assets(70)));
    let taken = pool.submit(
        BOB,
        Address::seed_holder(0),
        &[crate::submit::Action::new(Kind::Withdraw, ETH, 1)],
    );
    assert_eq!(code(taken), Code::NotAuthorised);
}

#[test]
fn a_token_is_listed_once_and_needs_a_seed() {
    let mut pool = Pool::empty();
    let valid = config(7_500, 8_000).validate(18, pool.root.target_health).unwrap();
    let mut list_token = |token, seed| {
        let mut root = pool.root;
        let result = list(&mut pool.host, &mut root, &GOVERNOR, &valid, &start(token, seed, 0));
        pool.root = root;
        result
    };
    assert_eq!(code(list_token(ETH, 0)), Code::ZeroAmount);
    list_token(ETH, 1).unwrap();
    let mut alike = ETH;
    alike.0[19] = 0;
    for token in [ETH, alike] {
        let refusal = list_token(token, 1).unwrap_err();
        assert_eq!(refusal.code(), Code::AlreadyListed);
        assert_eq!((refusal.a().as_address(), refusal.b().as_u128()), (token, Some(0)));
    }
    for number in 1..32u8 {
        list_token(Address([number + 0x50; 20]), 1).unwrap();
    }
    assert_eq!(words(list_token(DOT, 1)), (Code::TooManyReserves, 32, 32));
}

/// I-CTL-05: no change makes a healthy account liquidatable in its own block; the threshold moves 1 % an hour.
#[test]
fn a_threshold_ramps() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 15_000 * ONE_USDC).unwrap();
    let health = pool.health(ALICE);
    let root = pool.root;
    reconfigure(&mut pool.host, &root, &ETH, &config(6_900, 7_000)).unwrap();
    assert_eq!(pool.health(ALICE), health);
    let threshold = |pool: &Pool| pool.reserve(ETH).risk.threshold_at(0, pool.host.time());
    pool.advance(3_600);
    assert_eq!(threshold(&pool), Bps(7_900));
    // A change on the way starts from where it is, and does not hurry.
    pool.advance(1_800);
    reconfigure(&mut pool.host, &root, &ETH, &config(6_900, 7_800)).unwrap();
    assert_eq!(threshold(&pool), Bps(7_850));
    pool.advance(1_799);
    assert_eq!(threshold(&pool), Bps(7_801));
    pool.advance(1);
    assert_eq!(threshold(&pool), Bps(7_800));
    assert_eq!(pool.reserve(ETH).risk.ltv, Bps(6_900));
}

/// S-CTL-03, I-CTL-05: what is no collateral any more loses its threshold hour by hour, and no faster if it is said again.
#[test]
fn s_ctl_03_the_way_out_of_collateral_is_a_ramp_too() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 15_000 * ONE_USDC).unwrap();
    let (root, health) = (pool.root, pool.health(ALICE));
    let mut plain = config(0, 0);
    plain.flags = Flags(Flags::BORROWABLE);
    reconfigure(&mut pool.host, &root, &ETH, &plain).unwrap();
    assert_eq!(pool.health(ALICE), health);
    // At once no new debt is borne by it, not even a little.
    assert_eq!(code(pool.borrow(ALICE, DOT, 100 * ONE_DOT)), Code::InsufficientCollateral);
    for hour in 1..=20 {
        pool.advance(3_600);
        reconfigure(&mut pool.host, &root, &ETH, &plain).unwrap();
        let threshold = pool.reserve(ETH).risk.threshold_at(0, pool.host.time());
        assert_eq!(threshold, Bps(8_000 - 100 * hour));
    }
}

/// S-CTL-03, I-CTL-05: whatever is changed, and as often as one likes, is no step of anybody's health in that block.
#[test]
fn s_ctl_03_no_change_is_a_step_of_health() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 15_000 * ONE_USDC).unwrap();
    let root = pool.root;
    let mut plain = config(0, 0);
    plain.flags = Flags(Flags::BORROWABLE);
    let mut bonus = config(7_500, 8_000);
    bonus.liquidation.bonus_max = Bps(200);
    let changes = [config(1_000, 2_000), plain, bonus, config(100, 8_500), config(100, 200)];
    for (minutes, change) in (1..).zip(changes.iter().cycle().take(40)) {
        let health = pool.health(ALICE);
        reconfigure(&mut pool.host, &root, &ETH, change).unwrap();
        assert!(pool.health(ALICE) >= health, "change {minutes}");
        pool.advance(60 * minutes);
    }
}

#[test]
fn the_way_out_of_a_category_is_a_ramp_too() {
    let mut pool = Pool::new();
    let root = pool.root;
    let mut member = config(8_000, 8_500);
    member.liquidation.health_for_max_bonus = Bps(9_900);
    let outside = member;
    member.category =
        CategoryConfig { id: 3, ltv: Bps(9_000), threshold: Bps(9_300), bonus_max: Bps(300) };
    reconfigure(&mut pool.host, &root, &USDC, &member).unwrap();
    let threshold = |pool: &Pool| pool.reserve(USDC).risk.threshold_at(3, pool.host.time());
    // The way in begins at the base threshold.
    assert_eq!(threshold(&pool), Bps(8_500));
    pool.advance(8 * 3_600);
    assert_eq!(threshold(&pool), Bps(9_300));
    let other = ReserveConfig { category: CategoryConfig { id: 4, ..member.category }, ..member };
    assert_eq!(
        words(reconfigure(&mut pool.host, &root, &USDC, &other)),
        (Code::BadParameter, u128::from(Field::Category.code()), 4)
    );
    reconfigure(&mut pool.host, &root, &USDC, &outside).unwrap();
    assert_eq!(threshold(&pool), Bps(9_300));
    assert_eq!(pool.reserve(USDC).risk.category.id, 3);
    pool.advance(4 * 3_600);
    assert_eq!(threshold(&pool), Bps(8_900));
    pool.advance(4 * 3_600);
    assert_eq!(threshold(&pool), Bps(8_500));
    reconfigure(&mut pool.host, &root, &USDC, &outside).unwrap();
    assert_eq!(pool.reserve(USDC).risk.category, Category::default());
}

#[test]
fn a_change_keeps_the_state_and_replaces_the_rest() {
    let mut pool = Pool::new();
    let root = pool.root;
    let adaptive = ReserveConfig { rates: RateConfig::Adaptive, ..config(7_500, 8_000) };
    reconfigure(&mut pool.host, &root, &ETH, &adaptive).unwrap();
    pool.change(ETH, |reserve| {
        reserve.rates = Rates::Adaptive(Adaptive::new(2_000_000_000).unwrap());
        reserve.flags.set(Flags::FROZEN);
        reserve.limits.outflow.level = -50_000;
    });
    let balances = pool.reserve(ETH).balances;
    let next = ReserveConfig {
        outflow: BucketConfig { cap: 7, refill_minutes: 9 },
        flags: Flags(Flags::COLLATERAL),
        ..adaptive
    };
    reconfigure(&mut pool.host, &root, &ETH, &next).unwrap();
    let reserve = pool.reserve(ETH);
    assert_eq!(reserve.balances, balances);
    assert_eq!(reserve.rates, Rates::Adaptive(Adaptive::new(2_000_000_000).unwrap()));
    assert_eq!(reserve.flags, Flags(Flags::COLLATERAL | Flags::FROZEN));
    assert_eq!(reserve.limits.outflow.level, -50_000);
    assert_eq!(reserve.limits.outflow.cap.assets(), Assets(7 * ONE_ETH));
    let mut bad = next;
    bad.ltv = Bps(8_000);
    assert_eq!(code(reconfigure(&mut pool.host, &root, &ETH, &bad)), Code::BadParameter);
    assert_eq!(code(reconfigure(&mut pool.host, &root, &BOB, &next)), Code::UnknownAsset);
}

#[test]
fn interest_is_booked_before_the_rate_changes() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 10_000 * ONE_USDC).unwrap();
    pool.advance(1_000_000);
    let mut expected = pool.clone();
    let root = pool.root;
    crate::reserves::accrue(&mut expected.host, &root, &USDC).unwrap();
    reconfigure(&mut pool.host, &root, &USDC, &config(8_000, 8_500)).unwrap();
    assert_eq!(pool.reserve(USDC).balances, expected.reserve(USDC).balances);
    assert!(pool.reserve(USDC).balances.debt.assets > Assets(10_000 * ONE_USDC));
    assert_eq!(root.dust, Value(10 * USD));
}
