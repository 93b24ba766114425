//! Where the feed keeps its items: the root in ink!'s own cell, one item for each asset, one that lists them.

use crate::refuse::{Refusal, refuse_one};
use weir_core::address::Address;
use weir_core::feed::{ASSET_LEN, FeedAsset};
use weir_shell::chain;

/// Assets that one page of the list names.
pub const PAGE: u32 = 20;

const ASSET: u8 = b'a';
const LIST: u8 = b'l';

fn key(asset: &Address) -> [u8; 21] {
    let mut key = [ASSET; 21];
    if let Some(tail) = key.last_chunk_mut::<20>() {
        *tail = asset.0;
    }
    key
}

/// The asset, if the feed knows it.
pub fn find(asset: &Address) -> Option<FeedAsset> {
    let mut buffer = [0; ASSET_LEN];
    let item = chain::get_storage(&key(asset), &mut buffer)?;
    match FeedAsset::decode(item) {
        Ok(found) => Some(found),
        Err(_) => refuse_one(Refusal::Corrupt, asset),
    }
}

/// The asset; refuses one that the feed does not know.
pub fn load(asset: &Address) -> FeedAsset {
    match find(asset) {
        Some(found) => found,
        None => refuse_one(Refusal::UnknownAsset, asset),
    }
}

/// Stores the asset.
pub fn store(asset: &Address, state: &FeedAsset) {
    chain::set_storage(&key(asset), &state.encode());
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
