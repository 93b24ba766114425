//! The exponential function in big integers, what the approximations of this crate are measured against.

use std::string::ToString;

use num_bigint::{BigInt, Sign};

/// Digits of the results.
const DIGITS: u32 = 100;

/// What the results are scaled by: 10^100.
pub(crate) fn scale() -> BigInt {
    BigInt::from(10).pow(DIGITS)
}

/// e^x for x in WAD, scaled by [`scale`], by its series; good to more than 90 digits for |x| up to 100.
pub(crate) fn exp(x: i128) -> BigInt {
    let one = scale();
    let magnitude = BigInt::from(x.unsigned_abs()) * BigInt::from(10).pow(DIGITS - 18);
    let mut term = one.clone();
    let mut sum = BigInt::ZERO;
    let mut count = 0u32;
    while term.sign() != Sign::NoSign {
        sum += &term;
        count += 1;
        term = term * &magnitude / &one / count;
    }
    if x < 0 { &one * &one / sum } else { sum }
}

#[test]
fn the_yardstick_itself() {
    // e = 2.71828182845904523536028747135266249775724709369995…, 1/e = 0.36787944117144232159552377016146086744581…
    let digits = BigInt::from(10).pow(DIGITS - 40);
    let e = "27182818284590452353602874713526624977572";
    assert_eq!((exp(1_000_000_000_000_000_000) / &digits).to_string(), e);
    let inverse = "3678794411714423215955237701614608674458";
    assert_eq!((exp(-1_000_000_000_000_000_000) / &digits).to_string(), inverse);
    assert_eq!(exp(0), scale());
}
