//! The methods that only a development chain has.

use super::Seal;
use crate::{client::Client, error::ChainError};
use alloy_primitives::B256;
use serde::{Deserialize, Serialize};
use subxt_rpcs::client::rpc_params;

/// A place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Position {
    /// Height.
    pub number: u64,
    /// Hash.
    pub hash: B256,
}

/// Where a development chain stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DevStatus {
    /// The best block.
    pub best: Position,
    /// The finalized block.
    pub finalized: Position,
    /// Chain time of the best block in milliseconds; 0 before the first block.
    pub time: u64,
    /// The least time of the next block in milliseconds.
    pub next_time: u64,
    /// Transactions that could go into the next block.
    pub ready: usize,
    /// Transactions that wait for others of their sender.
    pub future: usize,
}

/// Blocks to make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SealRequest {
    /// How many; one without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// The block to build on; the best one without it. Another one makes a fork.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<B256>,
    /// Leave waiting transactions out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty: Option<bool>,
    /// Finalize the last of them at once, or none of them; without it the finality lag decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finalize: Option<bool>,
}

/// Blocks made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Sealed {
    /// The new blocks, in order.
    pub blocks: Vec<Position>,
    /// The best block since.
    pub best: Position,
    /// The finalized block since.
    pub finalized: Position,
}

/// Moves time and makes blocks on a development chain; any other chain refuses with "method not found".
#[derive(Clone, Debug)]
pub struct DevControl {
    client: Client,
}

impl Client {
    /// The methods of a development chain.
    #[must_use]
    pub fn dev(&self) -> DevControl {
        DevControl { client: self.clone() }
    }
}

impl DevControl {
    /// Moves the chain's clock forward by so many seconds; the next block shows it. Gives the least time of the next
    /// block in milliseconds.
    ///
    /// # Errors
    /// If the chain is no development chain or the step is too large.
    pub async fn advance_time(&self, seconds: u64) -> Result<u64, ChainError> {
        self.client.request("dev_advanceTime", rpc_params![seconds]).await
    }

    /// Makes one block.
    ///
    /// # Errors
    /// If the chain is no development chain.
    pub async fn seal(&self) -> Result<Position, ChainError> {
        self.seal_with(SealRequest::default()).await.map(|sealed| sealed.best)
    }

    /// Makes blocks as told; on another parent than the best block this makes a fork.
    ///
    /// # Errors
    /// If the node refuses, for example because the parent lies below the finalized block.
    pub async fn seal_with(&self, request: SealRequest) -> Result<Sealed, ChainError> {
        self.client.request("dev_seal", rpc_params![request]).await
    }

    /// Finalizes a block and those before it; the best one without a name.
    ///
    /// # Errors
    /// If the node refuses.
    pub async fn finalize(&self, hash: Option<B256>) -> Result<Position, ChainError> {
        self.client.request("dev_finalize", rpc_params![hash]).await
    }

    /// Changes when blocks are made.
    ///
    /// # Errors
    /// If the node refuses.
    pub async fn set_seal(&self, seal: Seal) -> Result<DevStatus, ChainError> {
        self.client.request("dev_setSeal", rpc_params![seal.to_string()]).await
    }

    /// Changes how many blocks finality stays behind; `None` for never.
    ///
    /// # Errors
    /// If the node refuses.
    pub async fn set_finality_lag(&self, lag: Option<u32>) -> Result<DevStatus, ChainError> {
        let lag = lag.map_or_else(|| "never".to_owned(), |blocks| blocks.to_string());
        self.client.request("dev_setFinalityLag", rpc_params![lag]).await
    }

    /// Where the chain stands.
    ///
    /// # Errors
    /// If the chain is no development chain.
    pub async fn status(&self) -> Result<DevStatus, ChainError> {
        self.client.request("dev_status", rpc_params![]).await
    }
}
