//! A session: a world, messages, and every check after each.

use crate::{
    generate::Generator,
    invariants::{How, INVARIANTS, Scene},
    long::LongRun,
    message::Message,
    replay::Replay,
    snapshot::Snapshot,
    stage::Stage,
    tally::Tally,
    told::told,
    world::{Applied, World},
};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};
use weir_core::{control::Skimmed, error::Refusal};

thread_local! {
    /// What the last panic of this thread said, and where.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps the words of panics for the failure that they become, instead of printing each of the many of a shrinking.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| PANIC.set(panic.to_string())));
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The invariant, or `panic`.
    pub id: String,
    /// What was found.
    pub found: String,
}

/// A session under way.
pub struct Session {
    world: World,
    state: Snapshot,
    long: LongRun,
    /// The pool as its events tell it.
    replay: Replay,
    /// Tokens sent unasked and not skimmed, and whether the token took some.
    gifts: Vec<(u128, bool)>,
    turn: u64,
    /// What it did.
    pub tally: Tally,
}

impl Session {
    /// A new world.
    ///
    /// # Errors
    /// If it cannot be read, which is a defect.
    pub fn new(stage: Arc<Stage>, seed: u64) -> Result<Self, Failure> {
        let mut world = World::empty(stage);
        let mut replay = Replay::new(&world.root);
        for message in world.clone().opening(seed) {
            let before = world.clone();
            let applied =
                world.apply(&message).map_err(|_| failure("panic", "no opening".into()))?;
            hear(&mut replay, &message, &applied, (&before, &world))?;
        }
        let state = Snapshot::take(&world).map_err(|found| failure("I-CTL-09", found))?;
        let gifts = vec![(0, false); world.held.len()];
        let long = LongRun::new(&state);
        Ok(Self { long, replay, world, state, gifts, turn: 0, tally: Tally::default() })
    }

    /// The next random message.
    pub fn choose(&self, rng: &mut ChaCha8Rng) -> Message {
        Generator { rng, stage: &self.world.stage, at: &self.state }.message()
    }

    /// Does a message and looks at every invariant.
    ///
    /// # Errors
    /// The first that does not hold.
    pub fn step(&mut self, message: &Message) -> Result<(), Failure> {
        let caught = catch_unwind(AssertUnwindSafe(|| self.step_unguarded(message)));
        caught.unwrap_or_else(|_| Err(failure("panic", PANIC.take())))
    }

    fn step_unguarded(&mut self, message: &Message) -> Result<(), Failure> {
        let old = self.world.clone();
        let result = self.world.apply(message);
        let after = Snapshot::take(&self.world).map_err(|found| failure("I-CTL-09", found))?;
        self.count(message, &result);
        self.follow(message, &result, &old)?;
        let accrued = self.state.accrued(after.now);
        let ripe = after.accrued(after.now);
        let mut people = Vec::new();
        message.accounts(&mut people);
        let involved: Vec<_> = people.iter().map(|who| self.world.stage.who(*who)).collect();
        let scene = Scene {
            turn: self.turn,
            message,
            result: &result,
            old: &old,
            new: &self.world,
            before: &self.state,
            after: &after,
            accrued: &accrued,
            ripe: &ripe,
            involved: &involved,
            long: &self.long,
            replay: &self.replay,
            gifts: &self.gifts,
        };
        for invariant in INVARIANTS {
            if let How::Step(check) = invariant.how {
                check(&scene).map_err(|found| {
                    failure(invariant.id, format!("{}: {found}", invariant.says))
                })?;
                self.tally.checks += 1;
            }
        }
        self.state = after;
        self.turn += 1;
        Ok(())
    }

    fn count(&mut self, message: &Message, result: &Result<Applied, Refusal>) {
        let name = message.name();
        self.tally.tried[name] += 1;
        match result {
            Ok(applied) => {
                self.tally.accepted[name] += 1;
                self.tally.events += u64::try_from(applied.events.len()).unwrap_or(0);
            }
            Err(refusal) => *self.tally.refused.entry(refusal.code().name()).or_default() += 1,
        }
    }

    /// Tells the ledgers of the session what happened.
    fn follow(
        &mut self,
        message: &Message,
        result: &Result<Applied, Refusal>,
        old: &World,
    ) -> Result<(), Failure> {
        let Ok(applied) = result else { return Ok(()) };
        hear(&mut self.replay, message, applied, (old, &self.world))?;
        for event in &applied.events {
            self.long.hear(event, &self.state);
        }
        match (message, applied.skimmed) {
            (Message::Skim { coin, .. }, Some(Skimmed::Surplus { assets, .. })) => {
                let gift = &mut self.gifts[usize::from(*coin)];
                gift.0 = gift.0.saturating_sub(assets.0);
                self.long.skimmed(self.world.stage.coin(*coin), assets.0);
            }
            (Message::Donate { coin, amount }, _) => self.gifts[usize::from(*coin)].0 += amount,
            (Message::Lose { coin, .. }, _) => self.gifts[usize::from(*coin)].1 = true,
            _ => {}
        }
        Ok(())
    }
}

fn hear(
    replay: &mut Replay,
    message: &Message,
    applied: &Applied,
    (before, after): (&World, &World),
) -> Result<(), Failure> {
    let events = told(message, applied, before, after);
    replay.hear(&events, after.host.time()).map_err(|found| failure("W-EVT-01", found))
}

fn failure(id: &str, found: String) -> Failure {
    Failure { id: id.to_owned(), found }
}

/// Runs a random session of so many steps. A failure comes with the messages that led to it.
///
/// # Errors
/// The failure and its messages.
pub fn random(
    stage: &Arc<Stage>,
    seed: u64,
    steps: u32,
    tally: &mut Tally,
) -> Result<(), Box<(Failure, Vec<Message>)>> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut done = Vec::new();
    let mut session =
        Session::new(stage.clone(), seed).map_err(|failure| Box::new((failure, Vec::new())))?;
    for _ in 0..steps {
        let message = session.choose(&mut rng);
        done.push(message);
        let last = done.last().unwrap_or(&Message::Wait { seconds: 0 });
        if let Err(failure) = session.step(last) {
            return Err(Box::new((failure, done)));
        }
    }
    session.tally.sessions = 1;
    tally.add(&session.tally);
    Ok(())
}

/// Runs these messages.
///
/// # Errors
/// The failure.
pub fn replay(stage: &Arc<Stage>, seed: u64, messages: &[Message]) -> Result<Tally, Failure> {
    let mut session = Session::new(stage.clone(), seed)?;
    for message in messages {
        session.step(message)?;
    }
    Ok(session.tally)
}
