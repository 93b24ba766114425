//! The items of a pool, read through its message `items`.

use ink::codegen::sol::selector_bytes;
use weir_core::address::Address;
use weir_core::error::{Code, Refusal, Word, refuse_one};
use weir_core::event::Event;
use weir_core::host::Items;
use weir_core::state::{MAX_ITEM, Root, keys};
use weir_core::units::Timestamp;
use weir_shell::chain::{self, Entry};
use weir_shell::reader::Reader;
use weir_shell::writer::Writer;

const ITEMS: [u8; 4] = selector_bytes("items(bytes[])");

/// Selector, offset and length of the array, offset and length of its only element, its data.
const QUESTION: usize = 4 + 5 * 32;
/// Offset and length of the array, offset and length of its only element.
const HEAD: usize = 4 * 32;
const ANSWER: usize = HEAD + MAX_ITEM;

/// A pool seen from outside. What is written to it is dropped: the lens changes nothing.
pub struct Remote {
    pool: Address,
    now: Timestamp,
}

impl Remote {
    /// The pool at that address, and its root.
    ///
    /// # Errors
    /// `NotContract` if nothing is there, `Corrupt` if it is no pool.
    pub fn open(pool: &Address) -> Result<(Self, Root), Refusal> {
        if !chain::has_code(pool) {
            return Err(refuse_one(Code::NotContract, Word::from(pool)));
        }
        let now = Timestamp(u32::try_from(chain::now()).unwrap_or(u32::MAX));
        let mut remote = Self { pool: *pool, now };
        let mut buffer = [0; MAX_ITEM];
        let length = remote.read(&keys::ROOT, &mut buffer);
        let root = Root::decode(buffer.get(..length).unwrap_or(&[]))?;
        Ok((remote, root))
    }
}

impl Items for Remote {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn read(&mut self, key: &[u8], buffer: &mut [u8; MAX_ITEM]) -> usize {
        let mut question = [0; QUESTION];
        let mut writer = Writer::new(&mut question);
        writer.raw(&ITEMS);
        writer.length(32);
        writer.length(1);
        writer.length(32);
        writer.bytes(key);
        let mut answer = [0; ANSWER];
        let (_, answer) = chain::call(Entry::ReadOnly, &self.pool, writer.written(), &mut answer);
        let mut words = Reader::new(answer, 0);
        words.offset(32);
        words.offset(1);
        words.offset(32);
        let range = words.bytes();
        // Whatever is not the answer of a pool reads as nothing, which its root cannot be.
        if !words.is_sound() {
            return 0;
        }
        let data = answer.get(range.start..).and_then(|data| data.get(..range.length));
        match data.zip(buffer.get_mut(..range.length)) {
            Some((data, place)) => {
                place.copy_from_slice(data);
                range.length
            }
            None => 0,
        }
    }

    fn write(&mut self, _: &[u8], _: &[u8]) {}

    fn emit(&mut self, _: &Event) {}
}
