//! Refusals, word by word.

use alloy_sol_types::SolError;
use core::fmt::Debug;
use weir_harness::Failed;

/// Asserts that a call was refused with exactly this error.
pub fn refused<T, E: SolError + PartialEq + Debug>(result: Result<T, Failed>, expected: &E) {
    let failed = result.err().expect("this must be refused");
    assert_eq!(failed.error::<E>().as_ref(), Some(expected), "{failed}");
}
