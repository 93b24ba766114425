//! What the owner of an account lets another do with it.

use super::codec::{Corrupt, Reader, Writer};
use crate::units::Timestamp;

/// Bits of what an operator may do.
pub mod permission {
    /// Take out supply and what is protected, to the account itself.
    pub const WITHDRAW: u8 = 1;
    /// Take on debt, paid out to the account itself.
    pub const BORROW: u8 = 2;
    /// Turn collateral on or off, change the category.
    pub const SETTINGS: u8 = 4;
    /// Have tokens paid out to somebody else.
    pub const PAYOUT: u8 = 8;
    /// All of them.
    pub const ALL: u8 = WITHDRAW | BORROW | SETTINGS | PAYOUT;
}

/// Length of a stored grant in bytes.
pub const GRANT_LEN: usize = 5;

/// What one operator may do for one account, and until when. An absent item is the default: nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// Bits of [`permission`].
    pub permissions: u8,
    /// It holds while now < expiry.
    pub expiry: Timestamp,
}

impl Grant {
    /// What it allows at `now`; nothing once it has expired.
    #[must_use]
    pub const fn at(&self, now: Timestamp) -> u8 {
        if now.0 < self.expiry.0 { self.permissions } else { 0 }
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; GRANT_LEN] {
        let mut item = [0; GRANT_LEN];
        let mut writer = Writer::new(&mut item);
        writer.u8(self.permissions);
        writer.u32(self.expiry.0);
        item
    }

    /// Reads the stored form; no bytes at all are no grant.
    ///
    /// # Errors
    /// [`Corrupt`] if the item has another length.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        if item.is_empty() {
            return Ok(Self::default());
        }
        let mut reader = Reader::new(item);
        let grant = Self { permissions: reader.u8()?, expiry: Timestamp(reader.u32()?) };
        reader.finish()?;
        Ok(grant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_survives_its_item() {
        let grant = Grant { permissions: 5, expiry: Timestamp(0x0102_0304) };
        assert_eq!(grant.encode(), [5, 4, 3, 2, 1]);
        assert_eq!(Grant::decode(&grant.encode()), Ok(grant));
        assert_eq!(Grant::decode(&[]), Ok(Grant::default()));
        assert_eq!(Grant::decode(&[5, 4, 3, 2]), Err(Corrupt));
        assert_eq!(Grant::decode(&[5, 4, 3, 2, 1, 0]), Err(Corrupt));
    }

    #[test]
    fn a_grant_holds_before_its_expiry_only() {
        let grant = Grant { permissions: permission::ALL, expiry: Timestamp(100) };
        assert_eq!([0, 99, 100, 101].map(|now| grant.at(Timestamp(now))), [15, 15, 0, 0]);
    }
}
