//! The name under which sources, scenarios and the deployment file know an asset.

use std::{fmt, str::FromStr, sync::Arc};

/// A symbol such as `DOT`: 1 to 16 letters, digits, `.`, `-` or `_`, beginning with a letter or digit.
///
/// Case matters: `wDOT` and `WDOT` are two assets. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(Arc<str>);

/// The text is not a [`Symbol`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not an asset symbol: 1 to 16 letters, digits, `.`, `-` or `_`, beginning with a letter or digit"
)]
pub struct BadSymbol(String);

impl Symbol {
    /// The longest symbol, in bytes.
    pub const MAX_LENGTH: usize = 16;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Symbol {
    type Err = BadSymbol;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let begins = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        let letters = text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
        if begins && letters && text.len() <= Self::MAX_LENGTH {
            Ok(Self(Arc::from(text)))
        } else {
            Err(BadSymbol(text.chars().take(40).collect()))
        }
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for Symbol {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Symbol;

    #[test]
    fn symbols_are_short_words() {
        for good in ["DOT", "wDOT", "USDC.e", "st-DOT", "a_b", "0x", "ABCDEFGHIJKLMNOP"] {
            assert_eq!(good.parse::<Symbol>().map(|s| s.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", " DOT", "DOT ", ".DOT", "D T", "ABCDEFGHIJKLMNOPQ", "€", "D/T", "D\nT"] {
            assert!(bad.parse::<Symbol>().is_err(), "{bad:?}");
        }
    }
}
