//! What only rare operations of a pool read: an offered hand-over, the guardian's time.

use super::codec::{Corrupt, Reader, Writer};
use crate::{
    address::Address,
    allowance::{Allowance, Exceeded},
    control::{MAX_LIQUIDATION_PAUSE, MAX_PAUSE},
    error::{Code, Refusal, Word, refuse_one},
    state::pause::{Pause, operation},
    units::Timestamp,
};

/// Length of the stored item in bytes.
pub const CONTROL_LEN: usize = 20 + 2 * 8;

/// The rarely read part of a pool's root; what is not stored yet is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ControlItem {
    /// To whom the governor offered his role; the zero address: to nobody.
    pub offered: Address,
    /// The guardian's time for pauses and freezes of any kind, everywhere together: a day a week.
    pub pauses: Allowance<MAX_PAUSE>,
    /// His time for pauses of liquidations: six hours a week.
    pub liquidations: Allowance<MAX_LIQUIDATION_PAUSE>,
}

impl ControlItem {
    /// Books a pause of the guardian.
    ///
    /// # Errors
    /// `PauseLimit` with the seconds that he has.
    pub fn book(&mut self, pause: &Pause, now: Timestamp) -> Result<(), Refusal> {
        let limit = |Exceeded(left)| refuse_one(Code::PauseLimit, Word::from(left));
        let duration = pause.until.since(now).map_or(0, |left| left.0);
        self.pauses.take(duration, now).map_err(limit)?;
        if pause.operations & operation::LIQUIDATE != 0 {
            self.liquidations.take(duration, now).map_err(limit)?;
        }
        Ok(())
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; CONTROL_LEN] {
        let mut item = [0; CONTROL_LEN];
        let mut writer = Writer::new(&mut item);
        writer.put(self.offered.0);
        self.pauses.write(&mut writer);
        self.liquidations.write(&mut writer);
        item
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`Corrupt`] for another length than that, or none.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        if item.is_empty() {
            return Ok(Self::default());
        }
        let mut reader = Reader::new(item);
        let offered = Address(reader.take()?);
        let pauses = Allowance::read(&mut reader)?;
        let liquidations = Allowance::read(&mut reader)?;
        reader.finish()?;
        Ok(Self { offered, pauses, liquidations })
    }
}
