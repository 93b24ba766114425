//! Taking out supply.

use super::limits::flow_out;
use crate::{
    error::{Code, Refusal, Word, refuse, refuse_one},
    event::Event,
    host::Host,
    state::{ReserveId, pause::operation, permission},
    submit::{ALL, Session},
    transfers::Direction,
    units::Assets,
};

/// Burns supply shares for `amount`, rounded up; all of them for all that they are worth.
pub(crate) fn withdraw<H: Host>(
    session: &mut Session<'_, H>,
    id: ReserveId,
    amount: Assets,
) -> Result<(), Refusal> {
    session.running(id, operation::WITHDRAW)?;
    session.may_take_out(permission::WITHDRAW)?;
    let leg = match session.account.supply(id) {
        Some(leg) if !leg.shares.is_zero() => *leg,
        _ => return Err(refuse_one(Code::NoLeg, Word::from(id))),
    };
    let has_debt = session.account.has_debt();
    let reserve = session.reserve_mut(id)?;
    let held = reserve.balances.supply.to_assets_floor(leg.shares)?;
    let (assets, shares) = if amount == ALL || amount == held {
        (held, leg.shares)
    } else if amount > held {
        return Err(refuse(Code::InsufficientSupply, Word::from(amount), Word::from(held)));
    } else {
        // Less than the shares are worth, so no more than there are.
        (amount, reserve.balances.supply.to_shares_ceil(amount)?)
    };
    let cash = reserve.balances.cash;
    if assets > cash {
        return Err(refuse(Code::InsufficientCash, Word::from(assets), Word::from(cash)));
    }
    if has_debt {
        flow_out(&mut reserve.limits.outflow, assets)?;
    } else {
        // Leaving without debt is counted, never refused.
        reserve.limits.outflow.add(assets);
    }
    reserve.limits.inflow.remove(assets);
    reserve.balances.pay_out(assets, shares)?;
    if let Some(leg) = session.account.supply_mut(id) {
        leg.shares = leg.shares.checked_sub(shares)?;
    }
    session.account.tidy_supply(id);
    session.taken_out(id, leg.opted_out)?;
    session.transfer(id, Direction::Push, assets)?;
    let party = session.party(id)?;
    let to = session.request.to;
    session.emit(&Event::Withdrawn { party, to, assets, shares });
    Ok(())
}
