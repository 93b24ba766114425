//! What mutation begins with: items of a pool that was lived in.

use crate::{generate::Generator, snapshot::Snapshot, stage::Stage, world::World};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use std::sync::{Arc, OnceLock};

/// The items of a pool after some hundred random messages.
fn items() -> &'static [(Vec<u8>, Vec<u8>)] {
    static ITEMS: OnceLock<Vec<(Vec<u8>, Vec<u8>)>> = OnceLock::new();
    ITEMS.get_or_init(|| {
        let stage = Arc::new(Stage::imagined());
        let mut world = World::new(stage.clone(), 5);
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        for _ in 0..300 {
            let Ok(at) = Snapshot::take(&world) else { break };
            let message = Generator { rng: &mut rng, stage: &stage, at: &at }.message();
            let _ = world.apply(&message);
        }
        world.host.items().iter().map(|(key, item)| (key.clone(), item.clone())).collect()
    })
}

/// The seeds of a target.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    let first = match target {
        "root" => 0,
        "reserve" => b'r',
        "account" => b'a',
        "grant" => b'o',
        "indebted" => b'i',
        "feed" => return crate::bytes::targets::feed_seeds(),
        _ => {
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            return (0..20).map(|_| (0..96).map(|_| rng.random()).collect()).collect();
        }
    };
    let known = items().iter().filter(|(key, _)| key.first() == Some(&first));
    known.map(|(_, item)| item.clone()).collect()
}
