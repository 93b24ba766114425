//! Several endpoints of one chain: one of them is used, the others stand by.

use crate::support::{Proxy, World, count, within};
use std::time::Duration;
use tokio::net::TcpListener;
use weir_chain::{
    Block, Blocks, ChainError, Class, Client, Devnet, DevnetOptions, FollowOptions, Seal, Timeouts,
};

const SOON: Timeouts =
    Timeouts { connect: Duration::from_millis(500), request: Duration::from_millis(500) };

fn following(client: &Client) -> Blocks {
    let pause = Duration::from_millis(50);
    client.blocks_with(FollowOptions { pause, from: Some(1), ..FollowOptions::default() })
}

/// The next block; reports of what is being repaired in between.
async fn next(blocks: &mut Blocks) -> Block {
    within(async {
        loop {
            match blocks.next().await.unwrap() {
                Ok(block) => return block,
                Err(error) => assert_eq!(error.class(), Class::Retry, "{error}"),
            }
        }
    })
    .await
}

/// Asks until some node answers.
async fn best(client: &Client) -> u64 {
    within(async {
        loop {
            match client.best().await {
                Ok(best) => return best.number,
                Err(error) => assert_eq!(error.class(), Class::Retry, "{error}"),
            }
        }
    })
    .await
}

#[tokio::test]
async fn the_next_endpoint_takes_over_without_a_gap() {
    let world = World::manual().await;
    let counter = world.counter().await;
    let (first, second) = (Proxy::before(&world.node).await, Proxy::before(&world.node).await);
    let client = Client::connect_any(&[&first.url, &second.url], SOON).await.unwrap();
    assert_eq!(client.url(), first.url);
    let mut blocks = following(&client);
    assert_eq!(next(&mut blocks).await.number, 1);
    first.close().await;
    for number in 2..5 {
        world.alice.submit(world.alice.prepare(count(counter)).await.unwrap()).await.unwrap();
        world.client.dev().seal().await.unwrap();
        let block = next(&mut blocks).await;
        assert_eq!((block.number, block.events.len()), (number, 1));
    }
    assert_eq!(best(&client).await, 4);
    assert_eq!(client.url(), second.url);
}

#[tokio::test]
async fn a_silent_endpoint_is_left_within_the_deadline() {
    let world = World::manual().await;
    let (first, second) = (Proxy::before(&world.node).await, Proxy::before(&world.node).await);
    let client = Client::connect_any(&[&first.url, &second.url], SOON).await.unwrap();
    first.fall_silent();
    let error = client.best().await.unwrap_err();
    assert!(matches!(error, ChainError::Timeout { .. }), "{error}");
    assert_eq!(client.best().await.unwrap().number, 0);
    assert_eq!(client.url(), second.url);
    // The first one answers on new connections again, but there is no reason to go back.
    client.compare_endpoints(3).await;
    assert_eq!(client.url(), second.url);
}

#[tokio::test]
async fn at_the_start_the_first_that_answers_is_taken() {
    let world = World::manual().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("ws://{}", silent.local_addr().unwrap());
    let gone = "ws://127.0.0.1:1";
    let client = Client::connect_any(&[gone, &silent, world.node.url()], SOON).await.unwrap();
    assert_eq!(client.url(), world.node.url());
    let states = client.compare_endpoints(3).await;
    let heads: Vec<Option<u64>> = states.iter().map(|state| state.head.clone().ok()).collect();
    assert_eq!(heads, [None, None, Some(0)]);
    assert_eq!(states.iter().map(|state| state.active).collect::<Vec<_>>(), [false, false, true]);
    let secret = "ws://127.0.0.1:1/?key=hush";
    let error = Client::connect_any(&[gone, secret], SOON).await.unwrap_err();
    assert!(matches!(error, ChainError::Unreachable { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("none of 2 endpoints does (ws://127.0.0.1:1: "), "{text}");
    assert!(!text.contains("hush"), "{text}");
}

/// Two nodes begin with the same block; then each makes its own.
async fn with_blocks(count: u64, finality_lag: Option<u32>) -> World {
    let options = DevnetOptions { seal: Seal::Manual, finality_lag, ..DevnetOptions::default() };
    let world = World::start(options).await;
    for _ in 0..count {
        world.client.dev().seal().await.unwrap();
    }
    world
}

#[tokio::test]
async fn an_endpoint_that_lags_is_left() {
    // Nothing is final on the first, so its chain is a beginning of the other's.
    let (behind, ahead) = (with_blocks(1, Some(100)).await, with_blocks(5, None).await);
    let urls = [behind.node.url(), ahead.node.url()];
    let client = Client::connect_any(&urls, SOON).await.unwrap();
    client.compare_endpoints(4).await;
    assert_eq!(client.best().await.unwrap().number, 1, "4 blocks are within the bound");
    let states = client.compare_endpoints(3).await;
    assert_eq!(states.iter().map(|state| state.head.clone()).collect::<Vec<_>>(), [Ok(1), Ok(5)]);
    assert_eq!(client.best().await.unwrap().number, 5);
    assert_eq!(client.url(), ahead.node.url());
}

#[tokio::test]
async fn a_node_that_is_ahead_on_another_fork_moves_nobody() {
    // Block 2 is final on the first; the other has another block 2.
    let (own, other) = (with_blocks(2, Some(0)).await, with_blocks(9, Some(0)).await);
    let client = Client::connect_any(&[own.node.url(), other.node.url()], SOON).await.unwrap();
    assert_eq!(client.finalized().await.unwrap().number, 2);
    client.compare_endpoints(3).await;
    assert_eq!(client.best().await.unwrap().number, 2);
    assert_eq!(client.url(), own.node.url());
}

#[tokio::test]
async fn a_transaction_outlives_the_pool_of_its_node() {
    let folder = tempfile::tempdir().unwrap();
    let options = |port| DevnetOptions {
        port,
        base_path: Some(folder.path().to_owned()),
        seal: Seal::Manual,
        ..DevnetOptions::default()
    };
    let world = World::start(options(0)).await;
    let counter = world.counter().await;
    let (client, alice) = (world.client, world.alice);
    let mut pending = alice.submit(alice.prepare(count(counter)).await.unwrap()).await.unwrap();
    let port = world.node.url().rsplit_once(':').unwrap().1.trim_end_matches('/').parse().unwrap();
    world.node.stop().await.unwrap();
    let _node = Devnet::start(options(port)).await.unwrap();
    let waiting = tokio::spawn(async move { pending.in_block().await });
    within(async {
        while client.pending().await.unwrap_or_default() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    client.dev().seal().await.unwrap();
    within(waiting).await.unwrap().unwrap().ok().unwrap();
}
