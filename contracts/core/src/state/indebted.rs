//! The list of all accounts that ever owed something: append-only pages, so that readers can page at one block.

use super::codec::Corrupt;
use crate::address::Address;

/// Addresses in a page.
pub const PAGE_SIZE: u32 = 20;
/// Longest stored page in bytes.
pub const PAGE_MAX_LEN: usize = 400;

/// In which page the account with this number stands, and where in it.
#[must_use]
pub const fn position(number: u32) -> (u32, u32) {
    (number / PAGE_SIZE, number % PAGE_SIZE)
}

/// How many accounts there are, from the stored count; no bytes are none.
///
/// # Errors
/// [`Corrupt`] if the item has another length.
pub fn decode_count(item: &[u8]) -> Result<u32, Corrupt> {
    match item.try_into() {
        Ok(bytes) => Ok(u32::from_le_bytes(bytes)),
        Err(_) if item.is_empty() => Ok(0),
        Err(_) => Err(Corrupt),
    }
}

/// The addresses of a stored page, oldest first.
///
/// # Errors
/// [`Corrupt`] if the item does not consist of whole addresses.
pub fn addresses(item: &[u8]) -> Result<impl Iterator<Item = Address> + Clone + '_, Corrupt> {
    let (addresses, rest) = item.as_chunks::<20>();
    if rest.is_empty() { Ok(addresses.iter().map(|bytes| Address(*bytes))) } else { Err(Corrupt) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_accounts_fill_a_page() {
        assert_eq!(position(0), (0, 0));
        assert_eq!(position(19), (0, 19));
        assert_eq!(position(20), (1, 0));
        assert_eq!(PAGE_MAX_LEN, 20 * 20);
    }

    #[test]
    fn pages_hold_whole_addresses() {
        let page = [7; 40];
        assert_eq!(addresses(&page).map(Iterator::count), Ok(2));
        assert!(addresses(&page[1..]).is_err());
        assert_eq!(decode_count(&[]), Ok(0));
        assert_eq!(decode_count(&[2, 1, 0, 0]), Ok(258));
        assert_eq!(decode_count(&[2]), Err(Corrupt));
    }
}
