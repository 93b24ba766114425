//! The calls of a proposal, as the interface encodes them.

use ink::prelude::{vec, vec::Vec};
use weir_core::address::Address;
use weir_shell::{
    chain,
    reader::{Range, Reader, Source},
};

/// Most bytes of the calls of one proposal, encoded.
const MOST: usize = 16_384;
const WORD: usize = 32;

/// Calls in their canonical encoding: how many, where each begins, and each with its target and its data. It is the same
/// wherever it stands, so that its hash names the calls.
pub struct Calls {
    encoded: Vec<u8>,
}

impl Calls {
    /// Reads all that is left of the calldata.
    pub fn read(input: &mut Reader<impl Source>) -> Self {
        let length = input.left();
        input.require(length <= MOST);
        let start = input.skip(length);
        let mut encoded = vec![0; if input.is_sound() { length } else { 0 }];
        input.copy(Range { start, length }, &mut encoded);
        let calls = Self { encoded };
        input.require(calls.each(|_, _, _| {}));
        calls
    }

    /// The encoding.
    pub fn encoded(&self) -> &[u8] {
        &self.encoded
    }

    /// Its hash.
    pub fn hash(&self) -> [u8; 32] {
        chain::keccak(&self.encoded)
    }

    /// Visits the calls in order. Says whether the encoding is the canonical one; [`Calls::read`] took no other.
    pub fn each(&self, mut visit: impl FnMut(u32, &Address, &[u8])) -> bool {
        let encoded = self.encoded.as_slice();
        let mut heads = Reader::new(encoded, 0);
        let count = heads.count(heads.left() / WORD);
        let mut bodies = Reader::new(encoded, count.saturating_add(1).saturating_mul(WORD));
        for index in 0..u32::try_from(count).unwrap_or(0) {
            // Offsets are told from behind the length.
            let at = encoded.len().saturating_sub(bodies.left()).saturating_sub(WORD);
            heads.offset(at);
            let target = bodies.address();
            bodies.offset(2 * WORD);
            let Range { start, length } = bodies.bytes();
            let data = encoded.get(start..start.saturating_add(length)).unwrap_or(&[]);
            if heads.is_sound() && bodies.is_sound() {
                visit(index, &target, data);
            }
        }
        heads.is_sound() && bodies.end().is_ok()
    }
}
