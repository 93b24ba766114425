//! What is under way, and what it ties up: the keeper's own funds, and the accounts that it is liquidating.

#[cfg(test)]
mod tests;

use crate::intent::Plan;
use crate::outcome::Outcome;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use weir_chain::Address;

/// Own funds in one token, smallest units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// Own balance.
    pub balance: u128,
    /// What the pool may pull.
    pub allowance: u128,
}

/// A pause after failures, so that an account which cannot be liquidated now is not tried at every block.
#[derive(Clone, Copy, Debug)]
struct Rest {
    version: u32,
    round: u32,
    failures: u32,
    /// First block of the next try.
    until: u64,
}

/// Longest pause after failures in a row, blocks.
const LONGEST_REST: u64 = 16;

#[derive(Debug, Default)]
struct State {
    holdings: BTreeMap<Address, Holding>,
    reserved: BTreeMap<Address, u128>,
    live: BTreeMap<(Address, u32), Plan>,
    resting: BTreeMap<Address, Rest>,
    /// What plans that ended in a block had tied up. It stays so until the holdings are read at that block or later.
    settling: Vec<(u64, Plan)>,
    /// Set when something has changed the holdings since they were read.
    stale: bool,
}

impl State {
    /// Sums up what is tied up. More than everything is everything: nothing is available either way.
    fn tie_up(&mut self) {
        self.reserved.clear();
        let settling = self.settling.iter().map(|(_, plan)| plan);
        for leg in self.live.values().chain(settling).flat_map(|plan| &plan.legs) {
            let reserved = self.reserved.entry(leg.debt.token).or_default();
            *reserved = reserved.checked_add(leg.max_repay).unwrap_or(u128::MAX);
        }
    }
}

/// What limits a repayment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Nothing: there is no account to look at, and nothing is going to be spent.
    Unlimited,
    /// The own balance: nothing is spent, and allowances would be set before the first payment.
    Balance,
    /// The own balance and what the pool may pull of it.
    Allowed,
}

/// Shared by the strategy, which ties up, and the submitter, which releases.
#[derive(Clone, Debug)]
pub struct Ledger {
    state: Arc<Mutex<State>>,
    budget: Budget,
}

impl Ledger {
    /// Nothing under way and nothing read.
    #[must_use]
    pub fn new(budget: Budget) -> Self {
        let state = State { stale: true, ..State::default() };
        Self { state: Arc::new(Mutex::new(state)), budget }
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes over what was read from the chain at a block. What ended in a later block is still tied up, and the
    /// holdings are to be read again.
    pub fn set_holdings(&self, block: u64, holdings: BTreeMap<Address, Holding>) {
        self.with(|state| {
            state.holdings = holdings;
            state.settling.retain(|(ended, _)| *ended > block);
            state.stale |= !state.settling.is_empty();
            state.tie_up();
        });
    }

    /// What was last read.
    #[must_use]
    pub fn holding(&self, token: Address) -> Holding {
        self.with(|state| state.holdings.get(&token).copied().unwrap_or_default())
    }

    /// What may be spent of a token: what the budget says, less what is tied up.
    #[must_use]
    pub fn available(&self, token: Address) -> u128 {
        self.with(|state| {
            let holding = state.holdings.get(&token).copied().unwrap_or_default();
            let reserved = state.reserved.get(&token).copied().unwrap_or_default();
            let whole = match self.budget {
                Budget::Unlimited => return u128::MAX,
                Budget::Balance => holding.balance,
                Budget::Allowed => holding.balance.min(holding.allowance),
            };
            // Less than what is tied up is nothing.
            whole - reserved.min(whole)
        })
    }

    /// Whether a liquidation of this state of the account is under way.
    #[must_use]
    pub fn is_live(&self, borrower: Address, version: u32) -> bool {
        self.with(|state| state.live.contains_key(&(borrower, version)))
    }

    /// Whether an account rests after a failure. A new version of it, or a later price, ends the rest.
    #[must_use]
    pub fn is_resting(&self, borrower: Address, version: u32, round: u32, block: u64) -> bool {
        self.with(|state| {
            state.resting.get(&borrower).is_some_and(|rest| {
                rest.version == version && rest.round == round && block < rest.until
            })
        })
    }

    /// Takes note of a plan's end. The first failure is followed by a try at the next block, each further one in a row
    /// by a pause twice as long. A decision that is not executed rests until something changes.
    pub fn rest(&self, plan: &Plan, outcome: Outcome) {
        self.with(|state| {
            if outcome == Outcome::Liquidated {
                state.resting.remove(&plan.borrower);
                return;
            }
            let (version, round) = (plan.version, plan.price.round);
            let failures = state
                .resting
                .get(&plan.borrower)
                .filter(|rest| rest.version == version && rest.round == round)
                .map_or(1, |rest| rest.failures.saturating_add(1));
            // 1, 2, 4, … blocks after the block of the plan.
            let pause =
                1_u64.checked_shl(failures - 1).unwrap_or(LONGEST_REST).clamp(1, LONGEST_REST);
            let until = match outcome {
                Outcome::DryRun => u64::MAX,
                _ => plan.block.number.saturating_add(pause),
            };
            state.resting.insert(plan.borrower, Rest { version, round, failures, until });
        });
    }

    /// Forgets the rests of accounts that are not among these.
    pub fn keep_resting(&self, liquidatable: &[Address]) {
        self.with(|state| state.resting.retain(|borrower, _| liquidatable.contains(borrower)));
    }

    /// Ties up what a plan may spend. `false`, and nothing is tied up, if one for the same state of the account lives.
    #[must_use]
    pub fn begin(&self, plan: &Plan) -> bool {
        self.with(|state| {
            let key = (plan.borrower, plan.version);
            if state.live.contains_key(&key) {
                return false;
            }
            state.live.insert(key, plan.clone());
            state.tie_up();
            true
        })
    }

    /// Releases what a plan tied up; the holdings are then to be read again. If it ended in a block, its repayment stays
    /// tied up until they are read at that block or later, or it could be spent twice.
    pub fn end(&self, borrower: Address, version: u32, included: Option<u64>) {
        self.with(|state| {
            let Some(plan) = state.live.remove(&(borrower, version)) else { return };
            state.settling.extend(included.map(|block| (block, plan)));
            state.tie_up();
            state.stale = true;
        });
    }

    /// The plans under way.
    #[must_use]
    pub fn live(&self) -> Vec<Plan> {
        self.with(|state| state.live.values().cloned().collect())
    }

    /// How many liquidations are under way.
    #[must_use]
    pub fn live_legs(&self) -> usize {
        self.with(|state| state.live.values().map(|plan| plan.legs.len()).sum())
    }

    /// Says that the holdings have changed on the chain.
    pub fn changed(&self) {
        self.with(|state| state.stale = true);
    }

    /// Whether the holdings are to be read again; asking answers for all changes so far.
    #[must_use]
    pub fn take_stale(&self) -> bool {
        self.with(|state| std::mem::take(&mut state.stale))
    }
}
