//! Liquidation amounts, bonuses and auctions of other protocols.

use num_traits::{One, Signed, Zero};

use super::divide;
use crate::{
    Outputs,
    compare::{Output, Rounding},
    inputs::{Fault, Inputs},
    number::{Number, int, power_of_ten},
};

fn percent(value: u32) -> Number {
    int(value) / int(100)
}

/// The value to repay to reach a target LTV: x = (D − L·C)/(1 − L·(1 + f)), and all of the debt where that has no sound
/// answer or is more than 90 % of it.
fn repay_to_ltv(debt: &Number, collateral: &Number, ltv: &Number, fee: &Number) -> Number {
    if *fee >= Number::one() {
        return Number::zero();
    }
    if debt >= collateral || ltv.is_zero() {
        return debt.clone();
    }
    let missing = debt - ltv * collateral;
    if !missing.is_positive() {
        return Number::zero();
    }
    let gained = Number::one() - ltv * (Number::one() + fee);
    if !gained.is_positive() {
        return debt.clone();
    }
    let repay = (missing / gained).floor();
    if repay > debt * percent(90) { debt.clone() } else { repay }
}

pub(super) fn target_ltv(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let [debt, collateral, ltv, fee] =
        ["debt_value", "collateral_value", "target_ltv", "fee"].map(|name| inputs.number(name));
    let repay = repay_to_ltv(&debt?, &collateral?, &ltv?, &fee?);
    Ok(vec![("repay_value", Output::rounded(repay, 0, Rounding::Down))])
}

/// With a ceiling by the liquidator, which counts unless all of the debt has to go; an account that owes what it has or
/// more has no other bound.
pub(super) fn target_ltv_preview(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (debt, collateral) = (inputs.number("debt_value")?, inputs.number("collateral_value")?);
    let debt_assets = inputs.number("debt_assets")?;
    let fee = inputs.number("fee")?;
    let cover = inputs.number("max_debt_to_cover")?;
    let repaid = if debt >= collateral {
        cover.min(debt_assets.clone())
    } else {
        let most = repay_to_ltv(&debt, &collateral, &inputs.number("target_ltv")?, &fee);
        if most == debt {
            debt_assets.clone()
        } else {
            cover.min(divide(most * &debt_assets, debt.clone())?.floor())
        }
    };
    let value = divide(&repaid * &debt, debt_assets)?.floor();
    let seized = (&value + (&value * fee).floor()).min(collateral.clone());
    let out = divide(&seized * inputs.number("collateral_assets")?, collateral.clone())?.floor();
    let ltv_after = if seized >= collateral || value >= debt {
        Number::zero()
    } else {
        ((debt - value) / (collateral - seized) * power_of_ten(18)).ceil()
    };
    Ok(vec![
        ("collateral_out", Output::rounded(out, 0, Rounding::Down)),
        ("debt_repaid", Output::rounded(repaid, 0, Rounding::Down)),
        ("ltv_after", Output::rounded(ltv_after, 0, Rounding::Up)),
    ])
}

/// The collateral to seize to reach a minimum collateral ratio, up, and at most all of it.
pub(super) fn target_mcr(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (mcr, collateral) = (inputs.number("mcr")?, inputs.number("collateral")?);
    let needed = divide(&mcr * inputs.number("debt")?, inputs.number("price")?)?;
    let gained = &mcr * (Number::one() - inputs.number("spread")?) - Number::one();
    let seized = if gained.is_positive() {
        ((needed - &collateral) / gained).ceil().max(Number::zero()).min(collateral)
    } else {
        collateral
    };
    Ok(vec![("collateral", Output::rounded(seized, 0, Rounding::Up))])
}

/// A target health, then the debt in drawn shares (premium first), the collateral in shares, and a fee out of the bonus.
pub(super) fn amounts_with_fee(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (value, target) = (inputs.number("debt_value")?, inputs.number("target_health")?);
    let (price, multiplier) = (inputs.number("debt_price")?, inputs.number("bonus_multiplier")?);
    let missing = &value * (&target - inputs.number("health_factor")?);
    let gained = target - inputs.number("collateral_factor")? * &multiplier;
    let repay = if gained.is_positive() { (missing / gained).min(value) } else { value };
    let mut debt = divide(repay, price.clone())?;
    // Collateral in shares for each unit of debt, without and with the bonus.
    let unit = inputs.number("collateral_price")? * inputs.number("collateral_share_price")?;
    let plain = divide(price, unit)?;
    let mut shares = &debt * &plain * &multiplier;
    if let Some(available) = inputs.optional("collateral_shares_available")?
        && available < shares
    {
        debt = divide(available.clone(), &plain * &multiplier)?;
        shares = available;
    }
    let bonus = &shares - &debt * &plain;
    let liquidator = &shares - bonus * inputs.number("fee")?;
    let drawn = (&debt - inputs.number("premium")?).max(Number::zero());
    let drawn = divide(drawn, inputs.number("debt_index")?)?;
    Ok(vec![
        ("debt", Output::exact(debt)),
        ("drawn_shares", Output::exact(drawn)),
        ("collateral_shares", Output::exact(shares)),
        ("liquidator_shares", Output::exact(liquidator)),
    ])
}

/// A fifth of the debt, all of it at or below a value of 1.
pub(super) fn close_factor_liquidation(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (borrow, deposit) = (inputs.number("borrow")?, inputs.number("deposit")?);
    let deposit_value = inputs.number("deposit_value")?;
    let small = inputs.number("borrow_value")? <= Number::one();
    let part = if small { Number::one() } else { percent(20) };
    let due = inputs.number("borrow_value")? * &part * (Number::one() + inputs.number("bonus")?);
    // Where the collateral does not suffice it goes whole, and only what it pays for is repaid.
    let paid =
        if due > deposit_value { divide(deposit_value.clone(), due.clone())? } else { int(1) };
    let withdrawn = (deposit * divide(due.min(deposit_value.clone()), deposit_value)?).floor();
    let settled = if small { borrow.clone() } else { &borrow * &part * &paid };
    let repaid = (borrow * part * paid).ceil();
    Ok(vec![
        ("settled", Output::exact(settled)),
        ("repaid", Output::rounded(repaid, 0, Rounding::Up)),
        ("withdrawn", Output::rounded(withdrawn, 0, Rounding::Down)),
    ])
}

/// Collateral sold at a discount: a part of what the liquidation took off.
pub(super) fn store_front(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let off = inputs.number("store_front_factor")?
        * (Number::one() - inputs.number("liquidation_factor")?);
    let price = inputs.number("price")? * (Number::one() - off);
    let collateral = divide(inputs.number("paid")?, price)?;
    Ok(vec![("collateral", Output::rounded(collateral, 18, Rounding::Down))])
}

pub(super) fn seize_tokens(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let paid = inputs.number("repay")? * inputs.number("incentive")?;
    let value = paid * inputs.number("price_borrowed")?;
    let unit = inputs.number("price_collateral")? * inputs.number("exchange_rate")?;
    Ok(vec![("seized", Output::rounded(divide(value, unit)?, 18, Rounding::Down))])
}

/// In percent, between two limits of what is borrowed, at most 25.
pub(super) fn bonus_banded(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (low, high) = (inputs.number("unhealthy")?, inputs.number("super_unhealthy")?);
    let weight = if low == high {
        Number::zero()
    } else {
        let passed = (inputs.number("borrowed")? - &low) / (high - low);
        passed.max(Number::zero()).min(Number::one())
    };
    let liq = inputs.number("liq")?;
    let bonus = &liq + weight * (inputs.number("max")? - &liq) + inputs.number("fee")?;
    Ok(vec![("percent", Output::exact(bonus.min(int(25))))])
}

/// The lot grows for 200 blocks, then the bid falls for 200 blocks.
pub(super) fn auction_scale(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let share = |blocks: Number| (blocks / int(2)).max(Number::zero()).min(int(100));
    let blocks = inputs.number("blocks")?;
    let bid = int(100) - share(&blocks - int(200));
    Ok(vec![("lot_percent", Output::exact(share(blocks))), ("bid_percent", Output::exact(bid))])
}
