//! I-LQ-02, I-LQ-03, I-LQ-04, I-LQ-05, I-LQ-08 for prices, sizes and bounds at random, in exact fractions.

use crate::{
    address::Address,
    config::ReserveConfig,
    error::Code,
    liquidate::Order,
    state::ReserveId,
    submit::Kind,
    testkit::*,
    units::{Assets, Wad},
};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

fn ratio(numerator: u128, denominator: u128) -> BigRational {
    BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
}

/// USD of an amount, exact.
fn worth(pool: &Pool, token: Address, amount: u128) -> BigRational {
    let reserve = pool.reserve(token);
    ratio(amount, 10u128.pow(u32::from(reserve.decimals))) * ratio(reserve.price.median.0, USD)
}

/// 18 decimals at 0.002 cents: one unit of value is 50 000 units of it.
const CHEAP: Address = Address([0x04; 20]);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_liquidation_keeps_its_bounds(
        supplied in 1u128..2_000,
        protected in 0u128..2_000,
        part in 50u128..=100,
        fall in 2u128..95,
        bound in prop_oneof![Just(u128::MAX), 1u128..3_000_000_000],
        receive_shares: bool,
        seconds in 0u32..10_000_000,
    ) {
        let mut pool = Pool::new();
        let milli = ONE_ETH / 1_000;
        pool.supply(ALICE, ETH, supplied * 10 * milli + 3).unwrap();
        if protected > 0 {
            pool.act(ALICE, Kind::Protect, ETH, protected * milli).unwrap();
        }
        // 1 milli-ETH supports 1.50 dollars.
        let capacity = (supplied * 10 + protected) * 1_500_000;
        prop_assume!(capacity * part / 100 > 110 * ONE_USDC);
        pool.borrow(ALICE, USDC, capacity * part / 100).unwrap();
        pool.advance(seconds);
        pool.price(ETH, 2_000 * USD * (100 - fall) / 100 + 1);
        let before = pool.clone();
        let health = pool.health(ALICE);
        let data = pool.host.account_data(&ALICE).unwrap();
        let order = Order {
            max_repay: Assets(bound),
            receive_shares,
            ..order(ALICE, USDC, ETH)
        };
        let outcome = match pool.liquidate(BOB, &order) {
            Ok(outcome) => outcome,
            Err(refusal) => {
                let code = refusal.code();
                // Only ever one of these, and never because of "healthy" when it is not.
                prop_assert!(
                    (code == Code::Healthy && health >= USD)
                        || code == Code::DustLeft
                        || code == Code::BelowMinimum,
                    "{:?} at {}", refusal, health
                );
                return Ok(());
            }
        };
        prop_assert!(health < USD);
        let event = outcome.event;
        let seized = event.seized_protected.0 + event.seized_assets.0;
        // I-LQ-03: no more than repaid · (1 + bonus), and the bonus within its bounds.
        prop_assert!(event.bonus >= Wad(USD / 50) && event.bonus <= Wad(USD / 10));
        let paid = worth(&before, USDC, outcome.repay.0);
        let taken = worth(&before, ETH, seized);
        prop_assert!(taken <= paid * ratio(USD + event.bonus.0, USD));
        // I-LQ-08: the insurance's part is within the bonus, a tenth of it and not a unit less.
        let bonus = ratio(seized, 1) - ratio(seized, 1) * ratio(USD, USD + event.bonus.0);
        let cut = ratio(event.insurance_assets.0, 1);
        prop_assert!(cut >= bonus.clone() / ratio(10, 1).reduced() && cut <= bonus + ratio(1, 1));
        // I-LQ-04 and the caller's bound.
        prop_assert!(outcome.repay.0 <= bound);
        let leg = data.legs()[0];
        prop_assert!(event.seized_protected <= leg.protected && event.seized_assets <= leg.supplied);
        let after = pool.host.account_data(&ALICE).unwrap();
        // I-LQ-06: what has no collateral has no debt.
        if after.account.supplies().is_empty() {
            prop_assert!(!after.account.has_debt());
        }
        if after.account.has_debt() {
            // I-LQ-02: the health rises where the collateral bears the bonus.
            let ratio_of = ratio(data.collateral_value.0, data.debt_value.0);
            let borne = ratio_of >= ratio(USD + event.bonus.0, USD);
            // Rounding charges the borrower up to two units of debt, 10^12 WAD each.
            let rounding = ratio(2 * ONE_ETH / ONE_USDC, after.debt_value.0) * ratio(health, 1);
            let least = ratio(health, 1) - rounding;
            if borne {
                prop_assert!(ratio(after.health_factor.0, 1) >= least, "{:?} {}", after, health);
            }
            // The target is not exceeded by more than rounding, unless a whole leg went.
            prop_assert!(after.health_factor.0 <= 1_050_001_000_000_000_000 || !borne);
            // I-LQ-05.
            prop_assert!(after.debt_value >= DUST);
            prop_assert!(after.collateral_value >= DUST || after.collateral_value.0 == 0);
        }
        for token in TOKENS {
            let balances = pool.reserve(token).balances;
            prop_assert_eq!(balances.cash.0 + balances.debt.assets.0, balances.supply.assets.0);
        }
        // Protected tokens: what left is what was paid out or went into the supply.
        let held = pool.account(ALICE).supply(ReserveId(2)).map_or(0, |leg| leg.protected.0);
        prop_assert_eq!(pool.reserve(ETH).balances.protected.0, 10 + held);
    }

    /// Where the collateral does not pay for the debt, all of it goes, to the last share and the last unit, for any pair
    /// of decimals and any price of a share.
    #[test]
    fn a_whole_collateral_leaves_nothing_behind(
        pair in prop_oneof![Just((USDC, DOT)), Just((DOT, ETH)), Just((ETH, USDC)), Just((ETH, CHEAP))],
        odd in 1u128..1_000,
        fall in 0u128..1_000,
        receive_shares: bool,
        protect: bool,
        seconds in 1u32..20_000_000,
    ) {
        let (debt, collateral) = pair;
        let mut pool = Pool::new();
        let worth = |token, dollars: u128| match token {
            USDC => dollars * ONE_USDC,
            DOT => dollars * ONE_DOT / 5,
            CHEAP => dollars * ONE_ETH * 50_000,
            _ => dollars * ONE_ETH / 2_000,
        };
        let cheap = ReserveConfig {
            supply_cap: 1_000_000_000_000,
            borrow_cap: 1_000_000_000_000,
            protected_cap: 1_000_000_000_000,
            ..config(7_000, 7_500)
        };
        pool.list(CHEAP, 18, &cheap);
        pool.price(CHEAP, USD / 50_000);
        pool.supply(DAVE, CHEAP, worth(CHEAP, 1_000_000)).unwrap();
        // Somebody borrows the collateral, so that its shares earn.
        pool.supply(CAROL, debt, worth(debt, 400_000)).unwrap();
        pool.borrow(CAROL, collateral, worth(collateral, 200_000)).unwrap();
        pool.advance(seconds);
        pool.price(CHEAP, USD / 50_000);
        pool.supply(ALICE, collateral, worth(collateral, 1_000) + odd).unwrap();
        if protect {
            pool.act(ALICE, Kind::Protect, collateral, worth(collateral, 100) + odd).unwrap();
        }
        pool.borrow(ALICE, debt, worth(debt, 600) + odd).unwrap();
        pool.advance(1_000);
        pool.price(CHEAP, USD / 50_000);
        let price = pool.reserve(collateral).price.median.0;
        pool.price(collateral, price / 4 + fall * 7);
        pool.host.take_events();
        let held = pool.host.account_data(&ALICE).unwrap().legs()[0];
        let order = Order { receive_shares, ..order(ALICE, debt, collateral) };
        let outcome = pool.liquidate(BOB, &order).unwrap();
        let event = outcome.event;
        prop_assert_eq!(event.seized_assets, held.supplied);
        prop_assert_eq!(event.seized_protected, held.protected);
        let forfeited = pool.host.take_events().into_iter().any(|event| {
            matches!(event, crate::event::Event::DustForfeited { .. })
        });
        prop_assert!(!forfeited);
        prop_assert!(pool.account(ALICE).supplies().is_empty());
        prop_assert!(!pool.account(ALICE).has_debt());
    }
}
