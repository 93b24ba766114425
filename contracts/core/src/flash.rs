//! The price of a flash loan.

use crate::{
    math::mul_div_ceil,
    units::{Assets, BPS, Bps, Overflow},
};

/// ⌈amount · bps / 10 000⌉. Rounded up: a floor would make small loans free and invite splitting.
///
/// # Errors
/// [`Overflow`] if the fee does not fit, which needs more than 100 % of a very large amount.
#[inline]
pub fn fee_ceil(amount: Assets, fee: Bps) -> Result<Assets, Overflow> {
    mul_div_ceil(amount.0, u128::from(fee.0), u128::from(BPS)).map(Assets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_is_never_rounded_to_nothing() {
        // 1 unit at 9 bps is 0.0009 of a unit.
        assert_eq!(fee_ceil(Assets(1), Bps(9)), Ok(Assets(1)));
        assert_eq!(fee_ceil(Assets(0), Bps(9)), Ok(Assets::ZERO));
        assert_eq!(fee_ceil(Assets(1), Bps(0)), Ok(Assets::ZERO));
    }

    #[test]
    fn splitting_a_loan_saves_nothing() {
        // 10 000 · 5 / 10 000 = 5 exactly; 9 999 and 1 apart: 4.9995 -> 5 and 0.0005 -> 1.
        assert_eq!(fee_ceil(Assets(10_000), Bps(5)), Ok(Assets(5)));
        assert_eq!(fee_ceil(Assets(9_999), Bps(5)), Ok(Assets(5)));
        assert_eq!(fee_ceil(Assets::MAX, Bps(10_000)), Ok(Assets::MAX));
        assert_eq!(fee_ceil(Assets::MAX, Bps(10_001)), Err(Overflow));
    }
}
