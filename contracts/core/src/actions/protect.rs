//! What is held apart for its owner: it earns nothing, is never lent, and leaves whatever the utilisation.

use super::limits::{check_cap, flow_in};
use crate::{
    error::{Code, Refusal, Word, refuse, refuse_one},
    event::Event,
    host::Host,
    state::{ReserveId, permission},
    submit::{ALL, Session},
    transfers::Direction,
    units::Assets,
};

/// Takes `amount` into custody.
pub(crate) fn protect<H: Host>(
    session: &mut Session<'_, H>,
    id: ReserveId,
    amount: Assets,
) -> Result<(), Refusal> {
    session.may_pay_in(id)?;
    let has_debt = session.account.has_debt();
    let now = session.now;
    let reserve = session.reserve_mut(id)?;
    if reserve.is_frozen(now) && !has_debt {
        return Err(refuse_one(Code::Frozen, Word::from(id)));
    }
    let total = reserve.balances.protected.checked_add(amount)?;
    check_cap(Code::ProtectedCap, total, reserve.limits.protected, has_debt)?;
    flow_in(&mut reserve.limits.inflow, amount, has_debt)?;
    reserve.balances.protected = total;
    let opened = session.account.supply(id).is_none();
    let leg = session.account.supply_or_new(id)?;
    leg.protected = leg.protected.checked_add(amount)?;
    session.pending.collateral |= opened;
    session.transfer(id, Direction::Pull, amount)?;
    let party = session.party(id)?;
    session.emit(&Event::Protected { party, assets: amount });
    Ok(())
}

/// Gives `amount` back.
pub(crate) fn unprotect<H: Host>(
    session: &mut Session<'_, H>,
    id: ReserveId,
    amount: Assets,
) -> Result<(), Refusal> {
    session.may_take_out(permission::WITHDRAW)?;
    let Some(leg) = session.account.supply_mut(id) else {
        return Err(refuse_one(Code::NoLeg, Word::from(id)));
    };
    let held = leg.protected;
    let amount = if amount == ALL { held } else { amount };
    if amount > held || held.is_zero() {
        return Err(refuse(Code::InsufficientProtected, Word::from(amount), Word::from(held)));
    }
    leg.protected = held.checked_sub(amount)?;
    let opted_out = leg.opted_out;
    session.account.tidy_supply(id);
    let reserve = session.reserve_mut(id)?;
    reserve.balances.protected = reserve.balances.protected.checked_sub(amount)?;
    reserve.limits.inflow.remove(amount);
    session.taken_out(id, opted_out)?;
    session.transfer(id, Direction::Push, amount)?;
    let party = session.party(id)?;
    let to = session.request.to;
    session.emit(&Event::Unprotected { party, to, assets: amount });
    Ok(())
}
