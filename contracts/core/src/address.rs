//! Twenty-byte addresses: tokens, accounts, contracts.

/// An address of the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(
    /// Its bytes, most significant first.
    pub [u8; 20],
);

impl Address {
    /// The address that nobody holds.
    pub const ZERO: Self = Self([0; 20]);

    /// Whether it is the zero address.
    #[inline]
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0 == [0; 20]
    }

    /// The first four bytes, under which the directory of a pool knows a token.
    #[inline]
    #[must_use]
    pub const fn head(&self) -> [u8; 4] {
        [self.0[0], self.0[1], self.0[2], self.0[3]]
    }

    /// The account that holds the seed of a reserve for ever. No key leads to an address of this form, so nothing that
    /// it holds can move.
    #[must_use]
    pub const fn seed_holder(reserve: u8) -> Self {
        let mut bytes = *b"weir: seed holder  \0";
        bytes[19] = reserve;
        Self(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_knows_a_token_by_its_first_four_bytes() {
        let mut bytes = [0; 20];
        bytes[..4].copy_from_slice(&[0xde, 0xad, 0xbe, 0xef]);
        assert_eq!(Address(bytes).head(), [0xde, 0xad, 0xbe, 0xef]);
        assert!(!Address(bytes).is_zero());
        assert!(Address::ZERO.is_zero());
    }

    #[test]
    fn each_reserve_has_a_seed_holder_of_its_own() {
        assert_ne!(Address::seed_holder(0), Address::seed_holder(1));
    }
}
