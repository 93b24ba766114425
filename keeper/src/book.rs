//! The book: every account with debt, the reserves and the settings, exactly as the chain has them at one block.
//!
//! It starts from the chain's own enumeration of indebted accounts at one block hash. From then on the events of each
//! block say what may have changed, and just that is read again at that block's hash, in one request. A block that does
//! not follow the last one (a re-organisation deeper than what was followed, a gap) makes it start anew.

mod state;
#[cfg(test)]
mod tests;
mod touched;

use state::load_items;
pub use state::{AccountFigures, Attempt, Refusal, Seizure, State};
pub use touched::Touched;

use crate::health::Health;
use crate::metrics::Metrics;
use crate::outcome::PriceSource;
use crate::source::Arrived;
use crate::supervisor::TaskError;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};
use weir_chain::state::PoolState;
use weir_chain::{Address, B256, Block, BlockRef, ChainError, Client};

/// An account that can be liquidated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The account.
    pub account: Address,
    /// First block at which it was found liquidatable as it is, that is with this version of the account.
    pub since: u64,
    /// The latest price among its legs.
    pub price: PriceSource,
}

/// What the strategy works on: the state of one block and what is liquidatable in it.
#[derive(Clone, Debug)]
pub struct Work {
    /// The block.
    pub block: BlockRef,
    /// When it arrived.
    pub arrived: Instant,
    /// Reserves, settings, and the accounts of the candidates only.
    pub state: State,
    /// In the order of their addresses.
    pub candidates: Vec<Candidate>,
}

/// The state of the chain at a block, with a memory of since when what is so.
#[derive(Clone, Debug)]
pub struct Book {
    state: State,
    block: BlockRef,
    /// First block at which a version of an account was found liquidatable.
    since: BTreeMap<Address, (u32, u64)>,
    /// Which block accepted the present round of an asset.
    accepted: BTreeMap<Address, (u32, u64)>,
}

impl Book {
    /// A book at a block.
    #[must_use]
    pub fn new(state: State, block: BlockRef) -> Self {
        Self { state, block, since: BTreeMap::new(), accepted: BTreeMap::new() }
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> BlockRef {
        self.block
    }

    /// Puts another state in place, and keeps what is remembered of since when accounts are liquidatable.
    pub fn replace(&mut self, state: State, block: BlockRef) {
        self.state = state;
        self.block = block;
    }

    /// Remembers which block accepted a round.
    pub fn accept(&mut self, rounds: &BTreeMap<Address, u32>, block: u64) {
        for (asset, round) in rounds {
            self.accepted.insert(*asset, (*round, block));
        }
    }

    /// Finds what is liquidatable at the time of the block, by the exact rule of the contracts.
    pub fn evaluate(&mut self, arrived: Instant) -> Work {
        let state = self.state.at(self.block.timestamp_secs);
        let found: Vec<Address> = state
            .indebted()
            .into_iter()
            .filter(|account| state.is_liquidatable(*account))
            .collect();
        let number = self.block.number;
        let before = std::mem::take(&mut self.since);
        let candidates = found
            .iter()
            .map(|account| {
                // A liquidated account that the next price makes liquidatable again begins anew.
                let version = state.version(*account).unwrap_or_default();
                let known = before.get(account).filter(|(known, _)| *known == version);
                let since = known.map_or(number, |(_, since)| *since);
                self.since.insert(*account, (version, since));
                Candidate { account: *account, since, price: self.price_of(&state, *account) }
            })
            .collect();
        let kept: Vec<Option<Address>> = found.into_iter().map(Some).collect();
        Work { block: self.block, arrived, state: state.subset(&kept), candidates }
    }

    /// The latest price among the legs of an account.
    fn price_of(&self, state: &State, account: Address) -> PriceSource {
        let legs = state.debts(account).into_iter().chain(state.collaterals(account));
        let latest =
            legs.filter_map(|reserve| state.round(reserve)).max_by_key(|(time, _, _)| *time);
        let Some((_, round, token)) = latest else { return PriceSource { round: 0, block: None } };
        let block =
            self.accepted.get(&token).filter(|(seen, _)| *seen == round).map(|(_, block)| *block);
        PriceSource { round, block }
    }
}

/// A book with the items that it was made from.
struct Followed {
    items: PoolState,
    book: Book,
}

/// The task that keeps the book.
#[derive(Clone)]
pub struct BookTask {
    /// The node.
    pub client: Client,
    /// The pool.
    pub pool: Address,
    /// The keeper's account, if there is one.
    pub own: Option<Address>,
    /// Where blocks come from.
    pub blocks: Arc<Mutex<mpsc::Receiver<Arrived>>>,
    /// Where evaluations go.
    pub work: Arc<watch::Sender<Option<Arc<Work>>>>,
    /// Whom to tell about the book.
    pub health: Health,
    /// What to count.
    pub metrics: Arc<Metrics>,
}

impl BookTask {
    /// Keeps the book until cancelled, or until no more blocks come.
    ///
    /// # Errors
    /// If what the pool stores cannot be read.
    pub async fn run(self, cancel: CancellationToken) -> Result<(), TaskError> {
        let blocks = Arc::clone(&self.blocks);
        let mut blocks = blocks.lock().await;
        let mut followed: Option<Followed> = None;
        loop {
            let first = tokio::select! {
                biased;
                () = cancel.cancelled() => return Ok(()),
                block = blocks.recv() => block,
            };
            let Some(first) = first else { return Ok(()) };
            // What waits behind it is taken along: only the newest state is worth evaluating.
            let mut arrived = vec![first];
            while let Ok(next) = blocks.try_recv() {
                arrived.push(next);
            }
            let result = tokio::select! {
                biased;
                () = cancel.cancelled() => return Ok(()),
                result = self.follow(&mut followed, &arrived) => result,
            };
            match (result, &mut followed, arrived.last()) {
                (Ok(()), Some(followed), Some(last)) => self.evaluate(&mut followed.book, last.at),
                (Ok(()), _, _) => {}
                (Err(error), _, _) => self.lost(&error)?,
            }
        }
    }

    /// The node may be gone or may have dropped the block: the next block starts the book anew. Anything else would
    /// come again.
    fn lost(&self, error: &ChainError) -> Result<(), TaskError> {
        warn!(%error, "the book could not be brought to a block");
        self.health.book_lost(error.to_string());
        match error.class() {
            weir_chain::Class::Retry => Ok(()),
            _ => Err(TaskError::Retry(error.to_string())),
        }
    }

    /// Brings the book to the last of these blocks. After an error the book stands where it stood; the next block
    /// does not follow that one, so everything is read then.
    async fn follow(
        &self,
        followed: &mut Option<Followed>,
        arrived: &[Arrived],
    ) -> Result<(), ChainError> {
        let Some(last) = arrived.last().map(|arrived| arrived.block.at()) else { return Ok(()) };
        let mut touched = Touched::default();
        let mut rounds = Vec::new();
        let mut head = followed.as_ref().map(|followed| followed.book.block.hash);
        for block in arrived.iter().map(|arrived| &arrived.block) {
            let one = Touched::by(block, self.pool);
            touched.everything |= self.breaks(head, block);
            rounds.push((one.rounds.clone(), block.number));
            touched.merge(one);
            head = Some(block.hash);
        }
        match followed {
            Some(followed) if touched.is_empty() => followed.book.block = last,
            Some(followed) if !touched.everything => {
                // A copy, so that a failure half way leaves the items of one block together.
                let mut items = followed.items.clone();
                items.refresh(&self.client, last, touched.accounts.iter().copied()).await?;
                followed.book.replace(State::decode(&items, self.own)?, last);
                followed.items = items;
            }
            _ => self.load(followed, last).await?,
        }
        for _ in 0..touched.bad_debts {
            self.metrics.bad_debt();
        }
        for followed in followed.iter_mut() {
            rounds.iter().for_each(|(rounds, number)| followed.book.accept(rounds, *number));
        }
        Ok(())
    }

    /// Reads everything; a book that there is keeps its memory.
    async fn load(
        &self,
        followed: &mut Option<Followed>,
        block: BlockRef,
    ) -> Result<(), ChainError> {
        let items = load_items(&self.client, self.pool, self.own, block).await?;
        let state = State::decode(&items, self.own)?;
        self.metrics.loaded();
        info!(block = block.number, accounts = state.indebted().len(), "read the whole book");
        match followed {
            Some(followed) => {
                followed.book.replace(state, block);
                followed.items = items;
            }
            None => *followed = Some(Followed { items, book: Book::new(state, block) }),
        }
        Ok(())
    }

    /// Whether a block does not follow the one before.
    fn breaks(&self, head: Option<B256>, block: &Block) -> bool {
        let breaks = head.is_some_and(|head| head != block.parent);
        if breaks {
            info!(block = block.number, "does not follow the last block");
            self.metrics.reorganised();
        }
        breaks
    }

    fn evaluate(&self, book: &mut Book, arrived: Instant) {
        let began = Instant::now();
        let work = book.evaluate(arrived);
        let block = book.block();
        self.health.at_block(block.number);
        self.metrics.block(block.number, block.timestamp_secs, book.state().indebted().len());
        self.metrics.evaluated(work.candidates.len(), began.elapsed());
        if work.candidates.is_empty() {
            debug!(block = block.number, "nothing is liquidatable");
        } else {
            info!(
                block = block.number,
                liquidatable = work.candidates.len(),
                "accounts are liquidatable"
            );
        }
        // The strategy may be busy with an older one; it takes the newest next.
        self.work.send_replace(Some(Arc::new(work)));
    }
}
