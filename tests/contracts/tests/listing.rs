//! Listing a token, and changing its parameters.

use crate::{
    evm::token::{Behaviour, EvmToken},
    market::{FLOOR, Market, SEED, SHARES, USD, core_address, parameters, refusal},
};
use alloy_primitives::{Address, U256};
use weir_abi::Admin::Category;
use weir_abi::{Admin, Pool};
use weir_core::{address::Address as CoreAddress, state::Reserve};

#[test]
fn listing_is_one_call_that_configures_seeds_and_enables() {
    let mut market = Market::bare();
    let token = market.token(6);
    let receipt = market.list(token, parameters()).unwrap();
    let holder = CoreAddress::seed_holder(0).0.into();
    let caller = market.governor.address;
    let supplied = Pool::Supplied {
        asset: token,
        account: holder,
        caller,
        assets: SEED,
        shares: SEED * SHARES,
    };
    assert_eq!(receipt.logs::<Pool::Supplied>(), [(market.pool, supplied)]);
    let protected = Pool::Protected { asset: token, account: holder, caller, assets: FLOOR };
    assert_eq!(receipt.logs::<Pool::Protected>(), [(market.pool, protected)]);
    let listed = Admin::Listed { asset: token, reserve: 0, decimals: 6, seed: SEED, floor: FLOOR };
    assert_eq!(receipt.logs::<Admin::Listed>(), [(market.pool, listed)]);
    let [(at, set)] = &receipt.logs::<Admin::ParametersSet>()[..] else { panic!("{receipt:?}") };
    assert_eq!((*at, set.asset), (market.pool, token));
    // The event carries the reserve as it is stored.
    assert_eq!(set.reserve, market.item(b"r\0"));
    let reserve = market.reserve(token);
    assert_eq!((reserve.token, reserve.decimals), (core_address(token), 6));
    assert_eq!((reserve.risk.ltv.0, reserve.risk.threshold.target.0), (7_500, 8_000));
    assert_eq!(reserve.limits.supply.assets().0, 1_000_000_000 * USD);
    assert_eq!(reserve.flags.0, 0b11);
    assert_eq!(market.root().count(), 1);
    assert_eq!(market.holdings(holder, token), (SEED * SHARES, FLOOR));
    assert_eq!(market.balance(token, market.pool), SEED + FLOOR);
}

#[test]
fn only_the_governor_lists_and_configures() {
    let mut market = Market::new();
    let (usd, governor) = (market.usd, market.governor.address);
    let token = market.token(6);
    let alice = market.holder("alice", token, SEED + FLOOR);
    let refused = format!("NotGovernor (caller {}, governor {governor})", alice.address);
    let parameters = parameters();
    let call =
        Admin::listCall { asset: token, parameters: parameters.clone(), seed: SEED, floor: FLOOR };
    assert_eq!(refusal(market.administer(&alice, &call)), refused);
    let call = Admin::setParametersCall { asset: usd, parameters };
    assert_eq!(refusal(market.administer(&alice, &call)), refused);
}

#[test]
fn what_cannot_be_listed() {
    let mut market = Market::new();
    let (usd, governor) = (market.usd, market.governor.clone());
    let refused = refusal(market.list(usd, parameters()));
    assert_eq!(refused, format!("AlreadyListed (asset {usd}, reserve 0)"));
    let nobody = market.user("nobody").address;
    let call = Admin::listCall { asset: nobody, parameters: parameters(), seed: 1, floor: 0 };
    let refused = refusal(market.administer(&governor, &call));
    assert_eq!(refused, format!("NotContract (target {nobody})"));
    let token = market.token(6);
    let call = Admin::listCall { asset: token, parameters: parameters(), seed: 0, floor: 1 };
    assert_eq!(refusal(market.administer(&governor, &call)), "ZeroAmount");
    // The governor has nothing of it.
    let call = Admin::listCall { asset: token, parameters: parameters(), seed: 1, floor: 1 };
    let refused = refusal(market.administer(&governor, &call));
    assert_eq!(refused, format!("TokenFailed (token {token}, flags 2)"));
    assert_eq!(market.root().count(), 3);
    let strange = market.token(25);
    assert_eq!(refusal(market.list(strange, parameters())), "BadParameter (field 33, value 25)");
}

#[test]
fn a_token_that_does_not_pay_what_it_says_is_not_listed() {
    for (behaviour, flags) in [
        (Behaviour::SaysFalse, 0),
        (Behaviour::SaysNothing, 0),
        (Behaviour::SaysTooMuch, 0),
        (Behaviour::SaysTwo, 0),
        (Behaviour::Reverts, 2),
        // Its transfer says true, but another amount arrives.
        (Behaviour::TakesFee, 256),
    ] {
        let mut market = Market::bare();
        let token = market.token(6);
        market.behave(token, behaviour);
        let refused = refusal(market.list(token, parameters()));
        assert_eq!(refused, format!("TokenFailed (token {token}, flags {flags})"), "{behaviour:?}");
        assert_eq!(market.root().count(), 0);
        assert!(market.item(b"r\0").is_empty());
    }
}

#[test]
fn a_pool_has_at_most_32_reserves() {
    let mut market = Market::bare();
    for _ in 0..32 {
        let token = market.token(6);
        market.list(token, parameters()).unwrap();
    }
    let token = market.token(6);
    assert_eq!(refusal(market.list(token, parameters())), "TooManyReserves (held 32, allowed 32)");
}

/// Fields by their word in the interface.
#[test]
fn parameters_keep_their_relations() {
    let mut market = Market::new();
    let usd = market.usd;
    let governor = market.governor.clone();
    let good = parameters;
    let none = Category::default();
    // 86 % · 1.05 = 90.3 %, below the 91 % at which the bonus is largest.
    let some = Category { id: 3, ltv: 8_500, threshold: 8_600, bonusMax: 500 };
    let with = |category| Admin::ReserveParameters { category, healthForMaxBonus: 9_100, ..good() };
    let flow = |cap, minutes| Admin::Flow { cap, refillMinutes: minutes };
    let cases = [
        (Admin::ReserveParameters { ltv: 8_000, ..good() }, "field 0, value 8000"),
        // 0.95 · 1.1 is above 1.
        (
            Admin::ReserveParameters { threshold: 9_500, healthForMaxBonus: 9_999, ..good() },
            "field 1, value 9500",
        ),
        (Admin::ReserveParameters { bonusMin: 1_001, ..good() }, "field 2, value 1001"),
        (Admin::ReserveParameters { bonusMax: 5_001, ..good() }, "field 3, value 5001"),
        // Below 0.8 · 1.1.
        (Admin::ReserveParameters { healthForMaxBonus: 8_799, ..good() }, "field 4, value 8799"),
        (Admin::ReserveParameters { insuranceCut: 10_001, ..good() }, "field 5, value 10001"),
        (Admin::ReserveParameters { fee: 5_001, ..good() }, "field 6, value 5001"),
        (Admin::ReserveParameters { flashFee: 1_001, ..good() }, "field 7, value 1001"),
        (Admin::ReserveParameters { flashSplit: 10_001, ..good() }, "field 8, value 10001"),
        (Admin::ReserveParameters { insuranceTarget: 10_001, ..good() }, "field 9, value 10001"),
        (Admin::ReserveParameters { rateModel: 2, ..good() }, "field 10, value 2"),
        (
            Admin::ReserveParameters { ages: Admin::Ages { strict: 0, long: 7_200 }, ..good() },
            "field 15, value 0",
        ),
        (
            Admin::ReserveParameters { ages: Admin::Ages { strict: 3_600, long: 3_599 }, ..good() },
            "field 16, value 3599",
        ),
        (
            Admin::ReserveParameters { flags: 0b100, ltv: 0, threshold: 0, ..good() },
            "field 21, value 4",
        ),
        (Admin::ReserveParameters { flags: 0b1_0001, ..good() }, "field 21, value 17"),
        (with(Category { ltv: 1, ..none }), "field 22, value 0"),
        (with(Category { ltv: 8_600, ..some }), "field 23, value 8600"),
        (with(Category { ltv: 1, threshold: 7_999, ..some }), "field 24, value 7999"),
        (with(Category { bonusMax: 499, ..some }), "field 25, value 499"),
        (
            Admin::ReserveParameters {
                volatility: Admin::Volatility { free: 0, slope: 0, cutMax: 10_001 },
                ..good()
            },
            "field 28, value 10001",
        ),
        (
            Admin::ReserveParameters {
                flows: Admin::Flows { inflow: flow(1, 0), ..Admin::Flows::default() },
                ..good()
            },
            "field 30, value 0",
        ),
        (
            Admin::ReserveParameters {
                flows: Admin::Flows { outflow: flow(1, 0), ..Admin::Flows::default() },
                ..good()
            },
            "field 32, value 0",
        ),
    ];
    for (parameters, words) in cases {
        let call = Admin::setParametersCall { asset: usd, parameters };
        let refused = refusal(market.administer(&governor, &call));
        assert_eq!(refused, format!("BadParameter ({words})"));
    }
    let stranger = Address::repeat_byte(1);
    let call = Admin::setParametersCall { asset: stranger, parameters: good() };
    let refused = refusal(market.administer(&governor, &call));
    assert_eq!(refused, format!("UnknownAsset (asset {stranger})"));
}

#[test]
fn a_lower_threshold_ramps() {
    let mut market = Market::new();
    let usd = market.usd;
    let governor = market.governor.clone();
    let lower = Admin::ReserveParameters { ltv: 6_000, threshold: 7_000, ..parameters() };
    let call = Admin::setParametersCall { asset: usd, parameters: lower };
    let receipt = market.administer(&governor, &call).unwrap();
    let [(_, set)] = &receipt.logs::<Admin::ParametersSet>()[..] else { panic!("{receipt:?}") };
    let risk = Reserve::decode(&set.reserve).unwrap().risk;
    assert_eq!((risk.threshold.from.0, risk.threshold.target.0), (8_000, 7_000));
    // One percentage point an hour: ten points in ten hours.
    assert_eq!(risk.ramp.end.0 - risk.ramp.start.0, 36_000);
    assert_eq!(u64::from(risk.ramp.start.0), market.world.now());
}

#[test]
fn an_assets_precompile_is_listed_and_supplied() {
    const USDT: u32 = 1_984;
    let mut market = Market::bare();
    let token = weir_harness::World::erc20(USDT);
    let governor = market.governor.clone();
    let alice = market.user("alice");
    let spender = market.pool;
    for who in [&governor, &alice] {
        market.world.mint_asset(USDT, who.address, 1_000 * USD).unwrap();
        let call = weir_abi::Erc20::approveCall { spender, amount: U256::from(2_000 * USD) };
        market.world.send(who, token, &call).unwrap();
    }
    let list =
        |floor| Admin::listCall { asset: token, parameters: parameters(), seed: SEED, floor };
    // The asset's accounts hold 0.01 at least: without a floor the pool could not keep the seed.
    let refused = refusal(market.administer(&governor, &list(0)));
    assert_eq!(refused, format!("TokenFailed (token {token}, flags 1)"));
    market.administer(&governor, &list(10_000)).unwrap();
    assert_eq!(market.reserve(token).decimals, 6);
    market.supply(&alice, token, 400 * USD).unwrap();
    market.withdraw(&alice, token, 150 * USD).unwrap();
    let balance = EvmToken::balanceOfCall { account: alice.address };
    let held = market.world.query(&governor, token, &balance).unwrap().value;
    assert_eq!(held, U256::from(750 * USD));
    assert_eq!(market.holdings(alice.address, token), (250 * USD * SHARES, 0));
}
