//! Share forms of other protocols.

use num_bigint::BigInt;
use num_traits::Zero;

use super::divide;
use crate::{
    Outputs,
    compare::{Output, Rounding},
    inputs::{Fault, Inputs},
    number::{Number, power_of_ten},
};

/// Down both ways.
pub(super) fn scaled_supply(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let index = inputs.number("index_ray")? / power_of_ten(27);
    let scaled = divide(inputs.number("assets")?, index.clone())?.floor();
    let balance = (&scaled * index).floor();
    Ok(vec![
        ("scaled", Output::units(scaled.to_integer(), Rounding::Down)),
        ("balance", Output::units(balance.to_integer(), Rounding::Down)),
    ])
}

/// Up both ways.
pub(super) fn scaled_debt(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let index = inputs.number("index_ray")? / power_of_ten(27);
    let scaled = divide(inputs.number("assets")?, index.clone())?.ceil();
    let debt = (&scaled * index).ceil();
    Ok(vec![
        ("scaled", Output::units(scaled.to_integer(), Rounding::Up)),
        ("debt", Output::units(debt.to_integer(), Rounding::Up)),
    ])
}

pub(super) fn shares_at_price(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let shares: Number = divide(inputs.number("assets")?, inputs.number("share_price")?)?;
    Ok(vec![("shares", Output::units(shares.floor().to_integer(), Rounding::Down))])
}

/// ⌊(a·b + ⌊c/2⌋) / c⌋.
pub(super) fn mul_div_half_up(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (a, b, c) = (inputs.integer("a")?, inputs.integer("b")?, inputs.integer("c")?);
    if c.is_zero() {
        return Err(Fault::Malformed("field `input.c` is zero".to_owned()));
    }
    let half: BigInt = &c / 2;
    Ok(vec![("value", Output::units((a * b + half) / c, Rounding::Down))])
}
