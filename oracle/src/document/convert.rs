//! What a value of a document may be turned into, and what to say if it cannot.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

use toml::de::DeValue;

/// Any text.
///
/// # Errors
///
/// The value is not a string.
pub fn text(value: &DeValue<'_>) -> Result<String, String> {
    let text = value.as_str().ok_or_else(|| wrong_type(value, "a string"))?;
    Ok(text.to_owned())
}

/// A text with something in it.
///
/// # Errors
///
/// The value is not a string, or blank.
pub fn name(value: &DeValue<'_>) -> Result<String, String> {
    let text = text(value)?;
    if text.trim().is_empty() { Err("is empty".to_owned()) } else { Ok(text) }
}

/// A text that a type can read.
///
/// # Errors
///
/// The value is not a string, or the type refuses it.
pub fn parsed<T>(value: &DeValue<'_>) -> Result<T, String>
where
    T: FromStr<Err: Display>,
{
    text(value)?.parse().map_err(|error: T::Err| error.to_string())
}

/// A decimal number, written as a string or as a TOML number; its digits are read as they stand.
///
/// # Errors
///
/// The value is neither, or the type refuses the digits.
pub fn decimal<T>(value: &DeValue<'_>) -> Result<T, String>
where
    T: FromStr<Err: Display>,
{
    let digits = match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Float(float) => float.as_str().to_owned(),
        DeValue::Integer(integer) => integer.to_string(),
        other => return Err(wrong_type(other, "a decimal number")),
    };
    digits.parse().map_err(|error: T::Err| error.to_string())
}

/// A whole number within bounds.
///
/// # Errors
///
/// The value is not an integer, or out of bounds.
pub fn integer<T>(range: RangeInclusive<T>) -> impl FnOnce(&DeValue<'_>) -> Result<T, String>
where
    T: TryFrom<i128> + PartialOrd + Display,
{
    move |value| {
        let integer = value.as_integer().ok_or_else(|| wrong_type(value, "a whole number"))?;
        let number = i128::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .and_then(|number| T::try_from(number).ok())
            .filter(|number| range.contains(number));
        let (low, high) = (range.start(), range.end());
        number.ok_or_else(|| format!("`{integer}` is not between {low} and {high}"))
    }
}

/// A list, each item turned by `convert`; must not be empty.
///
/// # Errors
///
/// The value is not an array, it is empty, or an item is refused.
pub fn list<T>(
    convert: impl Fn(&DeValue<'_>) -> Result<T, String>,
) -> impl FnOnce(&DeValue<'_>) -> Result<Vec<T>, String> {
    move |value| {
        let array = value.as_array().ok_or_else(|| wrong_type(value, "a list"))?;
        if array.is_empty() {
            return Err("is empty".to_owned());
        }
        array.iter().map(|item| convert(item.get_ref())).collect()
    }
}

fn wrong_type(value: &DeValue<'_>, wanted: &str) -> String {
    format!("must be {wanted}, not a value of type {}", value.type_str())
}
