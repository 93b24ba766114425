//! Who is liquidatable, and for how long already.

use super::{Problem, Snapshot};
use std::collections::BTreeMap;
use weir_chain::Address;
use weir_chain::state::{client_address, core_address};
use weir_core::host::Host as _;
use weir_core::units::Price;
use weir_core::view::account_data;

/// An account may be liquidatable for this many blocks in a row: the one that accepts the price, and one more for the
/// liquidation to arrive.
pub const PATIENCE: u64 = 2;

impl Snapshot {
    /// The accounts whose health factor is below 1 at the last accepted prices, with interest up to the block's time;
    /// and what could not be judged.
    ///
    /// The prices are those that the feed said it accepted, whatever the pool has stored.
    #[must_use]
    pub fn liquidatable(&self, prices: &BTreeMap<Address, u128>) -> (Vec<Address>, Vec<Problem>) {
        let block = self.block.number;
        let problem = |what: String| Problem { block, asset: None, what };
        let (Ok(reserves), Ok(accounts)) = (self.reserves(), self.accounts()) else {
            return (Vec::new(), vec![problem("a stored item cannot be read".to_owned())]);
        };
        let mut host = self.host();
        for (id, mut reserve) in reserves {
            if let Some(median) = prices.get(&client_address(reserve.token)) {
                reserve.price.median = Price(*median);
                host.store_reserve(id, &reserve);
            }
        }
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        for (who, account) in accounts.iter().filter(|(_, account)| account.has_debt()) {
            match account_data(&mut host, &core_address(*who)) {
                Ok(data) if data.liquidatable => found.push(*who),
                Ok(_) => {}
                Err(refusal) => {
                    let name = refusal.code().name();
                    let debts = account.debts().len();
                    problems.push(problem(format!(
                        "{who} with {debts} debts cannot be judged: {name}"
                    )));
                }
            }
        }
        (found, problems)
    }
}

/// Since which block each account has been liquidatable at the end of every block.
#[derive(Clone, Debug, Default)]
pub struct Streaks {
    since: BTreeMap<Address, u64>,
    most_left: usize,
}

impl Streaks {
    /// Takes in who is liquidatable at the end of a block.
    pub fn next(&mut self, block: u64, liquidatable: &[Address]) {
        let before = std::mem::take(&mut self.since);
        let since = |who: &Address| before.get(who).copied().unwrap_or(block);
        self.since = liquidatable.iter().map(|who| (*who, since(who))).collect();
        let overdue = |since: &&u64| block.saturating_sub(**since).saturating_add(1) > PATIENCE;
        let left = self.since.values().filter(overdue).count();
        self.most_left = self.most_left.max(left);
    }

    /// The block that made the account liquidatable, if it was at the end of the last block.
    #[must_use]
    pub fn since(&self, who: Address) -> Option<u64> {
        self.since.get(&who).copied()
    }

    /// Who is liquidatable.
    #[must_use]
    pub fn accounts(&self) -> Vec<Address> {
        self.since.keys().copied().collect()
    }

    /// The largest number of accounts that were liquidatable for more than [`PATIENCE`] blocks in a row at any time.
    #[must_use]
    pub fn most_left(&self) -> usize {
        self.most_left
    }
}
