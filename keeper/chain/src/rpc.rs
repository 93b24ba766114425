//! Requests to the chain's nodes: one connection at a time, opened again when it breaks, and a deadline on every request.

mod endpoints;

pub use endpoints::EndpointState;
use endpoints::Endpoints;

use crate::{
    client::Timeouts,
    error::{ChainError, Rejection},
};
use serde::de::DeserializeOwned;
use std::{sync::Arc, time::Duration};
use subxt_rpcs::{
    Error as RpcError, RpcClient, RpcClientT,
    client::{RawRpcFuture, RawRpcSubscription, RawValue, RpcParams, RpcSubscription},
};

/// JSON-RPC over the endpoints of one chain; cheap to clone.
#[derive(Clone)]
pub(crate) struct Rpc {
    endpoints: Arc<Endpoints>,
    client: RpcClient,
}

impl Rpc {
    /// Opens the connection to the first endpoint that answers.
    pub(crate) async fn connect(urls: &[&str], timeouts: Timeouts) -> Result<Self, ChainError> {
        for url in urls {
            if !(url.starts_with("ws://") || url.starts_with("wss://")) {
                let reason = "it has to start with ws:// or wss://".to_owned();
                return Err(ChainError::BadUrl { url: (*url).to_owned(), reason });
            }
        }
        let endpoints = Arc::new(Endpoints::new(urls, timeouts));
        endpoints
            .connection()
            .await
            .map_err(|broken| broken.into_error(&endpoints.url(), "connecting"))?;
        let client = RpcClient::new(Shared(Arc::clone(&endpoints)));
        Ok(Self { endpoints, client })
    }

    /// The client as subxt wants it.
    pub(crate) fn client(&self) -> RpcClient {
        self.client.clone()
    }

    /// The endpoint in use, or the one used last.
    pub(crate) fn url(&self) -> String {
        self.endpoints.url()
    }

    /// All endpoints, to compare and to watch them.
    pub(crate) fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    pub(crate) fn timeouts(&self) -> Timeouts {
        self.endpoints.timeouts()
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.endpoints.is_connected()
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
                Ok(broken) => broken.into_error(&self.url(), request),
                Err(other) => ChainError::Disconnected {
                    url: redacted(&self.url()),
                    request: request.to_owned(),
                    reason: other.to_string(),
                },
            },
            RpcError::DisconnectedWillReconnect(reason) => ChainError::Disconnected {
                url: redacted(&self.url()),
                request: request.to_owned(),
                reason,
            },
            other => ChainError::decode(format!("the answer to {request}"), other),
        }
    }
}

impl std::fmt::Debug for Rpc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rpc").field("url", &self.url()).finish_non_exhaustive()
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
        let (url, request) = (redacted(url), request.to_owned());
        match self {
            Self::Unreachable(reason) => ChainError::Unreachable { url, reason },
            Self::Timeout(after) => ChainError::Timeout { request, after },
            Self::Closed(reason) => ChainError::Disconnected { url, request, reason },
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

/// The address of a node without what may be secret in it: user name, password and query. Any other text as it is.
#[must_use]
pub fn redacted(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let (authority, query) =
        authority.split_once('?').map_or((authority, false), |(a, _)| (a, true));
    let (path, path_query) = path.split_once('?').map_or((path, false), |(p, _)| (p, true));
    let host = authority
        .rsplit_once('@')
        .map_or_else(|| authority.to_owned(), |(_, host)| format!("***@{host}"));
    format!("{scheme}://{host}{path}{}", if query || path_query { "?***" } else { "" })
}

/// What subxt gets; a newtype because the trait is foreign.
struct Shared(Arc<Endpoints>);

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
