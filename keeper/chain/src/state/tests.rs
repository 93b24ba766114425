#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::*;
use alloy_primitives::B256;
use weir_core::{
    host::{Host as _, Items as _},
    state::MAX_ITEM,
    units::Value,
};

fn empty() -> PoolState {
    let block = BlockRef { number: 1, hash: B256::ZERO, timestamp_secs: 1_700_000_000 };
    let mut state = PoolState { pool: Address::ZERO, block, items: BTreeMap::new() };
    let nobody = CoreAddress::ZERO;
    let root = Root::new(nobody, nobody, nobody, Value(1), Value(2));
    state.set_item(keys::ROOT.to_vec(), root.encode().to_vec());
    state
}

#[test]
fn the_list_of_the_indebted_is_the_one_that_the_core_writes() {
    let state = empty();
    assert_eq!(state.indebted().unwrap(), Vec::<Address>::new());
    let mut view = state.view();
    let accounts: Vec<Address> = (1..=45).map(Address::repeat_byte).collect();
    for who in &accounts {
        view.append_indebted(&core_address(*who)).unwrap();
        view.store_account(&core_address(*who), &Account::decode(&[]).unwrap());
    }
    assert_eq!(state.indebted().unwrap(), Vec::<Address>::new());
    let after = view.into_state();
    assert_eq!((after.indebted().unwrap(), after.pages().unwrap()), (accounts.clone(), 3));
    let read: Vec<Address> = after.accounts().unwrap().into_iter().map(|(who, _)| who).collect();
    assert_eq!(read, accounts);
}

#[test]
fn a_view_reads_what_it_wrote_and_says_the_length_of_what_is_too_long() {
    let mut state = empty();
    state.set_item(b"long".to_vec(), vec![1; MAX_ITEM + 1]);
    let mut view = state.view_at(Timestamp(5));
    let mut buffer = [0; MAX_ITEM];
    assert_eq!(view.read(b"none", &mut buffer), 0);
    assert_eq!(view.read(b"long", &mut buffer), MAX_ITEM + 1);
    view.write(b"none", &[7, 8]);
    assert_eq!((view.read(b"none", &mut buffer), &buffer[..2]), (2, &[7, 8][..]));
    assert_eq!(
        (weir_core::host::Items::now(&view), state.now()),
        (Timestamp(5), Timestamp(1_700_000_000))
    );
    assert_eq!(state.item(b"none"), b"");
}

#[test]
fn an_item_of_another_version_is_named() {
    let mut state = empty();
    assert_eq!(state.reserves().unwrap().len(), 0);
    state.set_item(keys::ROOT.to_vec(), vec![9]);
    assert_eq!(
        state.root().unwrap_err().to_string(),
        "cannot read the pool's root: it is not one of this version"
    );
    assert!(state.reserve(ReserveId(0)).is_err());
}
