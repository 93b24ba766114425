//! A node that goes away, comes back, or falls silent.

use crate::support::{Proxy, World, count, counter_code, within};
use std::{process::Command, time::Duration};
use weir_chain::{
    ChainError, Class, Client, Devnet, DevnetOptions, Follow, FollowOptions, Seal, Sender, Signer,
    Timeouts,
};

fn signal(pid: u32, name: &str) {
    assert!(Command::new("kill").args([name, &pid.to_string()]).status().unwrap().success());
}

fn port(url: &str) -> u16 {
    url.rsplit_once(':').unwrap().1.trim_end_matches('/').parse().unwrap()
}

#[tokio::test]
async fn a_client_outlives_its_node() {
    let folder = tempfile::tempdir().unwrap();
    let options = |port| DevnetOptions {
        port,
        base_path: Some(folder.path().to_owned()),
        seal: Seal::Manual,
        ..DevnetOptions::default()
    };
    let world = World::start(options(0)).await;
    let port = port(world.node.url());
    let counter = world.counter().await;
    let genesis = world.client.genesis();
    let follow = FollowOptions {
        from: Some(1),
        pause: Duration::from_millis(50),
        ..FollowOptions::default()
    };
    let mut blocks = world.client.blocks_with(follow);
    assert_eq!(within(blocks.next()).await.unwrap().unwrap().number, 1);
    let (client, alice) = (world.client, world.alice);
    world.node.stop().await.unwrap();
    let error = client.best().await.unwrap_err();
    assert_eq!(error.class(), Class::Retry, "{error}");
    let error = alice.prepare(count(counter)).await.unwrap_err();
    assert_eq!(error.class(), Class::Retry, "{error}");

    let node = Devnet::start(options(port)).await.unwrap();
    assert_eq!((node.genesis(), port), (genesis, self::port(node.url())));
    let transaction = within(async {
        loop {
            match alice.prepare(count(counter)).await {
                Ok(transaction) => return transaction,
                Err(error) => assert_eq!(error.class(), Class::Retry, "{error}"),
            }
        }
    })
    .await;
    let mut pending = alice.submit(transaction).await.unwrap();
    client.dev().seal().await.unwrap();
    let included = within(pending.in_block()).await.unwrap().ok().unwrap();
    // The reader sees reports of the loss, then the next block, without a gap.
    let mut reports = 0;
    let block = loop {
        match within(blocks.next()).await.unwrap() {
            Ok(block) => break block,
            Err(error) => {
                reports += 1;
                assert_eq!(error.class(), Class::Retry, "{error}");
            }
        }
    };
    assert_eq!((block.number, block.hash), (2, included.block.hash));
    assert!(reports > 0);
}

#[tokio::test]
async fn a_frozen_node_is_given_up_and_taken_back() {
    let world =
        World::start(DevnetOptions { seal: Seal::Interval(100), ..DevnetOptions::default() }).await;
    let timeouts =
        Timeouts { connect: Duration::from_millis(500), request: Duration::from_millis(500) };
    let client = Client::connect_with(world.node.url(), timeouts).await.unwrap();
    let mut blocks = client.blocks_with(FollowOptions {
        follow: Follow::Best,
        stall: Duration::from_millis(500),
        pause: Duration::from_millis(50),
        ..FollowOptions::default()
    });
    let mut last = within(blocks.next()).await.unwrap().unwrap();
    signal(world.node.pid(), "-STOP");
    let error = within(async {
        loop {
            match blocks.next().await.unwrap() {
                Ok(block) => last = block,
                Err(error) => return error,
            }
        }
    })
    .await;
    assert!(
        matches!(error, ChainError::Timeout { .. } | ChainError::Unreachable { .. }),
        "{error}"
    );
    signal(world.node.pid(), "-CONT");
    let mut more = 0;
    within(async {
        while more < 5 {
            if let Ok(block) = blocks.next().await.unwrap() {
                assert_eq!((block.number, block.parent), (last.number + 1, last.hash));
                (last, more) = (block, more + 1);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_dies_silently_is_replaced() {
    let world =
        World::start(DevnetOptions { seal: Seal::Interval(100), ..DevnetOptions::default() }).await;
    let proxy = Proxy::before(&world.node).await;
    let timeouts =
        Timeouts { connect: Duration::from_secs(5), request: Duration::from_millis(500) };
    let client = Client::connect_with(&proxy.url, timeouts).await.unwrap();
    let stall = Duration::from_millis(500);
    let pause = Duration::from_millis(50);
    let mut blocks = client.blocks_with(FollowOptions { stall, pause, ..FollowOptions::default() });
    let mut last = within(blocks.next()).await.unwrap().unwrap();
    proxy.fall_silent();
    let (mut more, mut reports) = (0, 0);
    within(async {
        while more < 30 {
            match blocks.next().await.unwrap() {
                Ok(block) => {
                    assert_eq!((block.number, block.parent), (last.number + 1, last.hash));
                    (last, more) = (block, more + 1);
                }
                Err(error) => {
                    assert!(matches!(error, ChainError::Timeout { .. }), "{error}");
                    reports += 1;
                }
            }
        }
    })
    .await;
    assert_eq!(reports, 1);
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let world = World::instant().await;
    let options = DevnetOptions { port: port(world.node.url()), ..DevnetOptions::default() };
    let error = Devnet::start(options).await.unwrap_err().to_string();
    assert!(error.contains("in use"), "{error}");
}

#[tokio::test]
async fn another_chain_and_another_build_are_refused() {
    use weir_chain::deployment::{Contract, Deployment, POOL, VERSION};
    let world = World::instant().await;
    let counter = world.counter().await;
    let best = world.client.best().await.unwrap();
    let code_hash = world.client.code_hash(best.hash, counter).await.unwrap();
    let good = Deployment {
        version: VERSION,
        genesis: world.client.genesis(),
        endpoint: world.node.url().to_owned(),
        block: best.number,
        deployer: world.alice.address(),
        build: "test".to_owned(),
        contracts: [(POOL.to_owned(), Contract { address: counter, code_hash })].into(),
        assets: Vec::new(),
    };
    good.verify(&world.client).await.unwrap();
    let mut other = good.clone();
    other.genesis.0[0] ^= 1;
    let error = other.verify(&world.client).await.unwrap_err().to_string();
    assert!(error.starts_with("the deployment is on another chain"), "{error}");
    let mut other = good.clone();
    other.contracts.get_mut(POOL).unwrap().code_hash.0[0] ^= 1;
    let error = other.verify(&world.client).await.unwrap_err().to_string();
    assert!(error.starts_with("the deployment is of another build: the code of `pool`"), "{error}");
    let mut other = good;
    other.contracts.get_mut(POOL).unwrap().address.0[0] ^= 1;
    let error = other.verify(&world.client).await.unwrap_err().to_string();
    assert!(error.contains("there is no contract `pool`"), "{error}");
}

#[tokio::test]
async fn a_node_that_dies_under_a_transaction_does_not_hang_its_sender() {
    let world = World::manual().await;
    let signer = Signer::dev("bob").unwrap();
    let bob = Sender::new(world.client.clone(), signer);
    let transaction = bob.prepare_instantiate(counter_code(), Vec::new(), None).await.unwrap();
    let mut pending = bob.submit(transaction).await.unwrap();
    let waiting = tokio::spawn(async move {
        // Nothing to wait for any more: the sender goes on searching, the caller decides how long.
        tokio::time::timeout(Duration::from_secs(2), pending.in_block()).await
    });
    world.node.stop().await.unwrap();
    assert!(within(waiting).await.unwrap().is_err());
}

#[tokio::test]
async fn a_port_that_accepts_and_says_nothing_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", listener.local_addr().unwrap());
    let soon = Duration::from_millis(200);
    let timeouts = Timeouts { connect: soon, request: soon };
    let error = within(Client::connect_with(&url, timeouts)).await.unwrap_err();
    assert_eq!(error.to_string(), format!("no node answers at {url}: no answer within 0.2 s"));
}
