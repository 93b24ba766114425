#![allow(clippy::unwrap_used, reason = "a test may stop where it finds a fault")]

use super::*;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn sources(folder: &tempfile::TempDir, health: &Health, token: Option<Token>) -> Sources {
    let metrics = Arc::new(Metrics::new());
    let log = AuditLog::open(&folder.path().join("audit.jsonl")).unwrap().log;
    Sources {
        health: health.clone(),
        breakers: crate::fixtures::breakers(&metrics),
        metrics,
        log: Arc::new(Mutex::new(log)),
        token,
    }
}

async fn get_path(address: SocketAddr, path: &str) -> (u16, String) {
    ask(address, "GET", path, "").await
}

/// `header` is a whole line with its end, or nothing.
async fn ask(address: SocketAddr, method: &str, path: &str, header: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: keeper\r\nConnection: close\r\n{header}\r\n");
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
    let folder = tempfile::tempdir().unwrap();
    let sources = sources(&folder, &health, None);
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

#[tokio::test]
async fn an_operator_with_the_token_pauses_resumes_and_overrides() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "correct horse battery\n").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let server = Server::bind(0).await.unwrap();
    let address = server.address();
    let health = Health::new(Duration::from_secs(60), false);
    let sources = sources(&folder, &health, Some(Token::load(&file).unwrap()));
    let (breakers, metrics) = (sources.breakers.clone(), Arc::clone(&sources.metrics));
    let cancel = CancellationToken::new();
    let serving = tokio::spawn(server.serve(sources, cancel.clone()));
    let bearer = "Authorization: Bearer correct horse battery\r\n";
    let wrong = "Authorization: Bearer correct horse batterz\r\n";

    assert_eq!(get_path(address, "/breakers").await, (200, "[]".to_owned()));
    assert_eq!(ask(address, "POST", "/pause", "").await.0, 401);
    assert_eq!(ask(address, "POST", "/pause", wrong).await.0, 401);
    assert!(breakers.open().is_empty());
    let paused = r#"[{"breaker":"paused","reason":"paused by an operator"}]"#;
    assert_eq!(ask(address, "POST", "/pause", bearer).await, (200, paused.to_owned()));
    assert_eq!(get_path(address, "/breakers").await, (200, paused.to_owned()));
    assert!(metrics.encode().contains("weir_keeper_breaker_open{breaker=\"paused\"} 1\n"));
    assert_eq!(ask(address, "POST", "/resume", bearer).await, (200, "[]".to_owned()));
    breakers.balance(rust_decimal::Decimal::ZERO);
    assert_eq!(breakers.open().len(), 1);
    let (status, body) = ask(address, "POST", "/breakers/fuse/override", bearer).await;
    assert!(status == 404 && body.contains("low_balance"), "{body}");
    assert_eq!(ask(address, "POST", "/breakers/low_balance/override", wrong).await.0, 401);
    let done = ask(address, "POST", "/breakers/low_balance/override", bearer).await;
    assert_eq!(done, (200, "[]".to_owned()));

    let text = std::fs::read_to_string(folder.path().join("audit.jsonl")).unwrap();
    let actions: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let actions: Vec<&str> = actions.iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["pause", "resume", "override"]);
    cancel.cancel();
    serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn without_a_token_nobody_gives_orders() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::bind(0).await.unwrap();
    let address = server.address();
    let health = Health::new(Duration::from_secs(60), false);
    let sources = sources(&folder, &health, None);
    let breakers = sources.breakers.clone();
    let serving = tokio::spawn(server.serve(sources, CancellationToken::new()));
    let (status, body) = ask(address, "POST", "/pause", "Authorization: Bearer x\r\n").await;
    assert!(status == 403 && body.contains("http.token_file"), "{body}");
    assert!(breakers.open().is_empty());
    serving.abort();
}

#[test]
fn a_token_that_others_can_read_or_guess_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    let problem = |text: &str, mode: u32| {
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        Token::load(&file).unwrap_err().to_string()
    };
    assert!(problem("correct horse battery", 0o640).contains("chmod 600"));
    assert!(problem("short", 0o600).contains("at least 16 characters"));
    let missing = Token::load(&folder.path().join("none")).unwrap_err().to_string();
    assert!(missing.contains("No such file"), "{missing}");
}
