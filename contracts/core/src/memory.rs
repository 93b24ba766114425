//! A pool in memory: the same items under the same keys as on the chain, so that a copy of a pool's storage is a pool
//! here, and what happens to it is what would happen there.

use std::{collections::BTreeMap, vec::Vec};

use crate::{
    address::Address,
    error::Refusal,
    event::Event,
    host::Items,
    state::{Account, Corrupt, MAX_ITEM, Reserve, ReserveId, Root, indebted, keys},
    units::Timestamp,
};

/// Items, events and a clock.
#[derive(Clone, Debug, Default)]
pub struct MemoryHost {
    items: BTreeMap<Vec<u8>, Vec<u8>>,
    events: Vec<Event>,
    now: Timestamp,
}

impl MemoryHost {
    /// Without any item.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { now, ..Self::default() }
    }

    /// Moves the clock to a time.
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Moves the clock on.
    pub fn advance(&mut self, seconds: u32) {
        self.now = Timestamp(self.now.0.saturating_add(seconds));
    }

    /// All items, in the order of their keys.
    #[must_use]
    pub fn items(&self) -> &BTreeMap<Vec<u8>, Vec<u8>> {
        &self.items
    }

    /// Puts an item as it was read from a chain; an empty one is absent.
    pub fn insert(&mut self, key: &[u8], item: &[u8]) {
        if item.is_empty() {
            self.items.remove(key);
        } else {
            self.items.insert(key.to_vec(), item.to_vec());
        }
    }

    /// What was said so far.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What was said since this was last asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// The root.
    ///
    /// # Errors
    /// [`Corrupt`] if there is none that can be read.
    pub fn root(&self) -> Result<Root, Corrupt> {
        Root::decode(self.items.get(&keys::ROOT[..]).map_or(&[], Vec::as_slice))
    }

    /// Stores the root.
    pub fn set_root(&mut self, root: &Root) {
        self.insert(&keys::ROOT, &root.encode());
    }

    /// A reserve as it is stored.
    ///
    /// # Errors
    /// `Corrupt` if there is none that can be read.
    pub fn reserve(&self, id: ReserveId) -> Result<Reserve, Corrupt> {
        Reserve::decode(self.items.get(&keys::reserve(id)[..]).map_or(&[], Vec::as_slice))
    }

    /// An account as it is stored; a fresh one if it is not.
    ///
    /// # Errors
    /// `Corrupt` if it cannot be read.
    pub fn account(&self, who: &Address) -> Result<Account, Corrupt> {
        Account::decode(self.items.get(&keys::account(who)[..]).map_or(&[], Vec::as_slice))
    }

    /// All accounts that are stored.
    ///
    /// # Errors
    /// `Corrupt` if one cannot be read.
    pub fn accounts(&self) -> Result<Vec<(Address, Account)>, Corrupt> {
        self.items
            .iter()
            .filter_map(|(key, item)| match key.split_first() {
                Some((b'a', who)) => Some((Address(who.try_into().ok()?), item)),
                _ => None,
            })
            .map(|(who, item)| Account::decode(item).map(|account| (who, account)))
            .collect()
    }

    /// The list of the indebted, oldest first.
    ///
    /// # Errors
    /// `Corrupt` if a page cannot be read.
    pub fn indebted(&self) -> Result<Vec<Address>, Corrupt> {
        let item = |key: &[u8]| self.items.get(key).map_or(&[][..], Vec::as_slice);
        let count = indebted::decode_count(item(&keys::INDEBTED_COUNT))?;
        let mut all = Vec::new();
        for page in 0..count.div_ceil(indebted::PAGE_SIZE) {
            all.extend(indebted::addresses(item(&keys::indebted_page(page)))?);
        }
        Ok(all)
    }

    /// Does something as one transaction: a refusal leaves everything as it was.
    ///
    /// # Errors
    /// The refusal.
    pub fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let before = self.clone();
        let result = work(self);
        if result.is_err() {
            *self = before;
        }
        result
    }

    /// The account with interest up to now, at the last accepted prices.
    ///
    /// # Errors
    /// As [`crate::view::account_data`].
    pub fn account_data(&mut self, who: &Address) -> Result<crate::view::AccountData, Refusal> {
        crate::view::account_data(self, who)
    }

    /// The clock.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.now
    }
}

impl Items for MemoryHost {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn read(&mut self, key: &[u8], buffer: &mut [u8; MAX_ITEM]) -> usize {
        let Some(item) = self.items.get(key) else {
            return 0;
        };
        if let Some(place) = buffer.get_mut(..item.len()) {
            place.copy_from_slice(item);
        }
        item.len()
    }

    fn write(&mut self, key: &[u8], item: &[u8]) {
        self.insert(key, item);
    }

    fn emit(&mut self, event: &Event) {
        self.events.push(*event);
    }
}
