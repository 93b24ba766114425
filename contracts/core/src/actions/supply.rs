//! Paying in what earns interest.

use super::limits::{check_cap, flow_in};
use crate::{
    error::{Code, Refusal, Word, refuse_one, refuse_plain},
    event::Event,
    host::Host,
    shares::MAX_TOTAL_ASSETS,
    state::{Flags, ReserveId, pause::operation},
    submit::Session,
    transfers::Direction,
    units::{Assets, Overflow},
};

/// Mints supply shares for `amount`, rounded down.
pub(crate) fn supply<H: Host>(
    session: &mut Session<'_, H>,
    id: ReserveId,
    amount: Assets,
) -> Result<(), Refusal> {
    session.running(id, operation::SUPPLY)?;
    session.may_pay_in(id)?;
    let has_debt = session.account.has_debt();
    let now = session.now;
    let reserve = session.reserve_mut(id)?;
    if reserve.flags.has(Flags::WOUND_UP) {
        return Err(refuse_one(Code::WoundUpReserve, Word::from(id)));
    }
    if reserve.is_frozen(now) {
        return Err(refuse_one(Code::Frozen, Word::from(id)));
    }
    let total = reserve.balances.supply.assets.checked_add(amount)?;
    if total > MAX_TOTAL_ASSETS {
        return Err(Overflow.into());
    }
    check_cap(Code::SupplyCap, total, reserve.limits.supply, has_debt)?;
    flow_in(&mut reserve.limits.inflow, amount, has_debt)?;
    reserve.limits.outflow.remove(amount);
    let shares = reserve.balances.supply.to_shares_floor(amount)?;
    if shares.is_zero() {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    reserve.balances.pay_in(amount, shares)?;
    let opened = session.account.supply(id).is_none();
    let leg = session.account.supply_or_new(id)?;
    leg.shares = leg.shares.checked_add(shares)?;
    session.pending.collateral |= opened;
    session.transfer(id, Direction::Pull, amount)?;
    let party = session.party(id)?;
    session.emit(&Event::Supplied { party, assets: amount, shares });
    Ok(())
}
