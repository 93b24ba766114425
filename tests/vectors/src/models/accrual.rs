//! Growth factors of other protocols.

use num_bigint::BigInt;
use num_traits::One;

use super::divide;
use crate::{
    Outputs,
    compare::{Output, Rounding},
    inputs::{Fault, Inputs},
    number::{Number, int},
};

const YEAR: u32 = 31_536_000;

fn ray() -> BigInt {
    BigInt::from(10).pow(27)
}

/// a·b in RAY, half up.
fn ray_mul(a: &BigInt, b: &BigInt) -> BigInt {
    (a * b + ray() / 2) / ray()
}

/// ⌊rate · n / year⌋.
fn simple(inputs: &Inputs<'_>) -> Result<BigInt, Fault> {
    Ok(inputs.integer("rate_ray_per_year")? * inputs.integer("elapsed_s")? / YEAR)
}

pub(super) fn linear_ray(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let factor = ray() + simple(inputs)?;
    Ok(vec![("factor_ray", Output::units(factor, Rounding::Down))])
}

pub(super) fn taylor3_ray(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let x = simple(inputs)?;
    let inner = &x / 2 + ray_mul(&x, &(&x / 6));
    let factor = ray() + &x + ray_mul(&x, &inner);
    Ok(vec![("factor_ray", Output::units(factor, Rounding::Down))])
}

/// By squaring, half up at each product.
pub(super) fn rpow_ray(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let mut base = inputs.integer("factor_ray")?;
    let mut exponent: u64 = inputs.machine("exponent")?;
    let mut power = ray();
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = ray_mul(&power, &base);
        }
        exponent /= 2;
        if exponent > 0 {
            base = ray_mul(&base, &base);
        }
    }
    Ok(vec![("factor_ray", Output::units(power, Rounding::Down))])
}

/// Three slopes, to the target, to 95 % and to full use, with a modifier that starts at 1.
pub(super) fn reactive_rate(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (used, target) = (inputs.number("utilisation")?, inputs.number("target")?);
    let elapsed = inputs.number("elapsed_s")?;
    let (base, one) = (inputs.number("base")?, inputs.number("r_one")?);
    let (two, three) = (inputs.number("r_two")?, inputs.number("r_three")?);
    let steep = int(95) / int(100);
    let rate = if used <= target {
        base + one * divide(used.clone(), target.clone())?
    } else if used <= steep {
        base + one + two * divide(&used - &target, &steep - &target)?
    } else {
        base + one + two + three * divide(&used - &steep, Number::one() - &steep)?
    };
    let factor = Number::one() + rate * &elapsed / int(YEAR);
    let drift = (used - target) * inputs.number("reactivity")? * elapsed;
    let (lowest, highest) = (int(1) / int(10), int(10));
    let modifier = (Number::one() + drift).max(lowest).min(highest);
    Ok(vec![("factor", Output::exact(factor)), ("modifier", Output::exact(modifier))])
}
