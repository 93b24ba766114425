//! The node's own methods: time, blocks, forks, finality.

use crate::{
    clock::{Clock, MAXIMUM_ADVANCE},
    seal::{Command, Finality, Mode, Position, Refusal, Request},
    service::{Client, Pool, time_of},
};
use futures::channel::oneshot;
use jsonrpsee::{
    RpcModule,
    core::{RpcResult, async_trait},
    proc_macros::rpc,
    types::{ErrorCode, ErrorObjectOwned},
};
use sc_transaction_pool_api::TransactionPool;
use serde::Serialize;
use sp_blockchain::HeaderBackend;
use std::{fmt::Display, sync::Arc};
use tokio::sync::mpsc;
use weir_runtime::Hash;

/// Code of a refusal; its message says why.
const REFUSED: i32 = -32_050;

/// Where the chain stands and how it goes on.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    best: Position,
    finalized: Position,
    /// Chain time of the best block, milliseconds since 1970; 0 before the first block.
    time: u64,
    /// The least time of the next block.
    next_time: u64,
    seal: Mode,
    finality_lag: Finality,
    /// Transactions that could go into the next block.
    ready: usize,
    /// Transactions that wait for others of their sender.
    future: usize,
}

/// Blocks made, and where the chain stands since.
#[derive(Clone, Debug, Serialize)]
pub struct Sealed {
    blocks: Vec<Position>,
    best: Position,
    finalized: Position,
}

#[rpc(server, namespace = "dev")]
trait Dev {
    /// Moves the chain's clock forward, counted from the chain's present; the next block shows it. Returns the least time
    /// of the next block in milliseconds since 1970.
    #[method(name = "advanceTime")]
    fn advance_time(&self, seconds: u64) -> RpcResult<u64>;

    /// Changes when blocks are made: `instant`, `interval=<ms>`, `manual`.
    #[method(name = "setSeal")]
    async fn set_seal(&self, mode: Mode) -> RpcResult<Status>;

    /// Changes when blocks are final: a number of blocks behind the best, or `never`.
    #[method(name = "setFinalityLag")]
    async fn set_finality_lag(&self, lag: Finality) -> RpcResult<Status>;

    /// Makes blocks: `{count, parent, empty, finalize}`, all optional.
    #[method(name = "seal")]
    async fn seal(&self, request: Option<Request>) -> RpcResult<Sealed>;

    /// Finalizes a block and its ancestors; the best one if none is named.
    #[method(name = "finalize")]
    async fn finalize(&self, hash: Option<Hash>) -> RpcResult<Position>;

    /// Where the chain stands and how it goes on.
    #[method(name = "status")]
    async fn status(&self) -> RpcResult<Status>;
}

struct Methods {
    client: Arc<Client>,
    pool: Arc<Pool>,
    clock: Arc<Clock>,
    commands: mpsc::Sender<Command>,
}

/// The methods as a module.
pub fn module(
    client: Arc<Client>,
    pool: Arc<Pool>,
    clock: Arc<Clock>,
    commands: mpsc::Sender<Command>,
) -> RpcModule<impl Send + Sync + 'static> {
    Methods { client, pool, clock, commands }.into_rpc()
}

impl Methods {
    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> RpcResult<T> {
        let (sender, reply) = oneshot::channel();
        let stopping = || refused(Refusal::Stopping);
        self.commands.send(command(sender)).await.map_err(|_| stopping())?;
        reply.await.map_err(|_| stopping())
    }

    async fn policy(&self, mode: Option<Mode>, finality: Option<Finality>) -> RpcResult<Status> {
        let (seal, finality_lag) = self.ask(|reply| Command::Policy(mode, finality, reply)).await?;
        let (best, finalized) = self.heads();
        let pool = self.pool.status();
        Ok(Status {
            best,
            finalized,
            time: time_of(&self.client, best.hash).map_err(refused)?,
            next_time: self.clock.peek(),
            seal,
            finality_lag,
            ready: pool.ready,
            future: pool.future,
        })
    }

    fn heads(&self) -> (Position, Position) {
        let info = self.client.info();
        let best = Position { number: info.best_number, hash: info.best_hash };
        let finalized = Position { number: info.finalized_number, hash: info.finalized_hash };
        (best, finalized)
    }
}

#[async_trait]
impl DevServer for Methods {
    fn advance_time(&self, seconds: u64) -> RpcResult<u64> {
        if seconds > MAXIMUM_ADVANCE {
            let text = format!("cannot advance by {seconds} s: at most {MAXIMUM_ADVANCE}");
            let code = ErrorCode::InvalidParams.code();
            return Err(ErrorObjectOwned::owned(code, text, None::<()>));
        }
        Ok(self.clock.advance(seconds))
    }

    async fn set_seal(&self, mode: Mode) -> RpcResult<Status> {
        self.policy(Some(mode), None).await
    }

    async fn set_finality_lag(&self, lag: Finality) -> RpcResult<Status> {
        self.policy(None, Some(lag)).await
    }

    async fn seal(&self, request: Option<Request>) -> RpcResult<Sealed> {
        let request = request.unwrap_or_default();
        let blocks = self.ask(|reply| Command::Seal(request, reply)).await?.map_err(refused)?;
        let (best, finalized) = self.heads();
        Ok(Sealed { blocks, best, finalized })
    }

    async fn finalize(&self, hash: Option<Hash>) -> RpcResult<Position> {
        self.ask(|reply| Command::Finalize(hash, reply)).await?.map_err(refused)
    }

    async fn status(&self) -> RpcResult<Status> {
        self.policy(None, None).await
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn refused(refusal: impl Display) -> ErrorObjectOwned {
    ErrorObjectOwned::owned(REFUSED, refusal.to_string(), None::<()>)
}
