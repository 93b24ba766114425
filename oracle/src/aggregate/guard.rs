//! A source's jumps: a step beyond the bound counts only when the source repeats it.
//!
//! One wrong tick is dropped; a crash is delayed by one observation and then goes through, for a guard that could hold
//! back a true price for longer would be worse than none. The feed on chain confirms large steps in the same way.

use crate::{aggregate::Rejection, price::Price, source::Elapsed};

/// The memory of one source about one asset.
#[derive(Debug, Clone, Default)]
pub struct JumpGuard {
    accepted: Option<Price>,
    /// The jump that waits to be repeated, and when it was observed.
    waiting: Option<(Price, Elapsed)>,
}

impl JumpGuard {
    /// Judges the next observation of the source, made at `observed` on the source's clock.
    ///
    /// # Errors
    ///
    /// [`Rejection::Jump`] beyond `max_jump_bps` of the last accepted price, unless a later observation repeats it: to
    /// look at the same one twice confirms nothing.
    pub fn admit(
        &mut self,
        price: Price,
        observed: Elapsed,
        max_jump_bps: Option<u32>,
    ) -> Result<(), Rejection> {
        if let (Some(before), Some(bound)) = (self.accepted, max_jump_bps) {
            let bps = price.distance_bps(before);
            let waiting = self.waiting.filter(|(first, _)| (*first > before) == (price > before));
            let repeated = waiting.is_some_and(|(_, first)| observed > first);
            if bps > bound && !repeated {
                self.waiting = waiting.or(Some((price, observed)));
                return Err(Rejection::Jump { before, bps });
            }
        }
        self.waiting = None;
        self.accepted = Some(price);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::JumpGuard;

    /// Which of the prices are admitted with a bound of 10 %.
    fn admitted(prices: &[&str]) -> Vec<bool> {
        let mut guard = JumpGuard::default();
        let mut admit = |(time, price): (u64, &&str)| {
            guard.admit(price.parse().unwrap(), time, Some(1_000)).is_ok()
        };
        (0..).zip(prices).map(&mut admit).collect()
    }

    #[test]
    fn a_jump_counts_when_it_is_repeated() {
        assert_eq!(admitted(&["100", "90", "99"]), [true, true, true]);
        assert_eq!(admitted(&["100", "1", "100"]), [true, false, true]);
        assert_eq!(admitted(&["100", "80", "75", "74"]), [true, false, true, true]);
        assert_eq!(admitted(&["100", "80", "130", "131"]), [true, false, false, true]);
        assert_eq!(admitted(&["100", "80", "100", "80"]), [true, false, true, false]);
    }

    #[test]
    fn without_a_bound_everything_counts() {
        let mut guard = JumpGuard::default();
        for price in ["100", "1", "1000000"] {
            assert!(guard.admit(price.parse().unwrap(), 0, None).is_ok());
        }
    }

    #[test]
    fn looking_twice_is_no_repetition() {
        let mut guard = JumpGuard::default();
        let mut admit =
            |price: &str, time| guard.admit(price.parse().unwrap(), time, Some(1_000)).is_ok();
        assert!(admit("100", 0));
        assert!(!admit("50", 5));
        assert!(!admit("50", 5));
        assert!(admit("50", 6));
    }
}
