//! What only rare messages of the feed read: an offered hand-over, the guardian's time, the bonds.

use super::bonds::Bonds;
use super::freeze::FreezeAccount;
use crate::address::Address;
use crate::state::codec::{Corrupt, Reader, Writer};

/// Length of the stored item in bytes.
pub const CONTROL_LEN: usize = 20 + 4 + 4 + 20 + 3 * 16;

/// The rarely read part of the feed's root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeedControl {
    /// To whom the governor offered his role; the zero address: to nobody.
    pub offered: Address,
    /// The guardian's time.
    pub freezes: FreezeAccount,
    /// The bonds.
    pub bonds: Bonds,
}

impl FeedControl {
    /// Hands the governor's role to whom it was offered, if that is the caller.
    ///
    /// # Errors
    /// To whom it was offered.
    pub fn accept(&mut self, caller: &Address) -> Result<Address, Address> {
        if self.offered.is_zero() || self.offered != *caller {
            return Err(self.offered);
        }
        Ok(core::mem::take(&mut self.offered))
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; CONTROL_LEN] {
        let mut item = [0; CONTROL_LEN];
        let mut writer = Writer::new(&mut item);
        writer.put(self.offered.0);
        self.freezes.write(&mut writer);
        writer.put(self.bonds.token.0);
        writer.u128(self.bonds.least);
        writer.u128(self.bonds.held);
        writer.u128(self.bonds.slashed);
        item
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`Corrupt`] for another length.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let mut reader = Reader::new(item);
        let offered = Address(reader.take()?);
        let freezes = FreezeAccount::read(&mut reader)?;
        let token = Address(reader.take()?);
        let (least, held, slashed) = (reader.u128()?, reader.u128()?, reader.u128()?);
        reader.finish()?;
        Ok(Self { offered, freezes, bonds: Bonds { token, least, held, slashed } })
    }
}
