//! Reads Solidity calldata word by word.
//!
//! Only the canonical encoding is taken, the one every encoder writes: tails follow the heads in order and without
//! gaps. One pass over the words is then the whole decoder, and the length is checked on the way: `pallet-revive` pads
//! short calldata with zeros and ignores what is surplus, so that nobody else would notice.

use weir_core::address::Address;

/// The calldata is not encoded as the interface says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

const WORD: usize = 32;

/// A cursor over the arguments of one message.
///
/// A fault is remembered and answered once, by [`Reader::end`]: a check after each word would be paid for in code size.
/// What is read after a fault is zero.
pub struct Reader<'a> {
    rest: &'a [u8],
    failed: bool,
}

impl<'a> Reader<'a> {
    /// Reads `arguments`, the calldata behind the selector.
    #[must_use]
    pub const fn new(arguments: &'a [u8]) -> Self {
        Self { rest: arguments, failed: false }
    }

    /// The next word, zeros where there is none.
    #[inline(never)]
    pub fn word(&mut self) -> [u8; WORD] {
        if let Some((word, rest)) = self.rest.split_first_chunk::<WORD>() {
            self.rest = rest;
            *word
        } else {
            self.failed = true;
            [0; WORD]
        }
    }

    /// An unsigned integer of at most `max`.
    #[inline(never)]
    fn number(&mut self, max: u128) -> u128 {
        let word = self.word();
        let (high, low) = halves(word);
        self.failed |= high != 0 || low > max;
        low
    }

    /// A `uint128`.
    pub fn u128(&mut self) -> u128 {
        self.number(u128::MAX)
    }

    /// A `uint64`.
    pub fn u64(&mut self) -> u64 {
        u64::try_from(self.number(u64::MAX.into())).unwrap_or(0)
    }

    /// A `uint32`.
    pub fn u32(&mut self) -> u32 {
        u32::try_from(self.number(u32::MAX.into())).unwrap_or(0)
    }

    /// A `uint16`.
    pub fn u16(&mut self) -> u16 {
        u16::try_from(self.number(u16::MAX.into())).unwrap_or(0)
    }

    /// A `uint8`.
    pub fn u8(&mut self) -> u8 {
        u8::try_from(self.number(u8::MAX.into())).unwrap_or(0)
    }

    /// A `bool`.
    pub fn bool(&mut self) -> bool {
        self.number(1) == 1
    }

    /// An `address`.
    #[inline(never)]
    pub fn address(&mut self) -> Address {
        let word = self.word();
        let mut address = [0; 20];
        if let Some((padding, tail)) = word.split_first_chunk::<12>() {
            self.failed |= *padding != [0; 12];
            address.copy_from_slice(tail);
        }
        Address(address)
    }

    /// The offset of a tail, which must be `expected`.
    pub fn offset(&mut self, expected: usize) {
        let found = self.number(u128::MAX);
        self.failed |= usize::try_from(found) != Ok(expected);
    }

    /// The length of an array of at most `max` elements; zero, and malformed, where it is more.
    pub fn count(&mut self, max: usize) -> usize {
        let count = usize::try_from(self.number(u128::MAX)).unwrap_or(usize::MAX);
        if count > max {
            self.failed = true;
            return 0;
        }
        count
    }

    /// The next `count` words as they are.
    #[must_use]
    pub fn words(&mut self, count: usize) -> Reader<'a> {
        Reader { rest: self.take(count.saturating_mul(WORD)), failed: false }
    }

    /// A `bytes`: its length, and its data padded to whole words.
    #[inline(never)]
    pub fn bytes(&mut self) -> &'a [u8] {
        let length = self.count(self.rest.len());
        let padded = length.div_ceil(WORD).saturating_mul(WORD);
        let data = self.take(padded);
        data.get(..length).unwrap_or(&[])
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        if let Some((taken, rest)) = self.rest.split_at_checked(length) {
            self.rest = rest;
            taken
        } else {
            self.failed = true;
            &[]
        }
    }

    /// How many bytes are left.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.rest.len()
    }

    /// Whether everything was there, and nothing more.
    ///
    /// # Errors
    /// [`Malformed`] otherwise.
    pub const fn end(&self) -> Result<(), Malformed> {
        if self.failed || !self.rest.is_empty() { Err(Malformed) } else { Ok(()) }
    }
}

/// A word as two halves, the high one first.
fn halves(word: [u8; WORD]) -> (u128, u128) {
    let half = |bytes: Option<&[u8; 16]>| bytes.map_or(0, |bytes| u128::from_be_bytes(*bytes));
    (half(word.first_chunk()), half(word.last_chunk()))
}

#[cfg(test)]
mod tests;
