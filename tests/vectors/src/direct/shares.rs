//! Shares, roundings and fees.

use num_bigint::BigInt;
use weir_core::{
    flash::fee_ceil,
    math::mul_div_ceil,
    shares::Totals,
    units::{Bps, Shares},
};

use crate::{
    Outputs,
    compare::{Output, Rounding},
    inputs::{Fault, Inputs},
};

fn totals(inputs: &Inputs<'_>) -> Result<Totals, Fault> {
    let (assets, shares) = (inputs.assets("total_assets")?, inputs.shares("total_shares")?);
    Ok(Totals { assets, shares })
}

pub(super) fn to_shares_down(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let shares = totals(inputs)?.to_shares_floor(inputs.assets("assets")?)?;
    Ok(vec![("shares", Output::units(shares.0, Rounding::Down))])
}

pub(super) fn to_shares_up(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let shares = totals(inputs)?.to_shares_ceil(inputs.assets("assets")?)?;
    Ok(vec![("shares", Output::units(shares.0, Rounding::Up))])
}

pub(super) fn to_assets_down(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let assets = totals(inputs)?.to_assets_floor(inputs.shares("shares")?)?;
    Ok(vec![("assets", Output::units(assets.0, Rounding::Down))])
}

pub(super) fn to_assets_up(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let assets = totals(inputs)?.to_assets_ceil(inputs.shares("shares")?)?;
    Ok(vec![("assets", Output::units(assets.0, Rounding::Up))])
}

/// Both exits are quoted on the totals after the victim's supply.
pub(super) fn inflation_attack(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let seed = inputs.assets("attacker_supply")?;
    let donation = inputs.assets("donation_into_totals")?;
    let supplied = inputs.assets("victim_supply")?;
    let attacker = Totals::default().to_shares_floor(seed)?;
    let seeded = Totals::default().checked_add(seed, attacker)?;
    let lifted = seeded.checked_add(donation, Shares::ZERO)?;
    let victim = lifted.to_shares_floor(supplied)?;
    let joined = lifted.checked_add(supplied, victim)?;
    let attacker_out = joined.to_assets_floor(attacker)?;
    let gain = BigInt::from(attacker_out.0) - seed.0 - donation.0;
    Ok(vec![
        ("victim_shares", Output::units(victim.0, Rounding::Down)),
        ("victim_out", Output::units(joined.to_assets_floor(victim)?.0, Rounding::Down)),
        ("attacker_out", Output::units(attacker_out.0, Rounding::Down)),
        ("attacker_pnl", Output::units(gain, Rounding::Down)),
    ])
}

pub(super) fn burn_units_up(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let units = mul_div_ceil(inputs.machine("withdraw")?, 1, inputs.machine("unit_price")?)?;
    Ok(vec![("units", Output::units(units, Rounding::Up))])
}

pub(super) fn mul_div_up(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let value = mul_div_ceil(inputs.machine("a")?, inputs.machine("b")?, inputs.machine("c")?)?;
    Ok(vec![("value", Output::units(value, Rounding::Up))])
}

pub(super) fn premium_up(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let premium = fee_ceil(inputs.assets("amount")?, inputs.machine("bps").map(Bps)?)?;
    Ok(vec![("premium", Output::units(premium.0, Rounding::Up))])
}
