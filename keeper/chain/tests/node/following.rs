//! Following blocks: order, gaps, re-orgs, speed.

use crate::support::{Counted, World, count, within};
use std::time::Instant;
use weir_chain::{B256, Block, Blocks, DevnetOptions, Follow, Seal, devnet::SealRequest};

async fn next(blocks: &mut Blocks) -> Block {
    within(blocks.next()).await.unwrap().unwrap()
}

fn empty(count: u32) -> SealRequest {
    SealRequest { count: Some(count), empty: Some(true), ..SealRequest::default() }
}

#[tokio::test]
async fn blocks_come_in_order_from_the_first_one_wanted() {
    let world = World::manual().await;
    world.client.dev().seal_with(empty(100)).await.unwrap();
    for follow in [Follow::Best, Follow::Finalized] {
        let mut blocks = world.client.blocks(follow, Some(3));
        let mut parent = world.client.block_ref(2_u64).await.unwrap().hash;
        for number in 3..=100 {
            let block = next(&mut blocks).await;
            assert_eq!((block.number, block.parent), (number, parent));
            parent = block.hash;
        }
    }
    let mut blocks = world.client.blocks(Follow::Best, None);
    assert_eq!(next(&mut blocks).await.number, 100);
}

#[tokio::test]
async fn many_blocks_finalized_at_once_leave_no_gap() {
    let options =
        DevnetOptions { seal: Seal::Manual, finality_lag: None, ..DevnetOptions::default() };
    let world = World::start(options).await;
    let mut blocks = world.client.blocks(Follow::Finalized, Some(1));
    let sealed = world.client.dev().seal_with(empty(20)).await.unwrap();
    for target in [7, 20] {
        world.client.dev().finalize(Some(sealed.blocks[target - 1].hash)).await.unwrap();
    }
    let mut parent: Option<B256> = None;
    for number in 1..=20 {
        let block = next(&mut blocks).await;
        assert_eq!(block.number, number);
        assert!(parent.is_none_or(|hash| hash == block.parent));
        parent = Some(block.hash);
    }
}

#[tokio::test]
async fn a_reorg_gives_the_whole_new_branch() {
    let options =
        DevnetOptions { seal: Seal::Manual, finality_lag: None, ..DevnetOptions::default() };
    let world = World::start(options).await;
    let trunk = world.client.dev().seal_with(empty(2)).await.unwrap().best;
    let mut blocks = world.client.blocks(Follow::Best, Some(1));
    world.client.dev().seal_with(empty(3)).await.unwrap();
    for number in 1..=5 {
        assert_eq!(next(&mut blocks).await.number, number);
    }
    // The clock makes the fork's blocks differ from those they replace.
    world.client.dev().advance_time(60).await.unwrap();
    let fork = SealRequest { parent: Some(trunk.hash), ..empty(4) };
    let fork = world.client.dev().seal_with(fork).await.unwrap();
    assert_eq!(fork.best, *fork.blocks.last().unwrap());
    let mut parent = trunk.hash;
    for expected in fork.blocks {
        let block = next(&mut blocks).await;
        assert_eq!(
            (block.number, block.hash, block.parent),
            (expected.number, expected.hash, parent)
        );
        parent = block.hash;
    }
}

#[tokio::test]
async fn an_event_reaches_its_reader_at_once() {
    let world = World::manual().await;
    let counter = world.counter().await;
    let mut blocks = world.client.blocks(Follow::Best, None);
    next(&mut blocks).await;
    let mut times = Vec::new();
    for number in 1..=40_u64 {
        world.alice.submit(world.alice.prepare(count(counter)).await.unwrap()).await.unwrap();
        world.client.dev().seal().await.unwrap();
        // The node has made the block: from here on it is announcement, events and decoding.
        let begin = Instant::now();
        let block = next(&mut blocks).await;
        times.push(begin.elapsed());
        let event: Counted = block.events[0].decode().unwrap();
        assert_eq!(event.value, weir_chain::U256::from(number));
    }
    times.sort_unstable();
    println!(
        "after sealing, a block reached its reader in {:?} (median), {:?} (worst)",
        times[20], times[39]
    );
    assert!(times[20] < std::time::Duration::from_millis(200), "{times:?}");
}

#[tokio::test]
async fn requests_do_not_wait_for_one_another() {
    let world = World::instant().await;
    let begin = Instant::now();
    for _ in 0..50 {
        world.client.best().await.unwrap();
    }
    let alone = begin.elapsed() / 50;
    let begin = Instant::now();
    let best = (0..50).map(|_| world.client.best());
    futures::future::try_join_all(best).await.unwrap();
    println!(
        "best block: {alone:?} one after the other, {:?} each of 50 at once",
        begin.elapsed() / 50
    );
}
