#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::{Devnet, DevnetError, DevnetOptions, Seal};
use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf, time::Duration};

/// A program that stands for a node that does not start as it should.
fn script(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("node");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

async fn start(binary: PathBuf, deadline: Duration) -> DevnetError {
    Devnet::start(DevnetOptions { binary: Some(binary), deadline, ..DevnetOptions::default() })
        .await
        .unwrap_err()
}

#[test]
fn options_become_arguments() {
    let options = DevnetOptions {
        seal: Seal::Interval(500),
        port: 9955,
        finality_lag: None,
        base_path: Some("data".into()),
        time_offset: -30,
        block_time: Some(6000),
        ..DevnetOptions::default()
    };
    let text: Vec<String> =
        options.arguments().iter().map(|word| word.to_str().unwrap().to_owned()).collect();
    assert_eq!(
        text.join(" "),
        "--port 9955 --seal interval=500 --finality-lag never --exit-with-parent --base-path data --time-offset -30 \
         --block-time 6000"
    );
}

#[tokio::test]
async fn a_missing_program_says_how_to_build_it() {
    let error = start("/nowhere/weir-devnet".into(), Duration::from_secs(5)).await;
    assert!(error.to_string().contains("run `cargo build -p weir-devnet`"), "{error}");
}

#[tokio::test]
async fn a_node_that_stops_at_once_is_quoted() {
    let folder = tempfile::tempdir().unwrap();
    let node = script(&folder, "echo 'weir-devnet: port 9944 is in use' >&2; exit 2");
    let error = start(node, Duration::from_secs(5)).await.to_string();
    assert!(
        error.contains("exit status: 2") && error.ends_with(": port 9944 is in use"),
        "{error}"
    );
}

#[tokio::test]
async fn a_node_that_says_nothing_or_nonsense_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let error = start(script(&folder, "cat"), Duration::from_millis(200)).await;
    assert!(matches!(error, DevnetError::Slow(_)), "{error}");
    let error = start(script(&folder, "echo hello"), Duration::from_secs(5)).await;
    assert!(error.to_string().contains("`hello`"), "{error}");
}
