#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use num_bigint::BigUint;
use proptest::prelude::*;

use super::*;

/// Numbers of every length, with the ends of each length more often than chance would have them.
fn any_length() -> impl Strategy<Value = u128> {
    (any::<u128>(), 0u32..128, 0u8..4).prop_map(|(bits, shift, shape)| match shape {
        0 => u128::MAX >> shift,
        1 => 1 << shift,
        _ => bits >> shift,
    })
}

fn big(number: u128) -> BigUint {
    BigUint::from(number)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn division_agrees_with_big_integers(a in any_length(), b in any_length(), add in any_length(), c in any_length()) {
        let numerator = big(a) * big(b) + big(add);
        let expected = if c == 0 {
            Err(Overflow)
        } else {
            match u128::try_from(&numerator / big(c)) {
                Ok(quotient) => Ok((quotient, u128::try_from(&numerator % big(c)).unwrap())),
                Err(_) => Err(Overflow),
            }
        };
        prop_assert_eq!(mul_add_div(a, b, add, c), expected);
    }

    #[test]
    fn long_division_agrees_with_big_integers(high in any_length(), low in any_length(), divisor in any_length()) {
        prop_assume!(divisor > 0);
        let high = high % divisor;
        let numerator = (big(high) << 128) + big(low);
        let (quotient, remainder) = divide(high, low, divisor);
        prop_assert_eq!(big(quotient), &numerator / big(divisor));
        prop_assert_eq!(big(remainder), &numerator % big(divisor));
    }

    #[test]
    fn ceiling_is_floor_plus_one_unless_exact(a in any_length(), b in any_length(), c in any_length()) {
        prop_assume!(c > 0);
        if let Ok(ceiling) = mul_div_ceil(a, b, c) {
            let floor = mul_div_floor(a, b, c).unwrap();
            let exact = big(a) * big(b) % big(c) == BigUint::ZERO;
            prop_assert_eq!(ceiling - floor, u128::from(!exact));
        }
    }

    #[test]
    fn products_compare_exactly(a in any_length(), b in any_length(), c in any_length(), d in any_length()) {
        prop_assert_eq!(cmp_products(a, b, c, d), (big(a) * big(b)).cmp(&(big(c) * big(d))));
        prop_assert_eq!(mul(a, b).cmp(&mul(c, d)), cmp_products(a, b, c, d));
        prop_assert_eq!(cmp_products(a, b, b, a), Ordering::Equal);
    }

    #[test]
    fn products_have_every_digit(a in any_length(), b in any_length()) {
        prop_assert_eq!(BigUint::from_bytes_le(&mul(a, b).to_le_bytes::<32>()), big(a) * big(b));
    }
}

#[test]
fn division_at_its_limits() {
    const MAX: u128 = u128::MAX;
    assert_eq!(mul_add_div(MAX, MAX, MAX, MAX), Err(Overflow));
    // (2^128 − 1)² + 2^128 − 2 = (2^128 − 1)·2^128 − 1: one short of the quotient 2^128.
    assert_eq!(mul_add_div(MAX, MAX, MAX - 1, MAX), Ok((MAX, MAX - 1)));
    assert_eq!(mul_add_div(MAX, 1, 0, 1), Ok((MAX, 0)));
    assert_eq!(mul_add_div(1, 1, 0, 0), Err(Overflow));
    assert_eq!(mul_add_div(0, 0, 0, 0), Err(Overflow));
    // (2^128 − 1)·2 / 3 = 2^129/3 − 2/3, and 2^128 − 1 is a multiple of 3.
    assert_eq!(mul_div_floor(MAX, 2, 3), Ok(MAX / 3 * 2));
    // A ceiling that is one beyond the largest: ((2^128 − 1)² + …)/… rounds up to 2^128.
    assert_eq!(mul_div_ceil(MAX, MAX, MAX - 1), Err(Overflow));
    assert_eq!(mul_div_ceil(0, MAX, MAX), Ok(0));
}

#[test]
fn guesses_that_are_too_high_are_corrected() {
    // The first digit of the divisor is the smallest and the second the largest: the guess is 2 too high.
    let divisor = (1 << 127) | u128::from(u64::MAX);
    let high = divisor - 1;
    let numerator = (big(high) << 128) + big(0);
    let (quotient, remainder) = divide(high, 0, divisor);
    assert_eq!(big(quotient), &numerator / big(divisor));
    assert_eq!(big(remainder), &numerator % big(divisor));
}

#[test]
fn powers_of_ten() {
    for exponent in 0..=38u8 {
        assert_eq!(pow10(exponent).map(big), Ok(big(10).pow(u32::from(exponent))));
    }
    assert_eq!(pow10(39), Err(Overflow));
    assert_eq!(pow10(255), Err(Overflow));
}
