//! How much of a debt a liquidation repays, and for which bonus. Values and ratios only: no legs, no tokens.

use crate::{
    math::{mul_div_ceil, mul_div_floor},
    units::{Bps, Overflow, Value, WAD, WAD_PER_BPS, Wad},
};

/// The terms of a liquidation, see [`target_health_repay_value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The health factor that the account should have afterwards.
    pub target: Wad,
    /// Liquidation threshold of the seized collateral.
    pub threshold: Wad,
    /// The liquidator's bonus, 0.05 for 5 %.
    pub bonus: Wad,
}

/// The value of debt to repay so that the account reaches the target health, not bounded by anything:
/// x = (T·D − H) / (T − threshold·(1 + b)), rounded up. `None` if the denominator is not positive or x does not fit: no
/// repayment of this collateral reaches the target.
///
/// `debt` is D, all debt of the account; `weighted` is H, the sum of value · threshold over all its collateral. An
/// account at or above the target gives 0.
///
/// # Errors
/// [`Overflow`] if an intermediate does not fit 128 bits.
pub fn repay_to_target(
    debt: Value,
    weighted: Value,
    terms: &Terms,
) -> Result<Option<Value>, Overflow> {
    let with_bonus = WAD.checked_add(terms.bonus.0).ok_or(Overflow)?;
    let wanted = mul_div_ceil(debt.0, terms.target.0, WAD)?;
    let missing = match wanted.checked_sub(weighted.0) {
        None | Some(0) => return Ok(Some(Value::ZERO)),
        Some(missing) => missing,
    };
    // What each unit repaid takes from H. Rounded up, so that the result is not too small.
    let taken = mul_div_ceil(terms.threshold.0, with_bonus, WAD)?;
    // A difference of zero ends in a division by zero, which is an error like a result that does not fit.
    let gained = terms.target.0.checked_sub(taken);
    Ok(gained.and_then(|gained| mul_div_ceil(missing, WAD, gained).ok()).map(Value))
}

/// The value of debt that a liquidation may repay: [`repay_to_target`], or all of D where that has no answer, at most D,
/// and at most the value that the seizable collateral pays for, ⌊C / (1 + b)⌋.
///
/// `seizable` is C, the value of the collateral that is being seized.
///
/// # Errors
/// [`Overflow`] if an intermediate does not fit 128 bits.
pub fn target_health_repay_value(
    debt: Value,
    weighted: Value,
    terms: &Terms,
    seizable: Value,
) -> Result<Value, Overflow> {
    let with_bonus = WAD.checked_add(terms.bonus.0).ok_or(Overflow)?;
    let paid_for = mul_div_floor(seizable.0, WAD, with_bonus)?;
    let repay = repay_to_target(debt, weighted, terms)?.unwrap_or(debt);
    Ok(repay.min(debt).min(Value(paid_for)))
}

/// The bonus at a health factor: `min` at 1 and above, `max` at `health_for_max` and below, a straight line in between,
/// rounded down (against the liquidator).
///
/// # Errors
/// [`Overflow`] if `max` is below `min`, or if the line's intermediate does not fit.
#[inline]
pub fn bonus_linear(health: Wad, min: Wad, max: Wad, health_for_max: Wad) -> Result<Wad, Overflow> {
    let span = max.checked_sub(min)?;
    if health <= health_for_max {
        return Ok(max);
    }
    if health >= Wad::ONE {
        return Ok(min);
    }
    // health_for_max < health < 1: neither difference is negative and the second is not zero.
    let gain = mul_div_floor(span.0, WAD - health.0, WAD - health_for_max.0)?;
    min.checked_add(Wad(gain))
}

/// The multiplier 1 + bonus in basis points, rounded down, where the smallest bonus is given as a part of the largest:
/// the form of Aave v4.
///
/// # Errors
/// [`Overflow`] if `min_factor` is above 1 or the multiplier does not fit.
pub fn bonus_linear_hf(
    health: Wad,
    min_factor: Wad,
    max: Wad,
    health_for_max: Wad,
) -> Result<Bps, Overflow> {
    let min = Wad(mul_div_floor(max.0, min_factor.0, WAD)?);
    let bonus = bonus_linear(health, min, max, health_for_max)?;
    let multiplier = WAD.checked_add(bonus.0).ok_or(Overflow)?;
    u16::try_from(mul_div_floor(multiplier, 1, WAD_PER_BPS)?).map(Bps).map_err(|_| Overflow)
}

#[cfg(test)]
mod tests;
