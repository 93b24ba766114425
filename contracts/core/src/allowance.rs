//! Time that a guardian may use: so many seconds before a week without using any.

use crate::{
    state::codec::{Corrupt, Reader, Writer},
    units::Timestamp,
};

/// How long after the end of its last use an allowance is whole again: a week.
pub const PERIOD: u32 = 604_800;

/// Nothing, or more time than is left, which is given here in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded(pub u32);

/// What a guardian has used of `MOST` seconds. It is one account for whatever he holds up with it: what he holds up at
/// the same time uses it once.
///
/// It is cleared a week after the last use ended and not before, so that no seven days hold more than `MOST`: a window
/// that began with the first use would let two windows' worth meet at its border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowance<const MOST: u32> {
    /// End of the last use.
    pub until: Timestamp,
    /// Seconds that were used since the account was cleared.
    pub used: u32,
}

impl<const MOST: u32> Allowance<MOST> {
    /// Seconds that are left, without those until the end of a use that holds.
    #[must_use]
    pub fn left(&self, now: Timestamp) -> u32 {
        let cleared = self.until.0.saturating_add(PERIOD) <= now.0;
        if cleared { MOST } else { MOST.saturating_sub(self.used) }
    }

    /// Books `duration` seconds from now and says when they end. Time that is booked already costs nothing.
    ///
    /// # Errors
    /// [`Exceeded`].
    pub fn take(&mut self, duration: u32, now: Timestamp) -> Result<Timestamp, Exceeded> {
        let left = self.left(now);
        let running = self.until.0.saturating_sub(now.0);
        let end = now.0.checked_add(duration).filter(|_| duration != 0);
        let longest = left.saturating_add(running);
        let end = end.filter(|_| duration <= longest).ok_or(Exceeded(longest))?;
        let more = duration.saturating_sub(running);
        self.used = MOST.saturating_sub(left).saturating_add(more);
        self.until = self.until.max(Timestamp(end));
        Ok(Timestamp(end))
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        writer.u32(self.until.0);
        writer.u32(self.used);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        Ok(Self { until: Timestamp(reader.u32()?), used: reader.u32()? })
    }
}
