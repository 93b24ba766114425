//! What a message would do, exactly: the same functions on an overlay of the state.

use crate::{
    address::Address,
    error::Refusal,
    host::Host,
    liquidate::{Order, Outcome, liquidate},
    overlay::Overlay,
    state::Root,
    submit::{Action, Request, submit},
    transfers::Transfers,
    units::Wad,
    view::account_data,
};

/// What a message would do to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preview<T> {
    /// What it would return, or why it would be refused.
    pub result: Result<T, Refusal>,
    /// Health factor before, at the last accepted prices.
    pub health_before: Wad,
    /// Health factor after; the same if it would be refused.
    pub health_after: Wad,
}

/// Previews a submission. Nothing is stored.
///
/// # Errors
/// Only if the account cannot be valued before; a refusal of the submission is part of the preview.
pub fn preview<H: Host>(
    host: &mut H,
    root: &Root,
    request: &Request,
    actions: &[Action],
) -> Result<Preview<Transfers>, Refusal> {
    run(host, &request.account, |overlay| submit(overlay, root, request, actions))
}

/// Previews a liquidation; the health factors are the borrower's. Nothing is stored.
///
/// # Errors
/// As [`preview`].
pub fn preview_liquidation<H: Host>(
    host: &mut H,
    root: &Root,
    caller: &Address,
    order: &Order,
) -> Result<Preview<Outcome>, Refusal> {
    run(host, &order.borrower, |overlay| liquidate(overlay, root, caller, order))
}

fn run<H: Host, T>(
    host: &mut H,
    account: &Address,
    work: impl FnOnce(&mut Overlay<'_, H>) -> Result<T, Refusal>,
) -> Result<Preview<T>, Refusal> {
    let health_before = account_data(host, account)?.health_factor;
    let mut overlay = Overlay::new(host);
    let result = work(&mut overlay);
    let health_after = match &result {
        Ok(_) => account_data(&mut overlay, account)?.health_factor,
        Err(_) => health_before,
    };
    Ok(Preview { result, health_before, health_after })
}

#[cfg(test)]
mod tests;
