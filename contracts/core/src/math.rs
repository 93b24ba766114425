//! Multiplication and division with a 256-bit intermediate, each with its rounding in its name.

use core::cmp::Ordering;

pub use ruint::aliases::U256;

use crate::units::Overflow;

/// Quotient and remainder of (a·b + add) / c, exact in between.
///
/// The one division of the crate. It is kept out of line because every contract that links it is charged for its length
/// on each call, and it takes the short way whenever the numerator fits 128 bits, because a long division costs tens of
/// microseconds in the virtual machine.
///
/// # Errors
/// [`Overflow`] if `c` is zero or the quotient does not fit 128 bits.
#[inline(never)]
pub fn mul_add_div(a: u128, b: u128, add: u128, c: u128) -> Result<(u128, u128), Overflow> {
    let (low, high) = a.carrying_mul(b, add);
    if high >= c {
        // Either c is zero or the quotient is at least 2^128.
        return Err(Overflow);
    }
    if high == 0 {
        let quotient = low / c;
        return Ok((quotient, low - quotient * c));
    }
    Ok(long_division(high, low, c))
}

/// Quotient and remainder of (high·2^128 + low) / divisor, for high < divisor.
///
/// Knuth's algorithm D with two 64-bit digits. `ruint`, which is used for everything else of this width, divides just as
/// well, but its general division is ten times as long, and that is more than a tenth of a contract's code budget.
fn long_division(high: u128, low: u128, divisor: u128) -> (u128, u128) {
    // The divisor is scaled until its top bit is set, and the numerator with it; high < divisor keeps it in 256 bits.
    let shift = divisor.leading_zeros();
    let divisor = divisor << shift;
    let high = (high << shift) | ((low >> 1) >> (127 - shift));
    let low = low << shift;
    let (first, rest) = next_digit(high, low >> 64, divisor);
    let (second, rest) = next_digit(rest, low & DIGIT, divisor);
    ((first << 64) | second, rest >> shift)
}

/// Quotient (one digit) and remainder of (rest·2^64 + next) / divisor, for rest < divisor, next one digit, and a
/// divisor with its top bit set.
#[inline(never)]
fn next_digit(rest: u128, next: u128, divisor: u128) -> (u128, u128) {
    let (first, second) = (divisor >> 64, divisor & DIGIT);
    // Dividing by the first digit alone guesses too high, by 2 at most; the second digit tells when.
    let mut guess = (rest / first).min(DIGIT);
    let mut left = rest - guess * first;
    while left <= DIGIT && guess * second > ((left << 64) | next) {
        guess -= 1;
        left += first;
    }
    // The remainder is below the divisor, so its last 128 bits are all of it; what is above them cancels out.
    (guess, ((rest << 64) | next).wrapping_sub(guess.wrapping_mul(divisor)))
}

/// All ones in the lower of the two digits of a u128.
const DIGIT: u128 = (1 << 64) - 1;

/// ⌊a·b/c⌋.
///
/// # Errors
/// [`Overflow`] if `c` is zero or the result does not fit 128 bits.
#[inline]
pub fn mul_div_floor(a: u128, b: u128, c: u128) -> Result<u128, Overflow> {
    match mul_add_div(a, b, 0, c) {
        Ok((quotient, _)) => Ok(quotient),
        Err(error) => Err(error),
    }
}

/// ⌈a·b/c⌉.
///
/// # Errors
/// [`Overflow`] if `c` is zero or the result does not fit 128 bits.
#[inline]
pub fn mul_div_ceil(a: u128, b: u128, c: u128) -> Result<u128, Overflow> {
    match mul_add_div(a, b, 0, c) {
        Ok((quotient, 0)) => Ok(quotient),
        Ok((quotient, _)) => quotient.checked_add(1).ok_or(Overflow),
        Err(error) => Err(error),
    }
}

/// a·b, exact.
#[inline]
#[must_use]
pub fn mul(a: u128, b: u128) -> U256 {
    let (low, high) = a.carrying_mul(b, 0);
    join(high, low)
}

/// How a·b compares with c·d, exact: which of two ratios a/c and d/b is larger, without a division.
#[inline]
#[must_use]
pub fn cmp_products(a: u128, b: u128, c: u128, d: u128) -> Ordering {
    let (left_low, left_high) = a.carrying_mul(b, 0);
    let (right_low, right_high) = c.carrying_mul(d, 0);
    (left_high, left_low).cmp(&(right_high, right_low))
}

/// 10^`decimals`, for `decimals` up to 38.
///
/// # Errors
/// [`Overflow`] above 38.
#[inline]
pub fn pow10(decimals: u8) -> Result<u128, Overflow> {
    // A table of all 39 in 128 bits would be four times as long.
    let half = decimals.min(19);
    match (POWERS_OF_TEN.get(usize::from(half)), POWERS_OF_TEN.get(usize::from(decimals - half))) {
        (Some(first), Some(second)) => Ok(u128::from(*first) * u128::from(*second)),
        _ => Err(Overflow),
    }
}

/// 10^0 to 10^19, the largest that fits.
static POWERS_OF_TEN: [u64; 20] = {
    let mut powers = [1; 20];
    let mut exponent = 1;
    #[allow(
        clippy::indexing_slicing,
        reason = "the compiler runs it, and the index stays below 20"
    )]
    while exponent < 20 {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// high·2^128 + low.
#[inline]
fn join(high: u128, low: u128) -> U256 {
    (U256::from(high) << 128) | U256::from(low)
}

#[cfg(test)]
mod tests;
