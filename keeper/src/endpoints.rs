//! Watches the nodes: which answer, how far each has come, and whether the one in use falls behind.

use crate::metrics::Metrics;
use crate::supervisor::TaskError;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use weir_chain::Client;

/// The task that watches.
#[derive(Clone)]
pub struct EndpointsTask {
    /// The connection, with all endpoints.
    pub client: Client,
    /// Pause between looks.
    pub every: Duration,
    /// Blocks by which the one in use may be behind another.
    pub max_lag: u64,
    /// Where it is shown.
    pub metrics: Arc<Metrics>,
}

impl EndpointsTask {
    /// Looks at all endpoints until cancelled. The client leaves the one in use by itself where it should.
    ///
    /// # Errors
    /// None.
    pub async fn run(self, cancel: CancellationToken) -> Result<(), TaskError> {
        loop {
            let states = tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                states = self.client.compare_endpoints(self.max_lag) => states,
            };
            self.metrics.endpoints(&states);
            tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                () = tokio::time::sleep(self.every) => {}
            }
        }
    }
}
