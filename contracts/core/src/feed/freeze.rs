//! The guardian's freeze of an asset: it ends by itself, and lasts at most six hours before a week without one.

use super::asset::FeedAsset;
use super::types::{Push, Status};
use crate::allowance::{Allowance, Exceeded};
use crate::units::{Price, Timestamp};

/// Longest time that the guardian keeps assets of a feed frozen: six hours.
pub const MAX_FREEZE: u32 = 21_600;
/// What the guardian has used of his time. It is one account for all assets, as each of them holds back the liquidation
/// of accounts that are in it.
pub type FreezeAccount = Allowance<MAX_FREEZE>;

/// Why the guardian cannot freeze.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreezeRefused {
    /// The duration is zero or more than is left, which is given here in seconds.
    Duration(u32),
    /// The bounds froze the asset: it needs the governor, and no end is set.
    Frozen,
}

impl From<Exceeded> for FreezeRefused {
    fn from(exceeded: Exceeded) -> Self {
        Self::Duration(exceeded.0)
    }
}

impl FeedAsset {
    /// Freezes the asset until then: no round is made of its reports. Longer where the guardian has frozen it before;
    /// the pools know then. No end is brought forward.
    ///
    /// # Errors
    /// [`FreezeRefused::Frozen`] where the bounds froze it.
    pub fn freeze(
        &mut self,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Push>, FreezeRefused> {
        self.thaw(now);
        if self.last.status == Status::Frozen {
            if self.frozen_until.0 == 0 {
                return Err(FreezeRefused::Frozen);
            }
            self.frozen_until = self.frozen_until.max(until);
            return Ok(None);
        }
        self.frozen_until = until;
        self.last.status = Status::Frozen;
        // The pools measure the grace that follows from here.
        self.mark(now);
        Ok(Some(self.last))
    }

    /// Ends a freeze whose time is over. As after a re-arming the price stays unusable until a round of later reports
    /// is accepted; told to the pools, this ends what they hold for frozen and begins the borrowers' grace.
    pub fn thaw(&mut self, now: Timestamp) {
        let until = self.frozen_until;
        if until.0 == 0 || now < until {
            return;
        }
        self.rearm();
        self.mark(until);
    }

    /// Makes the last round another one, of that moment.
    fn mark(&mut self, time: Timestamp) {
        self.candidate = Price(0);
        self.candidate_time = Timestamp(0);
        self.last.time = time;
        self.last.round = self.last.round.wrapping_add(1);
    }
}
