//! Assets by symbol, as sources and people name them, and by address, as the chain does.

use std::collections::BTreeMap;

use weir_chain::Address;

use crate::symbol::Symbol;

/// Symbols and addresses of the assets that are reported, one to one.
#[derive(Debug, Clone, Default)]
pub struct AssetBook {
    addresses: BTreeMap<Symbol, Address>,
    symbols: BTreeMap<Address, Symbol>,
}

impl AssetBook {
    /// The address of an asset.
    #[must_use]
    pub fn address(&self, symbol: &Symbol) -> Option<Address> {
        self.addresses.get(symbol).copied()
    }

    /// The asset at an address.
    #[must_use]
    pub fn symbol(&self, address: Address) -> Option<&Symbol> {
        self.symbols.get(&address)
    }

    /// All assets, by symbol.
    pub fn iter(&self) -> impl Iterator<Item = (&Symbol, Address)> {
        self.addresses.iter().map(|(symbol, address)| (symbol, *address))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.addresses.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }
}

impl FromIterator<(Symbol, Address)> for AssetBook {
    /// Of two entries with the same symbol or address the later one stays.
    fn from_iter<I: IntoIterator<Item = (Symbol, Address)>>(entries: I) -> Self {
        let mut book = Self::default();
        for (symbol, address) in entries {
            if let Some(old) = book.addresses.insert(symbol.clone(), address) {
                book.symbols.remove(&old);
            }
            if let Some(old) = book.symbols.insert(address, symbol.clone())
                && old != symbol
            {
                book.addresses.remove(&old);
            }
        }
        book
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use weir_chain::Address;

    use super::AssetBook;
    use crate::symbol::Symbol;

    #[test]
    fn it_is_one_to_one() {
        let symbol = |text: &str| text.parse::<Symbol>().unwrap();
        let at = Address::repeat_byte;
        let entries = [("DOT", 1), ("ETH", 2), ("DOT", 3), ("KSM", 2)];
        let book: AssetBook = entries.map(|(s, a)| (symbol(s), at(a))).into_iter().collect();
        assert_eq!(book.len(), 2);
        assert_eq!(book.address(&symbol("DOT")), Some(at(3)));
        assert_eq!(book.address(&symbol("ETH")), None);
        assert_eq!(book.symbol(at(2)), Some(&symbol("KSM")));
        assert_eq!(book.symbol(at(1)), None);
    }
}
