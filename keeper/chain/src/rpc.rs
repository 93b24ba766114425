//! The connection: one web socket that is opened again when it breaks, and a deadline on every request.

use crate::{
    client::Timeouts,
    error::{ChainError, Rejection},
};
use serde::de::DeserializeOwned;
use std::{
    future::Future,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use subxt_rpcs::{
    Error as RpcError, RpcClient, RpcClientT,
    client::{
        JsonrpseeRpcClient, RawRpcFuture, RawRpcSubscription, RawValue, RpcParams, RpcSubscription,
        jsonrpsee_client,
    },
};

/// JSON-RPC over one endpoint; cheap to clone.
#[derive(Clone)]
pub(crate) struct Rpc {
    endpoint: Arc<Endpoint>,
    client: RpcClient,
}

impl Rpc {
    /// Opens the connection.
    pub(crate) async fn connect(url: &str, timeouts: Timeouts) -> Result<Self, ChainError> {
        if !(url.starts_with("ws://") || url.starts_with("wss://")) {
            let reason = "it has to start with ws:// or wss://".to_owned();
            return Err(ChainError::BadUrl { url: url.to_owned(), reason });
        }
        let endpoint = Arc::new(Endpoint {
            url: url.to_owned(),
            timeouts,
            current: RwLock::new(None),
            opening: tokio::sync::Mutex::new(()),
        });
        endpoint.connection().await.map_err(|broken| broken.into_error(url, "connecting"))?;
        let client = RpcClient::new(Shared(Arc::clone(&endpoint)));
        Ok(Self { endpoint, client })
    }

    /// The client as subxt wants it.
    pub(crate) fn client(&self) -> RpcClient {
        self.client.clone()
    }

    pub(crate) fn url(&self) -> &str {
        &self.endpoint.url
    }

    pub(crate) fn timeouts(&self) -> Timeouts {
        self.endpoint.timeouts
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.endpoint.current().is_some()
    }

    /// One request.
    pub(crate) async fn request<T: DeserializeOwned>(
        &self,
        method: &str,
        params: RpcParams,
    ) -> Result<T, ChainError> {
        self.client.request(method, params).await.map_err(|error| self.error(method, error))
    }

    /// One subscription; it ends when the connection does.
    pub(crate) async fn subscribe<T: DeserializeOwned>(
        &self,
        method: &str,
        params: RpcParams,
        unsubscribe: &str,
    ) -> Result<RpcSubscription<T>, ChainError> {
        self.client
            .subscribe(method, params, unsubscribe)
            .await
            .map_err(|error| self.error(method, error))
    }

    /// Drops the connection, so that the next request opens a new one.
    pub(crate) fn discard(&self) {
        self.endpoint.discard();
    }

    /// An error of `request` in this crate's terms.
    pub(crate) fn error(&self, request: &str, error: RpcError) -> ChainError {
        match error {
            RpcError::User(user) => {
                let data = user.data.as_ref().map(|data| data.get());
                match Rejection::read(user.code, &user.message, data) {
                    Some(rejection) if request.starts_with("author_") => {
                        ChainError::Rejected(rejection)
                    }
                    _ => ChainError::Rpc {
                        request: request.to_owned(),
                        code: user.code,
                        message: data.map_or_else(
                            || user.message.clone(),
                            |data| format!("{} {data}", user.message),
                        ),
                    },
                }
            }
            RpcError::Client(inner) => match inner.downcast::<Broken>() {
                Ok(broken) => broken.into_error(self.url(), request),
                Err(other) => ChainError::Disconnected {
                    url: self.url().to_owned(),
                    request: request.to_owned(),
                    reason: other.to_string(),
                },
            },
            RpcError::DisconnectedWillReconnect(reason) => ChainError::Disconnected {
                url: self.url().to_owned(),
                request: request.to_owned(),
                reason,
            },
            other => ChainError::decode(format!("the answer to {request}"), other),
        }
    }
}

impl std::fmt::Debug for Rpc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rpc").field("url", &self.endpoint.url).finish_non_exhaustive()
    }
}

/// A transport failure on its way through subxt's error type.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("{0}")]
    Unreachable(String),
    #[error("no answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    #[error("{0}")]
    Closed(String),
}

impl Broken {
    fn into_error(self, url: &str, request: &str) -> ChainError {
        let (url, request) = (url.to_owned(), request.to_owned());
        match self {
            Self::Unreachable(reason) => ChainError::Unreachable { url, reason },
            Self::Timeout(after) => ChainError::Timeout { request, after },
            Self::Closed(reason) => ChainError::Disconnected { url, request, reason },
        }
    }
}

struct Endpoint {
    url: String,
    timeouts: Timeouts,
    current: RwLock<Option<Arc<JsonrpseeRpcClient>>>,
    /// Held while a connection is being opened, so that many waiting requests open only one.
    opening: tokio::sync::Mutex<()>,
}

impl Endpoint {
    /// The open connection, if there is one.
    fn current(&self) -> Option<Arc<JsonrpseeRpcClient>> {
        let guard = self.current.read().unwrap_or_else(PoisonError::into_inner);
        guard.as_ref().filter(|connection| connection.is_connected()).map(Arc::clone)
    }

    fn discard(&self) {
        self.current.write().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// The open connection, or a new one.
    async fn connection(&self) -> Result<Arc<JsonrpseeRpcClient>, Broken> {
        if let Some(open) = self.current() {
            return Ok(open);
        }
        let _one_at_a_time = self.opening.lock().await;
        if let Some(open) = self.current() {
            return Ok(open);
        }
        let after = self.timeouts.connect;
        let opened = tokio::time::timeout(after, jsonrpsee_client(&self.url))
            .await
            .map_err(|_| {
                Broken::Unreachable(format!("no answer within {} s", after.as_secs_f64()))
            })?
            .map_err(|error| Broken::Unreachable(innermost(&error)))?;
        let opened = Arc::new(opened);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// Runs `work` on the connection within the deadline. A connection that misses it may be half dead (a socket
    /// that was cut silently never closes), so it is given up.
    async fn run<T, F, W>(&self, work: W) -> Result<T, RpcError>
    where
        W: FnOnce(Arc<JsonrpseeRpcClient>) -> F,
        F: Future<Output = Result<T, RpcError>>,
    {
        let wrap = |broken: Broken| RpcError::Client(Box::new(broken));
        let connection = self.connection().await.map_err(wrap)?;
        let after = self.timeouts.request;
        match tokio::time::timeout(after, work(connection)).await {
            Ok(Err(RpcError::Client(error))) => Err(wrap(Broken::Closed(error.to_string()))),
            Ok(result) => result,
            Err(_) => {
                self.discard();
                Err(wrap(Broken::Timeout(after)))
            }
        }
    }
}

/// The last cause of an error: the outer ones only say "RPC error: client error".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string().trim_start_matches("RPC error: client error: ").to_owned()
}

/// What subxt gets; a newtype because the trait is foreign.
struct Shared(Arc<Endpoint>);

impl RpcClientT for Shared {
    fn request_raw<'a>(
        &'a self,
        method: &'a str,
        params: Option<Box<RawValue>>,
    ) -> RawRpcFuture<'a, Box<RawValue>> {
        Box::pin(self.0.run(move |open| async move { open.request_raw(method, params).await }))
    }

    fn subscribe_raw<'a>(
        &'a self,
        method: &'a str,
        params: Option<Box<RawValue>>,
        unsubscribe: &'a str,
    ) -> RawRpcFuture<'a, RawRpcSubscription> {
        Box::pin(
            self.0.run(
                move |open| async move { open.subscribe_raw(method, params, unsubscribe).await },
            ),
        )
    }
}
