//! Exact numbers: decimal strings and fractions as big rationals.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, Zero};

/// Any number of a vector.
pub(crate) type Number = BigRational;

/// One whole, times `10^decimals`.
pub(crate) fn power_of_ten(decimals: u32) -> Number {
    Number::from_integer(BigInt::from(10).pow(decimals))
}

/// A whole number.
pub(crate) fn int(value: impl Into<BigInt>) -> Number {
    Number::from_integer(value.into())
}

/// An integer of the chain in units of 10^-18.
pub(crate) fn from_wad(value: impl Into<BigInt>) -> Number {
    int(value) / power_of_ten(18)
}

/// Reads `12`, `-0.05` or `737800000000000/36564299067`.
pub(crate) fn parse(text: &str) -> Option<Number> {
    match text.split_once('/') {
        None => decimal(text),
        Some((numerator, denominator)) => {
            let denominator = decimal(denominator)?;
            if denominator.is_zero() { None } else { Some(decimal(numerator)? / denominator) }
        }
    }
}

fn decimal(text: &str) -> Option<Number> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let scaled: BigInt = format!("{whole}{part}").parse().ok()?;
    let value = int(scaled) / power_of_ten(u32::try_from(part.len()).ok()?);
    Some(if negative { -value } else { value })
}

/// Writes a number for people: exact if its decimals end within 18 digits, else cut there and marked.
pub(crate) fn show(value: &Number) -> String {
    let scaled = value * power_of_ten(18);
    let sign = if value.is_negative() { "-" } else { "" };
    let digits = format!("{:0>19}", scaled.trunc().to_integer().magnitude());
    let (whole, part) = digits.split_at(digits.len() - 18);
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    let rest = if scaled.is_integer() { "" } else { "…" };
    format!("{sign}{whole}{point}{part}{rest}")
}
