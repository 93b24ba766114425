//! What the engine needs from its surroundings.
//!
//! A contract, an in-memory copy and a read-only view of a chain are all the same to the engine: items under keys, a
//! clock, and somewhere to put events. Tokens are not called from here; the engine says what has to move.

use crate::{
    address::Address,
    error::{Code, Refusal, Word, refuse},
    event::Event,
    state::{ACCOUNT_MAX_LEN, Account, Grant, MAX_ITEM, Reserve, ReserveId, indebted, keys},
    units::Timestamp,
};

/// Raw storage items, a clock and a log. Whoever has these is a [`Host`].
pub trait Items {
    /// The time of the block.
    fn now(&self) -> Timestamp;

    /// Reads the item under `key` into the buffer and returns its length; 0 if there is none. An item longer than the
    /// buffer cannot be one of ours: its length is returned, and whoever asked refuses it.
    fn read(&mut self, key: &[u8], buffer: &mut [u8; MAX_ITEM]) -> usize;

    /// Writes an item; an empty one is as good as none.
    fn write(&mut self, key: &[u8], item: &[u8]);

    /// Puts an event into the log.
    fn emit(&mut self, event: &Event);
}

/// The state of a pool as the engine sees it.
pub trait Host {
    /// The time of the block.
    fn now(&self) -> Timestamp;

    /// A reserve as it is stored, interest not booked.
    ///
    /// # Errors
    /// `Corrupt` if there is none with this number, or if it cannot be read.
    fn load_reserve(&mut self, id: ReserveId) -> Result<Reserve, Refusal>;

    /// As [`Self::load_reserve`], in place of what is there.
    ///
    /// # Errors
    /// As [`Self::load_reserve`].
    fn read_reserve(&mut self, id: ReserveId, reserve: &mut Reserve) -> Result<(), Refusal> {
        *reserve = self.load_reserve(id)?;
        Ok(())
    }

    /// Stores a reserve.
    fn store_reserve(&mut self, id: ReserveId, reserve: &Reserve);

    /// An account; a fresh one if it is not stored yet.
    ///
    /// # Errors
    /// `Corrupt` if it cannot be read.
    fn load_account(&mut self, who: &Address) -> Result<Account, Refusal>;

    /// As [`Self::load_account`], in place of a new account.
    ///
    /// # Errors
    /// As [`Self::load_account`].
    fn read_account(&mut self, who: &Address, account: &mut Account) -> Result<(), Refusal> {
        *account = self.load_account(who)?;
        Ok(())
    }

    /// Stores an account.
    fn store_account(&mut self, who: &Address, account: &Account);

    /// What an operator may do for an account; nothing if no grant is stored.
    ///
    /// # Errors
    /// `Corrupt` if it cannot be read.
    fn load_grant(&mut self, account: &Address, operator: &Address) -> Result<Grant, Refusal>;

    /// Stores what an operator may do for an account.
    fn store_grant(&mut self, account: &Address, operator: &Address, grant: &Grant);

    /// Appends an account to the list of the indebted.
    ///
    /// # Errors
    /// `Corrupt` if the list cannot be read, `Overflow` if it is full.
    fn append_indebted(&mut self, who: &Address) -> Result<(), Refusal>;

    /// Puts an event into the log.
    fn emit(&mut self, event: &Event);
}

impl<T: Items> Host for T {
    #[inline]
    fn now(&self) -> Timestamp {
        Items::now(self)
    }

    fn load_reserve(&mut self, id: ReserveId) -> Result<Reserve, Refusal> {
        let mut reserve = Reserve::room();
        self.read_reserve(id, &mut reserve)?;
        Ok(reserve)
    }

    fn read_reserve(&mut self, id: ReserveId, reserve: &mut Reserve) -> Result<(), Refusal> {
        let mut buffer = [0; MAX_ITEM];
        let key = keys::reserve(id);
        let len = self.read(&key, &mut buffer);
        let item = buffer.get(..len).unwrap_or_default();
        reserve.read(item).map_err(|_| corrupt(&key, len))
    }

    fn store_reserve(&mut self, id: ReserveId, reserve: &Reserve) {
        self.write(&keys::reserve(id), &reserve.encode());
    }

    fn load_account(&mut self, who: &Address) -> Result<Account, Refusal> {
        let mut account = Account::default();
        self.read_account(who, &mut account)?;
        Ok(account)
    }

    fn read_account(&mut self, who: &Address, account: &mut Account) -> Result<(), Refusal> {
        let mut buffer = [0; MAX_ITEM];
        let key = keys::account(who);
        let len = self.read(&key, &mut buffer);
        match buffer.get(..len) {
            Some(item) => account.read(item).map_err(|_| corrupt(&key, len)),
            None => Err(corrupt(&key, len)),
        }
    }

    fn store_account(&mut self, who: &Address, account: &Account) {
        let mut buffer = [0; ACCOUNT_MAX_LEN];
        let used = account.write(&mut buffer);
        self.write(&keys::account(who), buffer.get(..used).unwrap_or_default());
    }

    fn load_grant(&mut self, account: &Address, operator: &Address) -> Result<Grant, Refusal> {
        let mut buffer = [0; MAX_ITEM];
        let key = keys::operator(account, operator);
        let len = self.read(&key, &mut buffer);
        match buffer.get(..len) {
            Some(item) => Grant::decode(item).map_err(|_| corrupt(&key, len)),
            None => Err(corrupt(&key, len)),
        }
    }

    fn store_grant(&mut self, account: &Address, operator: &Address, grant: &Grant) {
        let item = grant.encode();
        let item: &[u8] = if grant.permissions == 0 { &[] } else { &item };
        self.write(&keys::operator(account, operator), item);
    }

    fn append_indebted(&mut self, who: &Address) -> Result<(), Refusal> {
        let mut buffer = [0; MAX_ITEM];
        let len = self.read(&keys::INDEBTED_COUNT, &mut buffer);
        let count = buffer
            .get(..len)
            .ok_or(())
            .and_then(|item| indebted::decode_count(item).map_err(|_| ()))
            .map_err(|()| corrupt(&keys::INDEBTED_COUNT, len))?;
        let next = count.checked_add(1).ok_or(crate::units::Overflow)?;
        let (page, slot) = indebted::position(count);
        let key = keys::indebted_page(page);
        let used = if slot == 0 { 0 } else { self.read(&key, &mut buffer) };
        // At most 19 addresses stand before this one.
        let expected = usize::try_from(slot).unwrap_or(usize::MAX).checked_mul(20);
        let (Some(start), Some(end)) = (expected, used.checked_add(20)) else {
            return Err(corrupt(&key, used));
        };
        if start != used {
            return Err(corrupt(&key, used));
        }
        if let Some(place) = buffer.get_mut(start..end) {
            place.copy_from_slice(&who.0);
        }
        self.write(&key, buffer.get(..end).unwrap_or_default());
        self.write(&keys::INDEBTED_COUNT, &next.to_le_bytes());
        Ok(())
    }

    #[inline]
    fn emit(&mut self, event: &Event) {
        Items::emit(self, event);
    }
}

/// Names the item by the first byte of its key.
#[cold]
#[inline(never)]
fn corrupt(key: &[u8], len: usize) -> Refusal {
    let item = key.first().copied().unwrap_or_default();
    refuse(Code::Corrupt, Word::from(item), Word::from(u32::try_from(len).unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests;
