//! When a block is made, and when it is final.
//!
//! One engine (`run_manual_seal`) makes every block. The [`Driver`] is the only one who commands it, one command at a
//! time: on behalf of arriving transactions, of a timer, or of the `dev_*` methods.

mod policy;

pub use policy::{Finality, Mode};

use crate::{
    clock::Clock,
    proposer::{Filling, Plan},
    service::{Client, Pool},
};
use futures::{FutureExt, SinkExt, StreamExt, channel::oneshot, future};
use sc_consensus_manual_seal::EngineCommand;
use sc_transaction_pool_api::{ImportNotificationStream, TransactionPool};
use serde::{Deserialize, Serialize};
use sp_blockchain::HeaderBackend;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, Interval, MissedTickBehavior, interval_at},
};
use weir_runtime::{BlockNumber, Hash};

/// Most blocks that one request makes.
pub const MAXIMUM_COUNT: u32 = 10_000;
/// How often instant sealing looks for ready transactions of whose arrival it was not told, for example those that a
/// re-org gave back to the pool.
const INSTANT_CHECK: Duration = Duration::from_millis(100);

/// Blocks to make on request.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Request {
    /// How many, 1 by default, at most [`MAXIMUM_COUNT`].
    pub count: Option<u32>,
    /// What the first is built on: a fork if that is not the best block.
    pub parent: Option<Hash>,
    /// Without transactions.
    pub empty: bool,
    /// `true` finalizes the last of them, `false` none; by default the finality lag decides.
    pub finalize: Option<bool>,
}

/// A block by height and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Its height.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: Hash,
}

/// Why no block was made or finalized.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nobody has heard of the block.
    #[error("no block {0:?}")]
    Unknown(Hash),
    /// A fork would undo what is final.
    #[error(
        "block #{0} is below the finalized block #{1}: start the node with a larger --finality-lag"
    )]
    Final(BlockNumber, BlockNumber),
    /// Not between 1 and [`MAXIMUM_COUNT`].
    #[error("cannot make {0} blocks at once: 1 to {MAXIMUM_COUNT}")]
    Count(u32),
    /// The client failed.
    #[error(transparent)]
    Client(#[from] sp_blockchain::Error),
    /// The engine failed, or there was nothing to put into a block.
    #[error(transparent)]
    Engine(#[from] sc_consensus_manual_seal::Error),
    /// The node is going down.
    #[error("the node is stopping")]
    Stopping,
}

impl From<oneshot::Canceled> for Refusal {
    fn from(_: oneshot::Canceled) -> Self {
        Self::Stopping
    }
}

/// What a [`Driver`] does on request.
pub enum Command {
    /// Makes blocks.
    Seal(Request, oneshot::Sender<Result<Vec<Position>, Refusal>>),
    /// Finalizes a block, the best one if none is named.
    Finalize(Option<Hash>, oneshot::Sender<Result<Position, Refusal>>),
    /// Changes the policy, and tells what it is now.
    Policy(Option<Mode>, Option<Finality>, oneshot::Sender<(Mode, Finality)>),
}

/// Commands the engine.
pub struct Driver {
    /// To the engine.
    pub engine: futures::channel::mpsc::Sender<EngineCommand<Hash>>,
    /// The chain.
    pub client: Arc<Client>,
    /// The transactions.
    pub pool: Arc<Pool>,
    /// The chain's time.
    pub clock: Arc<Clock>,
    /// What the proposer is told.
    pub plan: Plan,
    /// When blocks are made.
    pub mode: Mode,
    /// When blocks are final.
    pub finality: Finality,
}

impl Driver {
    /// Works until nobody can send commands any more.
    pub async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut arrivals = self.pool.import_notification_stream();
        let mut timer = self.timer();
        loop {
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.obey(command, &mut timer).await,
                    None => return,
                },
                arrival = arrivals.next() => match arrival {
                    Some(_) => self.on_arrival(&mut arrivals).await,
                    None => return,
                },
                () = tick(&mut timer) => self.on_tick().await,
            }
        }
    }

    async fn obey(&mut self, command: Command, timer: &mut Option<Interval>) {
        // Whoever asked may have gone: then nobody wants the answer.
        match command {
            Command::Seal(request, reply) => drop(reply.send(self.seal_on_request(request).await)),
            Command::Finalize(hash, reply) => drop(reply.send(self.finalize(hash).await)),
            Command::Policy(mode, finality, reply) => {
                self.finality = finality.unwrap_or(self.finality);
                if let Some(mode) = mode {
                    self.mode = mode;
                    *timer = self.timer();
                }
                self.follow().await;
                let _gone = reply.send((self.mode, self.finality));
            }
        }
    }

    async fn on_arrival(&mut self, arrivals: &mut ImportNotificationStream<Hash>) {
        // One block takes all that have arrived.
        while let Some(Some(_)) = arrivals.next().now_or_never() {}
        if self.mode == Mode::Instant {
            self.seal_ready().await;
        }
    }

    async fn on_tick(&mut self) {
        match self.mode {
            Mode::Instant => self.seal_ready().await,
            Mode::Interval(_) => {
                if let Err(refusal) = self.seal(None, true, Filling::Best).await {
                    tracing::error!("no block on schedule: {refusal}");
                }
                self.follow().await;
            }
            Mode::Manual => {}
        }
    }

    /// Makes blocks until no ready transaction is left, or none of them can be included.
    async fn seal_ready(&mut self) {
        while self.pool.status().ready > 0 {
            match self.seal(None, false, Filling::Best).await {
                Ok(_) => self.follow().await,
                Err(refusal) => {
                    tracing::debug!("no instant block: {refusal}");
                    break;
                }
            }
        }
    }

    async fn seal_on_request(&mut self, request: Request) -> Result<Vec<Position>, Refusal> {
        let count = request.count.unwrap_or(1);
        if count == 0 || count > MAXIMUM_COUNT {
            return Err(Refusal::Count(count));
        }
        if let Some(parent) = request.parent {
            self.check_parent(parent)?;
        }
        let filling = match request.parent {
            _ if request.empty => Filling::Empty,
            Some(_) => Filling::Named,
            None => Filling::Best,
        };
        let (mut parent, mut blocks) = (request.parent, Vec::new());
        for _ in 0..count {
            let block = self.seal(parent, true, filling).await?;
            blocks.push(block);
            // A fork is continued although it is not the best chain yet.
            parent = parent.and(Some(block.hash));
            if request.finalize.is_none() {
                self.follow().await;
            }
        }
        if let (Some(true), Some(last)) = (request.finalize, blocks.last()) {
            self.finalize(Some(last.hash)).await?;
        }
        Ok(blocks)
    }

    /// A clear answer instead of the import's.
    fn check_parent(&self, parent: Hash) -> Result<(), Refusal> {
        let number = self.client.number(parent)?.ok_or(Refusal::Unknown(parent))?;
        let info = self.client.info();
        let undoes = number < info.finalized_number
            || (number == info.finalized_number && parent != info.finalized_hash);
        if undoes { Err(Refusal::Final(number, info.finalized_number)) } else { Ok(()) }
    }

    async fn seal(
        &mut self,
        parent_hash: Option<Hash>,
        create_empty: bool,
        filling: Filling,
    ) -> Result<Position, Refusal> {
        self.plan.set(filling);
        let (sender, created) = oneshot::channel();
        let sender = Some(sender);
        let command =
            EngineCommand::SealNewBlock { create_empty, finalize: false, parent_hash, sender };
        self.engine.send(command).await.map_err(|_| Refusal::Stopping)?;
        let hash = created.await??.hash;
        self.clock.sealed();
        let number = self.client.number(hash)?.ok_or(Refusal::Unknown(hash))?;
        Ok(Position { number, hash })
    }

    async fn finalize(&mut self, hash: Option<Hash>) -> Result<Position, Refusal> {
        let info = self.client.info();
        let hash = hash.unwrap_or(info.best_hash);
        let number = self.client.number(hash)?.ok_or(Refusal::Unknown(hash))?;
        if hash != info.finalized_hash {
            self.check_parent(hash)?;
            let (sender, done) = oneshot::channel();
            let command =
                EngineCommand::FinalizeBlock { hash, sender: Some(sender), justification: None };
            self.engine.send(command).await.map_err(|_| Refusal::Stopping)?;
            done.await??;
        }
        Ok(Position { number, hash })
    }

    /// Finalizes what the lag allows.
    async fn follow(&mut self) {
        let info = self.client.info();
        let Some(target) = self.finality.target(info.best_number) else {
            return;
        };
        if target <= info.finalized_number {
            return;
        }
        let finalized = match self.client.hash(target) {
            Ok(Some(hash)) => self.finalize(Some(hash)).await,
            Ok(None) => Err(Refusal::Stopping),
            Err(error) => Err(error.into()),
        };
        if let Err(refusal) = finalized {
            tracing::error!("block #{target} is not finalized: {refusal}");
        }
    }

    fn timer(&self) -> Option<Interval> {
        let period = match self.mode {
            Mode::Instant => INSTANT_CHECK,
            Mode::Interval(milliseconds) => Duration::from_millis(milliseconds.get()),
            Mode::Manual => return None,
        };
        let mut timer = interval_at(Instant::now() + period, period);
        // A machine that falls behind makes fewer blocks, not a burst of them.
        timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Some(timer)
    }
}

async fn tick(timer: &mut Option<Interval>) {
    match timer {
        Some(timer) => drop(timer.tick().await),
        None => future::pending().await,
    }
}
