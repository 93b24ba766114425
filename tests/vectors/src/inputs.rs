//! Access to the inputs of a vector, by name and unit.

use num_bigint::BigInt;
use serde_json::{Map, Value};
use weir_core::units::{Assets, Overflow, Shares, Wad};

use crate::number::{self, Number, power_of_ten};

/// Why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// An input is missing or is not what its name says.
    Malformed(String),
    /// An input lies outside of what `weir-core` can hold at all: 128 bits, 18 decimals, no negative amounts.
    OutOfRange(String),
    /// `weir-core` refused.
    Refused(String),
}

impl From<Overflow> for Fault {
    fn from(_: Overflow) -> Self {
        Self::Refused("weir-core: a result does not fit, or a division by zero".to_owned())
    }
}

/// The inputs of a vector, or of one entry of a list in it.
pub(crate) struct Inputs<'a> {
    fields: &'a Map<String, Value>,
}

impl<'a> Inputs<'a> {
    pub(crate) fn new(fields: &'a Map<String, Value>) -> Self {
        Self { fields }
    }

    /// Any number.
    pub(crate) fn number(&self, name: &str) -> Result<Number, Fault> {
        let text = self.field(name)?.as_str().and_then(number::parse);
        text.ok_or_else(|| malformed(name, "a decimal string"))
    }

    /// Any number, if the field is there.
    pub(crate) fn optional(&self, name: &str) -> Result<Option<Number>, Fault> {
        if self.fields.contains_key(name) { self.number(name).map(Some) } else { Ok(None) }
    }

    /// A whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<BigInt, Fault> {
        let number = self.number(name)?;
        if number.is_integer() {
            Ok(number.to_integer())
        } else {
            Err(malformed(name, "a whole number"))
        }
    }

    /// A whole number of any machine type.
    pub(crate) fn machine<T: TryFrom<BigInt>>(&self, name: &str) -> Result<T, Fault> {
        T::try_from(self.integer(name)?)
            .map_err(|_| Fault::OutOfRange(format!("input `{name}` is out of weir-core's range")))
    }

    /// An amount of a token.
    pub(crate) fn assets(&self, name: &str) -> Result<Assets, Fault> {
        self.machine(name).map(Assets)
    }

    /// A number of shares.
    pub(crate) fn shares(&self, name: &str) -> Result<Shares, Fault> {
        self.machine(name).map(Shares)
    }

    /// A whole number that counts 10^-18.
    pub(crate) fn in_wad(&self, name: &str) -> Result<Wad, Fault> {
        self.machine(name).map(Wad)
    }

    /// A plain number, brought to WAD.
    pub(crate) fn to_wad(&self, name: &str) -> Result<Wad, Fault> {
        exact_wad(&self.number(name)?)
            .ok_or_else(|| Fault::OutOfRange(format!("input `{name}` is not a number in WAD")))
    }

    /// A list of entries.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<Inputs<'a>>, Fault> {
        let entries = self.field(name)?.as_array();
        let entries = entries.ok_or_else(|| malformed(name, "a list"))?;
        let entry = |value: &'a Value| value.as_object().map(Inputs::new);
        entries
            .iter()
            .map(entry)
            .collect::<Option<_>>()
            .ok_or_else(|| malformed(name, "a list of objects"))
    }

    fn field(&self, name: &str) -> Result<&'a Value, Fault> {
        self.fields
            .get(name)
            .ok_or_else(|| Fault::Malformed(format!("field `input.{name}` is missing")))
    }
}

/// The number in WAD, if it is one: not negative, 18 decimals, 128 bits.
pub(crate) fn exact_wad(number: &Number) -> Option<Wad> {
    let scaled = number * power_of_ten(18);
    if scaled.is_integer() { u128::try_from(scaled.to_integer()).ok().map(Wad) } else { None }
}

/// The number in WAD, rounded down, if it is not negative and fits 128 bits.
pub(crate) fn floor_wad(number: &Number) -> Option<Wad> {
    u128::try_from((number * power_of_ten(18)).floor().to_integer()).ok().map(Wad)
}

fn malformed(name: &str, expected: &str) -> Fault {
    Fault::Malformed(format!("field `input.{name}` is not {expected}"))
}
