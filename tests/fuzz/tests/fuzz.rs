//! A short run of the fuzzer, and every failure that it ever found.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use std::{collections::BTreeSet, path::Path, sync::Arc};
use weir_core::event::Event;
use weir_fuzz::{
    invariants::INVARIANTS,
    message::{AROUND, Message, NAMES},
    replay::Replay,
    session::{random, replay},
    stage::Stage,
    tally::Tally,
    told::{Told, told},
    world::World,
};

/// Fixed seeds, so that it fails for the same reason everywhere.
#[test]
fn every_invariant_holds_after_every_step() {
    let stage = Arc::new(Stage::imagined());
    let mut tally = Tally::default();
    for seed in 1_000..1_012 {
        if let Err(broken) = random(&stage, seed, 250, &mut tally) {
            panic!("seed {seed}: {:?}", broken.0);
        }
    }
    let accepted: u64 = tally.accepted[..AROUND].iter().sum();
    let tried: u64 = tally.tried[..AROUND].iter().sum();
    assert!(accepted * 100 >= tried * 30, "{accepted} of {tried}");
    for (name, accepted) in NAMES.iter().zip(tally.accepted) {
        assert!(accepted > 0, "{name} never got through");
    }
}

/// Files in `regressions`: a seed and the messages that once broke something.
#[test]
fn what_once_failed_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("regressions");
    let stage = Arc::new(Stage::imagined());
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let (seed, messages): (u64, Vec<Message>) = serde_json::from_str(&text).unwrap();
        let result = replay(&stage, seed, &messages);
        assert!(result.is_ok(), "{}: {result:?}", path.display());
    }
}

#[test]
fn ids_are_given_once() {
    let ids: BTreeSet<_> = INVARIANTS.iter().map(|invariant| invariant.id).collect();
    assert_eq!(ids.len(), INVARIANTS.len());
}

/// The check that the events alone rebuild the state can fail: without any one of its events the state is another.
#[test]
fn a_forgotten_event_is_missed() {
    let mut world = World::empty(Arc::new(Stage::imagined()));
    let root = world.root;
    let mut blocks = Vec::new();
    for message in world.clone().opening(1) {
        let before = world.clone();
        let applied = world.apply(&message).unwrap();
        blocks.push((told(&message, &applied, &before, &world), world.host.time()));
    }
    let rebuild = |forgotten: usize| {
        let (mut replay, mut number) = (Replay::new(&root), 0);
        for (events, time) in &blocks {
            let kept = events.iter().filter(|_| {
                number += 1;
                number != forgotten
            });
            replay.hear(&kept.cloned().collect::<Vec<_>>(), *time)?;
        }
        replay.compare(&world.host)
    };
    assert_eq!(rebuild(0), Ok(()));
    let changes = |event: &Told| {
        // The floor stands in `Listed`, too.
        !matches!(event, Told::Of(Event::Protected { .. }))
    };
    let all: Vec<_> = blocks.iter().flat_map(|(events, _)| events).collect();
    assert!(all.len() >= 20);
    for (number, event) in (1..).zip(all) {
        assert!(!changes(event) || rebuild(number).is_err(), "{event:?}");
    }
}
