//! A list of actions as one step: effects first, then every check on the final state, then storage.
//!
//! A single message is a submission of one action, so there is one path through the code. Tokens are not called from
//! here: the caller gets the transfers and does them after everything is stored.

mod action;
mod session;
mod settle;

pub use action::{Action, Kind};
pub(crate) use session::{Session, check_running, touch_token};

use crate::{
    actions,
    address::Address,
    error::{Code, Refusal, Word, refuse, refuse_plain},
    host::Host,
    state::{Account, Root},
    transfers::Transfers,
    units::Assets,
};

/// Most actions in one submission.
pub const MAX_ACTIONS: usize = 8;

/// The amount that means "all".
pub const ALL: Assets = Assets::MAX;

/// Who asks, for whom, and where tokens go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who called. Tokens are pulled from him.
    pub caller: Address,
    /// Whose account it is about.
    pub account: Address,
    /// Who receives what leaves the pool.
    pub to: Address,
}

/// Does a list of actions and returns the tokens that have to move, first pulled, then pushed. Everything is stored by
/// then; whoever calls from a contract reverts on a refusal, and whoever keeps a copy drops it.
///
/// # Errors
/// The refusal of the first action or check that does not pass.
pub fn submit<H: Host>(
    host: &mut H,
    root: &Root,
    request: &Request,
    actions: &[Action],
) -> Result<Transfers, Refusal> {
    let mut transfers = Transfers::default();
    submit_into(host, root, request, actions, &mut transfers)?;
    Ok(transfers)
}

/// As [`submit`]; adds to `transfers` what has to move, so that a contract copies less.
///
/// # Errors
/// As [`submit`].
pub fn submit_into<H: Host>(
    host: &mut H,
    root: &Root,
    request: &Request,
    actions: &[Action],
    transfers: &mut Transfers,
) -> Result<(), Refusal> {
    if actions.is_empty() {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    if actions.len() > MAX_ACTIONS {
        return Err(too_many_actions(actions.len()));
    }
    let mut account = Account::default();
    host.read_account(&request.account, &mut account)?;
    let mut book = crate::book::Book::new();
    let mut session = Session::new(host, root, request, &mut account, &mut book, transfers);
    for action in actions {
        apply(&mut session, action)?;
    }
    session.settle()
}

/// What is said of a submission with more than [`MAX_ACTIONS`] actions; a shell keeps no more than those.
#[must_use]
pub fn too_many_actions(given: usize) -> Refusal {
    let word = |count| Word::from(u32::try_from(count).unwrap_or(u32::MAX));
    refuse(Code::TooManyActions, word(given), word(MAX_ACTIONS))
}

fn apply<H: Host>(session: &mut Session<'_, H>, action: &Action) -> Result<(), Refusal> {
    if action.kind.moves_money() && action.amount.is_zero() {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    if action.kind == Kind::SetCategory {
        return actions::category::set_category(session, action.amount);
    }
    let id = session.find(&action.asset)?;
    match action.kind {
        Kind::Supply => actions::supply::supply(session, id, action.amount),
        Kind::Protect => actions::protect::protect(session, id, action.amount),
        Kind::Repay => actions::repay::repay(session, id, action.amount),
        Kind::Withdraw => actions::withdraw::withdraw(session, id, action.amount),
        Kind::Unprotect => actions::protect::unprotect(session, id, action.amount),
        Kind::Borrow => actions::borrow::borrow(session, id, action.amount),
        Kind::SetCollateral => actions::collateral::set_collateral(session, id, action.amount),
        Kind::SetCategory => Ok(()),
    }
}

#[cfg(test)]
mod tests;
