//! A target-health liquidation in a cross-margined pool: values are whole numbers, rounded down at each step.

use num_traits::{One, Zero};

use super::divide;
use crate::{
    Outputs,
    compare::{Output, Rounding},
    inputs::{Fault, Inputs},
    number::{Number, from_wad, power_of_ten},
};

pub(super) fn bonus_capped_by_ratio(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let bonus = bonus(
        &[inputs.number("start")?, inputs.number("slope")?],
        &[inputs.number("min")?, inputs.number("max")?],
        inputs.number("health_factor")?,
        inputs.number("collateral_ratio")?,
    );
    Ok(vec![("bonus", Output::exact(bonus))])
}

/// min(start + slope·(1 − HF), max(min(CR − 1, max), min)).
fn bonus(line: &[Number; 2], bounds: &[Number; 2], health: Number, ratio: Number) -> Number {
    let ([start, slope], [min, max]) = (line, bounds);
    let cap = (ratio - Number::one()).min(max.clone()).max(min.clone());
    (start + slope * (Number::one() - health)).min(cap)
}

/// A leg of the account: amount, price, weight (1 for a debt).
struct Leg {
    amount: Number,
    price: Number,
    weight: Number,
}

impl Leg {
    fn value(&self) -> Number {
        (&self.amount * &self.price).floor()
    }

    fn weighted(&self) -> Number {
        (self.value() * &self.weight).floor()
    }
}

fn legs(inputs: &Inputs<'_>, name: &str) -> Result<Vec<Leg>, Fault> {
    let leg = |entry: &Inputs<'_>| {
        Ok(Leg {
            amount: entry.number("amount")?,
            price: entry.number("price")?,
            weight: entry.optional("weight")?.unwrap_or_else(Number::one),
        })
    };
    let legs = inputs.list(name)?.iter().map(leg).collect::<Result<Vec<_>, Fault>>()?;
    if legs.is_empty() {
        return Err(Fault::Malformed(format!("field `input.{name}` is an empty list")));
    }
    Ok(legs)
}

/// Σ ⌊⌊amount·price⌋·weight⌋ over Σ ⌊amount·price⌋, in WAD and down.
fn health(collateral: &[Leg], debt: &[Leg]) -> Result<Number, Fault> {
    let weighted = collateral.iter().map(Leg::weighted).sum::<Number>();
    Ok(floor_wad(divide(weighted, debt.iter().map(Leg::value).sum())?))
}

fn floor_wad(ratio: Number) -> Number {
    from_wad((ratio * power_of_ten(18)).floor().to_integer())
}

/// The first collateral is seized for the first debt.
pub(super) fn target_health_pool(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (mut collateral, mut debt) = (legs(inputs, "collateral")?, legs(inputs, "debt")?);
    let before = health(&collateral, &debt)?;
    let (worth, owed) = (
        collateral.iter().map(Leg::value).sum::<Number>(),
        debt.iter().map(Leg::value).sum::<Number>(),
    );
    let bonus = bonus(
        &[inputs.number("bonus_start")?, inputs.number("bonus_slope")?],
        &[inputs.number("bonus_min")?, inputs.number("bonus_max")?],
        before,
        divide(worth, owed.clone())?,
    );
    let with_bonus = Number::one() + &bonus;
    let weighted = collateral.iter().map(Leg::weighted).sum::<Number>();
    let target = inputs.number("target_health")?;
    let (Some(seized_leg), Some(repaid_leg)) = (collateral.first_mut(), debt.first_mut()) else {
        return Err(Fault::Malformed("a list of legs is empty".to_owned()));
    };
    let gained = &target - &seized_leg.weight * &with_bonus;
    let paid_for = divide(seized_leg.value(), with_bonus.clone())?.floor();
    let mut repaid = divide(paid_for, repaid_leg.price.clone())?.floor();
    repaid = repaid.min(repaid_leg.amount.clone());
    if gained > Number::zero() {
        let value = ((target * owed).floor() - weighted).max(Number::zero()) / gained;
        repaid = repaid.min((value.floor() / &repaid_leg.price).floor());
    }
    let value = (&repaid * &repaid_leg.price).floor();
    let seized = divide((&value * with_bonus).floor(), seized_leg.price.clone())?.floor();
    let fee_value = ((value * bonus).floor() * inputs.number("protocol_fee")?).ceil();
    let fee = (fee_value / &seized_leg.price).floor();
    seized_leg.amount = &seized_leg.amount - &seized;
    repaid_leg.amount = &repaid_leg.amount - &repaid;
    let (collateral_left, debt_left) = (seized_leg.amount.clone(), repaid_leg.amount.clone());
    let whole = |value: Number| Output::rounded(value, 0, Rounding::Down);
    let mut outputs = vec![
        ("repaid", whole(repaid)),
        ("collateral_left", whole(collateral_left)),
        ("liquidator", whole(seized - &fee)),
        ("protocol", whole(fee)),
        ("debt_left", whole(debt_left)),
    ];
    // Without debt there is no health to compare, it is unbounded.
    if debt.iter().any(|leg| !leg.value().is_zero()) {
        let after = health(&collateral, &debt)?;
        outputs.push(("health_after", Output::rounded(after, 18, Rounding::Down)));
    }
    Ok(outputs)
}
