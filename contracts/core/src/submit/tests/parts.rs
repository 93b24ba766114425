//! An action in parts against the same action in one.

use std::vec::Vec;

use crate::{
    state::ReserveId,
    submit::{Action, Kind},
    testkit::*,
};
use proptest::prelude::*;

const USDC_ID: ReserveId = ReserveId(0);
const DOT_ID: ReserveId = ReserveId(1);

/// Bob with supply in one reserve and debt in another, both at prices of a share that interest has made odd.
fn pool(seconds: u32) -> Pool {
    let mut pool = Pool::new();
    pool.supply(CAROL, ETH, 400 * ONE_ETH).unwrap();
    pool.borrow(CAROL, USDC, 380_007 * ONE_USDC + 1).unwrap();
    pool.borrow(CAROL, DOT, 40_003 * ONE_DOT + 3).unwrap();
    pool.supply(BOB, ETH, 30 * ONE_ETH).unwrap();
    pool.supply(BOB, USDC, 9_000 * ONE_USDC + 7).unwrap();
    pool.borrow(BOB, DOT, 3_000 * ONE_DOT + 9).unwrap();
    pool.advance(seconds);
    // Accrues, so that one and many begin at the same totals.
    pool.supply(DAVE, USDC, ONE_USDC).unwrap();
    pool.supply(DAVE, DOT, ONE_DOT).unwrap();
    pool
}

/// What Bob holds and owes in shares.
fn position(pool: &Pool) -> (u128, u128) {
    let account = pool.account(BOB);
    (account.supply(USDC_ID).map_or(0, |leg| leg.shares.0), account.debt(DOT_ID).0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn i_rnd_03_an_action_in_parts_never_gains(
        kind in prop_oneof![
            Just(Kind::Supply), Just(Kind::Withdraw), Just(Kind::Borrow), Just(Kind::Repay)
        ],
        parts in prop::collection::vec(prop_oneof![1u128..5, 1u128..100_000_000], 2..6),
        together: bool,
        seconds in 1u32..100_000_000,
    ) {
        let mut one = pool(seconds);
        let mut many = one.clone();
        let asset = if matches!(kind, Kind::Supply | Kind::Withdraw) { USDC } else { DOT };
        let whole: u128 = parts.iter().sum();
        let in_one = one.act(BOB, kind, asset, whole);
        prop_assert_eq!(in_one, Ok(whole));
        if together {
            let actions: Vec<Action> =
                parts.iter().map(|part| Action::new(kind, asset, *part)).collect();
            prop_assert!(many.submit(BOB, BOB, &actions).is_ok());
        } else {
            for part in parts {
                prop_assert_eq!(many.act(BOB, kind, asset, part), Ok(part));
            }
        }
        // The same tokens moved, so whoever has more shares or owes fewer has gained.
        let ((held, owed), (held_in_parts, owed_in_parts)) = (position(&one), position(&many));
        prop_assert!(held_in_parts <= held, "{held_in_parts} for {held}");
        prop_assert!(owed_in_parts >= owed, "{owed_in_parts} for {owed}");
    }
}

/// Between ltv and threshold: what lowers the risk is let through also where the debt does not move at all.
#[test]
fn i_hf_03_collateral_is_exchanged_for_more_of_another() {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 14_000 * ONE_USDC).unwrap();
    // 10 · 1 800 · 75 % = 13 500 < 14 000 < 14 400 = 10 · 1 800 · 80 %.
    pool.price(ETH, 1_800 * USD);
    let exchange =
        |dot| [Action::new(Kind::Supply, DOT, dot), Action::new(Kind::Withdraw, ETH, ONE_ETH / 10)];
    // 0.1 ETH takes 180 · 80 % = 144 dollars; 38.4 DOT bring 192 · 75 % = 144, and a tenth of a DOT less does not.
    let less = 38 * ONE_DOT + ONE_DOT * 3 / 10;
    let refused = pool.clone().submit(ALICE, ALICE, &exchange(less));
    assert_eq!(code(refused), crate::error::Code::InsufficientCollateral);
    // One unit more for the rounding of shares.
    let enough = 38 * ONE_DOT + ONE_DOT * 4 / 10 + 1;
    pool.submit(ALICE, ALICE, &exchange(enough)).unwrap();
}
