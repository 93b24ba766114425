//! The endpoints of one chain: which of them is used, how they fared, and how far each has come.
//!
//! One is used at a time, and kept while it does well: nodes differ by a block or so, and going to and fro between them
//! would show a chain that jumps. When it breaks, misses a deadline or falls behind, the next one takes over: the one
//! that failed least lately, of equal ones the first in the list.

use super::{Broken, innermost, redacted};
use crate::{client::Timeouts, runtime::Header};
use alloy_primitives::B256;
use serde::de::DeserializeOwned;
use std::{
    future::Future,
    sync::{Arc, Mutex, OnceLock, PoisonError, RwLock},
    time::Duration,
};
use subxt_rpcs::{
    Error as RpcError, RpcClientT,
    client::{JsonrpseeRpcClient, RpcParams, jsonrpsee_client, rpc_params},
};
use tokio::{sync::watch, time::Instant};

/// After a failure an endpoint is tried last for this long; it doubles with each failure in a row.
const FIRST_REST: Duration = Duration::from_secs(1);
/// The longest such time.
const LONGEST_REST: Duration = Duration::from_secs(60);

type Connection = Arc<JsonrpseeRpcClient>;

/// How an endpoint fared.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    /// Failures in a row.
    failures: u32,
    rests_until: Option<Instant>,
}

struct Candidate {
    url: String,
    standing: Mutex<Standing>,
    /// A connection of a look at it, ready if it is needed.
    warm: Mutex<Option<Connection>>,
}

impl Candidate {
    fn failed(&self) {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let factor = 2_u32.checked_pow(standing.failures).unwrap_or(u32::MAX);
        let rest =
            FIRST_REST.checked_mul(factor).map_or(LONGEST_REST, |rest| rest.min(LONGEST_REST));
        standing.failures = standing.failures.saturating_add(1);
        standing.rests_until = Instant::now().checked_add(rest);
    }

    fn did_well(&self) {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = Standing::default();
    }

    /// What the order of trying goes by; the least first.
    fn rank(&self) -> (bool, u32) {
        let standing = *self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let rests = standing.rests_until.is_some_and(|until| until > Instant::now());
        (rests, if rests { standing.failures } else { 0 })
    }

    /// The connection of the last look, or a new one.
    async fn open(&self, timeouts: Timeouts) -> Result<Connection, Broken> {
        let warm = self.warm.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(warm) = warm.filter(|warm| warm.is_connected()) {
            return Ok(warm);
        }
        let after = timeouts.connect;
        tokio::time::timeout(after, jsonrpsee_client(&self.url))
            .await
            .map_err(|_| {
                Broken::Unreachable(format!("no answer within {} s", after.as_secs_f64()))
            })?
            .map(Arc::new)
            .map_err(|error| Broken::Unreachable(innermost(&error)))
    }
}

/// The connection in use.
struct Open {
    connection: Connection,
    index: usize,
    /// Counts the connections. Whoever gives one up names its generation, so that a late one gives up none but its own.
    generation: u64,
}

/// What a look at an endpoint showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointState {
    /// The endpoint, without what may be secret in it.
    pub url: String,
    /// Whether it is the one in use.
    pub active: bool,
    /// Its best block, or why it is not known.
    pub head: Result<u64, String>,
}

/// All endpoints.
pub(crate) struct Endpoints {
    list: Vec<Candidate>,
    timeouts: Timeouts,
    /// The chain; the first endpoint that answers says which, the others have to be of the same.
    genesis: OnceLock<B256>,
    current: RwLock<Option<Open>>,
    /// Held while a connection is being opened, so that many waiting requests open only one.
    opening: tokio::sync::Mutex<()>,
    /// The index and the generation in use.
    using: watch::Sender<(usize, u64)>,
}

impl Endpoints {
    pub(super) fn new(urls: &[&str], timeouts: Timeouts) -> Self {
        let candidate = |url: &&str| Candidate {
            url: (*url).to_owned(),
            standing: Mutex::default(),
            warm: Mutex::default(),
        };
        Self {
            list: urls.iter().map(candidate).collect(),
            timeouts,
            genesis: OnceLock::new(),
            current: RwLock::new(None),
            opening: tokio::sync::Mutex::new(()),
            using: watch::Sender::new((0, 0)),
        }
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// The endpoint in use, or the one used last.
    pub(super) fn url(&self) -> String {
        let (index, _) = *self.using.borrow();
        self.list.get(index).map(|candidate| candidate.url.clone()).unwrap_or_default()
    }

    pub(super) fn is_connected(&self) -> bool {
        self.open().is_some()
    }

    /// Tells of each change of the connection: the index of the endpoint and the connection's generation.
    pub(crate) fn watch(&self) -> watch::Receiver<(usize, u64)> {
        self.using.subscribe()
    }

    /// The generation of the connection in use, or of the last one.
    pub(crate) fn generation(&self) -> u64 {
        self.using.borrow().1
    }

    /// The open connection and its generation, if there is one.
    fn open(&self) -> Option<(Connection, u64)> {
        let guard = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let open = guard.as_ref().filter(|open| open.connection.is_connected())?;
        Some((Arc::clone(&open.connection), open.generation))
    }

    /// Gives up the connection of a generation, if it is still the one in use, and lets its endpoint rest.
    pub(crate) fn give_up(&self, generation: u64) {
        let mut guard = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let Some(open) = guard.take_if(|open| open.generation == generation) else { return };
        if let Some(candidate) = self.list.get(open.index) {
            candidate.failed();
        }
    }

    /// The open connection, or a new one.
    pub(super) async fn connection(&self) -> Result<(Connection, u64), Broken> {
        if let Some(open) = self.open() {
            return Ok(open);
        }
        let _one_at_a_time = self.opening.lock().await;
        if let Some(open) = self.open() {
            return Ok(open);
        }
        if let Some(lost) = self.current.write().unwrap_or_else(PoisonError::into_inner).take()
            && let Some(candidate) = self.list.get(lost.index)
        {
            candidate.failed();
        }
        let mut order: Vec<(usize, &Candidate)> = self.list.iter().enumerate().collect();
        order.sort_by_key(|(index, candidate)| (candidate.rank(), *index));
        let mut reasons = Vec::new();
        for (index, candidate) in order {
            match self.verified(candidate).await {
                Ok(connection) => {
                    return Ok((Arc::clone(&connection), self.take(index, connection)));
                }
                Err(broken) => {
                    candidate.failed();
                    reasons.push((candidate, broken));
                }
            }
        }
        Err(all_broken(reasons))
    }

    /// A connection to an endpoint of the right chain.
    async fn verified(&self, candidate: &Candidate) -> Result<Connection, Broken> {
        let connection = candidate.open(self.timeouts).await?;
        let genesis: B256 = self.ask(&connection, "chain_getBlockHash", rpc_params![0]).await?;
        let expected = *self.genesis.get_or_init(|| genesis);
        if genesis == expected {
            Ok(connection)
        } else {
            Err(Broken::Unreachable(format!("it is of another chain ({genesis}, not {expected})")))
        }
    }

    /// Puts a connection in use and gives its generation.
    fn take(&self, index: usize, connection: Connection) -> u64 {
        let (before, last) = *self.using.borrow();
        let generation = last.saturating_add(1);
        if let Some(candidate) = self.list.get(index) {
            candidate.did_well();
            *candidate.warm.lock().unwrap_or_else(PoisonError::into_inner) = None;
            if before != index {
                tracing::warn!(
                    endpoint = redacted(&candidate.url),
                    generation,
                    "moved to another endpoint"
                );
            }
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Open { connection, index, generation });
        self.using.send_replace((index, generation));
        generation
    }

    /// One request on a connection that need not be the one in use.
    async fn ask<T: DeserializeOwned>(
        &self,
        connection: &Connection,
        method: &str,
        params: RpcParams,
    ) -> Result<T, Broken> {
        let after = self.timeouts.request;
        let answer = tokio::time::timeout(after, connection.request_raw(method, params.build()))
            .await
            .map_err(|_| Broken::Timeout(after))?
            .map_err(|error| Broken::Closed(error.to_string()))?;
        serde_json::from_str(answer.get())
            .map_err(|error| Broken::Closed(format!("{method}: {error}")))
    }

    /// Runs `work` on the connection within the deadline. A connection that misses it may be half dead (a socket
    /// that was cut silently never closes), so it is given up.
    pub(super) async fn run<T, F, W>(&self, work: W) -> Result<T, RpcError>
    where
        W: FnOnce(Connection) -> F,
        F: Future<Output = Result<T, RpcError>>,
    {
        let wrap = |broken: Broken| RpcError::Client(Box::new(broken));
        let (connection, generation) = self.connection().await.map_err(wrap)?;
        let after = self.timeouts.request;
        match tokio::time::timeout(after, work(connection)).await {
            Ok(Err(RpcError::Client(error))) => Err(wrap(Broken::Closed(error.to_string()))),
            Ok(result) => result,
            Err(_) => {
                self.give_up(generation);
                Err(wrap(Broken::Timeout(after)))
            }
        }
    }

    /// Looks at every endpoint. If the one in use is more than `most_lag` blocks behind another that has the same
    /// finalized chain, it is given up: the next request goes elsewhere. A node that merely claims a high block moves
    /// nobody, unless it knows what the one in use holds for final.
    pub(crate) async fn compare(&self, most_lag: u64) -> Vec<EndpointState> {
        let active = self.connection().await.ok();
        let (in_use, _) = *self.using.borrow();
        let mut states = Vec::new();
        let mut own = None;
        if let Some((connection, generation)) = &active {
            match self.place(connection).await {
                Ok(place) => own = Some((place, *generation)),
                Err(_) => self.give_up(*generation),
            }
        }
        let mut ahead = None;
        for (index, candidate) in self.list.iter().enumerate() {
            let url = redacted(&candidate.url);
            if index == in_use && active.is_some() {
                let head = own.as_ref().map(|(place, _)| place.head);
                let head = head.ok_or_else(|| "does not answer".to_owned());
                states.push(EndpointState { url, active: true, head });
                continue;
            }
            let head = match (self.look(candidate).await, &own) {
                (Ok((connection, head)), Some((place, _))) => {
                    if head > place.head.saturating_add(most_lag)
                        && self.knows(&connection, place).await
                    {
                        ahead = ahead.max(Some(head));
                    }
                    Ok(head)
                }
                (looked, _) => looked.map(|(_, head)| head).map_err(|broken| broken.to_string()),
            };
            states.push(EndpointState { url, active: false, head });
        }
        if let (Some((place, generation)), Some(ahead)) = (own, ahead) {
            tracing::warn!(
                endpoint = in_use,
                head = place.head,
                ahead,
                "the endpoint in use lags behind and is given up"
            );
            self.give_up(generation);
        }
        states
    }

    /// A standby's best block. Its connection is kept for the moment when it is needed.
    async fn look(&self, candidate: &Candidate) -> Result<(Connection, u64), Broken> {
        let looked = async {
            let connection = self.verified(candidate).await?;
            let header: Header = self.ask(&connection, "chain_getHeader", rpc_params![]).await?;
            Ok((connection, header.number))
        };
        let looked = looked.await;
        let warm = looked.as_ref().ok().map(|(connection, _)| Arc::clone(connection));
        *candidate.warm.lock().unwrap_or_else(PoisonError::into_inner) = warm;
        looked
    }

    async fn place(&self, connection: &Connection) -> Result<Place, Broken> {
        let best: Header = self.ask(connection, "chain_getHeader", rpc_params![]).await?;
        let hash: B256 = self.ask(connection, "chain_getFinalizedHead", rpc_params![]).await?;
        let finalized: Header = self.ask(connection, "chain_getHeader", rpc_params![hash]).await?;
        Ok(Place { head: best.number, finalized: (finalized.number, hash) })
    }

    /// Whether a node has the same final block.
    async fn knows(&self, connection: &Connection, place: &Place) -> bool {
        let (number, hash) = place.finalized;
        let theirs: Result<Option<B256>, Broken> =
            self.ask(connection, "chain_getBlockHash", rpc_params![number]).await;
        matches!(theirs, Ok(Some(theirs)) if theirs == hash)
    }
}

/// How far a node has come.
struct Place {
    head: u64,
    finalized: (u64, B256),
}

/// One endpoint's reason as it is; of several, each with its endpoint.
fn all_broken(mut reasons: Vec<(&Candidate, Broken)>) -> Broken {
    if reasons.len() <= 1 {
        return reasons.pop().map_or_else(
            || Broken::Unreachable("no endpoint is given".to_owned()),
            |(_, broken)| broken,
        );
    }
    let each: Vec<String> = reasons
        .iter()
        .map(|(candidate, broken)| format!("{}: {broken}", redacted(&candidate.url)))
        .collect();
    Broken::Unreachable(format!("none of {} endpoints does ({})", each.len(), each.join("; ")))
}
