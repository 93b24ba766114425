//! Reads the rate of an asset from the contract that has it.

use crate::chain::{self, Weight};
use crate::reader::Reader;
use weir_core::feed::{RATE_BUDGET, Rate, is_rate};

/// The rate (WAD), unless the contract refuses, answers something else than one word, needs too much weight, or the
/// number cannot be a rate.
#[inline(never)]
#[must_use]
pub fn read(rate: &Rate) -> Option<u128> {
    let (ref_time, proof_size) = RATE_BUDGET;
    // A word, and one byte more, by which a longer answer is noticed.
    let mut buffer = [0; 33];
    let limit = Weight { ref_time, proof_size };
    let answer = chain::ask_within(limit, &rate.source, &rate.selector, &mut buffer)?;
    let mut reader = Reader::new(answer, 0);
    let value = reader.u128();
    (reader.end().is_ok() && is_rate(value)).then_some(value)
}
