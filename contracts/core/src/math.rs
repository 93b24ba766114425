//! Multiplication and division with a 256-bit intermediate, each with its rounding in its name.

use core::cmp::Ordering;

pub use ruint::aliases::U256;

use crate::units::Overflow;

/// Quotient and remainder of (a·b + add) / c, exact in between.
///
/// The one division of the crate, out of line because every contract that links it is charged for its length on each
/// call. It works on 64-bit digits with 64-bit divisions: the general divisions of the compiler's runtime and of `ruint`,
/// which is used for everything else of this width, take several times as many steps in the virtual machine.
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
    if high == 0
        && let Ok(short) = u64::try_from(c)
    {
        return Ok(divide_short(low, short));
    }
    Ok(divide(high, low, c))
}

/// Quotient and remainder of numerator / divisor, for a divisor that is not zero: most divisors are constants of one
/// digit, and most numerators have two.
#[inline(always)]
fn divide_short(numerator: u128, divisor: u64) -> (u128, u128) {
    let (upper, lower) = digits(numerator);
    let shift = divisor.leading_zeros();
    let rest = upper % divisor;
    let next = lower << shift;
    let rest_and_spill = (rest << shift) | ((lower >> 1) >> (63 - shift));
    let (digit, rest) = divide_by_one(rest_and_spill, next, divisor << shift);
    (join_digits(upper / divisor, digit), u128::from(rest >> shift))
}

/// Quotient and remainder of (high·2^128 + low) / divisor, for high < divisor: Knuth's algorithm D.
#[inline(always)]
fn divide(high: u128, low: u128, divisor: u128) -> (u128, u128) {
    let (mut first, mut second) = digits(divisor);
    // Only the digits of the divisor that are not zero take part; `high` has no more of them.
    let short = first == 0;
    if short {
        (first, second) = (second, 0);
    }
    // The divisor is scaled until its top bit is set, and the numerator with it; high < divisor keeps it in its digits.
    let shift = first.leading_zeros();
    let spill = 63 - shift;
    let scaled = |upper: u64, lower: u64| (upper << shift) | ((lower >> 1) >> spill);
    let ((n3, n2), (n1, n0)) = (digits(high), digits(low));
    let (quotient, rest) = if short {
        let divisor = scaled(first, 0);
        let (q1, rest) = divide_by_one(scaled(n2, n1), scaled(n1, n0), divisor);
        let (q0, rest) = divide_by_one(rest, scaled(n0, 0), divisor);
        (join_digits(q1, q0), join_digits(0, rest))
    } else {
        let divisor = (scaled(first, second), scaled(second, 0));
        let rest = join_digits(scaled(n3, n2), scaled(n2, n1));
        let (q1, rest) = divide_by_two(rest, scaled(n1, n0), divisor);
        let (q0, rest) = divide_by_two(rest, scaled(n0, 0), divisor);
        (join_digits(q1, q0), rest)
    };
    let (upper, lower) = digits(rest);
    (quotient, join_digits(upper >> shift, (lower >> shift) | ((upper << 1) << spill)))
}

/// One digit of a quotient, and the remainder: (rest·2^64 + next) / divisor, for a divisor of one digit with its top bit
/// set, and rest < divisor.
#[inline(never)]
fn divide_by_one(rest: u64, next: u64, divisor: u64) -> (u64, u64) {
    if rest == 0 {
        return (next / divisor, next % divisor);
    }
    let (upper, rest) = half_digit(rest, next >> 32, divisor);
    let (lower, rest) = half_digit(rest, next & HALF, divisor);
    ((upper << 32) | lower, rest)
}

/// Half a digit of a quotient, as Knuth guesses it, and the remainder.
#[inline(always)]
fn half_digit(rest: u64, next: u64, divisor: u64) -> (u64, u64) {
    let (first, second) = (divisor >> 32, divisor & HALF);
    // Dividing by the first half alone guesses too high, by 2 at most; the second half tells when.
    let (mut guess, mut left) = (rest / first, rest % first);
    while left <= HALF && (guess > HALF || guess * second > ((left << 32) | next)) {
        guess -= 1;
        left += first;
    }
    // The remainder is below the divisor, so its last digit is all of it; what is above it cancels out.
    (guess, ((rest << 32) | next).wrapping_sub(guess.wrapping_mul(divisor)))
}

/// All ones in half a digit.
const HALF: u64 = 0xffff_ffff;

/// The same for a divisor of two digits.
#[inline(never)]
fn divide_by_two(rest: u128, next: u64, (first, second): (u64, u64)) -> (u64, u128) {
    let (upper, lower) = digits(rest);
    // A guess of more than one digit is possible only here, and the largest digit is then not too low.
    let (mut guess, mut left) = if upper < first {
        let (guess, left) = divide_by_one(upper, lower, first);
        (guess, Some(left))
    } else {
        (u64::MAX, lower.checked_add(first))
    };
    while let Some(below) = left {
        if u128::from(guess) * u128::from(second) <= join_digits(below, next) {
            break;
        }
        guess -= 1;
        left = below.checked_add(first);
    }
    let divisor = join_digits(first, second);
    let rest = join_digits(lower, next).wrapping_sub(u128::from(guess).wrapping_mul(divisor));
    (guess, rest)
}

/// The upper and the lower 64 bits.
#[inline(always)]
fn digits(number: u128) -> (u64, u64) {
    let [upper, lower] = [number >> 64, number & u128::from(u64::MAX)];
    // Neither is longer than one digit.
    (u64::try_from(upper).unwrap_or(u64::MAX), u64::try_from(lower).unwrap_or(u64::MAX))
}

/// upper·2^64 + lower.
#[inline(always)]
fn join_digits(upper: u64, lower: u64) -> u128 {
    (u128::from(upper) << 64) | u128::from(lower)
}

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

/// ⌊a/c⌋; 0 for a `c` of 0. The `/` of 128 bits would link a general division, which is a kilobyte of code.
#[inline]
#[must_use]
pub fn div_floor(a: u128, c: u32) -> u128 {
    mul_div_floor(a, 1, u128::from(c)).unwrap_or(0)
}

/// a·b/c, rounded toward zero.
///
/// # Errors
/// [`Overflow`] if `c` is zero or the result does not fit.
pub fn mul_div_trunc(a: i128, b: i128, c: u128) -> Result<i128, Overflow> {
    let size = mul_div_floor(a.unsigned_abs(), b.unsigned_abs(), c)?;
    let size = i128::try_from(size).map_err(|_| Overflow)?;
    Ok(if (a < 0) == (b < 0) { size } else { -size })
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
