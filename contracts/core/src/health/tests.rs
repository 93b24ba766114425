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
