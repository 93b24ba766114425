//! Feeds the checker from a chain, block by block, while the chain goes on.

use super::{Checker, Liquidation, Observation, Snapshot};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use weir_abi::Pool;
use weir_chain::deployment::{DeploymentError, FEED, POOL};
use weir_chain::{Address, Block, BlockRef, ChainError, Client, Deployment, Follow};

/// How often reading a block is tried, and the pause between.
const ATTEMPTS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// Why a chain could not be checked to the end.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The deployment names no pool or no feed.
    #[error(transparent)]
    Deployment(#[from] DeploymentError),
    /// A block cannot be read.
    #[error("block {block} cannot be checked: {error}")]
    Block {
        /// The block.
        block: u64,
        /// Why.
        error: ChainError,
    },
    /// A block does not follow on the one before.
    #[error("block {0} does not follow on the block checked before it")]
    Gap(u64),
    /// The stream of blocks ended, or the task died.
    #[error("the checker stopped before block {0}")]
    Stopped(u64),
}

/// What was seen in one block, for those who tell the story.
#[derive(Clone, Debug)]
pub struct Note {
    /// The block.
    pub block: BlockRef,
    /// Its liquidations.
    pub liquidations: Vec<Liquidation>,
    /// Assets and amounts that were written off.
    pub written_off: Vec<(Address, u128)>,
    /// How many accounts are liquidatable at its end.
    pub liquidatable: usize,
    /// How many problems there are so far.
    pub problems: u64,
}

/// A checker at work in a task of its own.
#[derive(Debug)]
pub struct Follower {
    task: JoinHandle<Result<Checker, WatchError>>,
    finish: watch::Sender<u64>,
    checked: watch::Receiver<u64>,
}

impl Follower {
    /// Starts with the block of the deployment. What it sees goes to `notes`.
    ///
    /// # Errors
    /// If the deployment names no pool or no feed.
    pub fn start(
        client: Client,
        deployment: Deployment,
        notes: mpsc::UnboundedSender<Note>,
    ) -> Result<Self, WatchError> {
        let checker = Checker::new(deployment.contract(POOL)?, deployment.contract(FEED)?);
        let (finish, until) = watch::channel(u64::MAX);
        let (progress, checked) = watch::channel(0);
        let task = Task { client, deployment, checker, notes, until, progress };
        Ok(Self { task: tokio::spawn(task.run()), finish, checked })
    }

    /// Waits until a block has been checked.
    ///
    /// # Errors
    /// [`WatchError::Stopped`]: ask [`Self::finish`] why.
    pub async fn reach(&mut self, block: u64) -> Result<(), WatchError> {
        let reached = self.checked.wait_for(|checked| *checked >= block).await;
        reached.map(|_| ()).map_err(|_| WatchError::Stopped(block))
    }

    /// Checks up to a block and gives the checker back.
    ///
    /// # Errors
    /// What kept it from getting there.
    pub async fn finish(self, block: u64) -> Result<Checker, WatchError> {
        // A task that ended already says why below.
        let _ = self.finish.send(block);
        self.task.await.unwrap_or(Err(WatchError::Stopped(block)))
    }
}

struct Task {
    client: Client,
    deployment: Deployment,
    checker: Checker,
    notes: mpsc::UnboundedSender<Note>,
    until: watch::Receiver<u64>,
    progress: watch::Sender<u64>,
}

impl Task {
    async fn run(mut self) -> Result<Checker, WatchError> {
        let first = self.deployment.block;
        let mut blocks = self.client.blocks(Follow::Best, Some(first));
        let mut last: Option<BlockRef> = None;
        loop {
            if last.is_some_and(|last| last.number >= *self.until.borrow()) {
                return Ok(self.checker);
            }
            let next = tokio::select! {
                next = blocks.next() => next,
                changed = self.until.changed() => match changed {
                    Ok(()) => continue,
                    // Whoever asked is gone.
                    Err(_) => return Ok(self.checker),
                },
            };
            let due = last.map_or(first, |last| last.number.saturating_add(1));
            let block = match next {
                Some(Ok(block)) => block,
                // A report of what the stream is repairing; it goes on.
                Some(Err(error)) => {
                    tracing::debug!(%error, "checker: the stream of blocks is repaired");
                    continue;
                }
                None => return Err(WatchError::Stopped(due)),
            };
            if block.number != due || last.is_some_and(|last| last.hash != block.parent) {
                return Err(WatchError::Gap(block.number));
            }
            last = Some(block.at());
            self.check(block).await?;
        }
    }

    async fn check(&mut self, block: Block) -> Result<(), WatchError> {
        let at = block.at();
        if let Some(snapshot) = self.read(at).await? {
            self.checker.observe(&Observation { snapshot, events: block.events.clone() });
            // Nobody may be listening; the checker goes on.
            let _ = self.notes.send(self.note(&block));
        }
        self.progress.send_replace(at.number);
        Ok(())
    }

    async fn read(&self, at: BlockRef) -> Result<Option<Snapshot>, WatchError> {
        let mut attempt = 1;
        loop {
            match Snapshot::read(&self.client, &self.deployment, at).await {
                Ok(snapshot) => return Ok(snapshot),
                Err(error) if attempt >= ATTEMPTS => {
                    return Err(WatchError::Block { block: at.number, error });
                }
                Err(_) => {
                    attempt += 1;
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn note(&self, block: &Block) -> Note {
        let written_off = block.events.iter().filter_map(|event| event.decode::<Pool::BadDebt>());
        Note {
            block: block.at(),
            liquidations: self.checker.liquidations_in(block.number).cloned().collect(),
            written_off: written_off.map(|event| (event.asset, event.assets)).collect(),
            liquidatable: self.checker.liquidatable().len(),
            problems: self.checker.findings().problem_count,
        }
    }
}
