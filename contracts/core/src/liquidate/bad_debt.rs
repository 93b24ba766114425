//! What happens in the same call when nothing is left to pay a debt: the insurance of its reserve bears it, then the
//! suppliers of its reserve. No reserve pays for another, and no debt stays open.

use super::Case;
use crate::{
    address::Address,
    book::Book,
    error::Refusal,
    event::{BadDebt, Event},
    health,
    host::Host,
    pricing::value_ceil,
    state::{Account, DebtLeg, Flags, ReserveId, SupplyLeg},
    units::{Assets, Shares, Value},
};

impl<H: Host> Case<'_, H> {
    /// Writes the account's debts off if it holds nothing any more that is worth a liquidation.
    pub(super) fn write_off(&mut self) -> Result<(), Refusal> {
        if !self.account.has_debt() || !self.is_drained()? {
            return Ok(());
        }
        let owner = self.order.borrower;
        Estate { host: self.host, book: self.book, account: &mut self.account, owner }.close()
    }

    /// Whether every leg is worth less than dust, and all together less than the debt, at the last accepted prices.
    fn is_drained(&self) -> Result<bool, Refusal> {
        if self.account.supplies().is_empty() {
            return Ok(true);
        }
        let mut left = Value::ZERO;
        for leg in self.account.supplies() {
            let reserve = self.book.get(leg.reserve)?;
            let value = health::leg_value(reserve, leg, reserve.price.median)?;
            if value >= self.root.dust {
                return Ok(false);
            }
            left = left.checked_add(value)?;
        }
        let mut owed = Value::ZERO;
        for leg in self.account.debts() {
            let reserve = self.book.get(leg.reserve)?;
            let cost = reserve.balances.debt_cost(leg.shares)?.paid;
            owed = owed.checked_add(value_ceil(cost, reserve.price.median, reserve.decimals)?)?;
        }
        Ok(left < owed)
    }
}

/// An account that cannot pay: what is left of it, and what is written off.
pub(super) struct Estate<'a, H> {
    pub host: &'a mut H,
    pub book: &'a mut Book,
    pub account: &'a mut Account,
    pub owner: Address,
}

impl<H: Host> Estate<'_, H> {
    /// Gives every collateral to the insurance of its reserve and writes every debt off.
    pub fn close(mut self) -> Result<(), Refusal> {
        // Each step drops the first leg.
        while let Some(leg) = self.account.supplies().first().copied() {
            self.forfeit(&leg)?;
        }
        while let Some(leg) = self.account.debts().first().copied() {
            self.write_off_leg(&leg)?;
        }
        Ok(())
    }

    /// Gives what is left of a collateral to the insurance of its reserve.
    fn forfeit(&mut self, leg: &SupplyLeg) -> Result<(), Refusal> {
        let reserve = self.book.touch(self.host, leg.reserve)?;
        reserve.balances.insurance = reserve.balances.insurance.checked_add(leg.shares)?;
        let minted = reserve.balances.insure_protected(leg.protected)?;
        let asset = reserve.token;
        if let Some(leg) = self.account.supply_mut(leg.reserve) {
            (leg.shares, leg.protected) = (Shares::ZERO, Assets::ZERO);
        }
        self.account.tidy_supply(leg.reserve);
        self.account.version = self.account.version.wrapping_add(1);
        self.host.emit(&Event::DustForfeited {
            asset,
            account: self.owner,
            protected: leg.protected,
            shares: leg.shares,
            minted,
        });
        Ok(())
    }

    fn write_off_leg(&mut self, leg: &DebtLeg) -> Result<(), Refusal> {
        let reserve = self.book.touch(self.host, leg.reserve)?;
        let written = reserve.balances.write_off(leg.shares)?;
        let asset = reserve.token;
        self.account.set_debt(leg.reserve, Shares::ZERO)?;
        self.account.version = self.account.version.wrapping_add(1);
        self.host.emit(&Event::BadDebt(BadDebt {
            asset,
            account: self.owner,
            assets: written.assets,
            shares: leg.shares,
            insured: written.insured,
            insurance_shares: written.insurance,
            socialised: written.socialised,
        }));
        self.wind_up(leg.reserve)
    }

    /// Closes the supply of a reserve whose shares are worth next to nothing.
    fn wind_up(&mut self, id: ReserveId) -> Result<(), Refusal> {
        let reserve = self.book.get_mut(id)?;
        if reserve.flags.has(Flags::WOUND_UP) || !reserve.balances.is_wiped_out() {
            return Ok(());
        }
        reserve.flags.set(Flags::WOUND_UP);
        let (asset, supply) = (reserve.token, reserve.balances.supply);
        self.host.emit(&Event::WoundUp { asset, assets: supply.assets, shares: supply.shares });
        Ok(())
    }
}
