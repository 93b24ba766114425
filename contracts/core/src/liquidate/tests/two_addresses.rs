//! One owner with two addresses: what he can win by liquidating himself.

use crate::{
    address::Address, error::Code, event::Event, liquidate::Order, testkit::*, units::Assets,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use proptest::prelude::*;

/// Dollars of an amount at the price of now, exact.
fn worth(pool: &Pool, token: Address, amount: u128) -> BigRational {
    let reserve = pool.reserve(token);
    let units = BigInt::from(10u8).pow(u32::from(reserve.decimals)) * BigInt::from(USD);
    BigRational::new(BigInt::from(amount) * BigInt::from(reserve.price.median.0), units)
}

/// What the first address is worth: its collateral less its debt, and nothing if it walks away.
fn equity(pool: &Pool) -> BigRational {
    let account = pool.account(ALICE);
    let mut sum = BigRational::zero();
    for token in TOKENS {
        let id = pool.root.find(&token).unwrap();
        let balances = pool.reserve(token).balances;
        if let Some(leg) = account.supply(id) {
            let supplied = balances.supply.to_assets_floor(leg.shares).unwrap();
            sum += worth(pool, token, supplied.0 + leg.protected.0);
        }
        let owed = balances.debt_cost(account.debt(id)).unwrap().paid;
        sum -= worth(pool, token, owed.0);
    }
    sum.max(BigRational::zero())
}

/// Shares that the second address got, as tokens.
fn held(pool: &Pool) -> BigRational {
    let id = pool.root.find(&ETH).unwrap();
    let shares = pool.account(BOB).supply(id).map(|leg| leg.shares).unwrap_or_default();
    let assets = pool.reserve(ETH).balances.supply.to_assets_floor(shares).unwrap();
    worth(pool, ETH, assets.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// However far the price falls, into however many liquidations it is cut: nothing is won while the collateral bears
    /// the smallest bonus, and where it does not, at most that bonus on what was repaid (2 % in this pool).
    #[test]
    fn i_lq_12_two_addresses_of_one_owner_win_no_more_than_the_smallest_bonus(
        fall in 7u128..70,
        cents in 0u128..100,
        orders in prop::collection::vec((1u128..=16_000, any::<bool>()), 1..6),
        seconds in 0u32..20_000_000,
    ) {
        let mut pool = super::borrower();
        pool.advance(seconds);
        pool.price(ETH, 2_000 * USD * (100 - fall) / 100 + cents * USD / 100);
        pool.host.take_events();
        // Books interest, so that it is not counted as a loss of the owner.
        pool.supply(DAVE, USDC, ONE_USDC).unwrap();
        pool.supply(DAVE, ETH, ONE_ETH / 1_000).unwrap();
        let before = equity(&pool);
        let smallest = BigRational::new(2.into(), 100.into());
        let bears = {
            let data = pool.host.account_data(&ALICE).unwrap();
            data.collateral_value.0 * 100 >= data.debt_value.0 * 102
        };
        let (mut paid, mut taken) = (BigRational::zero(), BigRational::zero());
        let mut done = 0u8;
        for (dollars, receive_shares) in orders {
            let max_repay = Assets(dollars * ONE_USDC);
            let order = Order { max_repay, receive_shares, ..order(ALICE, USDC, ETH) };
            match pool.liquidate(BOB, &order) {
                Ok(outcome) => {
                    paid += worth(&pool, USDC, outcome.repay.0);
                    taken += worth(&pool, ETH, outcome.pay_out.0);
                    done += 1;
                }
                Err(refusal) => prop_assert!(matches!(
                    refusal.code(),
                    Code::Healthy | Code::DustLeft | Code::BelowMinimum | Code::NothingOwed
                )),
            }
        }
        let gain = equity(&pool) + held(&pool) + taken - &paid - before;
        // Each liquidation rounds by a few units of a millionth of a dollar.
        let rounding = BigRational::new(BigInt::from(10u32 * u32::from(done)), 1_000_000.into());
        let bound = if bears { BigRational::zero() } else { &paid * smallest };
        prop_assert!(gain <= bound.clone() + rounding, "{gain} above {bound} of {paid}");
        if bears {
            let lost = |event: &Event| matches!(event, Event::BadDebt(_));
            prop_assert!(!pool.host.take_events().iter().any(lost), "suppliers lost");
        }
    }
}
