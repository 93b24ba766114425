//! A second set of books, from events alone: reserves and accounts as the pool's messages tell them.
//!
//! The arithmetic is that of the rounding table (suppliers never lose to rounding), written down a second time here and
//! not shared with the pool, so that a fault of the one is not a fault of the other.

mod arithmetic;
mod hear;

use super::{Problem, Snapshot};
use std::collections::BTreeMap;
use weir_chain::state::client_address;
use weir_chain::{Address, ContractEvent};
use weir_core::state::{Account, Balances, ReserveId};

/// An event that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In which reserve.
    pub asset: Option<Address>,
    /// What is wrong with it.
    pub what: String,
}

/// A reserve as the events tell it, in the token's smallest units and in shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Assets and shares of the suppliers.
    pub supply: (u128, u128),
    /// Assets and shares of the borrowers.
    pub debt: (u128, u128),
    /// What can be lent.
    pub cash: u128,
    /// What is held apart.
    pub protected: u128,
    /// The insurance's shares.
    pub insurance: u128,
    /// The treasury's shares.
    pub treasury: u128,
}

/// What an account has in a reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// Supply shares.
    pub shares: u128,
    /// Protected tokens.
    pub protected: u128,
    /// Debt shares.
    pub debt: u128,
}

/// What moved the debt of a reserve in one block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Interest, as the event says.
    pub interest: u128,
    /// Borrowed.
    pub borrowed: u128,
    /// By how much repayments lowered the debt.
    pub released: u128,
    /// Written off.
    pub written_off: u128,
}

/// Flows by asset.
pub type Flows = BTreeMap<Address, Flow>;

/// Everything that the events told.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    books: BTreeMap<Address, Book>,
    holdings: BTreeMap<(Address, Address), Holding>,
    flows: Flows,
}

impl Ledger {
    /// Forgets the flows of the block before.
    pub fn begin_block(&mut self) {
        self.flows.clear();
    }

    /// What moved each debt in this block.
    #[must_use]
    pub fn flows(&self) -> Flows {
        self.flows.clone()
    }

    /// Takes in an event of the pool.
    ///
    /// # Errors
    /// If it is no event of a pool, or takes more than there is.
    pub fn hear(&mut self, event: &ContractEvent) -> Result<(), Fault> {
        hear::hear(self, event)
    }

    /// Where storage and events tell different stories.
    #[must_use]
    pub fn compare(&self, snapshot: &Snapshot) -> Vec<Problem> {
        let block = snapshot.block.number;
        let (Ok(reserves), Ok(accounts)) = (snapshot.reserves(), snapshot.accounts()) else {
            // The books say so already.
            return Vec::new();
        };
        let accounts: BTreeMap<Address, Account> = accounts.into_iter().collect();
        let mut problems = Vec::new();
        for (id, reserve) in reserves {
            let asset = client_address(reserve.token);
            let mut say = |what| problems.push(Problem { block, asset: Some(asset), what });
            let told = self.books.get(&asset).copied().unwrap_or_default();
            let stored = stored_book(&reserve.balances);
            if told != stored {
                say(format!("stored is {stored:?}, the events tell {told:?}"));
            }
            for (who, told, stored) in self.different_holdings(asset, id, &accounts) {
                say(format!("{who}: stored is {stored:?}, the events tell {told:?}"));
            }
        }
        problems
    }

    /// Accounts, stored or heard of, that have something else than the events say.
    fn different_holdings(
        &self,
        asset: Address,
        id: ReserveId,
        accounts: &BTreeMap<Address, Account>,
    ) -> Vec<(Address, Holding, Holding)> {
        let heard = self.holdings.keys().filter(|(_, of)| *of == asset).map(|(who, _)| *who);
        let mut everybody: Vec<Address> = heard.chain(accounts.keys().copied()).collect();
        everybody.sort_unstable();
        everybody.dedup();
        let both = everybody.into_iter().map(|who| {
            let told = self.holdings.get(&(who, asset)).copied().unwrap_or_default();
            let stored = accounts.get(&who).map(|account| stored_holding(account, id));
            (who, told, stored.unwrap_or_default())
        });
        both.filter(|(_, told, stored)| told != stored).collect()
    }
}

fn stored_book(balances: &Balances) -> Book {
    Book {
        supply: (balances.supply.assets.0, balances.supply.shares.0),
        debt: (balances.debt.assets.0, balances.debt.shares.0),
        cash: balances.cash.0,
        protected: balances.protected.0,
        insurance: balances.insurance.0,
        treasury: balances.treasury.0,
    }
}

fn stored_holding(account: &Account, id: ReserveId) -> Holding {
    let leg = account.supply(id).copied().unwrap_or_default();
    Holding { shares: leg.shares.0, protected: leg.protected.0, debt: account.debt(id).0 }
}
