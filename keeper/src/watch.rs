//! Watches what no block tells: which nodes answer and how far each has come, how far finality is, and the own balance.

use crate::breakers::Breakers;
use crate::metrics::Metrics;
use crate::profit::whole;
use crate::supervisor::TaskError;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::debug;
use weir_chain::{AccountId, ChainError, Client};

/// The task that watches.
#[derive(Clone)]
pub struct WatchTask {
    /// The connection, with all endpoints.
    pub client: Client,
    /// The own account, if there is one.
    pub account: Option<AccountId>,
    /// Decimals of the native token.
    pub native_decimals: u32,
    /// Pause between looks.
    pub every: Duration,
    /// Blocks by which the node in use may be behind another.
    pub max_lag: u64,
    /// Who may stop the planning.
    pub breakers: Breakers,
    /// Where it is shown.
    pub metrics: Arc<Metrics>,
}

impl WatchTask {
    /// Looks until cancelled. The client leaves the node in use by itself where it should.
    ///
    /// # Errors
    /// None: a node that does not answer is what it shows.
    pub async fn run(self, cancel: CancellationToken) -> Result<(), TaskError> {
        loop {
            tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                () = self.look() => {}
            }
            tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                () = tokio::time::sleep(self.every) => {}
            }
        }
    }

    async fn look(&self) {
        self.metrics.endpoints(&self.client.compare_endpoints(self.max_lag).await);
        if let Err(error) = self.look_at_chain().await {
            debug!(%error, "finality and balance could not be read");
        }
        // An old head shows by the passing of time alone.
        let _ = self.breakers.open();
    }

    /// Reads how far finality is, and the own balance.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn look_at_chain(&self) -> Result<(), ChainError> {
        let best = self.client.best().await?;
        let finalized = self.client.finalized().await?;
        self.metrics.finalized(finalized.number);
        self.breakers.finality(best.number, finalized.number);
        if let Some(account) = self.account {
            let balance = self.client.balance(best.hash, account).await?;
            // What does not fit a decimal is more than enough.
            if let Some(native) = whole(balance, self.native_decimals) {
                self.metrics.native(native);
                self.breakers.balance(native);
            }
        }
        Ok(())
    }
}
