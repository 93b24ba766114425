//! The chain's clock.

use crate::node::Node;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};
use subxt_rpcs::rpc_params;

const YEAR: u64 = 31_536_000;

fn wall() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

fn time(status: &Value) -> u64 {
    status["time"].as_u64().unwrap()
}

#[tokio::test]
async fn clock_jumps_a_year_and_goes_on() {
    let node = Node::start(&["--seal", "manual"]).await;
    node.seal(json!({})).await;
    let before = time(&node.status().await);
    let promised = node.ask("dev_advanceTime", rpc_params![YEAR]).await.as_u64().unwrap();
    assert!(promised >= before + YEAR * 1_000, "{before} {promised}");
    // Nothing happens until a block shows it.
    assert_eq!(time(&node.status().await), before);
    node.seal(json!({})).await;
    let after = time(&node.status().await);
    assert!(after >= promised && after < promised + 60_000, "{promised} {after}");
    node.seal(json!({})).await;
    assert!(time(&node.status().await) >= after + 1_000);
}

#[tokio::test]
async fn every_block_is_at_least_a_second_later() {
    let node = Node::start(&["--seal", "manual"]).await;
    let mut last = 0;
    for _ in 0..10 {
        node.seal(json!({})).await;
        let now = time(&node.status().await);
        assert!(now >= last + 1_000, "{last} {now}");
        last = now;
    }
    let slow = Node::start(&["--seal", "manual", "--block-time", "6000"]).await;
    slow.seal(json!({})).await;
    let first = time(&slow.status().await);
    slow.seal(json!({"count": 10})).await;
    assert!(time(&slow.status().await) >= first + 60_000);
}

#[tokio::test]
async fn clock_may_start_beside_the_wall() {
    for (offset, text) in [(-3_600_i64, "-3600"), (7_200, "7200")] {
        let node = Node::start(&["--seal", "manual", "--time-offset", text]).await;
        let before = wall();
        node.seal(json!({})).await;
        let shift =
            i64::try_from(time(&node.status().await)).unwrap() - i64::try_from(before).unwrap();
        assert!((shift - offset * 1_000).abs() < 60_000, "{offset}: {shift}");
    }
}

#[tokio::test]
async fn impossible_jumps_are_refused() {
    let node = Node::start(&["--seal", "manual"]).await;
    for seconds in [json!(u64::MAX), json!(-1), json!("soon")] {
        assert!(node.try_ask("dev_advanceTime", rpc_params![&seconds]).await.is_err(), "{seconds}");
    }
    node.seal(json!({})).await;
    assert!(time(&node.status().await) < wall() + 60_000);
}

#[tokio::test]
async fn time_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--seal", "manual", "--base-path", folder.path().to_str().unwrap()];
    let node = Node::start(&arguments).await;
    node.ask("dev_advanceTime", rpc_params![YEAR]).await;
    node.seal(json!({})).await;
    let stopped = time(&node.status().await);
    node.signal("-TERM");
    assert_eq!(node.wait().0.code(), Some(0));
    let node = Node::start(&arguments).await;
    node.seal(json!({})).await;
    let started = time(&node.status().await);
    assert!(started >= stopped + 1_000 && started < stopped + 120_000, "{stopped} {started}");
}
