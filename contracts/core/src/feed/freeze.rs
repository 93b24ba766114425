//! The guardian's freeze of an asset: it ends by itself, and lasts at most six hours before a week without one.

use super::asset::FeedAsset;
use super::types::{Push, Status};
use crate::units::{Price, Timestamp};

/// Longest time that the guardian keeps assets of a feed frozen: six hours.
pub const MAX_FREEZE: u32 = 21_600;
/// How long after the end of the last freeze the guardian can use the whole of it again: a week.
pub const FREEZE_PERIOD: u32 = 604_800;

/// Why the guardian cannot freeze.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreezeRefused {
    /// The duration is zero or more than is left, which is given here in seconds.
    Duration(u32),
    /// The bounds froze the asset: it needs the governor, and no end is set.
    Frozen,
}

/// What the guardian has used of his time. It is one account for all assets, as each of them holds back the liquidation
/// of accounts that are in it; assets that are frozen at the same time use it once.
///
/// It is cleared a week after the last freeze ended and not before, so that no seven days hold more than
/// [`MAX_FREEZE`]: a window that began with the first freeze would let two windows' worth meet at its border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FreezeAccount {
    /// End of the last freeze.
    pub until: Timestamp,
    /// Seconds that were used since the account was cleared.
    pub used: u32,
}

impl FreezeAccount {
    /// Seconds that are left, without those until the end of a freeze that holds.
    #[must_use]
    pub fn left(&self, now: Timestamp) -> u32 {
        let cleared = self.until.0.saturating_add(FREEZE_PERIOD) <= now.0;
        if cleared { MAX_FREEZE } else { MAX_FREEZE.saturating_sub(self.used) }
    }

    /// Books a freeze of `duration` seconds from now and says when it ends. Time that is frozen already costs nothing.
    ///
    /// # Errors
    /// [`FreezeRefused::Duration`].
    pub fn take(&mut self, duration: u32, now: Timestamp) -> Result<Timestamp, FreezeRefused> {
        let left = self.left(now);
        let running = self.until.0.saturating_sub(now.0);
        let end = now.0.checked_add(duration).filter(|_| duration != 0);
        let longest = left.saturating_add(running);
        let end = end.filter(|_| duration <= longest).ok_or(FreezeRefused::Duration(longest))?;
        let more = duration.saturating_sub(running);
        self.used = MAX_FREEZE.saturating_sub(left).saturating_add(more);
        self.until = self.until.max(Timestamp(end));
        Ok(Timestamp(end))
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
