#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it finds a fault"
)]

use super::*;
use crate::fixtures::{
    ANNA, BERT, KEEPER, NOW, ONE_USDC, ONE_WETH, Pool, USDC, WETH, block, token,
};

/// Anna owes 15,000 USDC on 10 WETH, Bert 10,000 on as many.
fn state(weth_usd: u128) -> State {
    Pool::new(weth_usd)
        .supply(ANNA, WETH, 10 * ONE_WETH)
        .borrow(ANNA, USDC, 15_000 * ONE_USDC)
        .supply(BERT, WETH, 10 * ONE_WETH)
        .borrow(BERT, USDC, 10_000 * ONE_USDC)
        .state()
}

fn candidates(book: &mut Book) -> Vec<(Address, u64)> {
    book.evaluate(Instant::now()).candidates.iter().map(|one| (one.account, one.since)).collect()
}

#[test]
fn figures_are_those_of_the_formula() {
    let state = state(1_800);
    // 10 · 1,800 = 18,000; · 0.8 = 14,400; / 15,000 = 0.96.
    let figures = state.figures(ANNA).unwrap();
    assert_eq!(figures.collateral, 18_000 * 10_u128.pow(18));
    assert_eq!(figures.debt, 15_000 * 10_u128.pow(18));
    assert_eq!(figures.health, 960_000_000_000_000_000);
    assert!(figures.liquidatable);
    // 14,400 / 10,000 = 1.44.
    assert_eq!(state.figures(BERT).unwrap().health, 1_440_000_000_000_000_000);
    assert_eq!(state.figures(KEEPER), None);
}

#[test]
fn exactly_one_is_healthy() {
    // 10 WETH at 1,875: 18,750 · 0.8 = 15,000 against 15,000.
    let figures = state(1_875).figures(ANNA).unwrap();
    assert_eq!(figures.health, 10_u128.pow(18));
    assert!(!figures.liquidatable);
    assert!(state(1_874).is_liquidatable(ANNA));
}

#[test]
fn since_when_is_remembered_and_forgotten() {
    let mut book = Book::new(state(2_000), block(10));
    assert!(candidates(&mut book).is_empty());
    book.replace(state(1_800), block(11));
    assert_eq!(candidates(&mut book), [(ANNA, 11)]);
    // 10 · 1,200 · 0.8 = 9,600 < 10,000: Bert too.
    book.replace(state(1_200), block(12));
    assert_eq!(candidates(&mut book), [(ANNA, 11), (BERT, 12)]);
    book.replace(state(2_000), block(13));
    assert!(candidates(&mut book).is_empty());
    book.replace(state(1_800), block(14));
    assert_eq!(candidates(&mut book), [(ANNA, 14)]);
}

/// Anna is liquidated in block 12 and liquidatable again at once: her next liquidation is not late by block 11's price.
#[test]
fn a_changed_account_begins_anew() {
    let mut book = Book::new(state(1_800), block(11));
    assert_eq!(candidates(&mut book), [(ANNA, 11)]);
    let changed = Pool::new(1_800)
        .supply(ANNA, WETH, 10 * ONE_WETH)
        .borrow(ANNA, USDC, 14_500 * ONE_USDC)
        .borrow(ANNA, USDC, 500 * ONE_USDC);
    book.replace(changed.state(), block(12));
    assert_eq!(candidates(&mut book), [(ANNA, 12)]);
}

#[test]
fn the_price_behind_a_candidate_is_named() {
    let mut book = Book::new(state(1_800), block(11));
    let price = |book: &mut Book| book.evaluate(Instant::now()).candidates[0].price;
    // The round is in the reserve; which block accepted it has not been seen.
    assert_eq!(price(&mut book), PriceSource { round: 7, block: None });
    book.accept(&BTreeMap::from([(token(WETH), 7), (token(USDC), 7)]), 11);
    assert_eq!(price(&mut book), PriceSource { round: 7, block: Some(11) });
    // An event of an older round says nothing about this one.
    book.accept(&BTreeMap::from([(token(WETH), 6), (token(USDC), 6)]), 9);
    assert_eq!(price(&mut book), PriceSource { round: 7, block: None });
}

#[test]
fn an_evaluation_carries_the_candidates_only() {
    let mut book = Book::new(state(1_800), block(11));
    let work = book.evaluate(Instant::now());
    assert_eq!(work.state.indebted(), [ANNA]);
    assert_eq!(book.state().indebted(), [ANNA, BERT]);
    assert_eq!(work.block.timestamp_secs, NOW);
}

#[test]
fn a_liquidation_changes_its_copy_only() {
    let whole = state(1_800);
    let mut copy = whole.subset(&[Some(ANNA), None]);
    let attempt = Attempt {
        borrower: ANNA,
        debt: USDC,
        collateral: WETH,
        max_repay: u128::MAX,
        shares: false,
    };
    let seizure = copy.liquidate(Some(KEEPER), &attempt).unwrap();
    // See the strategy's tests for the arithmetic.
    assert_eq!(seizure.repaid, 6_958_762_887);
    assert!(whole.is_liquidatable(ANNA));
    assert!(!copy.is_liquidatable(ANNA));
    let mut merged = whole;
    merged.absorb(copy);
    assert_eq!(merged.indebted(), [ANNA, BERT]);
    assert_eq!(merged.version(ANNA), Some(3));
    assert!(!merged.is_liquidatable(ANNA));
    // Healthy now: the pool would say so.
    let refusal = merged.liquidate(Some(KEEPER), &attempt).unwrap_err();
    assert_eq!(refusal.code().name(), "Healthy");
}
