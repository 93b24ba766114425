//! The chain's own time, in milliseconds since 1970.
//!
//! The next block's time is max(wall clock + offset, last block's time + step): it never goes back, and contracts, who
//! see whole seconds, see time move in every block. When blocks are made faster than that, the chain runs ahead of the
//! wall clock.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

/// Least time between two blocks; the runtime enforces the same.
pub const MINIMUM_STEP: u64 = weir_runtime::constants::MINIMUM_PERIOD_MS;
/// Farthest that one call may move the clock: a thousand years.
pub const MAXIMUM_ADVANCE: u64 = 1_000 * 365 * 86_400;

/// The clock of a chain.
#[derive(Debug)]
pub struct Clock {
    state: Mutex<State>,
    step: u64,
}

#[derive(Clone, Copy, Debug)]
struct State {
    /// Added to the wall clock.
    offset: i128,
    /// Time of the latest block, on whatever fork.
    last: u64,
    /// What the block in the making was given.
    proposed: u64,
}

impl State {
    fn now(self, wall: u64) -> u64 {
        let shifted = i128::from(wall) + self.offset;
        u64::try_from(shifted.max(0)).unwrap_or(u64::MAX)
    }
}

impl Clock {
    /// A clock `offset` seconds ahead of the wall. `last` is the time of the chain's best block, 0 if it has none: a chain
    /// that was ahead of the wall when it stopped goes on from there.
    pub fn new(offset: i64, step: u64, last: u64) -> Self {
        let mut state = State { offset: i128::from(offset) * 1_000, last, proposed: last };
        let wall = wall();
        if state.now(wall) < last {
            state.offset = i128::from(last) - i128::from(wall);
        }
        Self { state: Mutex::new(state), step: step.max(MINIMUM_STEP) }
    }

    /// The time for the block in the making. Trying again costs no time: the clock moves when a block is
    /// [sealed](Self::sealed).
    pub fn propose(&self) -> u64 {
        let mut state = self.state();
        state.proposed = self.next(*state, wall());
        state.proposed
    }

    /// The block in the making has been made.
    pub fn sealed(&self) {
        let mut state = self.state();
        state.last = state.last.max(state.proposed);
    }

    /// The least time of the next block.
    pub fn peek(&self) -> u64 {
        self.next(*self.state(), wall())
    }

    /// Moves the clock forward from the chain's present. Returns the least time of the next block.
    pub fn advance(&self, seconds: u64) -> u64 {
        let wall = wall();
        let mut state = self.state();
        let present = state.now(wall).max(state.last);
        state.offset = i128::from(present) - i128::from(wall) + i128::from(seconds) * 1_000;
        self.next(*state, wall)
    }

    fn next(&self, state: State, wall: u64) -> u64 {
        state.now(wall).max(state.last.saturating_add(self.step))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is a single store of whole values: a panic elsewhere leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wall() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: u64 = 31_536_000;

    #[test]
    fn each_block_is_a_step_later() {
        let clock = Clock::new(0, 1_000, 0);
        let first = clock.propose();
        clock.sealed();
        let second = clock.propose();
        clock.sealed();
        assert!(second >= first + 1_000, "{first} {second}");
        let slow = Clock::new(0, 6_000, first);
        assert!(slow.propose() >= first + 6_000);
    }

    #[test]
    fn proposing_without_sealing_costs_no_time() {
        let ahead = wall() + 1_000_000;
        let clock = Clock::new(0, 1_000, ahead);
        for _ in 0..100 {
            clock.propose();
        }
        // A hundred proposals of a second each would be 100,000 ms; the wall clock moved less than 10,000 here.
        assert!(clock.propose() < ahead + 11_000);
    }

    #[test]
    fn a_jump_counts_from_the_chain_s_present() {
        let last = wall() + 3_600_000;
        let clock = Clock::new(0, 1_000, last);
        let next = clock.advance(YEAR);
        assert!(next >= last + YEAR * 1_000, "{next}");
        assert!(next < last + YEAR * 1_000 + 10_000, "{next}");
    }

    #[test]
    fn a_chain_ahead_of_the_wall_goes_on_from_its_last_block() {
        let last = wall() + YEAR * 1_000;
        let clock = Clock::new(0, 1_000, last);
        let next = clock.propose();
        assert!(next >= last + 1_000 && next < last + 11_000, "{next}");
    }

    #[test]
    fn the_clock_may_start_behind_but_never_before_1970() {
        assert!(Clock::new(-100, 1_000, 0).propose() < wall() - 50_000);
        assert_eq!(Clock::new(i64::MIN, 1_000, 0).propose(), 1_000);
    }
}
