//! The stored form of a proposal.

use super::{Class, End, Proposal};
use crate::{
    address::Address,
    state::codec::{Corrupt, Reader, Writer},
    units::Timestamp,
};

/// Length of a stored proposal in bytes.
pub const PROPOSAL_LEN: usize = 20 + 8 + 3 * 4 + 2 + 1;

const LONG: u8 = 1;
const EXEMPT: u8 = 1 << 1;
const VETOED: u8 = 1 << 2;
const EXECUTED: u8 = 1 << 3;
const CANCELLED: u8 = 1 << 4;

impl Proposal {
    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; PROPOSAL_LEN] {
        let mut item = [0; PROPOSAL_LEN];
        let mut writer = Writer::new(&mut item);
        writer.put(self.proposer.0);
        writer.u64(self.nonce);
        writer.u32(self.proposed.0);
        // Nothing is ready at the beginning of time.
        writer.u32(self.ready.map_or(0, |ready| ready.0));
        writer.u32(self.epoch);
        writer.u16(self.signatures);
        let flag = |on: bool, flag: u8| if on { flag } else { 0 };
        writer.u8(flag(self.class == Class::Long, LONG)
            | flag(self.exempt, EXEMPT)
            | flag(self.vetoed, VETOED)
            | flag(self.end == Some(End::Executed), EXECUTED)
            | flag(self.end == Some(End::Cancelled), CANCELLED));
        item
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`Corrupt`] for what [`Self::encode`] never writes.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let mut reader = Reader::new(item);
        let (proposer, nonce) = (Address(reader.take()?), reader.u64()?);
        let (proposed, ready, epoch) = (Timestamp(reader.u32()?), reader.u32()?, reader.u32()?);
        let (signatures, flags) = (reader.u16()?, reader.u8()?);
        reader.finish()?;
        let end = match (flags & EXECUTED != 0, flags & CANCELLED != 0) {
            (false, false) => None,
            (true, false) => Some(End::Executed),
            (false, true) => Some(End::Cancelled),
            (true, true) => return Err(Corrupt),
        };
        Ok(Self {
            proposer,
            nonce,
            class: if flags & LONG == 0 { Class::Short } else { Class::Long },
            proposed,
            ready: (ready != 0).then_some(Timestamp(ready)),
            epoch,
            signatures,
            exempt: flags & EXEMPT != 0,
            vetoed: flags & VETOED != 0,
            end,
        })
    }
}
