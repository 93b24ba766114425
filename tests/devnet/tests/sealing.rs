//! When blocks are made and when they are final.

use crate::{
    node::Node,
    transaction::{submit, transactions, transfer},
};
use serde_json::json;
use sp_keyring::Sr25519Keyring::Alice;
use subxt_rpcs::rpc_params;

#[tokio::test]
async fn instant_blocks_take_what_arrives_and_are_final() {
    let node = Node::start(&[]).await;
    for nonce in 0..5 {
        submit(&node, &transfer(&node, Alice, nonce, 0, 1)).await.unwrap();
        node.until("inclusion", |status| status["ready"] == 0).await;
    }
    let status = node.until("finality", |status| status["best"] == status["finalized"]).await;
    let best = status["best"]["number"].as_u64().unwrap();
    let mut included = 0;
    for number in 1..=best {
        let block = node.hash(number).await;
        let here = transactions(&node, &block).await - 1;
        assert!(here > 0, "instant block #{number} is empty");
        included += here;
    }
    assert_eq!(included, 5);
}

#[tokio::test]
async fn interval_blocks_come_without_transactions_too() {
    let node = Node::start(&["--seal", "interval=30"]).await;
    let status = node.until("blocks", |status| status["best"]["number"].as_u64() >= Some(5)).await;
    assert_eq!(status["seal"], "interval=30");
    let block = node.hash(3).await;
    assert_eq!(transactions(&node, &block).await, 1, "the inherent only");
    submit(&node, &transfer(&node, Alice, 0, 0, 1)).await.unwrap();
    node.until("inclusion", |status| status["ready"] == 0).await;
}

#[tokio::test]
async fn manual_blocks_wait_for_the_request() {
    let node = Node::start(&["--seal", "manual"]).await;
    submit(&node, &transfer(&node, Alice, 0, 0, 1)).await.unwrap();
    node.until("arrival", |status| status["ready"] == 1).await;
    let sealed = node.seal(json!({"empty": true, "count": 2})).await;
    assert_eq!(sealed["best"]["number"], 2);
    for block in sealed["blocks"].as_array().unwrap() {
        assert_eq!(transactions(&node, &block["hash"]).await, 1);
    }
    let sealed = node.seal(json!({})).await;
    assert_eq!(transactions(&node, &sealed["blocks"][0]["hash"]).await, 2);
    assert_eq!(sealed["best"], sealed["blocks"][0]);
    assert_eq!(sealed["finalized"], sealed["best"]);
    // Without any parameter too.
    let sealed = node.ask("dev_seal", rpc_params![]).await;
    assert_eq!(sealed["best"]["number"], 4);
}

#[tokio::test]
async fn policy_can_change_while_the_node_runs() {
    let node = Node::start(&["--seal", "manual"]).await;
    submit(&node, &transfer(&node, Alice, 0, 0, 1)).await.unwrap();
    node.until("arrival", |status| status["ready"] == 1).await;
    let status = node.ask("dev_setSeal", rpc_params!["instant"]).await;
    assert_eq!(status["seal"], "instant");
    node.until("block of what waited", |status| status["best"]["number"] == 1).await;
    node.ask("dev_setSeal", rpc_params!["interval=20"]).await;
    node.until("blocks", |status| status["best"]["number"].as_u64() > Some(3)).await;
    node.ask("dev_setSeal", rpc_params!["manual"]).await;
    let lag = node.ask("dev_setFinalityLag", rpc_params!["never"]).await;
    assert_eq!(lag["finalityLag"], "never");
    let before = node.status().await;
    let sealed = node.seal(json!({"count": 3})).await;
    assert_eq!(sealed["finalized"], before["finalized"]);
    let status = node.ask("dev_setFinalityLag", rpc_params![1]).await;
    assert_eq!(status["finalityLag"], 1);
    node.until("finality", |status| {
        status["best"]["number"].as_u64().unwrap()
            == status["finalized"]["number"].as_u64().unwrap() + 1
    })
    .await;
}

#[tokio::test]
async fn finality_follows_at_its_lag() {
    let node = Node::start(&["--seal", "manual", "--finality-lag", "3"]).await;
    let sealed = node.seal(json!({"count": 2})).await;
    assert_eq!(sealed["finalized"]["number"], 0);
    let sealed = node.seal(json!({"count": 5})).await;
    assert_eq!((&sealed["best"]["number"], &sealed["finalized"]["number"]), (&json!(7), &json!(4)));
    // By hand, ahead of the lag, and on request with the blocks or not at all.
    let block = node.hash(6).await;
    let done = node.ask("dev_finalize", rpc_params![block.clone()]).await;
    assert_eq!(done, json!({"number": 6, "hash": block}));
    let sealed = node.seal(json!({"count": 5, "finalize": false})).await;
    assert_eq!(sealed["finalized"]["number"], 6);
    let sealed = node.seal(json!({"finalize": true})).await;
    assert_eq!(sealed["finalized"], sealed["best"]);
    let done = node.ask("dev_finalize", rpc_params![]).await;
    assert_eq!(done, sealed["best"]);
}

#[tokio::test]
async fn impossible_requests_are_refused_with_a_reason() {
    let node = Node::start(&["--seal", "manual", "--finality-lag", "2"]).await;
    node.seal(json!({"count": 5})).await;
    let first = node.hash(1).await;
    let unknown = format!("0x{}", "12".repeat(32));
    for (request, reason) in [
        (json!({"count": 0}), "cannot make 0 blocks at once: 1 to 10000"),
        (json!({"count": 10_001}), "cannot make 10001 blocks at once: 1 to 10000"),
        (json!({"parent": unknown}), "no block 0x1212"),
        (
            json!({"parent": first}),
            "block #1 is below the finalized block #3: start the node with a larger --finality-lag",
        ),
        (json!({"blocks": 1}), "unknown field `blocks`"),
    ] {
        let refusal = node.try_ask("dev_seal", rpc_params![&request]).await.unwrap_err();
        assert!(refusal.contains(reason), "{request}: {refusal}");
    }
    let refusal = node.try_ask("dev_setSeal", rpc_params!["interval=0"]).await.unwrap_err();
    assert!(refusal.contains("none of instant, interval=<ms>, manual"), "{refusal}");
    let refusal = node.try_ask("dev_finalize", rpc_params![first]).await.unwrap_err();
    assert!(refusal.contains("below the finalized block"), "{refusal}");
    assert_eq!(node.status().await["best"]["number"], 5);
}
