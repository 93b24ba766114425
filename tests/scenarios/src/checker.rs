//! Reads every block and believes nobody: not the keeper, not the pool's own view of itself, not its events.
//!
//! For each block from the deployment on it takes the pool's raw items, the tokens that the pool holds and what pool and
//! feed emitted ([`Observation`]), and asks:
//!
//! * **health**: which accounts are liquidatable at the last accepted price and the block's time, by `weir-core` on the
//!   stored bytes; for how many blocks in a row ([`health`]);
//! * **books**, from storage alone: with the pool's holding of a token H = `cash` + protected, H + debt = supply +
//!   protected to the unit (the pool's own `cash` leaves what is protected out, so this is `cash` + debt = supply);
//!   every claim is covered; the token's own balance is at least H ([`books`]);
//! * **ledger**, from events alone: the totals and every account rebuilt, compared bit for bit with storage
//!   ([`ledger`]);
//! * **write-offs**: what disappeared from the stored debt without being paid, against what `BadDebt` says ([`losses`]);
//! * **liquidations**: how many blocks after the price that made the account liquidatable ([`liquidations`]).
//!
//! [`Checker`] is pure; [`follow`] feeds it from a chain while the chain goes on.

pub mod books;
pub mod follow;
pub mod health;
pub mod ledger;
pub mod liquidations;
pub mod losses;
pub mod snapshot;
#[cfg(test)]
mod tests;

pub use follow::{Follower, Note, WatchError};
pub use liquidations::{Liquidation, percentile};
pub use snapshot::Snapshot;

use health::Streaks;
use ledger::Ledger;
use losses::Losses;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use weir_abi::PriceFeed;
use weir_chain::{Address, ContractEvent};

/// What is known of one block.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Storage and holdings at its end.
    pub snapshot: Snapshot,
    /// What contracts emitted in it, in order.
    pub events: Vec<ContractEvent>,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// In which block it was seen.
    pub block: u64,
    /// In which reserve, if in one.
    pub asset: Option<Address>,
    /// What it is.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {}: ", self.block)?;
        if let Some(asset) = self.asset {
            write!(f, "{asset}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// How many problems are kept in words; all are counted.
const KEPT: usize = 50;

/// Looks at one block after the other.
#[derive(Clone, Debug)]
pub struct Checker {
    pool: Address,
    feed: Address,
    /// Last accepted medians, as the feed told them.
    prices: BTreeMap<Address, u128>,
    ledger: Ledger,
    streaks: Streaks,
    losses: Losses,
    liquidations: Vec<Liquidation>,
    unbalanced: BTreeSet<Address>,
    problems: Vec<Problem>,
    problem_count: u64,
    blocks: u64,
    last: Option<Snapshot>,
}

/// What the checker found in all blocks so far.
#[derive(Clone, Debug)]
pub struct Findings {
    /// Blocks looked at.
    pub blocks: u64,
    /// The largest number of accounts that were liquidatable for more than [`health::PATIENCE`] blocks in a row at any
    /// time.
    pub left_liquidatable: usize,
    /// Assets whose books were out of balance in any block, or that the events tell otherwise than storage.
    pub unbalanced: BTreeSet<Address>,
    /// USD (WAD) of debt written off, by the events.
    pub bad_debt: u128,
    /// USD (WAD) by which write-offs in storage and in events differ.
    pub bad_debt_unexplained: u128,
    /// Every liquidation.
    pub liquidations: Vec<Liquidation>,
    /// The first problems in words.
    pub problems: Vec<Problem>,
    /// How many there were.
    pub problem_count: u64,
}

impl Checker {
    /// A checker of one pool and the feed that prices it, before the first block.
    #[must_use]
    pub fn new(pool: Address, feed: Address) -> Self {
        Self {
            pool,
            feed,
            prices: BTreeMap::new(),
            ledger: Ledger::default(),
            streaks: Streaks::default(),
            losses: Losses::default(),
            liquidations: Vec::new(),
            unbalanced: BTreeSet::new(),
            problems: Vec::new(),
            problem_count: 0,
            blocks: 0,
            last: None,
        }
    }

    /// Looks at the next block.
    pub fn observe(&mut self, observation: &Observation) {
        let Observation { snapshot, events } = observation;
        self.blocks += 1;
        let block = snapshot.block.number;
        if let Some(last) = &self.last
            && last.block.number.saturating_add(1) != block
        {
            let what = format!("the block before it was {}: blocks are missing", last.block.number);
            self.problem(Problem { block, asset: None, what });
        }
        self.hear_prices(events);
        let flows = self.hear_pool(block, events);
        for problem in snapshot.check_books().into_iter().chain(self.ledger.compare(snapshot)) {
            self.problem(problem);
        }
        for problem in self.losses.book(self.last.as_ref(), snapshot, &flows, &self.prices) {
            self.problem(problem);
        }
        self.check_prices(snapshot);
        let mine: Vec<ContractEvent> =
            events.iter().filter(|event| event.contract == self.pool).cloned().collect();
        let found = liquidations::read(snapshot, &mine, &self.prices, &self.streaks);
        self.liquidations.extend(found);
        let (unhealthy, unreadable) = snapshot.liquidatable(&self.prices);
        for problem in unreadable {
            self.problem(problem);
        }
        self.streaks.next(block, &unhealthy);
        self.last = Some(snapshot.clone());
    }

    fn hear_prices(&mut self, events: &[ContractEvent]) {
        let ours = events.iter().filter(|event| event.contract == self.feed);
        for round in ours.filter_map(|event| event.decode::<PriceFeed::RoundAccepted>()) {
            self.prices.insert(round.asset, round.median);
        }
    }

    fn hear_pool(&mut self, block: u64, events: &[ContractEvent]) -> ledger::Flows {
        self.ledger.begin_block();
        let pool = self.pool;
        for event in events.iter().filter(|event| event.contract == pool) {
            if let Err(fault) = self.ledger.hear(event) {
                self.problem(Problem { block, asset: fault.asset, what: fault.what });
            }
        }
        self.ledger.flows()
    }

    /// The pool's stored price is the one that the feed accepted last.
    fn check_prices(&mut self, snapshot: &Snapshot) {
        for (_, reserve) in snapshot.reserves().unwrap_or_default() {
            let asset = weir_chain::state::client_address(reserve.token);
            let accepted = self.prices.get(&asset).copied().unwrap_or_default();
            // Storage holds one price only, so this also says that every push arrived.
            if reserve.price.median.0 != accepted {
                let stored = reserve.price.median.0;
                let what =
                    format!("the pool's price is {stored}, the feed accepted {accepted} last");
                // A price is not a book: the reserve itself may well be in balance.
                self.note(Problem { block: snapshot.block.number, asset: Some(asset), what });
            }
        }
    }

    /// A problem that puts its asset's books in doubt.
    fn problem(&mut self, problem: Problem) {
        self.unbalanced.extend(problem.asset);
        self.note(problem);
    }

    fn note(&mut self, problem: Problem) {
        self.problem_count += 1;
        if self.problems.len() < KEPT {
            self.problems.push(problem);
        }
    }

    /// The accounts that are liquidatable at the end of the last block.
    #[must_use]
    pub fn liquidatable(&self) -> Vec<Address> {
        self.streaks.accounts()
    }

    /// The liquidations of one block.
    pub fn liquidations_in(&self, block: u64) -> impl Iterator<Item = &Liquidation> {
        self.liquidations.iter().filter(move |liquidation| liquidation.block == block)
    }

    /// The last block's state.
    #[must_use]
    pub fn last(&self) -> Option<&Snapshot> {
        self.last.as_ref()
    }

    /// The last accepted medians, USD per whole token, WAD.
    #[must_use]
    pub fn prices(&self) -> &BTreeMap<Address, u128> {
        &self.prices
    }

    /// What was written off of an asset so far, in its smallest units, by the events.
    #[must_use]
    pub fn written_off(&self, asset: Address) -> u128 {
        self.losses.of(asset)
    }

    /// What was found so far.
    #[must_use]
    pub fn findings(&self) -> Findings {
        Findings {
            blocks: self.blocks,
            left_liquidatable: self.streaks.most_left(),
            unbalanced: self.unbalanced.clone(),
            bad_debt: self.losses.told(),
            bad_debt_unexplained: self.losses.unexplained(),
            liquidations: self.liquidations.clone(),
            problems: self.problems.clone(),
            problem_count: self.problem_count,
        }
    }
}
