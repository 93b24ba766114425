//! The root of a pool: who governs it, what holds everywhere, and which token is which reserve.

use super::{
    MAX_ITEM,
    codec::{Corrupt, Reader, Writer},
    pause::Pause,
    reserve::{MAX_RESERVES, ReserveId},
};
use crate::{
    address::Address,
    units::{Bps, Timestamp, Value},
};

/// Length of the stored root in bytes.
pub const ROOT_LEN: usize = 1 + 5 * 20 + 10 + 2 * 16 + 2 + 1 + 4 * DIRECTORY_LEN;
const _: () = assert!(ROOT_LEN <= MAX_ITEM, "a storage item of the pallet holds 416 bytes");

/// Version of the layout, first byte of the root.
const LAYOUT: u8 = 1;
/// One entry for each reserve that there can be.
const DIRECTORY_LEN: usize = 32;
const _: () = assert!(MAX_RESERVES as usize == DIRECTORY_LEN, "every reserve has an entry");

/// The root of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Root {
    /// Lists reserves, changes parameters, names roles.
    pub governor: Address,
    /// Pauses and freezes.
    pub guardian: Address,
    /// Moves rates, caps and limits inside of bounds.
    pub steward: Address,
    /// The only one that pushes prices.
    pub feed: Address,
    /// The contract whose code the pool runs for rare operations.
    pub admin: Address,
    /// What is paused everywhere.
    pub pause: Pause,
    /// Below this nothing is left over (USD, WAD).
    pub dust: Value,
    /// A borrow leaves at least this much debt in its leg (USD, WAD); not below `dust`.
    pub min_debt: Value,
    /// The health factor to which a liquidation restores.
    pub target_health: Bps,
    count: u8,
    directory: [u8; 4 * DIRECTORY_LEN],
}

/// A token cannot be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotListed {
    /// This reserve has it, or a token that begins with the same four bytes.
    Taken(ReserveId),
    /// There are [`MAX_RESERVES`] already.
    Full,
}

impl Root {
    /// The root of a pool without reserves: one holder for all roles until they are handed out, a target health of
    /// 1.05.
    #[must_use]
    pub fn new(
        governor: Address,
        admin: Address,
        feed: Address,
        dust: Value,
        min_debt: Value,
    ) -> Self {
        Self {
            governor,
            guardian: governor,
            steward: governor,
            feed,
            admin,
            pause: Pause { operations: 0, from: Timestamp::ZERO, until: Timestamp::ZERO },
            dust,
            min_debt: min_debt.max(dust),
            target_health: Bps(10_500),
            count: 0,
            directory: [0; 4 * DIRECTORY_LEN],
        }
    }

    /// How many reserves there are.
    #[inline]
    #[must_use]
    pub const fn count(&self) -> u8 {
        self.count
    }

    /// The only reserve that can be the one of this token. The directory knows four bytes of each token; whoever loads
    /// the reserve compares the rest.
    #[must_use]
    pub fn find(&self, token: &Address) -> Option<ReserveId> {
        let at = self.entries().iter().position(|entry| *entry == token.head())?;
        u8::try_from(at).ok().map(ReserveId)
    }

    /// Enters a token and gives its reserve a number.
    ///
    /// # Errors
    /// [`NotListed`] if there is no room, or if the first four bytes are those of another token.
    pub fn list(&mut self, token: &Address) -> Result<ReserveId, NotListed> {
        if let Some(id) = self.find(token) {
            return Err(NotListed::Taken(id));
        }
        let id = ReserveId(self.count);
        let (entries, _) = self.directory.as_chunks_mut();
        let entry = entries.get_mut(usize::from(id.0)).ok_or(NotListed::Full)?;
        *entry = token.head();
        self.count += 1;
        Ok(id)
    }

    fn entries(&self) -> &[[u8; 4]] {
        self.directory.as_chunks().0.get(..usize::from(self.count)).unwrap_or_default()
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; ROOT_LEN] {
        let mut item = [0; ROOT_LEN];
        let mut writer = Writer::new(&mut item);
        writer.u8(LAYOUT);
        for role in [&self.governor, &self.guardian, &self.steward, &self.feed, &self.admin] {
            writer.put(role.0);
        }
        self.pause.write(&mut writer);
        writer.u128(self.dust.0);
        writer.u128(self.min_debt.0);
        writer.u16(self.target_health.0);
        writer.u8(self.count);
        writer.put(self.directory);
        item
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`Corrupt`] if the item has another layout or length.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let item: &[u8; ROOT_LEN] = item.try_into().map_err(|_| Corrupt)?;
        let mut reader = Reader::new(item);
        let reader = &mut reader;
        if reader.u8()? != LAYOUT {
            return Err(Corrupt);
        }
        let root = Self {
            governor: Address(reader.take()?),
            guardian: Address(reader.take()?),
            steward: Address(reader.take()?),
            feed: Address(reader.take()?),
            admin: Address(reader.take()?),
            pause: Pause::read(reader)?,
            dust: Value(reader.u128()?),
            min_debt: Value(reader.u128()?),
            target_health: Bps(reader.u16()?),
            count: reader.u8()?,
            directory: reader.take()?,
        };
        if root.count > MAX_RESERVES {
            return Err(Corrupt);
        }
        Ok(root)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

    use super::*;

    fn token(number: u8) -> Address {
        let mut bytes = [0xee; 20];
        bytes[3] = number;
        Address(bytes)
    }

    fn root() -> Root {
        Root::new(Address([1; 20]), Address([2; 20]), Address([3; 20]), Value(4), Value(5))
    }

    #[test]
    fn the_root_survives_its_item() {
        let mut root = root();
        root.pause = Pause { operations: 0x0102, from: Timestamp(7), until: Timestamp(8) };
        root.guardian = Address([9; 20]);
        root.list(&token(1)).unwrap();
        let item = root.encode();
        assert_eq!(item.len(), 274);
        assert_eq!(Root::decode(&item), Ok(root));
        assert_eq!(item[270..], [0; 4]);
        assert_eq!(item[145], 1);
        assert_eq!(item[146..150], [0xee, 0xee, 0xee, 1]);
    }

    #[test]
    fn strange_items_are_corrupt() {
        let mut item = root().encode();
        assert_eq!(Root::decode(&item[1..]), Err(Corrupt));
        item[145] = 33;
        assert_eq!(Root::decode(&item), Err(Corrupt));
        item[145] = 0;
        item[0] = 0;
        assert_eq!(Root::decode(&item), Err(Corrupt));
    }

    #[test]
    fn tokens_are_found_in_the_order_of_listing() {
        let mut root = root();
        for number in 0..32 {
            assert_eq!(root.find(&token(number)), None);
            assert_eq!(root.list(&token(number)), Ok(ReserveId(number)));
        }
        assert_eq!(root.find(&token(31)), Some(ReserveId(31)));
        assert_eq!(root.list(&token(32)), Err(NotListed::Full));
        // The same four bytes and another rest.
        let mut other = token(5);
        other.0[19] = 0;
        assert_eq!(root.list(&other), Err(NotListed::Taken(ReserveId(5))));
    }

    #[test]
    fn an_empty_entry_is_no_token() {
        assert_eq!(root().find(&Address::ZERO), None);
    }

    #[test]
    fn the_smallest_debt_is_never_below_dust() {
        let root =
            Root::new(Address([1; 20]), Address([2; 20]), Address([3; 20]), Value(9), Value(5));
        assert_eq!(root.min_debt, Value(9));
    }
}
