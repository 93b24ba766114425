//! Roles, pauses and the limits that hold everywhere, through the pool.

use crate::feed::fixture::{Feed, now};
use crate::market::{DUST, MIN_DEBT, Market, USD, WAD, core_address, parameters, refusal};
use alloy_primitives::Address;
use weir_abi::{Admin, Pool};
use weir_harness::Account;

const SUPPLY: u16 = 1;
const BORROW: u16 = 1 << 5;
const LIQUIDATE: u16 = 1 << 8;

#[test]
fn roles_are_handed_over_by_the_governor() {
    // Without prices a new feed has nothing to go on from.
    let mut market = Market::bare();
    let governor = market.governor.clone();
    let alice = market.user("alice");
    let holder = alice.address;
    let (was, feed) = (governor.address, market.feed.address);
    for (role, previous) in [(1, was), (2, was), (3, feed)] {
        let receipt = market.administer(&governor, &Admin::setRoleCall { role, holder }).unwrap();
        let event = Admin::RoleSet { role, holder, previous };
        assert_eq!(receipt.logs::<Admin::RoleSet>(), [(market.pool, event)]);
    }
    let root = market.root();
    let holder = core_address(holder);
    assert_eq!([root.guardian, root.steward, root.feed], [holder; 3]);
    let call = Admin::setRoleCall { role: 1, holder: alice.address };
    let refused = refusal(market.administer(&alice, &call));
    let (caller, now) = (alice.address, governor.address);
    assert_eq!(refused, format!("NotGovernor (caller {caller}, governor {now})"));
}

#[test]
fn s_ctl_11_the_governors_role_is_offered_and_accepted() {
    let mut market = Market::new();
    let governor = market.governor.clone();
    let (alice, bob) = (market.user("alice"), market.user("bob"));
    let offer = |holder| Admin::setRoleCall { role: 0, holder };
    let accept = Admin::acceptGovernorCall {};
    let receipt = market.administer(&governor, &offer(alice.address)).unwrap();
    let event = Admin::GovernorOffered { holder: alice.address };
    assert_eq!(receipt.logs::<Admin::GovernorOffered>(), [(market.pool, event)]);
    assert_eq!(market.root().governor, core_address(governor.address));
    let refused = refusal(market.administer(&bob, &accept));
    let (caller, offered) = (bob.address, alice.address);
    assert_eq!(refused, format!("NotGovernor (caller {caller}, governor {offered})"));
    let receipt = market.administer(&alice, &accept).unwrap();
    let (holder, previous) = (alice.address, governor.address);
    let event = Admin::RoleSet { role: 0, holder, previous };
    assert_eq!(receipt.logs::<Admin::RoleSet>(), [(market.pool, event)]);
    // Once only; and who was governor is not any more.
    assert!(refusal(market.administer(&alice, &accept)).starts_with("NotGovernor"));
    assert!(refusal(market.administer(&governor, &offer(previous))).starts_with("NotGovernor"));
}

/// S-CTL-12: the feed that follows knows every price to within 5 %.
#[test]
fn s_ctl_12_a_new_feed_goes_on_where_the_last_one_stopped() {
    let mut market = Market::new();
    let governor = market.governor.clone();
    let feed = Feed::new(&mut market.world, 1, 1);
    let tokens = [(market.usd, WAD), (market.eth, 2_000 * WAD), (market.dot, 5 * WAD)];
    let set = |market: &mut Market, holder| {
        market.administer(&governor, &Admin::setRoleCall { role: 3, holder })
    };
    let stranger = market.user("alice").address;
    for nothing in [stranger, market.usd, feed.at] {
        let refused = refusal(set(&mut market, nothing));
        assert!(refused.starts_with("PriceMissing (reserve 0"), "{refused}");
    }
    market.world.advance(60).unwrap();
    let time = now(&mut market.world);
    for (token, price) in tokens {
        feed.add(&mut market.world, token);
        let price = if token == market.dot { price * 106 / 100 } else { price };
        feed.try_report(&mut market.world, 0, &[(token, price, time)]).unwrap();
    }
    let refused = refusal(set(&mut market, feed.at));
    assert_eq!(refused, format!("FeedMismatch (reserve 2, price {})", 5 * WAD * 106 / 100));
    market.world.advance(60).unwrap();
    let time = now(&mut market.world);
    let near = 5 * WAD * 104 / 100;
    feed.try_report(&mut market.world, 0, &[(market.dot, near, time)]).unwrap();
    set(&mut market, feed.at).unwrap();
    assert_eq!(market.root().feed, core_address(feed.at));
}

fn steering() -> Admin::Steering {
    let terms = parameters();
    Admin::Steering {
        rateModel: terms.rateModel,
        rateBase: terms.rateBase,
        rateSlope1: terms.rateSlope1,
        rateSlope2: terms.rateSlope2,
        rateOptimal: terms.rateOptimal,
        supplyCap: terms.supplyCap,
        borrowCap: terms.borrowCap,
        protectedCap: terms.protectedCap,
        flashCap: terms.flashCap,
        flows: terms.flows,
    }
}

#[test]
fn s_ctl_09_the_steward_moves_a_quarter_a_day() {
    let mut market = Market::new();
    let asset = market.usd;
    let governor = market.governor.clone();
    let (steward, alice) = (market.user("steward"), market.user("alice"));
    let name = Admin::setRoleCall { role: 2, holder: steward.address };
    market.administer(&governor, &name).unwrap();
    let to = |quarters: u64| {
        let steering = steering();
        let cap = steering.supplyCap / 4 * quarters;
        Admin::steerCall { asset, steering: Admin::Steering { supplyCap: cap, ..steering } }
    };
    let refused = refusal(market.administer(&alice, &to(5)));
    assert!(refused.starts_with("NotSteward"), "{refused}");
    let before = market.reserve(asset);
    market.administer(&steward, &to(5)).unwrap();
    let after = market.reserve(asset);
    assert_eq!(after.limits.supply.assets().0, before.limits.supply.assets().0 / 4 * 5);
    assert_eq!((after.risk, after.flags, after.rates), (before.risk, before.flags, before.rates));
    let was = before.limits.supply.assets().0;
    let more = format!("StewardLimit (field 17, was {was})");
    assert_eq!(refusal(market.administer(&steward, &to(6))), more);
    market.world.advance(86_400).unwrap();
    market.administer(&steward, &to(6)).unwrap();
    // Nothing else is his.
    let set = Admin::setParametersCall { asset, parameters: parameters() };
    assert!(refusal(market.administer(&steward, &set)).starts_with("NotGovernor"));
}

#[test]
fn s_ctl_10_a_reserve_is_wound_down_and_settled_at_a_final_price() {
    const WEEK: u64 = 604_800;
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    let governor = market.governor.clone();
    let alice = market.supplier("alice", eth, 10 * WAD);
    market.supplier("carol", usd, 100_000 * USD);
    let bob = market.supplier("bob", usd, 10_000 * USD);
    market.borrow(&bob, eth, WAD).unwrap();
    let down = Admin::windDownCall { asset: eth };
    assert!(refusal(market.administer(&alice, &down)).starts_with("NotGovernor"));
    let receipt = market.administer(&governor, &down).unwrap();
    assert_eq!(receipt.logs::<Admin::ParametersSet>().len(), 1);
    let dan = market.holder("dan", eth, WAD);
    assert!(refusal(market.supply(&dan, eth, WAD)).starts_with("Frozen"));
    assert!(refusal(market.borrow(&bob, eth, 1)).starts_with("NotBorrowable"));
    market.withdraw(&alice, eth, WAD).unwrap();
    assert!(refusal(market.administer(&governor, &down)).starts_with("WoundUpReserve"));
    let settle = Admin::setFinalPriceCall { asset: eth, price: 1_900 * WAD };
    assert!(refusal(market.administer(&governor, &settle)).starts_with("NotYet"));
    market.world.advance(WEEK).unwrap();
    market.administer(&governor, &settle).unwrap();
    // The feed comes too late for it, and it serves for good.
    market.price(eth, 3_000 * WAD);
    market.price(usd, WAD);
    assert_eq!(market.reserve(eth).price.median.0, 1_900 * WAD);
    market.withdraw(&bob, usd, USD).unwrap();
    market.mint(eth, &bob, 2 * WAD);
    market.repay(&bob, eth, u128::MAX).unwrap();
    market.withdraw(&alice, eth, u128::MAX).unwrap();
    market.check_books();
}

#[test]
fn a_role_is_never_lost() {
    let mut market = Market::new();
    let governor = market.governor.clone();
    let holder = Address::ZERO;
    let refused = refusal(market.administer(&governor, &Admin::setRoleCall { role: 0, holder }));
    assert_eq!(refused, "ZeroAddress");
    let holder = market.feed.address;
    let refused = refusal(market.administer(&governor, &Admin::setRoleCall { role: 5, holder }));
    assert_eq!(refused, "BadParameter (field 0, value 5)");
    let refused = refusal(market.administer(&governor, &Admin::setRoleCall { role: 4, holder }));
    assert_eq!(refused, format!("NotContract (target {holder})"));
    let holder = market.admin;
    market.administer(&governor, &Admin::setRoleCall { role: 4, holder }).unwrap();
}

#[test]
fn the_guardian_pauses_and_the_pause_expires() {
    let mut market = Market::new();
    let usd = market.usd;
    let governor = market.governor.clone();
    let guardian = market.user("guardian");
    let call = Admin::setRoleCall { role: 1, holder: guardian.address };
    market.administer(&governor, &call).unwrap();
    let alice = market.supplier("alice", usd, 1_000 * USD);
    market.mint(usd, &alice, 10 * USD);
    let pause = Admin::pauseCall { asset: usd, operations: SUPPLY, duration: 600 };
    let refused = refusal(market.administer(&alice, &pause));
    let (caller, holder) = (alice.address, governor.address);
    assert_eq!(refused, format!("NotGovernor (caller {caller}, governor {holder})"));
    let receipt = market.administer(&guardian, &pause).unwrap();
    let from = u32::try_from(market.world.now()).unwrap();
    let event = Admin::PauseSet { asset: usd, operations: SUPPLY, from, until: from + 600 };
    assert_eq!(receipt.logs::<Admin::PauseSet>(), [(market.pool, event)]);
    let refused = refusal(market.supply(&alice, usd, 1));
    assert_eq!(refused, format!("Paused (operation 0, until {})", from + 600));
    // Only what was named, only here.
    market.withdraw(&alice, usd, 1).unwrap();
    let eth = market.eth;
    market.supplier("bob", eth, 5);
    // The guardian does not lift it, the governor does, and by itself it ends.
    let lift = Admin::unpauseCall { asset: usd, operations: SUPPLY };
    let refused = refusal(market.administer(&guardian, &lift));
    assert!(refused.starts_with("NotGovernor"), "{refused}");
    market.world.advance(599).unwrap();
    assert!(refusal(market.supply(&alice, usd, 1)).starts_with("Paused"));
    market.world.advance(1).unwrap();
    market.supply(&alice, usd, 1).unwrap();
    market.administer(&guardian, &pause).unwrap();
    market.administer(&governor, &lift).unwrap();
    market.supply(&alice, usd, 1).unwrap();
}

#[test]
fn a_pause_everywhere_and_what_cannot_be_paused() {
    let mut market = Market::new();
    let (usd, eth, asset) = (market.usd, market.eth, Address::ZERO);
    let governor = market.governor.clone();
    market.supplier("alice", usd, 1_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    market.mint(eth, &bob, 10);
    market.borrow(&bob, usd, 100 * USD).unwrap();
    let everything = 0b11_1110_1001;
    let pause = Admin::pauseCall { asset, operations: everything, duration: 600 };
    market.administer(&governor, &pause).unwrap();
    let until = market.world.now() + 600;
    let paused = |operation| format!("Paused (operation {operation}, until {until})");
    let account = bob.address;
    assert_eq!(refusal(market.supply(&bob, eth, 1)), paused(0));
    assert_eq!(refusal(market.withdraw(&bob, eth, 1)), paused(3));
    assert_eq!(refusal(market.borrow(&bob, usd, 1)), paused(5));
    let call = Pool::setCollateralCall { asset: eth, on: true, account };
    assert_eq!(refusal(market.send(&bob, &call)), paused(6));
    assert_eq!(refusal(market.send(&bob, &Pool::setCategoryCall { id: 0, account })), paused(7));
    // Paying back, protecting, taking back what is protected, and accruing go on.
    market.repay(&bob, usd, 10 * USD).unwrap();
    market.protect(&bob, eth, 5).unwrap();
    market.unprotect(&bob, eth, 5).unwrap();
    market.send(&bob, &Pool::accrueCall { asset: usd }).unwrap();
    for operation in [1_u16, 2, 4, 10, 15] {
        let operations = 1 << operation;
        let pause = Admin::pauseCall { asset, operations, duration: 600 };
        let refused = refusal(market.administer(&governor, &pause));
        assert_eq!(refused, format!("BadParameter (field 1, value {operations})"));
    }
}

#[test]
fn a_pause_is_bounded() {
    let mut market = Market::new();
    let assets = [market.usd, market.eth, market.dot];
    let governor = market.governor.clone();
    let terms =
        [(BORROW, 86_401, 86_400), (LIQUIDATE, 21_601, 21_600), (BORROW | LIQUIDATE, 0, 21_600)];
    for (asset, (operations, duration, longest)) in assets.into_iter().zip(terms) {
        let pause = Admin::pauseCall { asset, operations, duration };
        let refused = refusal(market.administer(&governor, &pause));
        assert_eq!(refused, format!("BadParameter (field 2, value {duration})"));
        let pause = Admin::pauseCall { asset, operations, duration: longest };
        market.administer(&governor, &pause).unwrap();
    }
}

/// A market whose guardian is somebody else than its governor.
fn guarded() -> (Market, Account) {
    let mut market = Market::new();
    let governor = market.governor.clone();
    let guardian = market.user("guardian");
    let call = Admin::setRoleCall { role: 1, holder: guardian.address };
    market.administer(&governor, &call).unwrap();
    (market, guardian)
}

/// F-09: six hours of liquidations a week, however they are cut up.
#[test]
fn s_ctl_07_the_guardians_pauses_are_bounded_per_week() {
    let (mut market, guardian) = guarded();
    let (usd, eth) = (market.usd, market.eth);
    let pause = |asset, duration| Admin::pauseCall { asset, operations: LIQUIDATE, duration };
    market.administer(&guardian, &pause(usd, 14_400)).unwrap();
    // Two of four hours, and as much grace.
    market.world.advance(28_800).unwrap();
    let refused = refusal(market.administer(&guardian, &pause(usd, 7_201)));
    assert_eq!(refused, "PauseLimit (left 7200)");
    market.administer(&guardian, &pause(usd, 7_200)).unwrap();
    market.world.advance(14_400).unwrap();
    let refused = refusal(market.administer(&guardian, &pause(eth, 1)));
    assert_eq!(refused, "PauseLimit (left 0)");
    // A week after the end of the last one.
    market.world.advance(604_800 - 7_200).unwrap();
    market.administer(&guardian, &pause(eth, 21_600)).unwrap();
}

#[test]
fn s_ctl_16_the_guardian_freezes_a_reserve_for_a_while() {
    const FREEZE: u16 = 1 << 10;
    let (mut market, guardian) = guarded();
    let (usd, eth) = (market.usd, market.eth);
    let alice = market.supplier("alice", usd, 10_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    market.borrow(&bob, usd, 100 * USD).unwrap();
    let freeze = |asset| Admin::pauseCall { asset, operations: FREEZE, duration: 600 };
    market.administer(&guardian, &freeze(eth)).unwrap();
    let carol = market.holder("carol", eth, WAD);
    assert!(refusal(market.supply(&carol, eth, 1)).starts_with("Frozen"));
    assert!(refusal(market.protect(&carol, eth, 1)).starts_with("Frozen"));
    market.mint(eth, &bob, 5);
    market.protect(&bob, eth, 5).unwrap();
    let refused = refusal(market.borrow(&bob, usd, USD));
    assert!(refused.starts_with("InsufficientCollateral"), "{refused}");
    market.administer(&guardian, &freeze(usd)).unwrap();
    assert!(refusal(market.borrow(&bob, usd, USD)).starts_with("Frozen"));
    market.withdraw(&alice, usd, USD).unwrap();
    market.world.advance(600).unwrap();
    market.price(usd, WAD);
    market.price(eth, 2_000 * WAD);
    market.borrow(&bob, usd, USD).unwrap();
    market.supply(&carol, eth, 1_000).unwrap();
    let refused = refusal(market.administer(&guardian, &freeze(Address::ZERO)));
    assert_eq!(refused, "BadParameter (field 1, value 1024)");
}

/// F-12: whatever is not listed is not called, not even asked for a balance.
#[test]
fn only_listed_tokens_are_squared_with_their_books() {
    let mut market = Market::new();
    let alice = market.user("alice");
    for asset in [market.token(6), market.admin, alice.address, Address::ZERO] {
        let unknown = format!("UnknownAsset (asset {asset})");
        assert_eq!(refusal(market.administer(&alice, &Admin::skimCall { asset })), unknown);
        assert_eq!(refusal(market.administer(&alice, &Admin::reconcileCall { asset })), unknown);
    }
}

#[test]
fn limits_hold_everywhere() {
    let mut market = Market::new();
    let governor = market.governor.clone();
    let limits = |dust, min_debt, target| Admin::setLimitsCall {
        dust,
        minDebt: min_debt,
        targetHealthBps: target,
    };
    let receipt = market.administer(&governor, &limits(2 * WAD, 30 * WAD, 11_000)).unwrap();
    let event = Admin::LimitsSet { dust: 2 * WAD, minDebt: 30 * WAD, targetHealthBps: 11_000 };
    assert_eq!(receipt.logs::<Admin::LimitsSet>(), [(market.pool, event)]);
    let root = market.root();
    assert_eq!((root.dust.0, root.min_debt.0), (2 * WAD, 30 * WAD));
    assert_eq!(root.target_health.0, 11_000);
    let refused = refusal(market.administer(&governor, &limits(DUST, DUST - 1, 10_500)));
    assert_eq!(refused, format!("BadParameter (field 1, value {})", DUST - 1));
    for target in [10_000, 15_001] {
        let refused = refusal(market.administer(&governor, &limits(DUST, MIN_DEBT, target)));
        assert_eq!(refused, format!("BadParameter (field 2, value {target})"));
    }
}

#[test]
fn the_admin_codes_errors_and_answers_come_through() {
    let mut market = Market::new();
    let governor = market.governor.clone();
    let unknown = Pool::administerCall { call: vec![1, 2, 3, 4].into() };
    assert_eq!(refusal(market.send(&governor, &unknown)), "malformed");
    let long = Pool::administerCall { call: vec![0; 1_281].into() };
    assert_eq!(refusal(market.send(&governor, &long)), "BadParameter (field 0, value 1281)");
    let call = Pool::administerCall {
        call: alloy_sol_types::SolCall::abi_encode(&Admin::setLimitsCall {
            dust: DUST,
            minDebt: MIN_DEBT,
            targetHealthBps: 10_500,
        })
        .into(),
    };
    assert!(market.send(&governor, &call).unwrap().value.is_empty());
}
