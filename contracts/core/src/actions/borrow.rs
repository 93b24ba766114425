//! Taking on debt.

use super::limits::{check_cap, flow_out};
use crate::{
    error::{Code, Refusal, Word, refuse, refuse_one},
    event::Event,
    host::Host,
    state::{Flags, ReserveId, pause::operation, permission},
    submit::Session,
    transfers::Direction,
    units::Assets,
};

/// Mints debt shares for `amount`, rounded up.
pub(crate) fn borrow<H: Host>(
    session: &mut Session<'_, H>,
    id: ReserveId,
    amount: Assets,
) -> Result<(), Refusal> {
    session.running(id, operation::BORROW)?;
    session.may_take_out(permission::BORROW)?;
    let now = session.now;
    let reserve = session.reserve_mut(id)?;
    if !reserve.flags.has(Flags::BORROWABLE) {
        return Err(refuse_one(Code::NotBorrowable, Word::from(id)));
    }
    if reserve.is_frozen(now) {
        return Err(refuse_one(Code::Frozen, Word::from(id)));
    }
    let balances = &mut reserve.balances;
    if amount > balances.cash {
        let available = Word::from(balances.cash);
        return Err(refuse(Code::InsufficientCash, Word::from(amount), available));
    }
    let shares = balances.debt.to_shares_ceil(amount)?;
    balances.debt = balances.debt.checked_add(amount, shares)?;
    balances.cash = balances.cash.checked_sub(amount)?;
    // No part of the borrow cap is kept back for anybody.
    check_cap(Code::BorrowCap, reserve.balances.debt.assets, reserve.limits.borrow, true)?;
    flow_out(&mut reserve.limits.outflow, amount)?;
    let owed = session.account.debt(id).checked_add(shares)?;
    session.account.set_debt(id, owed)?;
    // At the first loan ever, whether or not it is repaid in the same submission.
    if !session.account.listed {
        session.host.append_indebted(&session.request.account)?;
        session.account.listed = true;
    }
    session.pending.risk = true;
    session.pending.category = true;
    session.pending.collateral = true;
    session.transfer(id, Direction::Push, amount)?;
    let party = session.party(id)?;
    let to = session.request.to;
    session.emit(&Event::Borrowed { party, to, assets: amount, shares });
    Ok(())
}
