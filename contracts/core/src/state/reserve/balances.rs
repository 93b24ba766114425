//! The books of a reserve.
//!
//! `cash` is what can be lent; protected tokens are held apart and not part of it. So
//!
//! ```text
//! cash + debt = supply                        to the unit, after every message
//! (cash + protected) + debt = supply + protected    the same, with cash as all that the contract should hold
//! ```
//!
//! No token balance is read: what is sent to the contract unasked moves none of these.

use crate::{
    math::mul_add_div,
    shares::{Totals, VIRTUAL_ASSETS, VIRTUAL_SHARES},
    state::codec::{Corrupt, Reader, Writer},
    units::{Assets, Overflow, Shares},
};

/// Totals of a reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// All that suppliers, insurance and treasury are owed, and their shares.
    pub supply: Totals,
    /// All that borrowers owe, and their shares.
    pub debt: Totals,
    /// What is held apart for its owners.
    pub protected: Assets,
    /// What can be lent or withdrawn at once.
    pub cash: Assets,
    /// Supply shares that stand in for bad debt.
    pub insurance: Shares,
    /// Supply shares of the protocol.
    pub treasury: Shares,
    /// The fraction of a unit of interest that is carried, in 10^-18.
    pub interest_rem: u64,
}

/// What debt shares stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DebtCost {
    /// What has to be paid for them, rounded up.
    pub paid: Assets,
    /// By how much the total debt falls, rounded down. The unit in between belongs to the suppliers, so that a debt
    /// share never loses value by somebody else's repayment.
    pub released: Assets,
}

/// Debt that was written off: `assets` = `insured` + `socialised`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenOff {
    /// By how much debt and supply fell.
    pub assets: Assets,
    /// What the insurance bore.
    pub insured: Assets,
    /// The shares that it lost for that.
    pub insurance: Shares,
    /// What the other suppliers bore.
    pub socialised: Assets,
}

impl Balances {
    /// What `shares` of the debt cost; the last shares cost all that is owed.
    ///
    /// # Errors
    /// [`Overflow`] if there are not so many shares, or the amount does not fit.
    pub fn debt_cost(&self, shares: Shares) -> Result<DebtCost, Overflow> {
        if shares == self.debt.shares {
            return Ok(DebtCost { paid: self.debt.assets, released: self.debt.assets });
        }
        self.debt.shares.checked_sub(shares)?;
        let all_assets = self.debt.assets.checked_add(Assets(VIRTUAL_ASSETS))?;
        let all_shares = self.debt.shares.checked_add(Shares(VIRTUAL_SHARES))?;
        let (down, rest) = mul_add_div(shares.0, all_assets.0, 0, all_shares.0)?;
        let released = Assets(down);
        let paid = if rest == 0 { released } else { released.checked_add(Assets(1))? };
        Ok(DebtCost { paid, released })
    }

    /// Books a repayment of `shares` and returns what it cost.
    ///
    /// # Errors
    /// [`Overflow`] as [`Self::debt_cost`].
    pub fn repay(&mut self, shares: Shares) -> Result<DebtCost, Overflow> {
        let cost = self.debt_cost(shares)?;
        self.debt = self.debt.checked_sub(cost.released, shares)?;
        self.cash = self.cash.checked_add(cost.paid)?;
        let rounding = cost.paid.checked_sub(cost.released)?;
        self.supply.assets = self.supply.assets.checked_add(rounding)?;
        Ok(cost)
    }

    /// Books `assets` paid in for `shares` of the supply.
    ///
    /// # Errors
    /// [`Overflow`] if a total does not fit.
    pub fn pay_in(&mut self, assets: Assets, shares: Shares) -> Result<(), Overflow> {
        self.supply = self.supply.checked_add(assets, shares)?;
        self.cash = self.cash.checked_add(assets)?;
        Ok(())
    }

    /// Books `assets` paid out for `shares` of the supply.
    ///
    /// # Errors
    /// [`Overflow`] if there is not so much.
    pub fn pay_out(&mut self, assets: Assets, shares: Shares) -> Result<(), Overflow> {
        self.supply = self.supply.checked_sub(assets, shares)?;
        self.cash = self.cash.checked_sub(assets)?;
        Ok(())
    }

    /// Turns protected tokens into supply of the insurance and returns the shares minted for them, rounded down. Where
    /// a share has become worth so little that they do not fit, none are minted and the suppliers gain: a liquidation
    /// must not fail for that.
    ///
    /// # Errors
    /// [`Overflow`] if there is not so much, or the assets do not fit.
    pub fn insure_protected(&mut self, assets: Assets) -> Result<Shares, Overflow> {
        if assets.is_zero() {
            return Ok(Shares::ZERO);
        }
        self.protected = self.protected.checked_sub(assets)?;
        let shares = self.supply.to_shares_floor(assets).unwrap_or(Shares::ZERO);
        let fits = self.supply.shares.checked_add(shares).is_ok();
        let shares = if fits { shares } else { Shares::ZERO };
        self.pay_in(assets, shares)?;
        self.insurance = self.insurance.checked_add(shares)?;
        Ok(shares)
    }

    /// Pays `assets` in for the insurance and returns the shares minted for them, rounded down.
    ///
    /// # Errors
    /// [`Overflow`] if a total does not fit.
    pub fn insure(&mut self, assets: Assets) -> Result<Shares, Overflow> {
        let shares = self.supply.to_shares_floor(assets)?;
        self.pay_in(assets, shares)?;
        self.insurance = self.insurance.checked_add(shares)?;
        Ok(shares)
    }

    /// Writes `shares` of the debt off: debt and supply fall by what they stand for, rounded down (what is left of a
    /// unit stays with the other borrowers), and the insurance loses shares for it first. The last shares take all that
    /// is owed.
    ///
    /// # Errors
    /// [`Overflow`] if there are not so many shares.
    pub fn write_off(&mut self, shares: Shares) -> Result<WrittenOff, Overflow> {
        let assets = self.debt_cost(shares)?.released;
        let needed = self.supply.to_shares_ceil(assets)?;
        let (insured, insurance) = if needed <= self.insurance {
            (assets, needed)
        } else {
            (self.supply.to_assets_floor(self.insurance)?.min(assets), self.insurance)
        };
        self.debt = self.debt.checked_sub(assets, shares)?;
        // Whatever is owed was supplied: cash + debt = supply.
        self.supply = self.supply.checked_sub(assets, insurance)?;
        self.insurance = self.insurance.checked_sub(insurance)?;
        let socialised = assets.checked_sub(insured)?;
        Ok(WrittenOff { assets, insured, insurance, socialised })
    }

    /// Whether a supply share is worth less than a thousandth of what it was at the start (10^-6 of a unit).
    #[must_use]
    pub fn is_wiped_out(&self) -> bool {
        let assets = self.supply.assets.0.checked_add(VIRTUAL_ASSETS);
        let shares = self.supply.shares.0.checked_add(VIRTUAL_SHARES);
        match (assets.and_then(|assets| assets.checked_mul(1_000 * VIRTUAL_SHARES)), shares) {
            (Some(assets), Some(shares)) => assets < shares,
            _ => false,
        }
    }

    #[inline(always)]
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.u128(self.supply.assets.0);
        writer.u128(self.supply.shares.0);
        writer.u128(self.debt.assets.0);
        writer.u128(self.debt.shares.0);
        writer.u128(self.protected.0);
        writer.u128(self.cash.0);
        writer.u128(self.insurance.0);
        writer.u128(self.treasury.0);
        writer.u64(self.interest_rem);
    }

    #[inline(always)]
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        Ok(Self {
            supply: Totals { assets: Assets(reader.u128()?), shares: Shares(reader.u128()?) },
            debt: Totals { assets: Assets(reader.u128()?), shares: Shares(reader.u128()?) },
            protected: Assets(reader.u128()?),
            cash: Assets(reader.u128()?),
            insurance: Shares(reader.u128()?),
            treasury: Shares(reader.u128()?),
            interest_rem: reader.u64()?,
        })
    }
}
