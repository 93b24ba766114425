//! Reading: balances, accounts, time, dry runs, storage.

use crate::support::{World, call, count, counter_code, revert_with, within};
use alloy_sol_types::SolError as _;
use std::time::Instant;
use weir_chain::{
    AccountId, Address, B256, ChainError, Class, Client, DryOutcome, Revert, Signer, U256,
    abi::Pool,
};

#[tokio::test]
async fn a_client_knows_the_chain_and_its_accounts() {
    let world = World::instant().await;
    let client = &world.client;
    assert_eq!(client.genesis(), world.node.genesis());
    assert!(client.is_connected());
    let best = client.best().await.unwrap();
    assert_eq!(client.block_ref(best.number).await.unwrap(), best);
    assert_eq!(client.block(best.hash).await.unwrap().at(), best);
    let alice = world.alice.account_id();
    // Genesis gives Alice 10^9 tokens of 10 decimals.
    assert_eq!(client.balance(best.hash, alice).await.unwrap(), 10_u128.pow(19));
    let nobody = AccountId([7; 32]);
    assert_eq!(client.balance(best.hash, nobody).await.unwrap(), 0);
    assert_eq!(client.account_of(best.hash, world.alice.address()).await.unwrap(), alice);
    let stranger = Address::repeat_byte(3);
    assert_eq!(
        client.account_of(best.hash, stranger).await.unwrap(),
        AccountId::fallback(stranger)
    );
    assert_eq!(client.nonce(alice).await.unwrap(), 0);
}

#[tokio::test]
async fn an_unknown_block_and_an_empty_address_are_named() {
    let world = World::instant().await;
    let best = world.client.best().await.unwrap().hash;
    let error = world.client.block(B256::repeat_byte(1)).await.unwrap_err();
    assert!(matches!(error, ChainError::NoBlock(_)), "{error}");
    let error = world.client.block_ref(1_000_u64).await.unwrap_err();
    assert_eq!(error.to_string(), "the node does not know block 1000");
    let empty = Address::repeat_byte(5);
    let error = world.client.code_hash(best, empty).await.unwrap_err();
    assert!(matches!(error, ChainError::NoContract(at) if at == empty), "{error}");
    assert!(!world.client.is_contract(best, empty).await.unwrap());
    // A call to an address without code succeeds on the chain and does nothing.
    let error = world.alice.prepare(call(empty, &[1])).await.unwrap_err();
    assert!(matches!(error, ChainError::NoContract(_)), "{error}");
    let error = world.client.storage(best, empty, b"key").await.unwrap_err();
    assert!(matches!(error, ChainError::NoContract(_)), "{error}");
    let error =
        weir_chain::TokenHandle::new(world.client.clone(), empty).decimals(best).await.unwrap_err();
    assert!(matches!(error, ChainError::NoContract(_)), "{error}");
}

#[tokio::test]
async fn a_dry_run_answers_refuses_and_costs() {
    let world = World::instant().await;
    let counter = world.counter().await;
    let best = world.client.best().await.unwrap().hash;
    let run = world.client.dry_run(best, &count(counter), world.alice.address()).await.unwrap();
    assert!(run.weight.ref_time > 0 && run.weight.proof_size > 0 && run.deposit > 0, "{run:?}");
    assert_eq!(run.ok().unwrap()[31], 1);
    let healthy = Pool::Healthy { healthFactor: U256::from(9), _1: U256::ZERO }.abi_encode();
    let refused = revert_with(counter, &healthy);
    let run = world.client.dry_run(best, &refused, world.alice.address()).await.unwrap();
    assert!(
        matches!(&run.outcome, DryOutcome::Reverted(Revert::Contract(error)) if error.name == "Healthy")
    );
    let error = world.alice.prepare(refused).await.unwrap_err();
    assert_eq!((error.refused().unwrap().name.as_str(), error.class()), ("Healthy", Class::Skip));
    // A dry run changes nothing.
    assert_eq!(world.number(counter).await, 0);
    // The deposit is beyond what an account without money can pay.
    let run = world.client.dry_run(best, &count(counter), AccountId([9; 32])).await.unwrap();
    assert!(matches!(run.outcome, DryOutcome::Failed(_)), "{run:?}");
}

#[tokio::test]
async fn a_contracts_items_and_code_are_found() {
    let world = World::instant().await;
    let counter = world.counter().await;
    world.alice.run(count(counter)).await.unwrap();
    let best = world.client.best().await.unwrap().hash;
    assert_eq!(world.client.storage_keys(best, counter).await.unwrap().len(), 1);
    assert_eq!(world.client.storage(best, counter, b"no such key").await.unwrap(), None);
    let hash = world.client.code_hash(best, counter).await.unwrap();
    let again = world.counter().await;
    assert_ne!(again, counter);
    let best = world.client.best().await.unwrap().hash;
    assert_eq!(world.client.code_hash(best, again).await.unwrap(), hash);
}

#[tokio::test]
async fn time_is_the_chains() {
    let world = World::instant().await;
    let counter = world.counter().await;
    let before = world.client.best().await.unwrap().timestamp_secs;
    world.client.dev().advance_time(86_400).await.unwrap();
    let included = world.alice.run(count(counter)).await.unwrap();
    assert!(included.block.timestamp_secs >= before + 86_400, "{before} {included:?}");
}

#[tokio::test]
async fn connecting_is_fast_and_nothing_listening_is_said_at_once() {
    let world = World::instant().await;
    let begin = Instant::now();
    let client = Client::connect(world.node.url()).await.unwrap();
    let connected = begin.elapsed();
    client.best().await.unwrap();
    println!("connected in {connected:?}, first answer after {:?}", begin.elapsed());
    let url = world.node.url().to_owned();
    world.node.stop().await.unwrap();
    let error = within(Client::connect(&url)).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("no node answers at {url}: ")), "{error}");
    assert_eq!(error.class(), Class::Retry);
    let error = Client::connect("http://127.0.0.1:1").await.unwrap_err();
    assert!(error.to_string().contains("has to start with ws://"), "{error}");
    assert_eq!(error.class(), Class::Abort);
}

#[tokio::test]
async fn an_address_is_predicted() {
    let world = World::instant().await;
    let salt = Some(B256::repeat_byte(4));
    // EVM code has no constructor data beside its code.
    let predicted = world.alice.predict(&counter_code(), &[], salt).await.unwrap();
    let (made, _) = world.alice.instantiate(counter_code(), Vec::new(), salt).await.unwrap();
    assert_eq!(made, predicted);
    assert_eq!(Signer::dev("alice").unwrap().address(), world.alice.address());
}
