//! Integers wide enough for any product of the protocol's numbers.

use ruint::aliases::U512;

/// 512 bits.
pub type Wide = U512;

/// A number as a wide one.
#[must_use]
pub fn wide(number: u128) -> Wide {
    Wide::from(number)
}

/// ⌊a·b/c⌋; three factors of 128 bits fit.
#[must_use]
pub fn down(a: Wide, b: Wide, c: Wide) -> Wide {
    a * b / c
}

/// ⌈a·b/c⌉.
#[must_use]
pub fn up(a: Wide, b: Wide, c: Wide) -> Wide {
    (a * b + c - Wide::from(1)) / c
}

/// 10 to the power of so many decimals.
#[must_use]
pub fn ten(decimals: u8) -> Wide {
    // At most 24 decimals are listed; 38 fit.
    Wide::from(10_u128.pow(u32::from(decimals.min(38))))
}
