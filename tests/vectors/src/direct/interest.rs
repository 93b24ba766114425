//! Accrual.

use weir_core::{
    interest::{Accrual, Booked, book_growth, growth_taylor3, taylor3},
    shares::Totals,
    units::{Overflow, Seconds, Wad},
};

use crate::{
    Outputs,
    compare::{Output, Rounding},
    inputs::{Fault, Inputs},
};

pub(super) fn taylor3_wad(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let growth = growth(inputs)?;
    Ok(vec![("growth_wad", Output::units(growth.0, Rounding::Down))])
}

pub(super) fn book_interest(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let before = Accrual {
        debt: inputs.assets("total_borrow_assets")?,
        supply: Totals {
            assets: inputs.assets("total_supply_assets")?,
            shares: inputs.shares("total_supply_shares")?,
        },
        rem: 0,
        fee: inputs.in_wad("fee_wad")?,
    };
    let Booked { interest, fee_shares, debt, supply, clamped, .. } =
        book_growth(&before, growth(inputs)?);
    if clamped {
        return Err(Fault::OutOfRange("the interest exceeds 128 bits and is clamped".to_owned()));
    }
    Ok(vec![
        ("interest", Output::units(interest.0, Rounding::Down)),
        ("fee_shares", Output::units(fee_shares.0, Rounding::Down)),
        ("total_supply_assets", Output::units(supply.assets.0, Rounding::Down)),
        ("total_borrow_assets", Output::units(debt.0, Rounding::Down)),
    ])
}

/// The growth over a time that may be longer than the chain's clock can count.
fn growth(inputs: &Inputs<'_>) -> Result<Wad, Fault> {
    let rate = inputs.in_wad("rate_wad_per_s")?;
    let elapsed: u128 = inputs.machine("elapsed_s")?;
    match u32::try_from(elapsed) {
        Ok(elapsed) => Ok(growth_taylor3(rate, Seconds(elapsed))),
        Err(_) => Ok(taylor3(Wad(rate.0.checked_mul(elapsed).ok_or(Overflow)?))),
    }
}
