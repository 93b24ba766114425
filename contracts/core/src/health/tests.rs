#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::testkit::USD;
use num_bigint::BigInt;
use proptest::prelude::*;

fn values(weighted: u128, debt: u128) -> Values {
    Values { collateral: Value(0), weighted, debt: Value(debt) }
}

#[test]
fn a_health_factor_is_weighted_collateral_over_debt() {
    // 1 000 dollars at 80 % against 640: 1.25.
    let values = values(1_000 * USD * 8_000, 640 * USD);
    assert_eq!(values.health_factor(), Wad(1_250_000_000_000_000_000));
    assert_eq!(values.supported(), Value(800 * USD));
    assert!(values.covers());
}

#[test]
fn exactly_one_is_healthy_and_no_debt_has_no_bound() {
    assert_eq!(values(10_000, 1).health_factor(), HEALTHY);
    assert!(values(10_000, 1).covers());
    assert!(!values(9_999, 1).covers());
    assert_eq!(values(0, 0).health_factor(), Wad::MAX);
    assert!(values(0, 0).covers());
}

proptest! {
    /// The factor and the decision agree, in integers without bounds.
    #[test]
    fn the_factor_is_below_one_exactly_where_the_debt_is_not_covered(
        weighted in any::<u128>(),
        debt in 1u128..,
    ) {
        let values = values(weighted, debt);
        let exact = BigInt::from(weighted) * BigInt::from(10u64.pow(14)) / BigInt::from(debt);
        let expected = u128::try_from(exact).map_or(Wad::MAX, Wad);
        prop_assert_eq!(values.health_factor(), expected);
        prop_assert_eq!(values.covers(), expected >= HEALTHY);
    }
}

/// A leg counts unless it is opted out or its threshold is nothing, now and at the end of the ramp.
#[test]
fn what_counts_as_collateral() {
    use crate::testkit::{ETH, Pool, START};
    use crate::units::{Assets, Shares};

    let mut reserve = Pool::new().reserve(ETH);
    let end = Timestamp(START.0 + 7_200);
    reserve.risk.ramp.start = START;
    reserve.risk.ramp.end = end;
    let leg = |opted_out| SupplyLeg {
        reserve: ReserveId(2),
        opted_out,
        shares: Shares(1),
        protected: Assets(0),
    };
    // From, target, when: 200 basis points take two hours.
    for (from, target, now, counted) in [
        (200, 200, START, true),
        (200, 0, START, true),
        (200, 0, Timestamp(START.0 + 7_199), true),
        (200, 0, end, false),
        (0, 200, START, true),
        (0, 200, end, true),
        (0, 0, START, false),
    ] {
        reserve.risk.threshold.from = Bps(from);
        reserve.risk.threshold.target = Bps(target);
        assert_eq!(counts(&reserve, &leg(false), 0, now), counted, "{from} to {target}");
        assert!(!counts(&reserve, &leg(true), 0, now), "opted out");
    }
}

/// I-LQ-01: only the two reserves of a liquidation must have a price; each of both.
#[test]
fn i_lq_01_a_liquidation_without_one_of_its_prices_has_no_values() {
    use crate::{
        error::Code,
        feed::Status,
        submit::touch_token,
        testkit::{ALICE, DOT, ETH, ONE_DOT, ONE_ETH, ONE_USDC, Pool, TOKENS, USDC},
    };

    let (usdc, dot, eth) = (ReserveId(0), ReserveId(1), ReserveId(2));
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.supply(ALICE, DOT, 100 * ONE_DOT).unwrap();
    pool.borrow(ALICE, USDC, 1_000 * ONE_USDC).unwrap();
    let account = pool.account(ALICE);
    let look = |bad, debt, collateral| {
        let mut pool = pool.clone();
        pool.change(bad, |reserve| reserve.price.status = Status::Suspect);
        let mut book = Book::new();
        for token in TOKENS {
            touch_token(&mut book, &mut pool.host, &pool.root, &token).unwrap();
        }
        let now = pool.host.time();
        super::values(&account, &book, now, View::Liquidation { debt, collateral })
    };
    for (bad, id, debt, collateral) in [(USDC, usdc, usdc, eth), (ETH, eth, usdc, eth)] {
        let refused = look(bad, debt, collateral).unwrap_err();
        assert_eq!((refused.code(), refused.a()), (Code::PriceNotUsable, Word::from(id)));
    }
    // DOT is no part of the first and all of it counts double: 100 · 5 · 2 beside 10 · 2 000.
    assert_eq!(look(DOT, usdc, eth).unwrap().collateral, Value(21_000 * USD));
    assert_eq!(look(DOT, usdc, dot).unwrap_err().code(), Code::PriceNotUsable);
}
