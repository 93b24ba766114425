//! Pauses: which operations stand still, from when and until when.

use super::codec::{Corrupt, Reader, Writer};
use crate::units::Timestamp;

/// Bits of the operations. The first eight follow the kinds of actions.
pub mod operation {
    /// Supplying.
    pub const SUPPLY: u16 = 1 << 0;
    /// Withdrawing.
    pub const WITHDRAW: u16 = 1 << 3;
    /// Borrowing.
    pub const BORROW: u16 = 1 << 5;
    /// Turning collateral on or off.
    pub const COLLATERAL: u16 = 1 << 6;
    /// Changing the category.
    pub const CATEGORY: u16 = 1 << 7;
    /// Liquidating.
    pub const LIQUIDATE: u16 = 1 << 8;
    /// Flash loans.
    pub const FLASH: u16 = 1 << 9;
    /// Freezes a reserve: no supply, no debt, no flash loan, protecting for those in debt only, and its ltv counts 0.
    pub const FREEZE: u16 = 1 << 10;
    /// Whatever can be paused. Protect, repay and unprotect cannot, and neither can accrual.
    pub const ALL: u16 =
        SUPPLY | WITHDRAW | BORROW | COLLATERAL | CATEGORY | LIQUIDATE | FLASH | FREEZE;
}

/// Longest grace after a pause of liquidation: four hours.
pub const MAX_GRACE: u32 = 14_400;

/// One pause; it holds while `from ≤ now < until`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pause {
    /// Bits of [`operation`].
    pub operations: u16,
    /// When it began.
    pub from: Timestamp,
    /// When it ends or ended.
    pub until: Timestamp,
}

impl Pause {
    /// Whether one of these operations stands still at `now`. Bits of what cannot be paused are ignored.
    #[must_use]
    pub const fn holds(&self, operations: u16, now: Timestamp) -> bool {
        self.operations & operations & operation::ALL != 0
            && self.from.0 <= now.0
            && now.0 < self.until.0
    }

    /// Until when borrowers have time after a pause of liquidation: its end plus its length, at most
    /// [`MAX_GRACE`] more; `None` if that is over, or if liquidation was not paused. No transaction starts the grace.
    #[must_use]
    pub fn grace_until(&self, now: Timestamp) -> Option<Timestamp> {
        if self.operations & operation::LIQUIDATE == 0 || now < self.until {
            return None;
        }
        let length = self.until.since(self.from).map_or(0, |length| length.0);
        // A pause without an end never gets here; one that would overflow lasts to the end of time.
        let end = self.until.0.saturating_add(length.min(MAX_GRACE));
        (now.0 < end).then_some(Timestamp(end))
    }

    #[inline(always)]
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.u16(self.operations);
        writer.u32(self.from.0);
        writer.u32(self.until.0);
    }

    #[inline(always)]
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        Ok(Self {
            operations: reader.u16()?,
            from: Timestamp(reader.u32()?),
            until: Timestamp(reader.u32()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(operations: u16, from: u32, until: u32) -> Pause {
        Pause { operations, from: Timestamp(from), until: Timestamp(until) }
    }

    #[test]
    fn a_pause_expires_by_itself() {
        let pause = pause(operation::BORROW, 100, 200);
        assert!(!pause.holds(operation::BORROW, Timestamp(99)));
        assert!(pause.holds(operation::BORROW, Timestamp(100)));
        assert!(pause.holds(operation::BORROW, Timestamp(199)));
        assert!(!pause.holds(operation::BORROW, Timestamp(200)));
    }

    /// I-CTL-01: each bit blocks its operation only, and three operations cannot be blocked.
    #[test]
    fn each_bit_blocks_its_operation_only() {
        for blocked in 0..16u32 {
            for asked in 0..16u32 {
                let holds = pause(1 << blocked, 0, 10).holds(1 << asked, Timestamp(5));
                let can_be_paused = [0, 3, 5, 6, 7, 8, 9, 10].contains(&asked);
                assert_eq!(holds, blocked == asked && can_be_paused, "{blocked} {asked}");
            }
        }
    }

    /// I-LQ-10: the grace is as long as the pause, four hours at most, and follows only a pause of liquidation.
    #[test]
    fn grace_follows_a_pause_of_liquidation() {
        let short = pause(operation::LIQUIDATE, 1_000, 1_600);
        assert_eq!(short.grace_until(Timestamp(1_599)), None);
        assert_eq!(short.grace_until(Timestamp(1_600)), Some(Timestamp(2_200)));
        assert_eq!(short.grace_until(Timestamp(2_199)), Some(Timestamp(2_200)));
        assert_eq!(short.grace_until(Timestamp(2_200)), None);
        let long = pause(operation::LIQUIDATE, 0, 86_400);
        assert_eq!(long.grace_until(Timestamp(86_400)), Some(Timestamp(86_400 + 14_400)));
        assert_eq!(pause(operation::BORROW, 0, 10).grace_until(Timestamp(10)), None);
    }
}
