//! Exact fractions, and integers held against them.

use super::Checked;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One as _, Zero as _};

pub(super) fn int(number: u128) -> BigInt {
    BigInt::from(number)
}

/// a·b/c, exact; not reduced, for nobody looks at its parts.
pub(super) fn ratio(a: u128, b: u128, c: u128) -> BigRational {
    BigRational::new_raw(int(a) * int(b), int(c))
}

pub(super) fn whole(number: u128) -> BigRational {
    BigRational::from(int(number))
}

/// The integer is the exact result rounded down.
pub(super) fn is_floor(what: &str, given: u128, exact: &BigRational) -> Checked {
    within(what, given, exact, &BigRational::one(), &BigRational::zero())
}

/// The integer is the exact result rounded up.
pub(super) fn is_ceil(what: &str, given: u128, exact: &BigRational) -> Checked {
    within(what, given, exact, &BigRational::zero(), &BigRational::one())
}

/// exact − below < given < exact + above; equality is allowed where there is no room.
pub(super) fn within(
    what: &str,
    given: u128,
    exact: &BigRational,
    below: &BigRational,
    above: &BigRational,
) -> Checked {
    // Cross-multiplied: reducing a fraction costs more than all the rest.
    let (top, bottom) = (exact.numer(), exact.denom());
    let difference = int(given) * bottom - top;
    let (low, high) = (-(below.numer() * bottom), above.numer() * bottom);
    let (under, over) = (&difference * below.denom(), &difference * above.denom());
    let too_low = if below.is_zero() { under < low } else { under <= low };
    let too_high = if above.is_zero() { over > high } else { over >= high };
    if too_low || too_high {
        let difference = BigRational::new(difference, bottom.clone());
        return Err(format!("{what}: {given}, which is {difference} from the exact result"));
    }
    Ok(())
}

/// a · b, not reduced.
pub(super) fn mul(a: &BigRational, b: &BigRational) -> BigRational {
    BigRational::new_raw(a.numer() * b.numer(), a.denom() * b.denom())
}

/// a + b, not reduced.
pub(super) fn add(a: &BigRational, b: &BigRational) -> BigRational {
    if a.denom() == b.denom() {
        return BigRational::new_raw(a.numer() + b.numer(), a.denom().clone());
    }
    BigRational::new_raw(a.numer() * b.denom() + b.numer() * a.denom(), a.denom() * b.denom())
}

/// x + x²/2 + x³/6, not reduced.
pub(super) fn three_terms(x: &BigRational) -> BigRational {
    let (a, b) = (x.numer(), x.denom());
    let square = b * b;
    BigRational::new_raw(a * (&square * 6 + a * b * 3 + a * a), square * b * 6)
}

/// Shares for assets: assets · (S + 10^6) / (A + 1).
pub(super) fn shares_of(assets: u128, (all, shares): (u128, u128)) -> BigRational {
    ratio(assets, shares + 1_000_000, all + 1)
}

/// Assets for shares.
pub(super) fn assets_of(shares: u128, (all, total): (u128, u128)) -> BigRational {
    ratio(shares, all + 1, total + 1_000_000)
}
