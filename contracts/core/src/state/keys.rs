//! Under which keys the items stand.

use super::ReserveId;
use crate::address::Address;

/// The root: the cell in which ink! keeps the storage struct of a contract.
pub const ROOT: [u8; 4] = [0; 4];
/// What only control needs: [`super::control::ControlItem`].
pub const CONTROL: [u8; 1] = *b"c";
/// How many accounts the list of the indebted holds.
pub const INDEBTED_COUNT: [u8; 1] = *b"n";

/// Length of the longest key, that of an operator.
pub const OPERATOR_LEN: usize = 41;

/// A reserve.
#[must_use]
pub const fn reserve(id: ReserveId) -> [u8; 2] {
    [b'r', id.0]
}

/// What the steward's day began with in a reserve.
#[must_use]
pub const fn steering(id: ReserveId) -> [u8; 2] {
    [b's', id.0]
}

/// An account.
#[must_use]
pub fn account(who: &Address) -> [u8; 21] {
    let mut key = [b'a'; 21];
    if let Some(rest) = key.last_chunk_mut::<20>() {
        *rest = who.0;
    }
    key
}

/// What an operator may do for an account.
#[must_use]
pub fn operator(account: &Address, operator: &Address) -> [u8; OPERATOR_LEN] {
    let mut key = [b'o'; OPERATOR_LEN];
    if let Some((_, addresses)) = key.split_first_mut() {
        let (first, second) = addresses.split_at_mut(20);
        first.copy_from_slice(&account.0);
        second.copy_from_slice(&operator.0);
    }
    key
}

/// A page of the list of the indebted.
#[must_use]
pub const fn indebted_page(page: u32) -> [u8; 5] {
    let [a, b, c, d] = page.to_le_bytes();
    [b'i', a, b, c, d]
}
