//! Health, liquidation amounts and bonuses.

use num_bigint::BigInt;
use weir_core::{
    liquidation_math::{self, Terms, repay_to_target, target_health_repay_value},
    math::{mul_div_ceil, mul_div_floor, pow10},
    shares::Totals,
    units::{Assets, Overflow, Shares, Value, WAD, Wad},
};

use crate::{
    Outputs,
    compare::{Output, Rounding},
    inputs::{Fault, Inputs},
    number::{int, power_of_ten},
};

/// The price of a pair, scaled by 10^36, as a fraction in lowest terms: between tokens of far apart decimals the scaled
/// price itself exceeds 128 bits.
fn pair_price(inputs: &Inputs<'_>) -> Result<(u128, u128), Fault> {
    let price = inputs.number("price_e36")? / power_of_ten(36);
    match (u128::try_from(price.numer().clone()), u128::try_from(price.denom().clone())) {
        (Ok(numerator), Ok(denominator)) => Ok((numerator, denominator)),
        _ => Err(Fault::OutOfRange("input `price_e36` is out of weir-core's range".to_owned())),
    }
}

/// Collateral down at each step, debt up.
pub(super) fn health_factor(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let mut weighted = Value::ZERO;
    for leg in inputs.list("collateral")? {
        let value = mul_div_floor(leg.to_wad("amount")?.0, leg.to_wad("price")?.0, WAD)?;
        let counted = mul_div_floor(value, leg.to_wad("weight")?.0, WAD)?;
        weighted = weighted.checked_add(Value(counted))?;
    }
    let mut debt = Value::ZERO;
    for leg in inputs.list("debt")? {
        let value = mul_div_ceil(leg.to_wad("amount")?.0, leg.to_wad("price")?.0, WAD)?;
        debt = debt.checked_add(Value(value))?;
    }
    let surplus = BigInt::from(weighted.0) - debt.0;
    let mut outputs = vec![("surplus", Output::wad(surplus, Rounding::Down))];
    // Without debt there is no factor to compare, it is unbounded.
    if !debt.is_zero() {
        let factor = mul_div_floor(weighted.0, WAD, debt.0)?;
        outputs.push(("health_factor", Output::wad(factor, Rounding::Down)));
    }
    Ok(outputs)
}

pub(super) fn max_borrow(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (price, scale) = pair_price(inputs)?;
    let quote = mul_div_floor(inputs.machine("collateral")?, price, scale)?;
    let most = mul_div_floor(quote, inputs.in_wad("lltv_wad")?.0, WAD)?;
    Ok(vec![("max_borrow", Output::units(most, Rounding::Down))])
}

pub(super) fn seize_to_repay(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (_, shares, assets) = repaid(inputs)?;
    Ok(vec![
        ("repaid_shares", Output::units(shares.0, Rounding::Up)),
        ("repaid_assets", Output::units(assets.0, Rounding::Up)),
    ])
}

/// The totals of the debt, and what is repaid of it for the seized collateral: up at each step.
fn repaid(inputs: &Inputs<'_>) -> Result<(Totals, Shares, Assets), Fault> {
    let debt =
        Totals { assets: inputs.assets("total_assets")?, shares: inputs.shares("total_shares")? };
    let (price, scale) = pair_price(inputs)?;
    let quote = mul_div_ceil(inputs.machine("seized")?, price, scale)?;
    let value = mul_div_ceil(quote, WAD, incentive(inputs.in_wad("lltv_wad")?)?.0)?;
    let shares = debt.to_shares_ceil(Assets(value))?;
    Ok((debt, shares, debt.to_assets_ceil(shares)?))
}

/// Down at each step.
pub(super) fn repay_to_seize(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let debt =
        Totals { assets: inputs.assets("total_assets")?, shares: inputs.shares("total_shares")? };
    let assets = debt.to_assets_floor(inputs.shares("repaid_shares")?)?;
    let value = mul_div_floor(assets.0, incentive(inputs.in_wad("lltv_wad")?)?.0, WAD)?;
    let (price, scale) = pair_price(inputs)?;
    let seized = mul_div_floor(value, scale, price)?;
    Ok(vec![("seized", Output::units(seized, Rounding::Down))])
}

/// All collateral is seized; what is left of the debt is taken from the suppliers.
pub(super) fn bad_debt(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (debt, shares, assets) = repaid(inputs)?;
    // The price is rounded up against the liquidator, by less than a unit of what the totals hold.
    let left = Totals {
        assets: debt.assets.checked_sub(assets).unwrap_or(Assets::ZERO),
        shares: debt.shares.checked_sub(shares)?,
    };
    let owed = inputs.shares("borrow_shares")?.checked_sub(shares)?;
    let bad = left.to_assets_ceil(owed)?.min(left.assets);
    let supply = inputs.assets("total_supply_assets")?.checked_sub(bad)?;
    Ok(vec![
        ("repaid_shares", Output::units(shares.0, Rounding::Up)),
        ("repaid_assets", Output::units(assets.0, Rounding::Up)),
        ("bad_debt", Output::units(bad.0, Rounding::Up)),
        ("total_supply_assets", Output::units(supply.0, Rounding::Down)),
    ])
}

pub(super) fn target_health(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let value = |name| inputs.to_wad(name).map(|wad| Value(wad.0));
    let terms = Terms {
        target: inputs.to_wad("target_health")?,
        threshold: inputs.to_wad("liquidation_threshold")?,
        bonus: inputs.to_wad("bonus")?,
    };
    let (debt, weighted) = (value("debt_value")?, value("weighted_collateral_value")?);
    let seizable = value("seizable_value")?;
    let repay = target_health_repay_value(debt, weighted, &terms, seizable)?;
    // Up where the target decides, down where the collateral does.
    let paid_for = mul_div_floor(seizable.0, WAD, WAD + terms.bonus.0)?;
    let rounding = if repay.0 == paid_for { Rounding::Down } else { Rounding::Up };
    Ok(vec![("repay_value", Output::wad(repay.0, rounding))])
}

/// The same from a health factor and a multiplier, without bounds, in units of the debt.
pub(super) fn target_health_hf(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let debt = inputs.to_wad("debt_value")?.0;
    let weighted = mul_div_floor(debt, inputs.to_wad("health_factor")?.0, WAD)?;
    let terms = Terms {
        target: inputs.to_wad("target_health")?,
        threshold: inputs.to_wad("collateral_factor")?,
        bonus: inputs.to_wad("bonus_multiplier")?.checked_sub(Wad::ONE)?,
    };
    let repay = repay_to_target(Value(debt), Value(weighted), &terms)?.unwrap_or(Value(debt));
    let decimals: u8 = inputs.machine("debt_decimals")?;
    let price = inputs.to_wad("debt_price")?.0;
    let units = mul_div_ceil(repay.0, pow10(decimals)?, price)?;
    let whole = int(units) / power_of_ten(u32::from(decimals));
    let amount = Output::rounded(whole, u32::from(decimals), Rounding::Up);
    Ok(vec![("repay_amount", amount)])
}

pub(super) fn lif(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let factor = incentive(inputs.in_wad("lltv_wad")?)?;
    Ok(vec![("lif_wad", Output::units(factor.0, Rounding::Down))])
}

/// The incentive of a pair by its liquidation LTV, with a cursor of 0.3 and a cap of 1.15.
fn incentive(lltv: Wad) -> Result<Wad, Overflow> {
    let cursor = 300_000_000_000_000_000;
    let room = mul_div_floor(cursor, Wad::ONE.checked_sub(lltv)?.0, WAD)?;
    let factor = mul_div_floor(WAD, WAD, Wad::ONE.checked_sub(Wad(room))?.0)?;
    Ok(Wad(factor.min(1_150_000_000_000_000_000)))
}

pub(super) fn bonus_linear_hf(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let multiplier = liquidation_math::bonus_linear_hf(
        inputs.to_wad("health_factor")?,
        inputs.to_wad("min_factor")?,
        inputs.to_wad("max_multiplier")?.checked_sub(Wad::ONE)?,
        inputs.to_wad("hf_for_max")?,
    )?;
    Ok(vec![("multiplier_bps", Output::units(multiplier.0, Rounding::Down))])
}
