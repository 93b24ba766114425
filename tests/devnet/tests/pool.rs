//! The pool behaves as in production: nonces, priorities, refusals.

use crate::{
    node::Node,
    transaction::{balance, submit, transactions, transfer},
};
use serde_json::json;
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};
use subxt_rpcs::rpc_params;

#[tokio::test]
async fn future_nonces_wait_for_those_before_them() {
    let node = Node::start(&[]).await;
    let before = balance(&node, Bob).await;
    submit(&node, &transfer(&node, Alice, 2, 0, 4)).await.unwrap();
    submit(&node, &transfer(&node, Alice, 1, 0, 2)).await.unwrap();
    let status = node.until("arrival", |status| status["future"] == 2).await;
    assert_eq!((&status["ready"], &status["best"]["number"]), (&json!(0), &json!(0)));
    submit(&node, &transfer(&node, Alice, 0, 0, 1)).await.unwrap();
    node.until("inclusion", |status| {
        status["future"] == 0 && status["ready"] == 0 && status["best"]["number"] != 0
    })
    .await;
    assert_eq!(balance(&node, Bob).await - before, 7);
    let next = node.ask("system_accountNextIndex", rpc_params![Alice.to_account_id().to_string()]);
    assert_eq!(next.await, json!(3));
}

#[tokio::test]
async fn next_index_counts_what_waits() {
    let node = Node::start(&["--seal", "manual"]).await;
    for nonce in 0..3 {
        submit(&node, &transfer(&node, Alice, nonce, 0, 1)).await.unwrap();
    }
    node.until("arrival", |status| status["ready"] == 3).await;
    let next = node.ask("system_accountNextIndex", rpc_params![Alice.to_account_id().to_string()]);
    assert_eq!(next.await, json!(3));
}

#[tokio::test]
async fn replacement_needs_a_higher_tip() {
    let node = Node::start(&["--seal", "manual"]).await;
    let before = balance(&node, Bob).await;
    submit(&node, &transfer(&node, Alice, 0, 1_000, 1)).await.unwrap();
    node.until("arrival", |status| status["ready"] == 1).await;
    let refusal = submit(&node, &transfer(&node, Alice, 0, 999, 2)).await.unwrap_err();
    assert!(refusal.contains("1014"), "priority too low: {refusal}");
    submit(&node, &transfer(&node, Alice, 0, 100_000_000, 4)).await.unwrap();
    node.until("replacement", |status| status["ready"] == 1).await;
    let sealed = node.seal(json!({})).await;
    assert_eq!(transactions(&node, &sealed["best"]["hash"]).await, 2);
    assert_eq!(balance(&node, Bob).await - before, 4);
}

#[tokio::test]
async fn bad_transactions_are_refused_with_their_code() {
    let node = Node::start(&[]).await;
    let once = transfer(&node, Alice, 0, 0, 1);
    submit(&node, &once).await.unwrap();
    node.until("inclusion", |status| status["best"]["number"] == 1 && status["ready"] == 0).await;
    let stale = submit(&node, &transfer(&node, Alice, 0, 0, 2)).await.unwrap_err();
    assert!(stale.contains("1010") && stale.contains("outdated"), "{stale}");
    let garbage = submit(&node, "0x0102").await.unwrap_err();
    assert!(garbage.contains("1002") || garbage.contains("decode"), "{garbage}");
    // Another chain's signature.
    let mut stranger = Node::start(&[]).await;
    stranger.genesis = format!("0x{}", "11".repeat(32));
    let foreign = transfer(&stranger, Charlie, 0, 0, 1);
    let refusal = submit(&node, &foreign).await.unwrap_err();
    assert!(refusal.contains("1010") && refusal.contains("bad signature"), "{refusal}");
}

#[tokio::test]
async fn many_transactions_fill_several_blocks_in_order() {
    let node = Node::start(&["--seal", "manual"]).await;
    let before = balance(&node, Bob).await;
    for nonce in 0..200 {
        submit(&node, &transfer(&node, Alice, nonce, 0, 1)).await.unwrap();
    }
    node.until("arrival", |status| status["ready"] == 200).await;
    node.ask("dev_setSeal", rpc_params!["instant"]).await;
    node.until("inclusion", |status| status["ready"] == 0).await;
    assert_eq!(balance(&node, Bob).await - before, 200);
}
