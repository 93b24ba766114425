//! Liquidation: the pool goes on here when it is asked to liquidate. This is half of the protocol's code, and the length
//! of code is paid for on every call of the contract that carries it.

use crate::{arguments::Liquidate, callback};
use weir_core::{error::Refusal, liquidate::liquidate as decide, state::Root};
use weir_shell::{
    chain,
    host::Chain,
    settle::{pull, push},
};

/// Liquidates. With data the liquidator is called back: collateral first, then his callback, then the repayment is
/// pulled. Without, it is the other way round. Everything is stored before the first token moves.
///
/// # Errors
/// Those of [`weir_core::liquidate::liquidate`].
pub fn liquidate(chain: &mut Chain, root: &Root, input: &Liquidate) -> Result<(), Refusal> {
    let Liquidate { order, data } = input;
    let caller = chain::caller();
    let calls_back = data.length != 0;
    if calls_back {
        // The seventh argument of `liquidate`.
        callback::check(&caller, *data, 6);
    }
    let outcome = decide(chain, root, &caller, order)?;
    if calls_back {
        push(&order.collateral, &caller, outcome.pay_out);
        callback::on_liquidate(&caller, order, &outcome, *data);
        pull(&order.debt, &caller, outcome.repay);
    } else {
        pull(&order.debt, &caller, outcome.repay);
        push(&order.collateral, &caller, outcome.pay_out);
    }
    Ok(())
}
