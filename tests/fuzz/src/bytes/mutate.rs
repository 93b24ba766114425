//! New bytes out of known ones.

use rand::{Rng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;

/// Makes inputs.
pub struct Mutator<'a> {
    /// Where chance comes from.
    pub rng: &'a mut ChaCha8Rng,
    /// What is known.
    pub corpus: &'a [Vec<u8>],
}

impl Mutator<'_> {
    /// One of the corpus with some changes, or bytes out of nothing.
    pub fn next(&mut self) -> Vec<u8> {
        let mut bytes = self.corpus.choose(self.rng).cloned().unwrap_or_default();
        if self.rng.random_ratio(1, 20) {
            bytes = (0..self.rng.random_range(0..420)).map(|_| self.rng.random()).collect();
        }
        for _ in 0..self.rng.random_range(0..6) {
            self.change(&mut bytes);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.rng.random_range(0..=bytes.len());
        let length = self.rng.random_range(0..=16).min(bytes.len() - at);
        match self.rng.random_range(0..7) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, self.rng.random()),
            2 => {
                bytes.drain(at..at + length);
            }
            3 => bytes[at..at + length].fill(0),
            4 => bytes[at..at + length].fill(0xff),
            5 => self.rng.fill(&mut bytes[at..at + length]),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << self.rng.random_range(0..8);
                }
            }
        }
    }
}
