//! Sending: inclusion, reasons, nonces, batches, eras, replacement.

use crate::support::{Counted, World, count, count_from, revert_with, unchecked, within};
use alloy_sol_types::SolError as _;
use weir_chain::{
    AccountId, BatchMode, ChainError, Class, Outcome, Rejection, Revert, Sender, Signer, U256,
    abi::Pool, devnet::SealRequest,
};

#[tokio::test]
async fn an_included_call_tells_block_fee_and_events() {
    let world = World::instant().await;
    let counter = world.counter().await;
    let mut pending =
        world.alice.submit(world.alice.prepare(count(counter)).await.unwrap()).await.unwrap();
    let included = within(pending.in_block()).await.unwrap();
    assert_eq!((included.outcome.clone(), included.tx_hash), (Outcome::Success, pending.tx_hash()));
    assert!(included.fee > 0);
    assert_eq!(included.event::<Counted>().unwrap().value, U256::from(1));
    assert_eq!(included.events[0].contract, counter);
    let finalized = within(pending.finalized()).await.unwrap();
    assert_eq!(finalized, included);
    let block = world.client.block(included.block.hash).await.unwrap();
    let result = block.extrinsics.iter().find(|result| result.index == included.index).unwrap();
    assert_eq!((result.fee, result.payer), (included.fee, Some(world.alice.account_id())));
    assert_eq!(world.number(counter).await, 1);
}

#[tokio::test]
async fn a_revert_on_chain_has_its_reason_looked_up() {
    let world = World::instant().await;
    let counter = world.counter().await;
    let healthy = Pool::Healthy { healthFactor: U256::from(9), _1: U256::ZERO }.abi_encode();
    let transaction = unchecked(&world.alice, revert_with(counter, &healthy));
    let mut pending = world.alice.submit(transaction).await.unwrap();
    let included = within(pending.in_block()).await.unwrap();
    assert!(included.fee > 0);
    assert!(
        matches!(&included.outcome, Outcome::Reverted(Some(Revert::Contract(e))) if e.name == "Healthy")
    );
    let error = included.ok().unwrap_err();
    assert_eq!(error.refused().unwrap().word("healthFactor"), Some(U256::from(9)));
    // No weight at all is the runtime's refusal, not the contract's.
    let starved =
        world.alice.prepared(count(counter), weir_chain::Weight { ref_time: 1, proof_size: 1 }, 0);
    let included = within(world.alice.submit(starved).await.unwrap().in_block()).await.unwrap();
    assert!(matches!(included.outcome, Outcome::Failed(_)), "{included:?}");
    assert_eq!(included.ok().unwrap_err().class(), Class::Alert);
}

#[tokio::test]
async fn a_reason_that_lies_in_the_same_block_is_not_invented() {
    let world = World::manual().await;
    let counter = world.counter().await;
    // Both pass alone on the state before the block; the second comes too late within it.
    let first = world.alice.prepare(count_from(counter, 0)).await.unwrap();
    let mut first = world.alice.submit(first.clone()).await.unwrap();
    let second = world.alice.prepare(count_from(counter, 0)).await.unwrap();
    let mut second = world.alice.submit(second).await.unwrap();
    world.client.dev().seal().await.unwrap();
    assert_eq!(within(first.in_block()).await.unwrap().outcome, Outcome::Success);
    assert_eq!(within(second.in_block()).await.unwrap().outcome, Outcome::Reverted(None));
}

#[tokio::test]
async fn many_transactions_are_under_way_at_once() {
    const MANY: usize = 40;
    let world = World::manual().await;
    let counter = world.counter().await;
    let transaction = world.alice.prepare(count(counter)).await.unwrap();
    let submissions = (0..MANY).map(|_| world.alice.submit(transaction.clone()));
    let pending = futures::future::try_join_all(submissions).await.unwrap();
    let mut nonces: Vec<u64> = pending.iter().map(weir_chain::Pending::nonce).collect();
    nonces.sort_unstable();
    let first = nonces[0];
    assert_eq!(nonces, (first..first + u64::try_from(MANY).unwrap()).collect::<Vec<_>>());
    for mut one in pending {
        world.seal_if_manual().await;
        assert_eq!(within(one.in_block()).await.unwrap().outcome, Outcome::Success);
    }
    assert_eq!(usize::from(world.number(counter).await), MANY);
}

#[tokio::test]
async fn two_senders_of_one_key_get_by() {
    let world = World::instant().await;
    let counter = world.counter().await;
    let other = world.sender("alice");
    for _ in 0..3 {
        other.run(count(counter)).await.unwrap();
        world.alice.run(count(counter)).await.unwrap();
    }
    assert_eq!(world.number(counter).await, 6);
}

#[tokio::test]
async fn a_batch_builds_on_itself() {
    let world = World::instant().await;
    let counter = world.counter().await;
    // The second and third calls are refused when run alone.
    let calls = (0..3).map(|number| count_from(counter, number)).collect();
    let batch = world.alice.prepare_batch(calls, BatchMode::All).await.unwrap();
    let included = world.alice.execute(batch).await.unwrap();
    assert_eq!(included.items, [None, None, None]);
    assert_eq!((world.number(counter).await, included.events.len()), (3, 3));
    // One that fails undoes all, or only itself.
    let calls = || vec![count_from(counter, 3), count_from(counter, 9), count_from(counter, 4)];
    let batch = world.alice.prepare_batch(calls(), BatchMode::All).await.unwrap();
    let error = world.alice.execute(batch).await.unwrap_err();
    assert_eq!(error.class(), Class::Skip, "{error}");
    assert_eq!(world.number(counter).await, 3);
    let batch = world.alice.prepare_batch(calls(), BatchMode::Force).await.unwrap();
    let included = world.alice.execute(batch).await.unwrap();
    let failed: Vec<bool> = included.items.iter().map(Option::is_some).collect();
    assert_eq!(failed, [false, true, false]);
    assert!(included.items[1].as_ref().unwrap().is_revert());
    assert_eq!(world.number(counter).await, 5);
    let error = world.alice.prepare_batch(Vec::new(), BatchMode::All).await.unwrap_err();
    assert!(error.to_string().contains("the batch is empty"), "{error}");
}

#[tokio::test]
async fn a_transaction_expires_with_its_era() {
    let world = World::manual().await;
    let counter = world.counter().await;
    let transaction = world.alice.prepare(count(counter)).await.unwrap().mortal(4);
    let mut pending = world.alice.submit(transaction).await.unwrap();
    let empty = SealRequest { count: Some(6), empty: Some(true), ..SealRequest::default() };
    world.client.dev().seal_with(empty).await.unwrap();
    let error = within(pending.in_block()).await.unwrap_err();
    assert!(matches!(error, ChainError::Expired { .. } | ChainError::Rejected(_)), "{error}");
    // The nonce that was not used is leased again.
    let next =
        world.alice.submit(world.alice.prepare(count(counter)).await.unwrap()).await.unwrap();
    assert_eq!(next.nonce(), pending.nonce());
}

#[tokio::test]
async fn a_higher_tip_replaces_a_waiting_transaction() {
    let world = World::manual().await;
    let counter = world.counter().await;
    let transaction = world.alice.prepare(count(counter)).await.unwrap();
    let mut old = world.alice.submit(transaction.clone()).await.unwrap();
    let same = transaction.clone().nonce(old.nonce()).mortal(128);
    let error = world.alice.submit(same).await.unwrap_err();
    assert!(matches!(error, ChainError::Rejected(Rejection::TooLowPriority)), "{error}");
    let bumped = transaction.nonce(old.nonce()).tip(10_000_000_000);
    let mut new = world.alice.submit(bumped).await.unwrap();
    let error = within(old.in_block()).await.unwrap_err();
    assert!(matches!(error, ChainError::Replaced { .. }), "{error}");
    world.client.dev().seal().await.unwrap();
    let included = within(new.in_block()).await.unwrap();
    assert_eq!(included.outcome, Outcome::Success);
    assert!(included.fee >= 10_000_000_000, "the tip is part of the fee");
}

#[tokio::test]
async fn an_account_without_money_is_told_so() {
    let world = World::instant().await;
    let poor = Sender::new(world.client.clone(), Signer::dev("//Nobody//7").unwrap());
    let error = poor.submit(poor.transfer(AccountId([1; 32]), 1)).await.unwrap_err();
    assert!(matches!(error, ChainError::Rejected(Rejection::Payment)), "{error}");
    assert_eq!(error.class(), Class::Alert);
    // A faucet's transfer changes that.
    let amount = 5_000_000_000_000;
    world.alice.execute(world.alice.transfer(poor.account_id(), amount)).await.unwrap();
    let best = world.client.best().await.unwrap().hash;
    assert_eq!(world.client.balance(best, poor.account_id()).await.unwrap(), amount);
    poor.execute(poor.transfer(world.alice.account_id(), 1)).await.unwrap();
}

#[tokio::test]
async fn a_signed_transaction_is_known_before_it_is_sent_and_an_unused_nonce_comes_back() {
    let world = World::manual().await;
    let counter = world.counter().await;
    let transaction = world.alice.prepare(count(counter)).await.unwrap();
    let signed = world.alice.sign(transaction.clone()).await.unwrap();
    let hash = signed.tx_hash();
    let pending = world.alice.broadcast(signed).await.unwrap();
    assert_eq!(pending.tx_hash(), hash);
    world.client.dev().seal().await.unwrap();
    // A lease that is dropped unused is given out again.
    let dropped = world.alice.sign(transaction.clone()).await.unwrap();
    let nonce = dropped.nonce();
    drop(dropped);
    assert_eq!(world.alice.sign(transaction).await.unwrap().nonce(), nonce);
}
