//! Following the chain without gaps.
//!
//! A node's subscription may skip blocks (several finalized at once, a re-org, a lost connection) and may fall silent
//! while the socket stays open. So each announced head is connected to the last block given by walking back over
//! parents, and when nothing was heard for a while the node is asked: if it has moved on, the subscription is dead
//! and is made anew.

use crate::{
    block::{Block, BlockId},
    client::Client,
    error::ChainError,
    rpc::redacted,
    runtime::Header,
};
use alloy_primitives::B256;
use futures::Stream;
use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use subxt_rpcs::client::{RpcSubscription, rpc_params};
use tokio::{sync::mpsc, task::JoinHandle};

/// Which blocks to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// Each new best block: the fastest, and what a re-org may undo.
    Best,
    /// Finalized blocks only.
    Finalized,
}

/// How to follow.
#[derive(Clone, Copy, Debug)]
pub struct FollowOptions {
    /// Which blocks.
    pub follow: Follow,
    /// The first block to give; without it, the first one that comes.
    pub from: Option<u64>,
    /// How long the subscription may be silent before the node is asked whether it has moved on.
    pub stall: Duration,
    /// Wait before a lost subscription is made anew.
    pub pause: Duration,
    /// Blocks that wait for the reader before the node's announcements are left alone.
    pub buffer: usize,
}

impl Default for FollowOptions {
    fn default() -> Self {
        Self {
            follow: Follow::Best,
            from: None,
            stall: Duration::from_secs(10),
            pause: Duration::from_millis(250),
            buffer: 64,
        }
    }
}

/// How many given blocks are remembered: the deepest re-org that is followed by parents. A deeper one is reported as
/// an error and followed from the announced head's own branch by number.
const REMEMBERED: usize = 256;

/// Blocks nearer than this to the head are connected by parents, those further back by number.
const NEAR: u64 = 64;

/// Blocks of a chain, in order. Best blocks may be undone: then the next block's parent is one given earlier, not the
/// last one. Errors are reports of what is being repaired; the stream goes on after them and ends only when dropped.
#[derive(Debug)]
pub struct Blocks {
    receiver: mpsc::Receiver<Result<Block, ChainError>>,
    task: JoinHandle<()>,
}

impl Blocks {
    pub(crate) fn start(client: Client, options: FollowOptions) -> Self {
        let (sender, receiver) = mpsc::channel(options.buffer.max(1));
        let follower = Follower { client, options, sender, given: VecDeque::new() };
        Self { receiver, task: tokio::spawn(follower.run()) }
    }

    /// The next block, or a report.
    pub async fn next(&mut self) -> Option<Result<Block, ChainError>> {
        self.receiver.recv().await
    }
}

impl Stream for Blocks {
    type Item = Result<Block, ChainError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.receiver.poll_recv(context)
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The reader has gone.
struct Gone;

/// Why a round of following ended.
enum End {
    Gone,
    Failed(ChainError),
}

impl From<ChainError> for End {
    fn from(error: ChainError) -> Self {
        Self::Failed(error)
    }
}

impl From<Gone> for End {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

struct Follower {
    client: Client,
    options: FollowOptions,
    sender: mpsc::Sender<Result<Block, ChainError>>,
    /// Number and hash of the blocks given last, oldest first; after a re-org only those of the new branch.
    given: VecDeque<(u64, B256)>,
}

impl Follower {
    async fn run(mut self) {
        loop {
            match self.round().await {
                Ok(()) => {}
                Err(End::Gone) => return,
                Err(End::Failed(error)) => {
                    tracing::debug!(%error, "the subscription to blocks is made anew");
                    if self.sender.send(Err(error)).await.is_err() {
                        return;
                    }
                }
            }
            tokio::time::sleep(self.options.pause).await;
        }
    }

    /// Subscribes, catches up, and follows until the subscription ends or stalls.
    async fn round(&mut self) -> Result<(), End> {
        let mut heads = self.subscribe().await?;
        let mut using = self.client.inner.rpc.endpoints().watch();
        let generation = using.borrow_and_update().1;
        // What came between the last block given and the subscription; the first head overlaps with it harmlessly.
        if self.options.from.is_some() || !self.given.is_empty() {
            let head = self.head().await?;
            self.catch_up(&head).await?;
            self.advance(head).await?;
        }
        loop {
            let next = async {
                tokio::select! {
                    head = heads.next() => Ok(head),
                    // Whoever gave the connection up had a reason; what it still says is not to be trusted.
                    _ = using.changed() => Err(()),
                }
            };
            let next = match tokio::time::timeout(self.options.stall, next).await {
                Ok(Ok(next)) => Ok(next),
                Ok(Err(())) => return Err(self.lost("the connection was changed").into()),
                Err(elapsed) => Err(elapsed),
            };
            match next {
                Ok(Some(Ok(head))) => self.advance(head).await?,
                Ok(Some(Err(error))) => {
                    return Err(self.client.inner.rpc.error("following blocks", error).into());
                }
                Ok(None) => return Err(self.lost("the subscription ended").into()),
                Err(_) => {
                    let head = self.head().await?;
                    if self.is_new(&head) {
                        // The node moved on and did not say so.
                        self.advance(head).await?;
                        self.client.inner.rpc.endpoints().give_up(generation);
                        return Err(self.lost("the subscription fell silent").into());
                    }
                    if self.sender.is_closed() {
                        return Err(End::Gone);
                    }
                }
            }
        }
    }

    fn lost(&self, reason: &str) -> ChainError {
        ChainError::Disconnected {
            url: redacted(&self.client.url()),
            request: "following blocks".to_owned(),
            reason: reason.to_owned(),
        }
    }

    async fn subscribe(&self) -> Result<RpcSubscription<Header>, ChainError> {
        let (method, unsubscribe) = match self.options.follow {
            Follow::Best => ("chain_subscribeNewHeads", "chain_unsubscribeNewHeads"),
            Follow::Finalized => {
                ("chain_subscribeFinalizedHeads", "chain_unsubscribeFinalizedHeads")
            }
        };
        self.client.subscribe(method, rpc_params![], unsubscribe).await
    }

    /// The newest block that is followed.
    async fn head(&self) -> Result<Header, ChainError> {
        let hash: B256 = match self.options.follow {
            Follow::Best => self.client.request("chain_getBlockHash", rpc_params![]).await?,
            Follow::Finalized => {
                self.client.request("chain_getFinalizedHead", rpc_params![]).await?
            }
        };
        self.client.header(BlockId::Hash(hash)).await
    }

    fn is_new(&self, head: &Header) -> bool {
        let hash = B256::from(self.client.runtime().header_hash(head).0);
        self.given.back().is_none_or(|(_, last)| *last != hash)
    }

    /// Gives what lies far behind `head`, by number: one step at a time, so that a long way back needs no memory.
    /// The last stretch, which a re-org may move, is left to [`Self::advance`].
    async fn catch_up(&mut self, head: &Header) -> Result<(), End> {
        loop {
            let next = match self.given.back() {
                Some((number, _)) => number.saturating_add(1),
                None => self.options.from.unwrap_or(head.number),
            };
            if next.saturating_add(NEAR) > head.number {
                return Ok(());
            }
            let header = self.client.header(BlockId::Number(next)).await?;
            let parent = B256::from(header.parent_hash.0);
            if self.given.back().is_some_and(|(_, last)| *last != parent) {
                return Ok(());
            }
            self.give(&header).await?;
        }
    }

    /// Gives everything from the last block given up to `head`.
    async fn advance(&mut self, head: Header) -> Result<(), End> {
        let mut branch = vec![head];
        while let Some(header) = branch.last() {
            if !self.wants_parent(header) {
                break;
            }
            let parent =
                self.client.header(BlockId::Hash(B256::from(header.parent_hash.0))).await?;
            branch.push(parent);
        }
        while let Some(header) = branch.pop() {
            self.give(&header).await?;
        }
        Ok(())
    }

    /// Whether the block before `header` has to be given first.
    fn wants_parent(&self, header: &Header) -> bool {
        let parent = B256::from(header.parent_hash.0);
        match (self.given.front(), self.options.from) {
            // Walk back to a block that was given; past the oldest remembered one there is nothing to connect to.
            (Some((oldest, _)), _) => {
                header.number > *oldest && !self.given.iter().any(|(_, given)| *given == parent)
            }
            (None, Some(from)) => header.number > from,
            (None, None) => false,
        }
    }

    /// Gives one block, unless it was given already or lies before the first one wanted.
    async fn give(&mut self, header: &Header) -> Result<(), End> {
        let hash = B256::from(self.client.runtime().header_hash(header).0);
        let known = self.given.iter().any(|(_, given)| *given == hash);
        if known
            || (self.given.is_empty() && self.options.from.is_some_and(|from| header.number < from))
        {
            return Ok(());
        }
        let block = self.client.block_of(header).await?;
        self.sender.send(Ok(block)).await.map_err(|_| Gone)?;
        // A re-org: what was given of the abandoned branch is no ancestor of what follows.
        while self.given.back().is_some_and(|(number, _)| *number >= header.number) {
            self.given.pop_back();
        }
        self.given.push_back((header.number, hash));
        if self.given.len() > REMEMBERED {
            self.given.pop_front();
        }
        Ok(())
    }
}
