//! A pool seen from another contract: its raw items, fetched in batches and kept.

use weir_core::{
    address::Address,
    error::{Code, Refusal, Word, refuse_one},
    event::Event,
    host::Items,
    state::{Account, MAX_ITEM, ReserveId, Root, keys},
    units::Timestamp,
};
use weir_shell::{
    chain::{self, Entry},
    reader::{Range, Reader, Source as _},
    writer::Writer,
};

const ITEMS: [u8; 4] = ink::codegen::sol::selector_bytes("items(bytes[])");
/// As many keys as the pool answers at once.
const BATCH: usize = 15;
/// Longest key, padded.
const KEY: usize = keys::OPERATOR_LEN.next_multiple_of(32);
/// Selector, offset, count, and for each key its offset, its length and itself.
const QUESTION: usize = 4 + 64 + BATCH * (64 + KEY);
/// Offset, count, and for each item its offset, its length and itself.
const ANSWER: usize = 64 + BATCH * (64 + MAX_ITEM);
/// A root, two accounts with all their reserves, and the reserves of a submission.
const KEPT: usize = 24;

/// A key of an item.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key {
    bytes: [u8; KEY],
    length: usize,
}

impl Key {
    /// A key of ours; none is longer than [`KEY`].
    pub fn new(key: &[u8]) -> Self {
        let mut bytes = [0; KEY];
        if let Some(place) = bytes.get_mut(..key.len()) {
            place.copy_from_slice(key);
        }
        Self { bytes, length: key.len() }
    }

    /// The key of a reserve.
    pub fn reserve(id: ReserveId) -> Self {
        Self::new(&keys::reserve(id))
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

#[derive(Clone, Copy)]
struct Kept {
    key: Key,
    item: [u8; MAX_ITEM],
    length: usize,
}

/// A pool and what is known of its items.
pub struct Remote {
    pool: Address,
    now: Timestamp,
    kept: [Option<Kept>; KEPT],
}

impl Remote {
    /// Nothing is known yet.
    pub fn new(pool: Address) -> Self {
        let now = Timestamp(u32::try_from(chain::now()).unwrap_or(u32::MAX));
        Self { pool, now, kept: [const { None }; KEPT] }
    }

    /// The root, fetched together with these accounts.
    ///
    /// # Errors
    /// `NotContract` if there is no pool at the address, `Corrupt` if its root cannot be read.
    pub fn open(&mut self, accounts: &[Address]) -> Result<Root, Refusal> {
        // A call of the lens to itself would not be refused but end everything.
        if self.pool == chain::this() || !chain::has_code(&self.pool) {
            return Err(self.no_pool());
        }
        let mut batch = [Key::new(&keys::ROOT); 3];
        for (place, account) in batch.iter_mut().skip(1).zip(accounts) {
            *place = Key::new(&keys::account(account));
        }
        self.fetch(batch.get(..=accounts.len()).unwrap_or_default())?;
        let mut buffer = [0; MAX_ITEM];
        let length = self.read(&keys::ROOT, &mut buffer);
        Root::decode(buffer.get(..length).unwrap_or_default()).map_err(|_| self.no_pool())
    }

    /// Fetches all reserves of an account and those of these tokens at once.
    ///
    /// # Errors
    /// `NotContract` if the pool does not answer.
    pub fn fetch_reserves(
        &mut self,
        root: &Root,
        account: &Account,
        tokens: impl Iterator<Item = Address>,
    ) -> Result<(), Refusal> {
        let supplies = account.supplies().iter().map(|leg| leg.reserve);
        let debts = account.debts().iter().map(|leg| leg.reserve);
        let wanted = supplies.chain(debts).chain(tokens.filter_map(|token| root.find(&token)));
        let mut batch = [Key::new(&[]); BATCH];
        let mut count = 0;
        for id in wanted {
            let key = Key::reserve(id);
            let known = batch.iter().take(count).any(|other| *other == key);
            if let (false, Some(place)) = (known, batch.get_mut(count)) {
                *place = key;
                count += 1;
            }
        }
        self.fetch(batch.get(..count).unwrap_or_default())
    }

    /// Asks the pool for the items behind these keys, at most [`BATCH`], and keeps them.
    ///
    /// # Errors
    /// `NotContract` if the pool does not answer.
    pub fn fetch(&mut self, wanted: &[Key]) -> Result<(), Refusal> {
        let mut question = [0; QUESTION];
        let mut answer = [0; ANSWER];
        let question = ask(wanted, &mut question);
        let (result, answer) = chain::call(Entry::ReadOnly, &self.pool, question, &mut answer);
        result.map_err(|_| self.no_pool())?;
        let mut items = Reader::new(answer, 0);
        items.offset(32);
        let count = items.count(wanted.len());
        items.skip(count.saturating_mul(32));
        for key in wanted {
            let Range { start, length } = items.bytes();
            if let Some(place) = self.kept.iter_mut().find(|place| place.is_none()) {
                let mut kept = Kept { key: *key, item: [0; MAX_ITEM], length };
                if let Some(item) = kept.item.get_mut(..length) {
                    answer.copy(start, item);
                }
                *place = Some(kept);
            }
        }
        items.end().map_err(|_| self.no_pool())
    }

    fn no_pool(&self) -> Refusal {
        refuse_one(Code::NotContract, Word::from(&self.pool))
    }

    fn find(&self, key: &Key) -> Option<&Kept> {
        self.kept.iter().flatten().find(|kept| kept.key == *key)
    }
}

/// The calldata that asks for these keys.
fn ask<'a>(wanted: &[Key], buffer: &'a mut [u8; QUESTION]) -> &'a [u8] {
    let mut question = Writer::new(buffer);
    question.raw(&ITEMS);
    question.length(32);
    question.length(wanted.len());
    let heads = wanted.len().saturating_mul(32);
    let mut offset = heads;
    for key in wanted {
        question.length(offset);
        offset = offset.saturating_add(32 + key.length.next_multiple_of(32));
    }
    for key in wanted {
        question.bytes(key.bytes());
    }
    question.written()
}

/// An item that the pool does not give is absent; a pool that stops answering in between is not told from an empty one,
/// which the engine refuses wherever it matters.
impl Items for Remote {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn read(&mut self, key: &[u8], buffer: &mut [u8; MAX_ITEM]) -> usize {
        let key = Key::new(key);
        if self.find(&key).is_none() && self.fetch(&[key]).is_err() {
            return 0;
        }
        self.find(&key).map_or(0, |kept| {
            *buffer = kept.item;
            kept.length
        })
    }

    /// A lens changes nothing; previews keep their writes in an overlay.
    fn write(&mut self, _key: &[u8], _item: &[u8]) {}

    fn emit(&mut self, _event: &Event) {}
}
