//! Paying back debt: by anyone, for anyone, without a price, in every state.

use crate::{
    error::{Code, Refusal, Word, refuse_one, refuse_plain},
    event::Event,
    host::Host,
    state::{Balances, ReserveId},
    submit::{ALL, Session},
    transfers::Direction,
    units::{Assets, Overflow, Shares},
};

/// Burns debt shares for `amount`, rounded down, and at most those that there are; what they cost is pulled, which is
/// never more than `amount`.
pub(crate) fn repay<H: Host>(
    session: &mut Session<'_, H>,
    id: ReserveId,
    amount: Assets,
) -> Result<(), Refusal> {
    let held = session.account.debt(id);
    if held.is_zero() {
        return Err(refuse_one(Code::NothingOwed, Word::from(id)));
    }
    let reserve = session.reserve_mut(id)?;
    let shares = affordable(&reserve.balances, held, amount)?;
    if shares.is_zero() {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    let assets = reserve.balances.repay(shares)?.paid;
    reserve.limits.outflow.remove(assets);
    session.account.set_debt(id, held.checked_sub(shares)?)?;
    session.transfer(id, Direction::Pull, assets)?;
    let party = session.party(id)?;
    session.emit(&Event::Repaid { party, assets, shares });
    Ok(())
}

/// As many of the `held` debt shares as `amount` pays for.
///
/// # Errors
/// [`Overflow`] if a total with its virtual part does not fit.
pub(crate) fn affordable(
    balances: &Balances,
    held: Shares,
    amount: Assets,
) -> Result<Shares, Overflow> {
    if amount == ALL || amount >= balances.debt.assets {
        return Ok(held);
    }
    // An amount whose shares do not fit pays for all that there are.
    let shares = balances.debt.to_shares_floor(amount).map_or(held, |shares| shares.min(held));
    // Only the last shares can cost more than their price: then one stays.
    if balances.debt_cost(shares)?.paid > amount {
        return shares.checked_sub(Shares(1));
    }
    Ok(shares)
}
