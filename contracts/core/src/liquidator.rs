//! What a liquidation earned its keeper.

use crate::units::{Assets, Overflow};

/// What came in between two looks at a balance, if it is at least `least`.
///
/// # Errors
/// What came in, zero where the balance fell, if it is less.
pub fn profit(before: Assets, after: Assets, least: Assets) -> Result<Assets, Assets> {
    let profit = after.checked_sub(before).map_err(|_| Assets(0))?;
    if profit < least { Err(profit) } else { Ok(profit) }
}

/// What a flash loan takes back.
///
/// # Errors
/// [`Overflow`].
pub fn due(amount: Assets, fee: Assets) -> Result<Assets, Overflow> {
    amount.checked_add(fee)
}

/// What a seizure brought, between two looks at the balance.
///
/// # Errors
/// [`Overflow`] if the balance fell.
pub fn received(before: Assets, after: Assets) -> Result<Assets, Overflow> {
    after.checked_sub(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_asked_for_is_no_profit() {
        let of = |before, after, least| profit(Assets(before), Assets(after), Assets(least));
        assert_eq!(of(10, 17, 7), Ok(Assets(7)));
        assert_eq!(of(10, 17, 8), Err(Assets(7)));
        assert_eq!(of(10, 10, 0), Ok(Assets(0)));
        // A loss is none, even where nothing was asked for.
        assert_eq!(of(10, 9, 0), Err(Assets(0)));
    }

    #[test]
    fn sums_and_differences_do_not_wrap() {
        assert_eq!(due(Assets(5), Assets(2)), Ok(Assets(7)));
        assert!(due(Assets(u128::MAX), Assets(1)).is_err());
        assert_eq!(received(Assets(5), Assets(7)), Ok(Assets(2)));
        assert!(received(Assets(7), Assets(5)).is_err());
    }
}
