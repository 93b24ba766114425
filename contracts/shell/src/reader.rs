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

/// Where calldata comes from.
pub trait Source: Copy {
    /// Its length in bytes.
    fn size(self) -> usize;
    /// Copies what begins at `offset`, zeros behind its end.
    fn copy(self, offset: usize, into: &mut [u8]);
}

impl Source for &[u8] {
    fn size(self) -> usize {
        self.len()
    }

    fn copy(self, offset: usize, into: &mut [u8]) {
        let from = self.iter().skip(offset).copied().chain(core::iter::repeat(0));
        for (place, byte) in into.iter_mut().zip(from) {
            *place = byte;
        }
    }
}

/// A stretch of calldata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Where it begins.
    pub start: usize,
    /// How many bytes it has.
    pub length: usize,
}

/// A cursor over the arguments of one message.
///
/// A fault is remembered and answered once, by [`Reader::end`]: a check after each word would be paid for in code size.
/// What is read after a fault is zero.
#[derive(Clone)]
pub struct Reader<S> {
    source: S,
    at: usize,
    size: usize,
    failed: bool,
}

impl<S: Source> Reader<S> {
    /// Reads the arguments behind `head` bytes: the selector, or nothing for a constructor.
    #[must_use]
    pub fn new(source: S, head: usize) -> Self {
        Self { source, at: head, size: source.size(), failed: false }
    }

    /// The next word, zeros where there is none.
    #[inline(never)]
    pub fn word(&mut self) -> [u8; WORD] {
        let mut word = [0; WORD];
        let start = self.skip(WORD);
        if !self.failed {
            self.source.copy(start, &mut word);
        }
        word
    }

    /// Goes on behind the next `length` bytes and says where they begin.
    pub fn skip(&mut self, length: usize) -> usize {
        let start = self.at;
        let end = start.saturating_add(length);
        if end > self.size {
            self.failed = true;
        } else {
            self.at = end;
        }
        start
    }

    /// An unsigned integer of at most `max`.
    #[inline(never)]
    fn number(&mut self, max: u128) -> u128 {
        let word = self.word();
        let (high, low) = halves(&word);
        self.failed |= high != 0 || low > max;
        low
    }

    /// A `uint128`.
    pub fn u128(&mut self) -> u128 {
        self.number(u128::MAX)
    }

    /// A `uint256` that is an amount: what no `uint128` holds is more than there can be of anything, and is read as the
    /// largest `uint128`.
    #[inline(never)]
    pub fn amount(&mut self) -> u128 {
        let (high, low) = halves(&self.word());
        if high == 0 { low } else { u128::MAX }
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
        self.failed |= self.length() != expected;
    }

    /// A length; malformed, and zero, where it is more than `max`.
    pub fn count(&mut self, max: usize) -> usize {
        let count = self.length();
        if count > max {
            self.failed = true;
            return 0;
        }
        count
    }

    fn length(&mut self) -> usize {
        usize::try_from(self.number(u64::MAX.into())).unwrap_or(usize::MAX)
    }

    /// Copies what was read before, as [`Reader::bytes`] told where it stands; as much as `into` holds.
    pub fn copy(&self, range: Range, into: &mut [u8]) -> usize {
        let length = range.length.min(into.len());
        if let Some(into) = into.get_mut(..length) {
            self.source.copy(range.start, into);
        }
        length
    }

    /// Where the data of a `bytes` stands: behind its length, padded to whole words.
    pub fn bytes(&mut self) -> Range {
        let length = self.count(self.left());
        let padded = length.checked_next_multiple_of(WORD).unwrap_or(usize::MAX);
        let start = self.skip(padded);
        if self.failed { Range { start, length: 0 } } else { Range { start, length } }
    }

    /// How many bytes are left.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.size.saturating_sub(self.at)
    }

    /// Faults what does not hold between values that were read.
    pub fn require(&mut self, holds: bool) {
        self.failed |= !holds;
    }

    /// Whether everything was there so far.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        !self.failed
    }

    /// Whether everything was there, and nothing more.
    ///
    /// # Errors
    /// [`Malformed`] otherwise.
    pub const fn end(&self) -> Result<(), Malformed> {
        if self.failed || self.at != self.size { Err(Malformed) } else { Ok(()) }
    }
}

/// A word as two halves, the high one first.
fn halves(word: &[u8; WORD]) -> (u128, u128) {
    let half = |bytes: Option<&[u8; 16]>| bytes.map_or(0, |bytes| u128::from_be_bytes(*bytes));
    (half(word.first_chunk()), half(word.last_chunk()))
}

#[cfg(test)]
mod tests;
