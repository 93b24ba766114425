#![allow(clippy::unwrap_used, reason = "a test may stop where it finds a fault")]

use super::*;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn get_path(address: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: keeper\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split_whitespace().nth(1).unwrap().parse().unwrap();
    (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
}

#[tokio::test]
async fn readiness_names_what_is_missing_and_follows_the_state() {
    let server = Server::bind(0).await.unwrap();
    let address = server.address();
    assert!(address.ip().is_loopback() && address.port() != 0);
    let health = Health::new(Duration::from_secs(60), false);
    let sources = Sources { health: health.clone(), metrics: Arc::new(Metrics::new()) };
    let cancel = CancellationToken::new();
    let serving = tokio::spawn(server.serve(sources, cancel.clone()));

    assert_eq!(get_path(address, "/livez").await, (200, "ok\n".to_owned()));
    let (status, body) = get_path(address, "/readyz").await;
    assert_eq!(status, 503);
    assert!(body.contains("\"check\":\"connected\""), "{body}");
    assert!(body.contains("\"check\":\"book_loaded\""), "{body}");

    health.connected();
    health.at_block(7);
    let (status, body) = get_path(address, "/readyz").await;
    assert_eq!(
        (status, body.as_str()),
        (200, r#"{"ready":true,"reasons":[],"block":7,"execute":false}"#)
    );

    health.disconnected("node lost: connection refused");
    let (status, body) = get_path(address, "/readyz").await;
    assert_eq!(status, 503);
    assert!(body.contains("node lost: connection refused"), "{body}");

    let (status, body) = get_path(address, "/metrics").await;
    assert_eq!(status, 200);
    assert!(body.ends_with("# EOF\n"), "{body}");
    assert_eq!(get_path(address, "/other").await.0, 404);

    cancel.cancel();
    serving.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let first = Server::bind(0).await.unwrap();
    let port = first.address().port();
    let error = Server::bind(port).await.err().unwrap();
    assert!(error.to_string().starts_with(&format!("port {port} of 127.0.0.1 is in use")));
}

#[test]
fn a_head_that_stands_still_is_not_ready() {
    let health = Health::new(Duration::ZERO, true);
    health.connected();
    health.at_block(3);
    std::thread::yield_now();
    let readiness = health.readiness();
    assert!(!readiness.ready);
    assert!(readiness.reasons.iter().any(|unready| unready.reason.starts_with("no block for")));
}
