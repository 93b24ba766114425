//! Forks and re-orgs.

use crate::{
    node::Node,
    transaction::{balance, submit, transactions, transfer},
};
use serde_json::{Value, json};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use std::collections::BTreeSet;
use subxt_rpcs::rpc_params;

#[tokio::test]
async fn fork_of_depth_three_takes_over_and_gives_transactions_back() {
    let node = Node::start(&["--seal", "manual", "--finality-lag", "never"]).await;
    let before = balance(&node, Bob).await;
    let base = node.seal(json!({})).await["best"].clone();
    submit(&node, &transfer(&node, Alice, 0, 0, 7)).await.unwrap();
    node.until("arrival", |status| status["ready"] == 1).await;
    let old = node.seal(json!({"count": 3})).await;
    assert_eq!(transactions(&node, &old["blocks"][0]["hash"]).await, 2);
    assert_eq!(balance(&node, Bob).await - before, 7);

    // As long as the old branch: nothing changes yet.
    let fork = node.seal(json!({"parent": base["hash"], "count": 3, "empty": true})).await;
    assert_eq!(fork["best"], old["best"]);
    let hashes: BTreeSet<String> = [&old, &fork].iter().flat_map(|sealed| hashes(sealed)).collect();
    assert_eq!(hashes.len(), 6, "blocks of two branches differ");

    // One more: three blocks of the old branch are undone.
    let tip = fork["blocks"][2]["hash"].clone();
    let longer = node.seal(json!({"parent": tip, "empty": true})).await;
    assert_eq!(longer["best"], longer["blocks"][0]);
    assert_eq!(longer["best"]["number"], 5);
    for (number, block) in (2..).zip(fork["blocks"].as_array().unwrap()) {
        assert_eq!(node.hash(number).await, block["hash"]);
    }
    assert_eq!(balance(&node, Bob).await, before);
    assert_eq!(longer["finalized"]["number"], 0);

    // The transaction is back in the pool and goes into the new branch.
    node.until("return of the transaction", |status| status["ready"] == 1).await;
    let sealed = node.seal(json!({})).await;
    assert_eq!(transactions(&node, &sealed["best"]["hash"]).await, 2);
    assert_eq!(balance(&node, Bob).await - before, 7);
    // The old branch can still be looked at.
    assert_eq!(transactions(&node, &old["blocks"][0]["hash"]).await, 2);
}

#[tokio::test]
async fn instant_node_includes_again_what_a_re_org_undid() {
    let node = Node::start(&["--finality-lag", "8"]).await;
    let before = balance(&node, Bob).await;
    let base = node.seal(json!({})).await["best"].clone();
    submit(&node, &transfer(&node, Alice, 0, 0, 7)).await.unwrap();
    node.until("inclusion", |status| status["best"]["number"] == 2).await;
    node.seal(json!({"parent": base["hash"], "count": 2, "empty": true})).await;
    let status = node.until("inclusion on the fork", |status| status["best"]["number"] == 4).await;
    assert_eq!(transactions(&node, &status["best"]["hash"]).await, 2);
    assert_eq!(balance(&node, Bob).await - before, 7);
}

#[tokio::test]
async fn forks_take_transactions_too() {
    let node = Node::start(&["--seal", "manual", "--finality-lag", "never"]).await;
    let base = node.seal(json!({"count": 2})).await["blocks"][0].clone();
    submit(&node, &transfer(&node, Alice, 0, 0, 7)).await.unwrap();
    node.until("arrival", |status| status["ready"] == 1).await;
    let fork = node.seal(json!({"parent": base["hash"], "count": 2})).await;
    // The pool's view of an old parent may be as old as the parent; the block built on it has a fresh one. So the
    // transaction is in one of the two, beside their two inherents.
    let first = transactions(&node, &fork["blocks"][0]["hash"]).await;
    let second = transactions(&node, &fork["blocks"][1]["hash"]).await;
    assert_eq!(first + second, 3);
    assert_eq!(fork["best"]["number"], 3);
}

#[tokio::test]
async fn heads_of_both_branches_are_announced() {
    let node = Node::start(&["--seal", "manual", "--finality-lag", "never"]).await;
    node.seal(json!({"count": 3})).await;
    let first = node.hash(1).await;
    node.seal(json!({"parent": first, "count": 1, "empty": true})).await;
    let at_two = node.ask("archive_v1_hashByHeight", rpc_params![2]).await;
    assert_eq!(at_two.as_array().unwrap().len(), 2, "{at_two}");
}

fn hashes(sealed: &Value) -> Vec<String> {
    let blocks = sealed["blocks"].as_array().unwrap();
    blocks.iter().map(|block| block["hash"].as_str().unwrap().to_owned()).collect()
}
