#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it finds a fault"
)]

use super::*;
use crate::fixtures::{
    ANNA, BERT, DOT, KEEPER, ONE_DOT, ONE_USDC, ONE_WETH, POOL, Pool, USDC, WETH, assets, token,
    work,
};
use crate::intent::IntentId;
use crate::ledger::{Budget, Holding};
use crate::outcome::Outcome;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

fn usd(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn config() -> StrategyConfig {
    StrategyConfig {
        min_profit_usd: usd("1"),
        native_price_usd: usd("5"),
        native_decimals: 10,
        first_fee: usd("0.02"),
        slippage_bps: 100,
        accept_shares: true,
        max_legs: 4,
    }
}

/// A keeper with whole tokens of each asset, all of which the pool may pull.
fn funded(usdc: u128, dot: u128) -> Ledger {
    let ledger = Ledger::new(Budget::Allowed);
    let all = |amount| Holding { balance: amount, allowance: amount };
    ledger.set_holdings(
        1,
        BTreeMap::from([(token(USDC), all(usdc * ONE_USDC)), (token(DOT), all(dot * ONE_DOT))]),
    );
    ledger
}

fn plan_with(work: &Work, ledger: &Ledger, config: &StrategyConfig) -> Vec<Plan> {
    decide(work, ledger, config).plans
}

fn decide(work: &Work, ledger: &Ledger, config: &StrategyConfig) -> Decision {
    let planner = Planner {
        pool: POOL,
        own: Some(KEEPER),
        assets: &assets(),
        config,
        // 0.02 native tokens at 5 USD.
        fee_usd: usd("0.10"),
        ledger,
        metrics: &Metrics::new(),
    };
    planner.plan(work)
}

/// Anna: 10 WETH at 1,800 USD against 15,000 USDC.
fn anna() -> Pool {
    Pool::new(1_800).supply(ANNA, WETH, 10 * ONE_WETH).borrow(ANNA, USDC, 15_000 * ONE_USDC)
}

/// Collateral 18,000, weighted 14,400, debt 15,000: health 0.96. The bonus is 5 % + (1 − 0.96)/(1 − 0.9) · 5 % = 7 %.
/// x = (1.05 · 15,000 − 14,400) / (1.05 − 0.8 · 1.07) = 1,350 / 0.194 = 6,958.762886… → 6,958.762887 USDC.
/// Seized: 6,958.762887 · 1.07 = 7,445.87628909 USD. The bonus is 487.11340209, its tenth 48.711340209 for the
/// insurance: 7,397.164948881 USD come in, which is 4.109536082711666… WETH, rounded down.
/// Profit: 7,397.164948881 − 6,958.762887 − 0.10 = 438.302061881 USD, less at most two units of rounding.
#[test]
fn one_account_is_brought_to_the_target_and_the_profit_is_what_remains() {
    let plans = plan_with(&work(anna().state(), &[ANNA]), &funded(50_000, 0), &config());
    assert_eq!(plans.len(), 1);
    let plan = &plans[0];
    assert_eq!((plan.borrower, plan.version, plan.legs.len()), (ANNA, 2, 1));
    let leg = &plan.legs[0];
    assert_eq!((leg.debt.symbol.as_str(), leg.collateral.symbol.as_str()), ("USDC", "WETH"));
    assert_eq!(leg.id, IntentId::new(POOL, ANNA, token(USDC), token(WETH), 2));
    assert_eq!(leg.predicted.repaid, 6_958_762_887);
    let exact = 4_109_536_082_711_666_666_u128;
    assert!(exact - leg.predicted.seized <= 2, "{}", leg.predicted.seized);
    let missing = usd("438.302061881") - leg.predicted.profit_usd;
    assert!(missing >= Decimal::ZERO && missing < usd("0.00000000000001"), "{missing}");
    assert!(!leg.shares);
    // One percent and one unit above the preview: 6,958.762887 + 69.587628 + 0.000001.
    assert_eq!(leg.max_repay, 7_028_350_516);
    // 99 % of what the preview gives for 7,028.350516: 4.109536… · 7,028.350516 / 6,958.762887 · 0.99 = 4.109125…
    let least = exact / 1_000_000 * 7_028_350_516 / 6_958_762_887 * 99 / 100;
    assert!((leg.min_seized / 1_000_000).abs_diff(least) <= 2, "{}", leg.min_seized);
}

#[test]
fn what_is_healthy_already_is_left_alone() {
    // At 2,000 USD: 20,000 · 0.8 = 16,000 against 15,000.
    let state = Pool::new(2_000)
        .supply(ANNA, WETH, 10 * ONE_WETH)
        .borrow(ANNA, USDC, 15_000 * ONE_USDC)
        .state();
    assert!(plan_with(&work(state, &[ANNA]), &funded(50_000, 0), &config()).is_empty());
}

/// With 5,000 USDC the repayment is 5,000; the bonus is still 7 %, a tenth of it the insurance's: 5,000 · 1.063 = 5,315
/// come in; profit 315 − 0.10 USD.
#[test]
fn own_funds_bound_the_repayment() {
    let plans = plan_with(&work(anna().state(), &[ANNA]), &funded(5_000, 0), &config());
    let leg = &plans[0].legs[0];
    assert_eq!((leg.predicted.repaid, leg.max_repay), (5_000_000_000, 5_000_000_000));
    let missing = usd("314.90") - leg.predicted.profit_usd;
    assert!(missing >= Decimal::ZERO && missing < usd("0.00000000000001"), "{missing}");
    // Below dust (10 USD) the pool refuses, and without funds nothing is tried.
    assert!(plan_with(&work(anna().state(), &[ANNA]), &funded(5, 0), &config()).is_empty());
    assert!(plan_with(&work(anna().state(), &[ANNA]), &funded(0, 0), &config()).is_empty());
}

#[test]
fn what_earns_too_little_is_left_alone() {
    let dear = StrategyConfig { min_profit_usd: usd("438.31"), ..config() };
    assert!(plan_with(&work(anna().state(), &[ANNA]), &funded(50_000, 0), &dear).is_empty());
    let fair = StrategyConfig { min_profit_usd: usd("438.30"), ..config() };
    assert_eq!(plan_with(&work(anna().state(), &[ANNA]), &funded(50_000, 0), &fair).len(), 1);
}

/// Bert owes a tenth of what Anna owes. Anna's liquidation earns more, so she comes first and takes 7,028.350516 of the
/// 7,100 USDC. What is left is 71.649484, which Bert's liquidation (695.876289 wanted) takes as far as it goes.
#[test]
fn the_largest_profit_comes_first_and_funds_are_spent_once() {
    let state = anna().supply(BERT, WETH, ONE_WETH).borrow(BERT, USDC, 1_500 * ONE_USDC).state();
    let plans = plan_with(&work(state.clone(), &[BERT, ANNA]), &funded(7_100, 0), &config());
    let who: Vec<Address> = plans.iter().map(|plan| plan.borrower).collect();
    assert_eq!(who, [ANNA, BERT]);
    assert_eq!(plans[1].legs[0].max_repay, 71_649_484);
    let rich = plan_with(&work(state, &[BERT, ANNA]), &funded(50_000, 0), &config());
    assert_eq!(rich[1].legs[0].predicted.repaid, 695_876_289);
}

/// Anna holds 1 WETH (1,800 USD) and 2,000 DOT (10,000 USD), and owes 10,000 USDC: weighted 9,440, health 0.944, bonus
/// 5 % + 0.56 · 5 % = 7.8 %. The target takes (10,500 − 9,440) / (1.05 − 0.8 · 1.078) = 1,060 / 0.1876 = 5,650.32 USDC.
/// All of the WETH pays for 1,800 / 1.078 = 1,669.76 only, so DOT comes first; that is enough.
#[test]
fn the_pair_that_earns_most_is_taken() {
    let state = Pool::new(1_800)
        .supply(ANNA, WETH, ONE_WETH)
        .supply(ANNA, DOT, 2_000 * ONE_DOT)
        .borrow(ANNA, USDC, 10_000 * ONE_USDC)
        .state();
    let plans = plan_with(&work(state, &[ANNA]), &funded(50_000, 0), &config());
    let legs = &plans[0].legs;
    assert_eq!(legs.len(), 1);
    assert_eq!(legs[0].collateral.symbol, "DOT");
    // 5,650.319829424… rounded up.
    assert_eq!(legs[0].predicted.repaid, 5_650_319_830);
}

/// Anna holds 4 WETH (7,200 USD) and 1,440 DOT (7,200 USD), and owes 14,300 USDC: weighted 11,520, health 0.8055, under
/// water with any bonus. The bonus is bounded by 14,400 / 14,300 − 1 = 0.7 % and lifted to its floor of 5 %. One side
/// pays for 7,200 / 1.05 = 6,857.142857… USDC, less than the target asks for: a second leg follows, and takes the other.
#[test]
fn an_account_that_stays_liquidatable_gets_a_second_leg() {
    let pool = Pool::new(1_800)
        .supply(ANNA, WETH, 4 * ONE_WETH)
        .supply(ANNA, DOT, 1_440 * ONE_DOT)
        .borrow(ANNA, USDC, 14_300 * ONE_USDC);
    let state = pool.state();
    let plans = plan_with(&work(state.clone(), &[ANNA]), &funded(50_000, 0), &config());
    let legs = &plans[0].legs;
    assert_eq!(legs.len(), 2);
    assert_ne!(legs[0].collateral.symbol, legs[1].collateral.symbol);
    assert_eq!(legs[0].predicted.repaid, 6_857_142_858);
    // The account's version has risen by one in between.
    let token_of = |leg: usize| legs[leg].collateral.token;
    assert_eq!(legs[0].id, IntentId::new(POOL, ANNA, token(USDC), token_of(0), 3));
    assert_eq!(legs[1].id, IntentId::new(POOL, ANNA, token(USDC), token_of(1), 4));
    let single = StrategyConfig { max_legs: 1, ..config() };
    assert_eq!(plan_with(&work(state, &[ANNA]), &funded(50_000, 0), &single)[0].legs.len(), 1);
}

#[test]
fn without_cash_shares_are_taken_if_they_are_welcome() {
    let state = anna().lend_out(WETH).state();
    let plans = plan_with(&work(state.clone(), &[ANNA]), &funded(50_000, 0), &config());
    let leg = &plans[0].legs[0];
    assert!(leg.shares);
    assert_eq!(leg.predicted.repaid, 6_958_762_887);
    let choosy = StrategyConfig { accept_shares: false, ..config() };
    assert!(plan_with(&work(state, &[ANNA]), &funded(50_000, 0), &choosy).is_empty());
}

#[test]
fn a_price_too_old_for_liquidation_gives_no_plan() {
    // The long age is 3,600 s; prices in the fixtures cannot be older than 1,000 s, so the block is later instead.
    let state = anna().state().at(1_000 + 3_600);
    assert_eq!(plan_with(&work(state, &[ANNA]), &funded(50_000, 0), &config()).len(), 1);
    let state = anna().state().at(1_000 + 3_601);
    assert!(plan_with(&work(state, &[ANNA]), &funded(50_000, 0), &config()).is_empty());
    let state = anna().aged(WETH, 1).state().at(1_000 + 3_600);
    assert!(plan_with(&work(state, &[ANNA]), &funded(50_000, 0), &config()).is_empty());
}

#[test]
fn what_is_under_way_or_rests_is_not_planned_again() {
    let ledger = funded(50_000, 0);
    let work = work(anna().state(), &[ANNA]);
    let plans = plan_with(&work, &ledger, &config());
    assert!(ledger.begin(&plans[0]));
    assert!(plan_with(&work, &ledger, &config()).is_empty());
    ledger.end(ANNA, 2, None);
    assert_eq!(plan_with(&work, &ledger, &config()).len(), 1);
    // The first failure rests until the next block, which is not this one.
    ledger.rest(&plans[0], Outcome::Paused);
    assert!(plan_with(&work, &ledger, &config()).is_empty());
}

#[test]
fn the_same_block_gives_the_same_plans() {
    let state =
        anna().supply(BERT, WETH, 10 * ONE_WETH).borrow(BERT, USDC, 15_000 * ONE_USDC).state();
    let one = plan_with(&work(state.clone(), &[ANNA, BERT]), &funded(50_000, 0), &config());
    let other = plan_with(&work(state, &[BERT, ANNA]), &funded(50_000, 0), &config());
    let key = |plans: &[Plan]| plans.iter().map(|plan| plan.borrower).collect::<Vec<_>>();
    // Equal profits: by address.
    assert_eq!(key(&one), [ANNA, BERT]);
    assert_eq!(key(&other), [ANNA, BERT]);
}

#[test]
fn what_is_left_alone_is_told_with_the_reason() {
    let dear = StrategyConfig { min_profit_usd: usd("438.31"), ..config() };
    let told = |ledger: &Ledger, config: &StrategyConfig| {
        let decision = decide(&work(anna().state(), &[ANNA]), ledger, config);
        assert!(decision.plans.is_empty());
        let [skipped] = decision.skipped.try_into().unwrap();
        assert_eq!((skipped.borrower, skipped.version), (ANNA, 2));
        (skipped.reason, skipped.detail)
    };
    let (reason, detail) = told(&funded(50_000, 0), &dear);
    assert_eq!(reason, "unprofitable");
    assert_eq!(detail, "the best pair is expected to earn 438.3021 USD; min_profit_usd is 438.31");
    assert_eq!(told(&funded(0, 0), &config()).0, "unfunded");
    // Anna at 2,000 USD is healthy, whatever made her a candidate.
    let healthy =
        Pool::new(2_000).supply(ANNA, WETH, 10 * ONE_WETH).borrow(ANNA, USDC, 15_000 * ONE_USDC);
    let decision = decide(&work(healthy.state(), &[ANNA]), &funded(50_000, 0), &config());
    assert_eq!(decision.skipped[0].detail, "the pool would refuse it: Healthy");
}

#[test]
fn funds_that_others_of_the_block_take_are_the_reason_too() {
    let state = anna().supply(BERT, WETH, 10 * ONE_WETH).borrow(BERT, USDC, 15_000 * ONE_USDC);
    let decision = decide(&work(state.state(), &[ANNA, BERT]), &funded(5_000, 0), &config());
    assert_eq!((decision.plans.len(), decision.skipped.len()), (1, 1));
    assert_eq!(decision.skipped[0].reason, "unfunded");
}

#[test]
fn a_reason_is_told_once_until_it_changes() {
    let work = work(anna().state(), &[ANNA]);
    let skipped = |reason, version| Skipped {
        borrower: ANNA,
        version,
        block: 1,
        round: 1,
        reason,
        detail: String::new(),
    };
    let mut told = Told::default();
    assert_eq!(told.news(&work, vec![skipped("unfunded", 2)]).len(), 1);
    assert_eq!(told.news(&work, vec![skipped("unfunded", 2)]).len(), 0);
    assert_eq!(told.news(&work, vec![skipped("unprofitable", 2)]).len(), 1);
    assert_eq!(told.news(&work, vec![skipped("unprofitable", 3)]).len(), 1, "another state of it");
    // Healthy meanwhile: the next time is another story.
    told.news(&crate::fixtures::work(anna().state(), &[]), Vec::new());
    assert_eq!(told.news(&work, vec![skipped("unprofitable", 3)]).len(), 1);
}
