#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use core::cmp::Ordering;

use proptest::prelude::*;

use super::*;
use crate::math::cmp_products;

/// Totals as they occur: up to 2^95 units, at a price between 10^-3 and 10^6 times that of the start.
fn any_totals() -> impl Strategy<Value = Totals> {
    (0u32..95, any::<u128>(), 1u128..1_000_000_000).prop_map(|(bits, seed, price)| {
        let assets = seed & ((1 << bits) - 1);
        // price / 1000 units of assets for each 10^6 shares.
        let shares = mul_div_floor(assets, 1_000_000_000, price).unwrap();
        Totals { assets: Assets(assets), shares: Shares(shares) }
    })
}

fn any_amount() -> impl Strategy<Value = u128> {
    (0u32..90, any::<u128>()).prop_map(|(bits, seed)| seed & ((1 << bits) - 1))
}

/// The price of a share after, compared with the price before: (A' + 1)/(S' + 10^6) against (A + 1)/(S + 10^6).
fn price_moved(before: &Totals, after: &Totals) -> Ordering {
    let (assets, shares) = before.with_virtual().unwrap();
    let (assets_after, shares_after) = after.with_virtual().unwrap();
    cmp_products(assets_after, shares, assets, shares_after)
}

proptest! {
    // I-RND-01, I-RND-04
    #[test]
    fn there_and_back_never_gains(totals in any_totals(), amount in any_amount()) {
        let assets = Assets(amount);
        let floor = totals.to_shares_floor(assets).unwrap();
        let ceil = totals.to_shares_ceil(assets).unwrap();
        prop_assert!(totals.to_assets_floor(floor).unwrap() <= assets);
        prop_assert!(totals.to_assets_ceil(ceil).unwrap() >= assets);
        // The exact inverses of the rounding: the least shares that are worth `assets` and the most that they buy.
        prop_assert!(totals.to_assets_ceil(floor).unwrap() <= assets);
        prop_assert!(totals.to_assets_floor(ceil).unwrap() >= assets);
    }

    // I-IDX-02, I-RND-01
    #[test]
    fn supply_and_withdraw_never_lower_the_price(totals in any_totals(), amount in any_amount()) {
        let paid = Assets(amount);
        let minted = totals.to_shares_floor(paid).unwrap();
        let supplied = totals.checked_add(paid, minted).unwrap();
        prop_assert_ne!(price_moved(&totals, &supplied), Ordering::Less);

        let returned = supplied.to_assets_floor(minted).unwrap();
        prop_assert!(returned <= paid);
        let left = supplied.checked_sub(returned, minted).unwrap();
        prop_assert_ne!(price_moved(&supplied, &left), Ordering::Less);
        prop_assert_ne!(price_moved(&totals, &left), Ordering::Less);
    }

    // I-RND-01: the same for a debt, where a higher price is the pool's gain as well.
    #[test]
    fn borrow_and_repay_never_gain(totals in any_totals(), amount in any_amount()) {
        let received = Assets(amount);
        let owed = totals.to_shares_ceil(received).unwrap();
        let borrowed = totals.checked_add(received, owed).unwrap();
        prop_assert!(borrowed.to_assets_ceil(owed).unwrap() >= received);
    }

    // I-RND-03
    #[test]
    fn splitting_a_supply_mints_no_more(totals in any_totals(), one in any_amount(), two in any_amount()) {
        let first = totals.to_shares_floor(Assets(one)).unwrap();
        let between = totals.checked_add(Assets(one), first).unwrap();
        let second = between.to_shares_floor(Assets(two)).unwrap();
        let whole = totals.to_shares_floor(Assets(one + two)).unwrap();
        prop_assert!(first.checked_add(second).unwrap() <= whole);
    }

    #[test]
    fn floor_and_ceiling_are_at_most_one_apart(totals in any_totals(), amount in any_amount()) {
        let assets = totals.to_assets_ceil(Shares(amount)).unwrap().0
            - totals.to_assets_floor(Shares(amount)).unwrap().0;
        let shares = totals.to_shares_ceil(Assets(amount)).unwrap().0
            - totals.to_shares_floor(Assets(amount)).unwrap().0;
        prop_assert!(assets <= 1 && shares <= 1);
    }
}

#[test]
fn the_start_is_a_million_shares_per_unit() {
    let empty = Totals::default();
    assert_eq!(empty.to_shares_floor(Assets(7)), Ok(Shares(7_000_000)));
    assert_eq!(empty.to_assets_floor(Shares(7_999_999)), Ok(Assets(7)));
    assert_eq!(empty.to_assets_ceil(Shares(1)), Ok(Assets(1)));
}

#[test]
fn what_does_not_fit_is_refused() {
    let totals = Totals { assets: MAX_TOTAL_ASSETS, shares: Shares::ZERO };
    assert!(totals.to_shares_floor(Assets::MAX).is_ok());
    let empty = Totals::default();
    assert!(empty.to_shares_ceil(MAX_TOTAL_ASSETS).is_ok());
    assert_eq!(empty.to_shares_floor(Assets(u128::MAX / 1_000_000 + 1)), Err(Overflow));
    let full = Totals { assets: Assets::MAX, shares: Shares::ZERO };
    assert_eq!(full.to_assets_floor(Shares(1)), Err(Overflow));
    let full = Totals { assets: Assets::ZERO, shares: Shares::MAX };
    assert_eq!(full.to_assets_floor(Shares(1)), Err(Overflow));
    assert_eq!(full.checked_add(Assets(0), Shares(1)), Err(Overflow));
    assert_eq!(full.checked_sub(Assets(1), Shares(1)), Err(Overflow));
}

/// A gift of 10^12 to a total seeded with 1000 units, and a victim of half of it: the numbers of the vector WS-00.
#[test]
fn an_inflation_attack_costs_the_attacker_the_gift() {
    let seeded = Totals { assets: Assets(1_000), shares: Shares(1_000_000_000) };
    let lifted = Totals { assets: Assets(1_000_000_001_000), shares: seeded.shares };
    let minted = lifted.to_shares_floor(Assets(500_000_000_000)).unwrap();
    // 5·10^11 · 1 001 000 000 / 1 000 000 001 001 = 500 499 999.499…
    assert_eq!(minted, Shares(500_499_999));
    let joined = lifted.checked_add(Assets(500_000_000_000), minted).unwrap();
    assert_eq!(joined.to_assets_floor(minted), Ok(Assets(499_999_999_667)));
    assert_eq!(joined.to_assets_floor(seeded.shares), Ok(Assets(999_001_000_333)));
}

/// 2^128 / 10^6 = 340 282 366 920 938 463 463 374 607 431 768.2…, less the virtual unit.
#[test]
fn the_largest_supply_still_has_its_shares() {
    assert_eq!(MAX_TOTAL_ASSETS, Assets(340_282_366_920_938_463_463_374_607_431_767));
    let empty = Totals::default();
    assert!(empty.to_shares_floor(MAX_TOTAL_ASSETS).is_ok());
}
