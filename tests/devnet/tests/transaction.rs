//! Transactions signed here, with nonces and tips of the test's choice.

use crate::node::Node;
use codec::{Decode, Encode};
use serde_json::Value;
use sp_core::{Bytes, H160, H256};
use sp_keyring::Sr25519Keyring::{self, Bob};
use sp_runtime::generic::{self, Era, SignedPayload};
use subxt_rpcs::rpc_params;
use weir_runtime::{Balance, Nonce, Runtime, RuntimeCall, UncheckedExtrinsic, VERSION, extension};

/// A call signed by a development account, without an end of its validity.
pub fn signed(
    node: &Node,
    signer: Sr25519Keyring,
    nonce: Nonce,
    tip: Balance,
    call: RuntimeCall,
) -> String {
    let genesis: H256 = node.genesis.parse().unwrap();
    // What is signed beside the extension: versions, genesis, and the genesis again as the block of an immortal era.
    let (spec, format) = (VERSION.spec_version, VERSION.transaction_version);
    let implicit = ((), spec, format, genesis, genesis, (), (), (), (), ());
    let extension = extension::substrate(Era::Immortal, nonce, tip);
    let payload = SignedPayload::from_raw(call, extension, implicit);
    let signature = payload.using_encoded(|bytes| signer.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    let account = signer.to_account_id().into();
    let transaction: UncheckedExtrinsic =
        generic::UncheckedExtrinsic::new_signed(call, account, signature.into(), extension).into();
    hex(&transaction.encode())
}

/// A transfer to Bob.
pub fn transfer(
    node: &Node,
    signer: Sr25519Keyring,
    nonce: Nonce,
    tip: Balance,
    amount: Balance,
) -> String {
    let call = pallet_balances::Call::transfer_allow_death {
        dest: Bob.to_account_id().into(),
        value: amount,
    };
    signed(node, signer, nonce, tip, RuntimeCall::Balances(call))
}

/// Submits; the hash, or why it was refused.
pub async fn submit(node: &Node, transaction: &str) -> Result<String, String> {
    let answer = node.try_ask("author_submitExtrinsic", rpc_params![transaction]).await?;
    Ok(answer.as_str().unwrap().to_owned())
}

/// Free balance of an account at the best block.
pub async fn balance(node: &Node, account: Sr25519Keyring) -> Balance {
    let key = frame_system::Account::<Runtime>::hashed_key_for(account.to_account_id());
    let stored = node.ask("state_getStorage", rpc_params![hex(&key)]).await;
    let Some(stored) = stored.as_str() else {
        return 0;
    };
    // Nonce, consumers, providers, sufficients: four u32; then the free balance.
    Balance::decode(&mut &unhex(stored)[16..]).unwrap()
}

/// Calls a runtime API at the best block.
pub async fn runtime_api(node: &Node, method: &str, arguments: &[u8]) -> Vec<u8> {
    let answer = node.ask("state_call", rpc_params![method, hex(arguments)]).await;
    unhex(answer.as_str().unwrap())
}

/// The number of transactions in a block, the inherent among them.
pub async fn transactions(node: &Node, block: &Value) -> usize {
    let block = node.ask("chain_getBlock", rpc_params![block]).await;
    block["block"]["extrinsics"].as_array().unwrap().len()
}

/// Address of the contract that an account creates with a nonce.
pub fn created(deployer: Sr25519Keyring, nonce: u64) -> H160 {
    use pallet_revive::AddressMapper;
    type Mapper = <Runtime as pallet_revive::Config>::AddressMapper;
    pallet_revive::create1(&Mapper::to_address(&deployer.to_account_id()), nonce)
}

pub fn hex(bytes: &[u8]) -> String {
    sp_core::bytes::to_hex(bytes, false)
}

pub fn unhex(text: &str) -> Vec<u8> {
    text.parse::<Bytes>().unwrap().0
}
