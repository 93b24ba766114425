//! Follows the chain: best blocks, in order, into the book's queue.

use crate::health::Health;
use crate::metrics::Metrics;
use crate::supervisor::TaskError;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};
use weir_chain::{Block, ChainError, Class, Client, Deployment, Follow, FollowOptions};

/// A block and when it came.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The block with its events.
    pub block: Block,
    /// When it was complete here.
    pub at: Instant,
}

/// The task that follows the chain.
#[derive(Clone)]
pub struct Source {
    /// The node.
    pub client: Client,
    /// What must stand on the chain.
    pub deployment: Arc<Deployment>,
    /// How to follow it.
    pub options: FollowOptions,
    /// Where blocks go.
    pub blocks: mpsc::Sender<Arrived>,
    /// Whom to tell about the connection.
    pub health: Health,
    /// What to count.
    pub metrics: Arc<Metrics>,
}

impl Source {
    /// Follows until cancelled. The stream connects again by itself and gives every block; what comes back after a
    /// loss is checked to be the same chain with the same contracts.
    ///
    /// # Errors
    /// Fatal if the chain or the contracts are other ones.
    pub async fn run(self, cancel: CancellationToken) -> Result<(), TaskError> {
        let mut blocks =
            self.client.blocks_with(FollowOptions { follow: Follow::Best, ..self.options });
        let mut lost = false;
        loop {
            let next = tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                next = blocks.next() => next,
            };
            match next {
                None => return Err(TaskError::Retry("the stream of blocks ended".to_owned())),
                Some(Err(error)) => {
                    self.disconnected(&error, lost);
                    lost = true;
                    if error.class() == Class::Abort {
                        return Err(TaskError::Retry(error.to_string()));
                    }
                }
                Some(Ok(block)) => {
                    if lost {
                        if !self.verified().await? {
                            continue;
                        }
                        info!(block = block.number, "the node is back");
                        lost = false;
                    }
                    self.connected();
                    debug!(block = block.number, hash = %block.hash, events = block.events.len(), "block");
                    let arrived = Arrived { block, at: Instant::now() };
                    tokio::select! {
                        () = cancel.cancelled() => return Ok(()),
                        sent = self.blocks.send(arrived) => {
                            sent.map_err(|_| TaskError::Retry("nobody takes the blocks".to_owned()))?;
                        }
                    }
                }
            }
        }
    }

    fn connected(&self) {
        self.health.connected();
        self.metrics.connected();
    }

    /// The stream reports each vain attempt; the first one is worth a warning.
    fn disconnected(&self, error: &ChainError, already: bool) {
        if already {
            debug!(%error, "node still lost");
        } else {
            warn!(%error, "node lost");
        }
        self.health.disconnected(format!("node lost: {error}"));
        self.metrics.disconnected();
    }

    /// Whether the node that is back is the right one; `false` if it could not be asked.
    async fn verified(&self) -> Result<bool, TaskError> {
        match self.deployment.verify(&self.client).await {
            Ok(()) => Ok(true),
            Err(error) if matches!(error.class(), Class::Retry) => {
                self.disconnected(&error, true);
                Ok(false)
            }
            Err(error) => {
                self.health.disconnected(error.to_string());
                Err(TaskError::Fatal(error.to_string()))
            }
        }
    }
}
