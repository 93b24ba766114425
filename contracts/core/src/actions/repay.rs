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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shares::Totals;

    /// 10 units for 10^6 shares: 11 / (2·10^6) each, so 6 units pay for 1 090 909 and 10^6 would be worth 5.5. But the
    /// last shares cost all 10: one has to stay.
    #[test]
    fn nobody_pays_more_than_he_offers_for_the_last_shares() {
        let all = Shares(1_000_000);
        let debt = Totals { assets: Assets(10), shares: all };
        let balances = Balances { debt, ..Balances::default() };
        assert_eq!(affordable(&balances, all, Assets(6)), Ok(Shares(999_999)));
        assert_eq!(balances.debt_cost(Shares(999_999)).map(|cost| cost.paid), Ok(Assets(6)));
        assert_eq!(affordable(&balances, all, Assets(9)), Ok(Shares(999_999)));
        assert_eq!(affordable(&balances, all, Assets(10)), Ok(all));
        assert_eq!(affordable(&balances, all, ALL), Ok(all));
        assert_eq!(affordable(&balances, Shares(5), Assets(6)), Ok(Shares(5)));
        // 1 / 5.5·10^-6 = 181 818.18…
        assert_eq!(affordable(&balances, all, Assets(1)), Ok(Shares(181_818)));
    }
}
