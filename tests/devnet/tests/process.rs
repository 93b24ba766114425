//! Start, refusals, stop, restart.

use crate::{
    node::{Node, refused},
    transaction::{balance, submit, transfer},
};
use serde_json::json;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use subxt_rpcs::rpc_params;

#[tokio::test]
async fn first_line_names_the_address_and_the_genesis() {
    let node = Node::start(&[]).await;
    assert!(node.url.starts_with("ws://127.0.0.1:"), "{}", node.url);
    assert_eq!(node.hash(0).await, json!(node.genesis));
    let health = node.ask("system_health", rpc_params![]).await;
    assert_eq!(health, json!({"peers": 0, "isSyncing": false, "shouldHavePeers": false}));
    let properties = node.ask("system_properties", rpc_params![]).await;
    assert_eq!(properties, json!({"ss58Format": 42, "tokenDecimals": 10, "tokenSymbol": "UNIT"}));
}

#[tokio::test]
async fn taken_port_is_one_sentence_and_code_2() {
    let node = Node::start(&[]).await;
    let port = node.url.rsplit(':').next().unwrap();
    let (code, stderr) = refused(&["--port", port]);
    assert_eq!(code, 2, "{stderr}");
    assert_eq!(
        stderr.trim_end(),
        format!(
            "weir-devnet: port {port} of 127.0.0.1 is in use: choose another with --port, or 0 for any free one"
        )
    );
}

#[test]
fn nonsense_is_refused_with_code_2() {
    let (code, stderr) = refused(&["--seal", "sometimes"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("none of instant, interval=<ms>, manual"), "{stderr}");
}

#[tokio::test]
async fn signals_stop_the_node_cleanly() {
    for name in ["-TERM", "-INT"] {
        let node = Node::start(&["--seal", "interval=20"]).await;
        node.until("block", |status| status["best"]["number"].as_u64() > Some(1)).await;
        node.signal(name);
        let (status, stderr) = node.wait();
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{name}");
    }
}

#[tokio::test]
async fn node_ends_with_its_parent_if_told_to() {
    let mut node = Node::start(&["--exit-with-parent"]).await;
    node.close_stdin();
    let (status, stderr) = node.wait();
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
    let mut alone = Node::start(&[]).await;
    alone.close_stdin();
    alone.status().await;
}

#[tokio::test]
async fn state_on_disk_survives_stop_and_kill() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--base-path", folder.path().to_str().unwrap(), "--finality-lag", "2"];
    let node = Node::start(&arguments).await;
    let genesis = node.genesis.clone();
    let before = balance(&node, Bob).await;
    submit(&node, &transfer(&node, Alice, 0, 0, 7)).await.unwrap();
    node.until("block", |status| status["best"]["number"] == 1).await;
    node.seal(json!({"count": 4})).await;
    let stopped = node.status().await;
    node.signal("-TERM");
    assert_eq!(node.wait().0.code(), Some(0));

    let node = Node::start(&arguments).await;
    assert_eq!(node.genesis, genesis);
    let started = node.status().await;
    assert_eq!(
        (&started["best"], &started["finalized"]),
        (&stopped["best"], &stopped["finalized"])
    );
    assert_eq!(started["finalized"]["number"], 3);
    assert_eq!(balance(&node, Bob).await - before, 7);
    // A second node on the same state is told so.
    let (code, stderr) = refused(&arguments);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.starts_with("weir-devnet: cannot open the chain's state: "), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    node.signal("-KILL");
    drop(node.wait());

    let node = Node::start(&arguments).await;
    submit(&node, &transfer(&node, Alice, 1, 0, 5)).await.unwrap();
    node.until("block", |status| status["best"]["number"].as_u64() >= Some(6)).await;
    assert_eq!(balance(&node, Bob).await - before, 12);
}
