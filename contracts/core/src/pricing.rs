//! Which price an operation may use, and what an amount is worth at it.
//!
//! | operation | age | status | side |
//! |---|---|---|---|
//! | supply, protect, repay, leaving without debt, flash loan | – | – | – |
//! | borrow, withdraw or unprotect with debt, opting out, category | strict | ok | collateral low, debt high |
//! | liquidate (the two reserves; others by benefit of the doubt) | long | ok or confirmed | median |

use crate::{
    error::{Code, Refusal, Word, refuse, refuse_one},
    feed::Status,
    math::{mul_div_ceil, mul_div_floor, pow10},
    state::{ReserveId, price::StoredPrice, reserve::Ages},
    units::{Assets, BPS, Overflow, Price, Timestamp, Value},
};

/// What an operation asks of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The longer age of the reserve will do.
    pub long_age: bool,
    /// A price that was confirmed after a step too far will do.
    pub confirmed: bool,
}

/// For whatever takes on risk.
pub const NEW_RISK: Policy = Policy { long_age: false, confirmed: false };
/// For liquidations.
pub const LIQUIDATION: Policy = Policy { long_age: true, confirmed: true };

impl Policy {
    /// Lets a price through, or says what is wrong with it.
    ///
    /// # Errors
    /// `PriceMissing`, `PriceNotUsable` with the status, `PriceStale` with the age in seconds.
    pub fn check(
        &self,
        id: ReserveId,
        price: &StoredPrice,
        ages: &Ages,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if price.median.is_zero() || price.status == Status::None {
            return Err(refuse_one(Code::PriceMissing, Word::from(id)));
        }
        if price.status != Status::Ok && !(self.confirmed && price.status == Status::Confirmed) {
            let status = Word::from(price.status.code());
            return Err(refuse(Code::PriceNotUsable, Word::from(id), status));
        }
        // A price is never accepted from the future; one that is would have no age.
        let age = now.since(price.time).map_or(0, |age| age.0);
        let most = if self.long_age { ages.long } else { ages.strict };
        if age > u32::from(most) {
            return Err(refuse(Code::PriceStale, Word::from(id), Word::from(age)));
        }
        Ok(())
    }
}

/// The lower side: median · (1 − down), rounded down.
#[must_use]
pub fn low(price: &StoredPrice) -> Price {
    let part = part_ceil(price.median.0, price.down.0);
    Price(price.median.0.saturating_sub(part))
}

/// The higher side: median · (1 + up), rounded up.
#[must_use]
pub fn high(price: &StoredPrice) -> Price {
    let part = part_ceil(price.median.0, price.up.0);
    Price(price.median.0.saturating_add(part))
}

/// ⌈number · bps / 10 000⌉; the largest number if that does not fit.
fn part_ceil(number: u128, bps: u16) -> u128 {
    if bps == 0 {
        return 0;
    }
    mul_div_ceil(number, u128::from(bps), u128::from(BPS)).unwrap_or(u128::MAX)
}

/// What a collateral counts for when its price cannot be used: twice the higher side, which takes in a candidate that
/// waits for confirmation. An oracle error is never "unhealthy".
#[must_use]
pub fn doubt_collateral(price: &StoredPrice) -> Price {
    Price(high(price).0.saturating_mul(2))
}

/// What a debt counts for when its price cannot be used: half of the lower side.
#[must_use]
pub fn doubt_debt(price: &StoredPrice) -> Price {
    Price(low(price).0 / 2)
}

/// ⌊amount · price / 10^decimals⌋.
///
/// # Errors
/// [`Overflow`] if the value does not fit.
pub fn value_floor(amount: Assets, price: Price, decimals: u8) -> Result<Value, Overflow> {
    mul_div_floor(amount.0, price.0, pow10(decimals)?).map(Value)
}

/// ⌈amount · price / 10^decimals⌉.
///
/// # Errors
/// [`Overflow`] if the value does not fit.
pub fn value_ceil(amount: Assets, price: Price, decimals: u8) -> Result<Value, Overflow> {
    mul_div_ceil(amount.0, price.0, pow10(decimals)?).map(Value)
}

/// ⌊value · 10^decimals / price⌋.
///
/// # Errors
/// [`Overflow`] if the amount does not fit or the price is zero.
pub fn amount_floor(value: Value, price: Price, decimals: u8) -> Result<Assets, Overflow> {
    mul_div_floor(value.0, pow10(decimals)?, price.0).map(Assets)
}

/// ⌈value · 10^decimals / price⌉.
///
/// # Errors
/// [`Overflow`] if the amount does not fit or the price is zero.
pub fn amount_ceil(value: Value, price: Price, decimals: u8) -> Result<Assets, Overflow> {
    mul_div_ceil(value.0, pow10(decimals)?, price.0).map(Assets)
}

#[cfg(test)]
mod tests;
