//! Whether a result is the expected one.

use num_bigint::BigInt;
use num_traits::Signed;

use crate::{
    Outputs,
    file::{Expected, Tolerance, Vector},
    number::{Number, int, power_of_ten, show},
};

/// The direction of the rounding table for a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    Down,
    Up,
}

/// A computed result.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    value: Number,
    /// The smallest unit, and which way it is rounded to: an expected fraction of it is rounded the same way.
    unit: Option<(Number, Rounding)>,
}

impl Output {
    /// A result without rounding.
    pub(crate) fn exact(value: Number) -> Self {
        Self { value, unit: None }
    }

    /// A result in units of 10^-`decimals`, of which `value` is the number as it stands.
    pub(crate) fn rounded(value: Number, decimals: u32, rounding: Rounding) -> Self {
        Self { value, unit: Some((int(1) / power_of_ten(decimals), rounding)) }
    }

    /// A whole number of smallest units.
    pub(crate) fn units(value: impl Into<BigInt>, rounding: Rounding) -> Self {
        Self::rounded(int(value), 0, rounding)
    }

    /// A number that the chain holds in WAD.
    pub(crate) fn wad(value: impl Into<BigInt>, rounding: Rounding) -> Self {
        Self::rounded(int(value) / power_of_ten(18), 18, rounding)
    }

    fn meets(&self, expected: &Number, tolerance: &Tolerance) -> bool {
        let difference = (&self.value - expected).abs();
        let within = match tolerance {
            Tolerance::Exact => self.value == *expected,
            Tolerance::Absolute(bound) => difference <= *bound,
            Tolerance::Relative(bound) => difference <= bound * expected.abs(),
        };
        within || self.rounds_to(expected)
    }

    fn rounds_to(&self, expected: &Number) -> bool {
        self.unit.as_ref().is_some_and(|(unit, rounding)| {
            round(&self.value, unit, *rounding) == round(expected, unit, *rounding)
        })
    }
}

/// The number as a count of `unit`.
fn round(value: &Number, unit: &Number, rounding: Rounding) -> BigInt {
    let count = value / unit;
    match rounding {
        Rounding::Down => count.floor().to_integer(),
        Rounding::Up => count.ceil().to_integer(),
    }
}

/// Compares every expected value; the error says what was expected and what came.
pub(crate) fn compare(vector: &Vector, outputs: &Outputs) -> Result<(), String> {
    for (name, expected) in &vector.expect {
        let Some((_, output)) = outputs.iter().find(|(known, _)| known == name) else {
            return Err(format!("`{}` has no result `{name}`", vector.function));
        };
        let expected = match expected {
            Expected::Number(number) => number,
            Expected::Words(words) => {
                return Err(format!("field `expect.{name}` is `{words}`, which is not a number"));
            }
        };
        if !output.meets(expected, &vector.tolerance) {
            let (expected, got) = (show(expected), show(&output.value));
            return Err(format!("{name}: expected {expected}, got {got}"));
        }
    }
    Ok(())
}
