//! What an account settles for itself.

use crate::arguments::SetOperator;
use weir_core::{error::Refusal, operators, units::Timestamp};
use weir_shell::{chain, host::Chain};

/// Names an operator of the account that calls.
///
/// # Errors
/// Those of [`weir_core::operators::set_operator`].
pub fn set_operator(chain: &mut Chain, input: &SetOperator) -> Result<(), Refusal> {
    let SetOperator { operator, permissions, expiry } = input;
    operators::set_operator(chain, &chain::caller(), operator, *permissions, Timestamp(*expiry))
}
