//! What a block may have changed in the book, read off the pool's events.

use std::collections::{BTreeMap, BTreeSet};
use weir_chain::abi::{Admin, Pool};
use weir_chain::{Address, Block, ContractEvent};

/// What has to be read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Accounts whose item may differ.
    pub accounts: BTreeSet<Address>,
    /// Whether a reserve or the pool's own settings may differ.
    pub reserves: bool,
    /// Whether an event could not be read, so that anything may differ.
    pub everything: bool,
    /// Rounds that the pool accepted, by asset.
    pub rounds: BTreeMap<Address, u32>,
    /// Write-offs of debt.
    pub bad_debts: usize,
}

impl Touched {
    /// What the events of `pool` in a block may have changed.
    #[must_use]
    pub fn by(block: &Block, pool: Address) -> Self {
        let mut touched = Self::default();
        for event in block.events.iter().filter(|event| event.contract == pool) {
            touched.add(event);
        }
        touched
    }

    /// Nothing has to be read again.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty() && !self.reserves && !self.everything
    }

    /// Adds what a later block changed.
    pub fn merge(&mut self, later: Self) {
        self.accounts.extend(later.accounts);
        self.reserves |= later.reserves;
        self.everything |= later.everything;
        self.rounds.extend(later.rounds);
        self.bad_debts += later.bad_debts;
    }

    fn add(&mut self, event: &ContractEvent) {
        // Every change of an account changes a reserve too, except for settings of the account alone.
        self.reserves = true;
        if !(self.movement(event)
            || self.settlement(event)
            || self.price(event)
            || self.administration(event))
        {
            // An event of a newer contract, or bytes that do not fit: only a full reading is safe.
            self.everything = true;
        }
    }

    /// Tokens that moved between an account and the pool.
    fn movement(&mut self, event: &ContractEvent) -> bool {
        let account = event
            .decode::<Pool::Supplied>()
            .map(|e| e.account)
            .or_else(|| event.decode::<Pool::Protected>().map(|e| e.account))
            .or_else(|| event.decode::<Pool::Repaid>().map(|e| e.account))
            .or_else(|| event.decode::<Pool::Withdrawn>().map(|e| e.account))
            .or_else(|| event.decode::<Pool::Unprotected>().map(|e| e.account))
            .or_else(|| event.decode::<Pool::Borrowed>().map(|e| e.account))
            .or_else(|| event.decode::<Pool::CollateralSet>().map(|e| e.account))
            .or_else(|| event.decode::<Pool::CategorySet>().map(|e| e.account));
        self.accounts.extend(account);
        account.is_some()
    }

    /// Liquidations and write-offs.
    fn settlement(&mut self, event: &ContractEvent) -> bool {
        if let Some(liquidated) = event.decode::<Pool::Liquidated>() {
            // With `receiveShares` the liquidator's own account grows.
            self.accounts.extend([liquidated.borrower, liquidated.caller]);
            return true;
        }
        if let Some(forfeited) = event.decode::<Pool::DustForfeited>() {
            self.accounts.insert(forfeited.account);
            return true;
        }
        if let Some(bad) = event.decode::<Pool::BadDebt>() {
            self.accounts.insert(bad.account);
            self.bad_debts += 1;
            return true;
        }
        false
    }

    /// Prices, and what only concerns reserves.
    fn price(&mut self, event: &ContractEvent) -> bool {
        if let Some(accepted) = event.decode::<Pool::PriceAccepted>() {
            self.rounds.insert(accepted.asset, accepted.round);
            return true;
        }
        event.is::<Pool::Accrued>()
            || event.is::<Pool::InsuranceFunded>()
            || event.is::<Pool::PriceIgnored>()
            || event.is::<Pool::WoundUp>()
    }

    /// Settings, which live in the reserves and in the pool's root item.
    fn administration(&mut self, event: &ContractEvent) -> bool {
        if event.is::<Admin::Listed>() {
            // A new reserve is a new item.
            self.everything = true;
            return true;
        }
        event.is::<Admin::ParametersSet>()
            || event.is::<Admin::RoleSet>()
            || event.is::<Admin::GovernorOffered>()
            || event.is::<Admin::PauseSet>()
            || event.is::<Admin::LimitsSet>()
            || event.is::<Admin::Skimmed>()
            || event.is::<Admin::Shortfall>()
    }
}

#[cfg(test)]
mod tests;
