//! Writes Solidity words into a buffer.

use weir_core::{address::Address, error::Word};

/// A buffer that fills from its beginning.
pub struct Writer<'a> {
    buffer: &'a mut [u8],
    used: usize,
}

impl<'a> Writer<'a> {
    /// Nothing written yet.
    #[must_use]
    pub const fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, used: 0 }
    }

    /// Appends bytes as they are. What does not fit is left out: sizes are constants or counted before, and a message
    /// that lost its end is refused by whoever reads it.
    #[inline(never)]
    pub fn raw(&mut self, bytes: &[u8]) {
        let end = self.used.saturating_add(bytes.len());
        if let Some(place) = self.buffer.get_mut(self.used..end) {
            place.copy_from_slice(bytes);
            self.used = end;
        }
    }

    /// Appends a word.
    #[inline(never)]
    pub fn word(&mut self, word: Word) {
        self.raw(&word.to_be_bytes());
    }

    /// Appends an unsigned integer.
    pub fn number(&mut self, value: u128) {
        self.word(Word::from(value));
    }

    /// Appends an offset or length.
    pub fn length(&mut self, value: usize) {
        // A usize has at most 64 bits here.
        self.number(u128::try_from(value).unwrap_or(u128::MAX));
    }

    /// Appends an address.
    pub fn address(&mut self, address: &Address) {
        self.word(Word::from(address));
    }

    /// Appends a `bytes`: its length, and its data padded with zeros to whole words.
    pub fn bytes(&mut self, data: &[u8]) {
        self.length(data.len());
        self.raw(data);
        let padding = data.len().next_multiple_of(32).saturating_sub(data.len());
        self.raw([0; 32].get(..padding).unwrap_or(&[]));
    }

    /// How many bytes were written.
    #[must_use]
    pub const fn used(&self) -> usize {
        self.used
    }

    /// What was written.
    #[must_use]
    pub fn written(self) -> &'a [u8] {
        let used = self.used;
        self.buffer.get(..used).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_padded_to_words() {
        let mut buffer = [7; 128];
        let mut writer = Writer::new(&mut buffer);
        writer.number(5);
        writer.bytes(&[1, 2]);
        let mut expected = [0; 96];
        (expected[31], expected[63], expected[64], expected[65]) = (5, 2, 1, 2);
        assert_eq!(writer.written(), expected);
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let mut buffer = [0; 40];
        let mut writer = Writer::new(&mut buffer);
        writer.number(1);
        writer.number(2);
        assert_eq!(writer.written().len(), 32);
    }
}
