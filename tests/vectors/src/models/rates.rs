//! Rate curves of other protocols.

use num_bigint::BigInt;
use num_traits::{One, Zero};

use super::divide;
use crate::{
    Outputs,
    compare::Output,
    inputs::{Fault, Inputs},
    number::{Number, int, power_of_ten},
};

pub(super) fn kink_unit(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (used, kink) = (inputs.number("utilisation")?, inputs.number("kink")?);
    let low = inputs.number("slope_low")? * used.clone().min(kink.clone());
    let high = inputs.number("slope_high")? * (used - kink).max(Number::zero());
    Ok(vec![("rate", Output::exact(inputs.number("base")? + low + high))])
}

pub(super) fn kink_total(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (used, kink) = (inputs.number("utilisation")?, inputs.number("optimal")?);
    let (base, slope1) = (inputs.number("base")?, inputs.number("slope1")?);
    let rate = if used <= kink {
        base + divide(slope1 * used, kink)?
    } else {
        base + slope1 + divide(inputs.number("slope2")? * (used - &kink), Number::one() - kink)?
    };
    Ok(vec![("rate", Output::exact(rate))])
}

pub(super) fn plateau_rates(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (used, optimal) = (inputs.number("utilisation")?, inputs.number("optimal")?);
    let plateau = inputs.number("plateau")?;
    let base = if used <= optimal {
        divide(&plateau * &used, optimal)?
    } else {
        let above = divide(&used - &optimal, Number::one() - &optimal)?;
        &plateau + above * (inputs.number("max")? - &plateau)
    };
    let insurance = inputs.number("insurance_ir")? * &base;
    let borrow = &base + &insurance + inputs.number("fixed_fee")?;
    Ok(vec![
        ("lending", Output::exact(&base * used)),
        ("borrow", Output::exact(borrow)),
        ("insurance", Output::exact(insurance)),
        ("base", Output::exact(base)),
    ])
}

pub(super) fn exponential2(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (base, top) = (inputs.number("base")?, inputs.number("top")?);
    let eccentricity = inputs.number("eccentricity")?;
    let reached = exp2(&(&eccentricity * inputs.number("utilisation")?))? - int(1);
    let full = exp2(&eccentricity)? - int(1);
    let rate = &base + (top - &base) * divide(reached, full)?;
    Ok(vec![("rate", Output::exact(rate))])
}

/// Digits of the irrational results.
const DIGITS: u32 = 120;

/// 2^x, good to about [`DIGITS`] digits after the point.
fn exp2(x: &Number) -> Result<Number, Fault> {
    let whole = x.floor().to_integer();
    let places = i32::try_from(whole.clone())
        .ok()
        .filter(|places| places.unsigned_abs() <= 1_000)
        .ok_or_else(|| Fault::OutOfRange("the exponent is beyond ±1000".to_owned()))?;
    let factor = int(2).pow(places);
    let rest = x - Number::from_integer(whole);
    if rest.is_zero() {
        return Ok(factor);
    }
    let one = BigInt::from(10).pow(DIGITS);
    let argument: BigInt = (rest * power_of_ten(DIGITS)).to_integer() * ln2(&one) / &one;
    let (mut term, mut sum) = (one.clone(), BigInt::zero());
    let mut count = 0u32;
    while !term.is_zero() {
        sum += &term;
        count += 1;
        term = &term * &argument / &one / count;
    }
    Ok(factor * Number::new(sum, one))
}

/// ln 2 = 2·(1/3 + 1/(3·3³) + 1/(5·3⁵) + …).
fn ln2(one: &BigInt) -> BigInt {
    let mut power: BigInt = one * 2 / 3;
    let (mut sum, mut odd) = (BigInt::zero(), 1u32);
    while !power.is_zero() {
        sum += &power / odd;
        power /= 9;
        odd += 2;
    }
    sum
}
