//! The native token as an ERC-20: what its units are worth, and what moving them does to the books.
//!
//! A contract sees native money in wei, 18 decimals whatever the chain's own are; the token counts native units. One
//! unit is a whole number of wei, and what is not a whole number of units is refused, never rounded: every token in
//! circulation is backed by its wei, to the last one.

use crate::{
    math::U256,
    units::{Assets, Overflow},
};

/// Decimals in which a contract sees native money.
const WEI_DECIMALS: u8 = 18;

/// How many wei a unit of the token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(u128);

impl Scale {
    /// The scale of a token with these decimals; none above 18, where a unit would be less than a wei.
    #[must_use]
    pub fn new(decimals: u8) -> Option<Self> {
        let power = WEI_DECIMALS.checked_sub(decimals)?;
        10_u128.checked_pow(power.into()).map(Self)
    }

    /// Wei in one unit.
    #[must_use]
    pub const fn unit(self) -> u128 {
        self.0
    }

    /// The units in so many wei; none where wei would be left over.
    #[must_use]
    pub const fn units(self, wei: u128) -> Option<Assets> {
        // A scale is never zero.
        match (wei.checked_div(self.0), wei.checked_rem(self.0)) {
            (Some(units), Some(0)) => Some(Assets(units)),
            _ => None,
        }
    }

    /// What so many units are in wei.
    ///
    /// # Errors
    /// [`Overflow`] for more than there can be.
    pub fn wei(self, units: Assets) -> Result<u128, Overflow> {
        units.0.checked_mul(self.0).ok_or(Overflow)
    }
}

/// A balance after `amount` was taken from it; none if it is smaller. Amounts are those of the interface, 256 bits wide:
/// no balance holds what does not fit 128.
#[must_use]
pub fn debit(balance: Assets, amount: U256) -> Option<(Assets, Assets)> {
    let amount = u128::try_from(amount).ok()?;
    balance.0.checked_sub(amount).map(|left| (Assets(left), Assets(amount)))
}

/// An allowance after `amount` was spent of it; none if it is smaller. The largest one is without end and stays.
#[must_use]
pub fn spend(allowance: U256, amount: U256) -> Option<U256> {
    if allowance == U256::MAX { Some(allowance) } else { allowance.checked_sub(amount) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn a_unit_of_ten_decimals_is_a_hundred_million_wei() {
        let scale = Scale::new(10).unwrap();
        assert_eq!(scale.unit(), 100_000_000);
        assert_eq!(scale.units(700_000_000), Some(Assets(7)));
        assert_eq!(scale.units(0), Some(Assets(0)));
        for remainder in [1, 99_999_999] {
            assert_eq!(scale.units(700_000_000 + remainder), None);
        }
        assert_eq!(scale.wei(Assets(7)), Ok(700_000_000));
        assert_eq!(scale.wei(Assets(u128::MAX)), Err(Overflow));
    }

    #[test]
    fn decimals_go_from_none_to_eighteen() {
        assert_eq!(Scale::new(0).unwrap().unit(), 1_000_000_000_000_000_000);
        assert_eq!(Scale::new(18).unwrap().units(5), Some(Assets(5)));
        assert_eq!(Scale::new(19), None);
        assert_eq!(Scale::new(255), None);
    }

    #[test]
    fn nobody_spends_what_is_not_there() {
        let (none, one) = (U256::ZERO, U256::from(1_u8));
        assert_eq!(debit(Assets(5), U256::from(5_u8)), Some((Assets(0), Assets(5))));
        assert_eq!(debit(Assets(5), U256::from(6_u8)), None);
        // 2^128 + 1 is not 1.
        assert_eq!(debit(Assets(5), U256::from(u128::MAX) + U256::from(2_u8)), None);
        assert_eq!(spend(one, one), Some(none));
        assert_eq!(spend(none, one), None);
        assert_eq!(spend(U256::MAX, U256::MAX), Some(U256::MAX));
        assert_eq!(spend(U256::MAX - one, one), Some(U256::MAX - one - one));
    }
}
