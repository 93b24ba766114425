//! What clients of the chain see: subxt, contracts, runtime APIs, and arguments that make the runtime panic.

use crate::{
    node::Node,
    transaction::{created, hex, runtime_api, signed, submit},
};
use codec::{Decode, Encode};
use serde_json::json;
use sp_core::{H160, U256};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::Weight;
use subxt::{OnlineClient, PolkadotConfig, dynamic::Value};
use subxt_rpcs::rpc_params;
use subxt_signer::sr25519::dev;
use weir_runtime::{Balance, RuntimeCall};

#[tokio::test]
async fn subxt_connects_submits_and_sees_finality() {
    let node = Node::start(&[]).await;
    let client = OnlineClient::<PolkadotConfig>::from_insecure_url(&node.url).await.unwrap();
    assert_eq!(hex(client.genesis_hash().as_ref()), node.genesis);
    let transfer = subxt::dynamic::transaction(
        "Balances",
        "transfer_allow_death",
        vec![
            Value::unnamed_variant("Id", [Value::from_bytes(dev::bob().public_key().0)]),
            Value::u128(5_000_000_000),
        ],
    );
    let mut at = client.at_current_block().await.unwrap().transactions();
    let progress = at.sign_and_submit_then_watch_default(&transfer, &dev::alice()).await.unwrap();
    progress.wait_for_finalized_success().await.unwrap();
    assert_eq!(node.status().await["finalized"]["number"], 1);
}

/// EVM code that stores the first word of its calldata in slot 0 and returns it, behind deployment code that returns it.
fn store_code() -> Vec<u8> {
    // CALLDATALOAD(0), DUP1, SSTORE(0, ·), MSTORE(0, ·), RETURN(0, 32)
    let body = [0x60, 0, 0x35, 0x80, 0x60, 0, 0x55, 0x60, 0, 0x52, 0x60, 0x20, 0x60, 0, 0xf3];
    // PUSH1 15, DUP1, PUSH1 11, PUSH1 0, CODECOPY, PUSH1 0, RETURN
    let mut code = vec![0x60, 15, 0x80, 0x60, 11, 0x60, 0, 0x39, 0x60, 0, 0xf3];
    code.extend_from_slice(&body);
    code
}

#[tokio::test]
async fn contracts_run_in_the_node_as_in_the_harness() {
    let node = Node::start(&[]).await;
    let deploy = RuntimeCall::Revive(pallet_revive::Call::instantiate_with_code {
        value: 0,
        weight_limit: Weight::from_parts(500_000_000_000, 5_000_000),
        storage_deposit_limit: Balance::MAX,
        code: store_code(),
        data: Vec::new(),
        salt: None,
    });
    submit(&node, &signed(&node, Alice, 0, 0, deploy)).await.unwrap();
    node.until("deployment", |status| status["best"]["number"] == 1).await;
    let contract = created(Alice, 0);
    let mut word = [0; 32];
    word[31] = 41;
    let call = RuntimeCall::Revive(pallet_revive::Call::call {
        dest: contract,
        value: 0,
        weight_limit: Weight::from_parts(500_000_000_000, 5_000_000),
        storage_deposit_limit: Balance::MAX,
        data: word.to_vec(),
    });
    // An instantiation counts twice: as a transaction, and as the making of a contract.
    submit(&node, &signed(&node, Alice, 2, 0, call)).await.unwrap();
    node.until("call", |status| status["best"]["number"] == 2).await;
    let key = [0_u8; 32];
    let stored = runtime_api(&node, "ReviveApi_get_storage", &(contract, key).encode()).await;
    let stored: Result<Option<Vec<u8>>, ()> = Result::decode(&mut stored.as_slice()).unwrap();
    assert_eq!(stored, Ok(Some(word.to_vec())));
    // The balance of an unknown address is nothing.
    let nobody = runtime_api(&node, "ReviveApi_balance", &H160::repeat_byte(7).encode()).await;
    assert_eq!(U256::decode(&mut nobody.as_slice()).unwrap(), U256::zero());
}

#[tokio::test]
async fn runtime_s_panic_is_an_answer() {
    let node = Node::start(&[]).await;
    let refusal =
        node.try_ask("state_call", rpc_params!["AccountNonceApi_account_nonce", "0x01"]).await;
    assert!(refusal.unwrap_err().contains("panicked"), "arguments that do not decode");
    let refusal = node.try_ask("state_call", rpc_params!["Nobody_knows", "0x"]).await.unwrap_err();
    assert!(refusal.contains("Nobody_knows"), "{refusal}");
    node.seal(json!({})).await;
    node.signal("-TERM");
    let (status, stderr) = node.wait();
    assert_eq!((status.code(), stderr.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn archive_and_legacy_agree() {
    let node = Node::start(&["--seal", "manual", "--finality-lag", "1"]).await;
    node.seal(json!({"count": 3})).await;
    assert_eq!(node.ask("archive_v1_finalizedHeight", rpc_params![]).await, json!(2));
    assert_eq!(node.ask("archive_v1_genesisHash", rpc_params![]).await, json!(node.genesis));
    let finalized = node.ask("chain_getFinalizedHead", rpc_params![]).await;
    let by_height = node.ask("archive_v1_hashByHeight", rpc_params![2]).await;
    assert_eq!(by_height, json!([finalized]));
    assert_eq!(node.ask("chainSpec_v1_genesisHash", rpc_params![]).await, json!(node.genesis));
}
