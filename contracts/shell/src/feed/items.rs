//! Where the feed keeps its items: the root in ink!'s own cell, one for what only rare messages read, one for each
//! asset, one for each bond, and pages that list the assets.

use super::refuse::{Refusal, refuse_one, refuse_plain};
use crate::chain;
use weir_core::address::Address;
use weir_core::feed::{ASSET_LEN, BOND_LEN, Bond, CONTROL_LEN, FeedAsset, FeedControl, FeedRoot};
use weir_core::state::keys;
use weir_core::units::Timestamp;

/// Assets that one page of the list names.
pub const PAGE: u32 = 20;

const ASSET: u8 = b'a';
const BOND: u8 = b'b';
const CONTROL: [u8; 1] = [b'c'];
const LIST: u8 = b'l';

fn key(kind: u8, of: &Address) -> [u8; 21] {
    let mut key = [kind; 21];
    if let Some(tail) = key.last_chunk_mut::<20>() {
        *tail = of.0;
    }
    key
}

/// Chain time.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp(u32::try_from(chain::now()).unwrap_or(u32::MAX))
}

/// The root from ink!'s cell.
#[must_use]
pub fn root(cell: &[u8]) -> FeedRoot {
    match FeedRoot::decode(cell) {
        Ok(root) => root,
        Err(_) => refuse_plain(Refusal::Corrupt),
    }
}

/// Stores the root, for a message that ink! does not do it for.
pub fn store_root(root: &FeedRoot) {
    chain::set_storage(&keys::ROOT, &root.encode());
}

/// What only rare messages read.
#[must_use]
pub fn control() -> FeedControl {
    let mut buffer = [0; CONTROL_LEN];
    match chain::get_storage(&CONTROL, &mut buffer).map(FeedControl::decode) {
        None => FeedControl::default(),
        Some(Ok(control)) => control,
        Some(Err(_)) => refuse_plain(Refusal::Corrupt),
    }
}

/// Stores it.
pub fn store_control(control: &FeedControl) {
    chain::set_storage(&CONTROL, &control.encode());
}

/// The bond of an account.
#[must_use]
pub fn bond(of: &Address) -> Bond {
    let mut buffer = [0; BOND_LEN];
    match chain::get_storage(&key(BOND, of), &mut buffer).map(Bond::decode) {
        None => Bond::default(),
        Some(Ok(bond)) => bond,
        Some(Err(_)) => refuse_one(Refusal::Corrupt, of),
    }
}

/// Stores it.
pub fn store_bond(of: &Address, bond: &Bond) {
    chain::set_storage(&key(BOND, of), &bond.encode());
}

/// The asset, if the feed knows it.
#[must_use]
pub fn find(asset: &Address) -> Option<FeedAsset> {
    let mut buffer = [0; ASSET_LEN];
    let item = chain::get_storage(&key(ASSET, asset), &mut buffer)?;
    match FeedAsset::decode(item) {
        Ok(found) => Some(found),
        Err(_) => refuse_one(Refusal::Corrupt, asset),
    }
}

/// The asset; refuses one that the feed does not know.
#[must_use]
pub fn load(asset: &Address) -> FeedAsset {
    match find(asset) {
        Some(found) => found,
        None => refuse_one(Refusal::UnknownAsset, asset),
    }
}

/// Stores the asset.
pub fn store(asset: &Address, state: &FeedAsset) {
    chain::set_storage(&key(ASSET, asset), &state.encode());
}

fn page_key(page: u32) -> [u8; 5] {
    let [a, b, c, d] = page.to_le_bytes();
    [LIST, a, b, c, d]
}

/// Calls `visit` with each listed asset, of which there are `count`.
pub fn each_listed(count: u32, mut visit: impl FnMut(Address)) {
    let mut buffer = [0; 400];
    let mut left = count;
    for page in 0..count.div_ceil(PAGE) {
        let item = chain::get_storage(&page_key(page), &mut buffer).unwrap_or(&[]);
        for address in item.chunks_exact(20).take(usize::try_from(left).unwrap_or(0)) {
            if let Ok(address) = address.try_into() {
                visit(Address(address));
            }
            left = left.saturating_sub(1);
        }
    }
}

/// Appends an asset to the list that has `count` of them.
pub fn append_listed(count: u32, asset: &Address) {
    let mut buffer = [0; 400];
    let page = page_key(count / PAGE);
    let used = chain::get_storage(&page, &mut buffer).map_or(0, <[u8]>::len);
    let end = used.saturating_add(20);
    if let Some(place) = buffer.get_mut(used..end) {
        place.copy_from_slice(&asset.0);
    }
    chain::set_storage(&page, buffer.get(..end).unwrap_or(&[]));
}
