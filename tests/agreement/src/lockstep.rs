//! Both sides in step.

use crate::{contracts::Contracts, decode::decode, events::encode};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use weir_core::error::{Code, refuse_plain};
use weir_fuzz::{
    generate::Generator,
    message::{AROUND, Message},
    replay::Replay,
    snapshot::Snapshot,
    tally::Tally,
    told::told,
    world::{Applied, World},
};
use weir_harness::{Event, Failure};

/// Whether both sides speak of an address without code, each in its way. In memory such an address is a token that
/// fails; on a chain a listing looks for the code first.
fn without_code(message: &Message, here: Code, there: &[u8]) -> bool {
    let said = |code: Code| there.get(..4) == refuse_plain(code).encode().get(..4);
    match message {
        Message::List { .. } => here == Code::TokenFailed && said(Code::NotContract),
        _ => false,
    }
}

/// Both sides of a session.
pub struct Lockstep {
    contracts: Contracts,
    world: World,
    /// The pool as the log of the chain tells it.
    replay: Replay,
    turn: u64,
    /// What was done.
    pub tally: Tally,
}

type Items = BTreeMap<Vec<u8>, Vec<u8>>;

impl Lockstep {
    /// A new chain, and its twin in memory, with the first reserves listed by messages on both.
    ///
    /// # Errors
    /// The first difference.
    pub fn new(seed: u64) -> Result<Self, String> {
        let contracts = Contracts::new();
        let world = World::empty(contracts.stage());
        let opening = world.clone().opening(seed);
        let replay = Replay::new(&world.root);
        let mut both = Self { contracts, world, replay, turn: 0, tally: Tally::default() };
        for message in &opening {
            both.step(message)?;
        }
        both.tally = Tally::default();
        Ok(both)
    }

    /// The next random message.
    ///
    /// # Panics
    /// If the state in memory cannot be read.
    #[must_use]
    pub fn choose(&self, rng: &mut ChaCha8Rng) -> Message {
        let at = Snapshot::take(&self.world).expect("it can be read");
        Generator { rng, stage: &self.world.stage, at: &at }.message()
    }

    /// Does a message on both sides and compares.
    ///
    /// # Errors
    /// What differs.
    pub fn step(&mut self, message: &Message) -> Result<(), String> {
        let before = self.world.clone();
        let result = self.world.apply(message);
        let receipt = self.contracts.apply(message);
        let name = message.name();
        self.tally.tried[name] += 1;
        self.turn += 1;
        let Some(receipt) = receipt else { return Ok(()) };
        match (&result, &receipt.output) {
            (Ok(applied), Ok(_)) => {
                self.tally.accepted[name] += 1;
                self.hear(message, applied, &before, receipt.events)?;
            }
            (Err(refusal), Err(Failure::Reverted(data))) => {
                *self.tally.refused.entry(refusal.code().name()).or_default() += 1;
                // The second word of a token's failure tells how it failed, which tokens in memory do not.
                let words = if refusal.code() == Code::TokenFailed { 36 } else { 68 };
                let no_code = without_code(message, refusal.code(), data)
                    && data.get(4..36) == refusal.encode().get(4..36);
                if !no_code && data.get(..words) != refusal.encode().get(..words) {
                    return Err(format!("errors: {refusal:?} in memory, {data:?} on the chain"));
                }
            }
            (here, there) => return Err(format!("{here:?} in memory, {there:?} on the chain")),
        }
        self.compare(before.host.items())
    }

    /// The log is the one that the rules give, and by itself rebuilds every item.
    fn hear(
        &mut self,
        message: &Message,
        applied: &Applied,
        before: &World,
        events: Vec<Event>,
    ) -> Result<(), String> {
        let here: Vec<_> = told(message, applied, before, &self.world).iter().map(encode).collect();
        let there: Vec<_> = events
            .into_iter()
            .filter(|event| event.contract == self.contracts.pool)
            .map(|event| (event.topics, event.data))
            .collect();
        if here != there {
            return Err(format!("events: {here:?} in memory, {there:?} on the chain"));
        }
        let read: Option<Vec<_>> = there.iter().map(decode).collect();
        let read = read.ok_or_else(|| format!("an event that nobody knows: {there:?}"))?;
        self.replay.hear(&read, self.world.host.time())?;
        self.replay.compare(&self.world.host)
    }

    /// Every item that changed, and now and then all of them.
    fn compare(&mut self, before: &Items) -> Result<(), String> {
        let now = self.world.host.items();
        let all = self.turn.is_multiple_of(8);
        let gone = before.keys().filter(|key| !now.contains_key(*key));
        let keys: Vec<_> = now.keys().chain(gone).collect();
        for key in keys {
            let here = now.get(key).map_or(&[][..], Vec::as_slice);
            if !all && before.get(key).map(Vec::as_slice) == Some(here) {
                continue;
            }
            let there = self.contracts.item(key);
            if here != there {
                return Err(format!(
                    "the item under {key:?}: {here:?} in memory, {there:?} on the chain"
                ));
            }
        }
        if all {
            for (coin, held) in (0..).zip(&self.world.held) {
                let there = self.contracts.held(coin);
                if there != alloy_primitives::U256::from(*held) {
                    return Err(format!("token {coin}: {held} in memory, {there} on the chain"));
                }
            }
        }
        Ok(())
    }
}

/// A random session of so many messages; a difference comes with the messages that led to it.
///
/// # Errors
/// The difference and the messages.
pub fn random(seed: u64, steps: u32, tally: &mut Tally) -> Result<(), (String, Vec<Message>)> {
    let mut both = Lockstep::new(seed).map_err(|found| (found, Vec::new()))?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut done = Vec::new();
    for _ in 0..steps {
        let mut message = both.choose(&mut rng);
        if let Message::Wait { seconds } = &mut message {
            // Every block of a chain is later than the one before.
            *seconds = (*seconds).max(1);
        }
        done.push(message.clone());
        if let Err(found) = both.step(&message) {
            return Err((found, done));
        }
    }
    both.tally.sessions = 1;
    tally.add(&both.tally);
    Ok(())
}

/// Messages of the pool that were sent.
#[must_use]
pub fn messages(tally: &Tally) -> u64 {
    tally.tried.iter().take(AROUND).sum()
}
