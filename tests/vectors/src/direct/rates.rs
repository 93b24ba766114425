//! Interest-rate models.

use num_bigint::BigInt;
use num_traits::One;
use weir_core::{
    rates::{self, Kinked},
    units::{Bps, Ppm, WAD_PER_BPS, WAD_PER_PPM, Wad},
};

use crate::{
    Outputs,
    compare::{Output, Rounding},
    inputs::{Fault, Inputs, floor_wad},
    number::Number,
};

/// Slopes per unit of utilisation: the same lines as [`kink_total`] with slope·k below and slope·(1 − k) above.
pub(super) fn kink_unit(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let kink = inputs.number("kink")?;
    let low = inputs.number("slope_low")? * &kink;
    let high = inputs.number("slope_high")? * (Number::one() - &kink);
    let slope = |gain: &Number| {
        floor_wad(gain)
            .ok_or_else(|| Fault::OutOfRange("a slope is not a number in WAD".to_owned()))
    };
    let line = [inputs.to_wad("base")?, slope(&low)?, slope(&high)?, inputs.to_wad("kink")?];
    kinked(line, inputs.to_wad("utilisation")?)
}

pub(super) fn kink_total(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let [base, slope1, slope2, optimal, utilisation] =
        ["base", "slope1", "slope2", "optimal", "utilisation"].map(|name| inputs.to_wad(name));
    kinked([base?, slope1?, slope2?, optimal?], utilisation?)
}

/// Through the model of a reserve where it can be configured like that, else through its formula.
fn kinked(line: [Wad; 4], utilisation: Wad) -> Result<Outputs, Fault> {
    let rate = match model(line) {
        Some(model) => model.yearly(utilisation),
        None => {
            let [base, slope1, slope2, optimal] = line;
            rates::kink_total(base, slope1, slope2, optimal, utilisation)?
        }
    };
    Ok(vec![("rate", Output::wad(rate.0, Rounding::Down))])
}

fn model([base, slope1, slope2, optimal]: [Wad; 4]) -> Option<Kinked> {
    let ppm = |rate: Wad| exact(rate, WAD_PER_PPM).and_then(|ppm| u32::try_from(ppm).ok()).map(Ppm);
    let optimal = exact(optimal, WAD_PER_BPS).and_then(|bps| u16::try_from(bps).ok()).map(Bps);
    Kinked::new(ppm(base)?, ppm(slope1)?, ppm(slope2)?, optimal?).ok()
}

fn exact(ratio: Wad, unit: u128) -> Option<u128> {
    ratio.0.is_multiple_of(unit).then(|| ratio.0 / unit)
}

pub(super) fn supply_rate(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let [borrow, utilisation, reserve_factor] =
        ["borrow_rate", "utilisation", "reserve_factor"].map(|name| inputs.to_wad(name));
    let rate = rates::supply_rate(borrow?, utilisation?, reserve_factor?)?;
    Ok(vec![("rate", Output::wad(rate.0, Rounding::Down))])
}

pub(super) fn adaptive_rate(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let start = inputs.machine("start_rate_at_target")?;
    let utilisation = inputs.in_wad("utilisation_wad")?;
    let step = rates::adaptive_step(start, utilisation, inputs.machine("elapsed_s")?);
    Ok(vec![
        ("avg_rate", Output::units(step.average_rate, Rounding::Down)),
        ("end_rate_at_target", Output::units(step.end_rate_at_target, Rounding::Down)),
    ])
}

pub(super) fn wexp(inputs: &Inputs<'_>) -> Result<Outputs, Fault> {
    let (mantissa, shift) = rates::wexp_parts(inputs.machine("x_wad")?);
    let mantissa = BigInt::from(mantissa);
    let places = shift.unsigned_abs();
    let value = if shift < 0 { mantissa >> places } else { mantissa << places };
    Ok(vec![("exp_wad", Output::units(value, Rounding::Down))])
}
