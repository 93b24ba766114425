//! The HTTP server on the loopback address: `/metrics`, `/livez`, `/readyz`, `/breakers`, and with a token what changes
//! something: `/pause`, `/resume`, `/breakers/NAME/override`.

mod control;

#[cfg(test)]
mod tests;

pub use control::Token;

use crate::audit::AuditLog;
use crate::breakers::Breakers;
use crate::health::{Health, Readiness};
use crate::metrics::{CONTENT_TYPE, Metrics};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// What the answers are made of.
#[derive(Clone)]
pub struct Sources {
    /// What `/readyz` tells.
    pub health: Health,
    /// What `/metrics` tells.
    pub metrics: Arc<Metrics>,
    /// What `/breakers` tells, and changes.
    pub breakers: Breakers,
    /// Where changes by hand are kept.
    pub log: Arc<Mutex<AuditLog>>,
    /// What a request that changes something must carry; without it there are none.
    pub token: Option<Token>,
}

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Another program holds the port.
    #[error(
        "port {port} of 127.0.0.1 is in use; set http.port to another one, or to 0 for a free one"
    )]
    PortInUse {
        /// The port.
        port: u16,
    },
    /// The token cannot be used.
    #[error("token file {}: {problem}", path.display())]
    Token {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Any other refusal of the system.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
}

/// A bound server that does not answer yet.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes a port of the loopback address; 0 takes a free one.
    ///
    /// # Errors
    /// [`HttpError`], with the port.
    pub async fn bind(port: u16) -> Result<Self, HttpError> {
        let listen = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::AddrInUse => HttpError::PortInUse { port },
            _ => HttpError::Listen { port, source },
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(|source| HttpError::Listen { port, source })?;
        Ok(Self { listener, address })
    }

    /// The address that was taken.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until cancelled, then finishes the answers under way.
    ///
    /// # Errors
    /// What the system says if it can no longer accept connections.
    pub async fn serve(self, sources: Sources, cancel: CancellationToken) -> std::io::Result<()> {
        let router = Router::new()
            .route("/livez", get(live))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics))
            .route("/breakers", get(control::breakers))
            .route("/pause", post(control::pause))
            .route("/resume", post(control::resume))
            .route("/breakers/{name}/override", post(control::override_one))
            .with_state(sources);
        axum::serve(self.listener, router).with_graceful_shutdown(cancel.cancelled_owned()).await
    }
}

/// The process answers, hence lives; a stuck task shows in `/readyz` by its missing blocks.
async fn live() -> &'static str {
    "ok\n"
}

async fn ready(State(sources): State<Sources>) -> (StatusCode, Json<Readiness>) {
    let readiness = sources.health.readiness();
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness))
}

async fn metrics(State(sources): State<Sources>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], sources.metrics.encode())
}
