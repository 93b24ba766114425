//! Amounts as people write them: whole tokens with a point, read and shown exactly.
//!
//! Everything is integer arithmetic; no text is ever rounded into an amount.

#[cfg(test)]
mod tests;

/// Digits of a WAD.
pub const WAD_DECIMALS: u8 = 18;

/// The most digits after the point that a token may have: 10^38 is the largest power of ten in 128 bits.
pub const MAX_DECIMALS: u8 = 38;

/// A text that is no amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing was given.
    #[error("the amount is empty: write whole tokens such as 1000.5")]
    Empty,
    /// Below zero.
    #[error("the amount `{0}` is negative")]
    Negative(String),
    /// Zero where an amount is needed.
    #[error("the amount is zero")]
    Zero,
    /// No number.
    #[error("`{0}` is no amount: write whole tokens such as 1000.5")]
    NotANumber(String),
    /// More digits after the point than the token has.
    #[error("the amount `{given}` is too precise: the token has {decimals} decimals")]
    TooPrecise {
        /// The text.
        given: String,
        /// The token's decimals.
        decimals: u8,
    },
    /// Beyond 128 bits.
    #[error("the amount `{0}` is too large: it does not fit 128 bits")]
    TooLarge(String),
    /// A token with impossible decimals.
    #[error("a token with {0} decimals is not supported: the most is 38")]
    Decimals(u8),
}

/// Reads an amount in whole tokens into smallest units; zero is refused. Underscores may group digits.
///
/// # Errors
/// If the text is no positive number with at most `decimals` digits after the point that fits 128 bits.
pub fn parse_units(text: &str, decimals: u8) -> Result<u128, AmountError> {
    match parse_units_or_zero(text, decimals)? {
        0 => Err(AmountError::Zero),
        amount => Ok(amount),
    }
}

/// As [`parse_units`], with zero allowed.
///
/// # Errors
/// As [`parse_units`], but for zero.
pub fn parse_units_or_zero(text: &str, decimals: u8) -> Result<u128, AmountError> {
    let scale = scale(decimals)?;
    let given = text.trim();
    if given.is_empty() {
        return Err(AmountError::Empty);
    }
    if let Some(rest) = given.strip_prefix('-') {
        // `-` alone and `-x` are no numbers at all.
        return Err(match parse_units_or_zero(rest, decimals) {
            Err(AmountError::NotANumber(_) | AmountError::Empty | AmountError::Negative(_)) => {
                AmountError::NotANumber(given.to_owned())
            }
            _ => AmountError::Negative(given.to_owned()),
        });
    }
    let not_a_number = || AmountError::NotANumber(given.to_owned());
    let too_large = || AmountError::TooLarge(given.to_owned());
    let (whole, fraction) = match given.split_once('.') {
        Some((_, "")) => return Err(not_a_number()),
        Some(parts) => parts,
        None => (given, ""),
    };
    let grouped =
        |digits: &str| digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    if grouped(whole) || (whole.is_empty() && fraction.is_empty()) {
        return Err(not_a_number());
    }
    let digits = |text: &str| -> Result<u128, AmountError> {
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(not_a_number());
        }
        if text.is_empty() { Ok(0) } else { text.parse().map_err(|_| too_large()) }
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(not_a_number());
    }
    // Zeros at the end add no precision: 1.50 is fine for a token with one decimal.
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > usize::from(decimals) {
        return Err(AmountError::TooPrecise { given: given.to_owned(), decimals });
    }
    let whole = digits(&whole.replace('_', ""))?;
    let fraction = digits(&format!("{fraction:0<width$}", width = usize::from(decimals)))?;
    whole.checked_mul(scale).and_then(|units| units.checked_add(fraction)).ok_or_else(too_large)
}

/// As [`parse_units`]; `max` is everything there is, written as the maximum in messages.
///
/// # Errors
/// As [`parse_units`].
pub fn parse_amount(text: &str, decimals: u8) -> Result<u128, AmountError> {
    if text.trim().eq_ignore_ascii_case("max") {
        return Ok(u128::MAX);
    }
    match parse_units(text, decimals)? {
        // The maximum means something else in messages.
        u128::MAX => Err(AmountError::TooLarge(text.trim().to_owned())),
        amount => Ok(amount),
    }
}

/// Reads a number into WAD, for prices and ratios.
///
/// # Errors
/// As [`parse_units`].
pub fn parse_wad(text: &str) -> Result<u128, AmountError> {
    parse_units(text, WAD_DECIMALS)
}

/// Shows smallest units as whole tokens, exactly: `1000.5`. [`parse_units_or_zero`] reads it back.
#[must_use]
pub fn format_units(amount: u128, decimals: u8) -> String {
    let (whole, fraction) = split(amount, decimals);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

/// Shows smallest units with thousands grouped and a fixed number of places, cut off toward zero: `1,000.50`.
#[must_use]
pub fn format_grouped(amount: u128, decimals: u8, places: u8) -> String {
    let (whole, fraction) = split(amount, decimals);
    let mut grouped = String::with_capacity(whole.len() * 4 / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let places = usize::from(places);
    if places > 0 {
        let shown: String = fraction.chars().chain(std::iter::repeat('0')).take(places).collect();
        grouped.push('.');
        grouped.push_str(&shown);
    }
    grouped
}

/// Shows a WAD value with a fixed number of places, cut off toward zero.
#[must_use]
pub fn format_wad(value: u128, places: u8) -> String {
    format_grouped(value, WAD_DECIMALS, places)
}

/// Shows a health factor (WAD); the maximum stands for an account without debt.
#[must_use]
pub fn format_health(health: u128) -> String {
    if health == u128::MAX { "∞".to_owned() } else { format_wad(health, 4) }
}

/// Shows basis points as a percentage: `80.5 %` for 8050.
#[must_use]
pub fn format_bps(bps: u16) -> String {
    format!("{} %", format_units(u128::from(bps), 2))
}

/// Shows a WAD ratio as a percentage with two places, cut off toward zero.
#[must_use]
pub fn format_percent(ratio: u128) -> String {
    // A ratio of 1 is 10^18 and 100 %: two digits less after the point.
    format!("{} %", format_grouped(ratio, WAD_DECIMALS - 2, 2))
}

fn scale(decimals: u8) -> Result<u128, AmountError> {
    10_u128.checked_pow(u32::from(decimals)).ok_or(AmountError::Decimals(decimals))
}

/// Digits before and after the point; the latter are exactly `decimals` many.
fn split(amount: u128, decimals: u8) -> (String, String) {
    let width = usize::from(decimals);
    let digits = format!("{amount:0>width$}", width = width + 1);
    let (whole, fraction) = digits.split_at(digits.len() - width);
    (whole.to_owned(), fraction.to_owned())
}
