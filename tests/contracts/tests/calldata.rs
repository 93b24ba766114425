//! Calldata that is not exactly what the interface says is refused, whatever it would mean.

use crate::{
    deployment::{admin_messages, lens_messages, pool_messages},
    market::{Market, refusal},
};
use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;
use weir_abi::Pool;
use weir_harness::Failure;

/// The call as it should be, and with one byte or one word too few or too many.
fn crooked(right: &[u8]) -> Vec<Vec<u8>> {
    let cut = |by: usize| right[..right.len().saturating_sub(by).max(4)].to_vec();
    let padded = |by: usize| [right, &vec![0; by]].concat();
    let all = [cut(1), cut(32), padded(1), padded(32)];
    // A message without arguments has nothing to cut.
    all.into_iter().filter(|wrong| wrong != right).collect()
}

fn is_malformed(market: &mut Market, at: Address, data: Vec<u8>) -> bool {
    let who = market.governor.clone();
    let receipt = market.world.dry_run(&who, at, U256::ZERO, data);
    receipt.output == Err(Failure::Reverted(vec![1, 1]))
}

#[test]
fn a_byte_too_few_or_too_many_is_refused_by_every_message() {
    let mut market = Market::new();
    let (pool, lens) = (market.pool, market.lens);
    for (at, messages) in [(pool, pool_messages()), (lens, lens_messages())] {
        for (signature, right) in messages {
            assert!(!is_malformed(&mut market, at, right.clone()), "{signature}");
            for wrong in crooked(&right) {
                assert!(is_malformed(&mut market, at, wrong), "{signature}");
            }
        }
    }
    // The admin code reads its calldata where it is delegate-called.
    for (signature, right) in admin_messages() {
        for wrong in crooked(&right) {
            let wrapped = Pool::administerCall { call: wrong.into() }.abi_encode();
            assert!(is_malformed(&mut market, pool, wrapped), "{signature}");
        }
    }
}

#[test]
fn dirty_words_are_refused() {
    let mut market = Market::new();
    let (pool, usd) = (market.pool, market.usd);
    let right = Pool::setCollateralCall { asset: usd, on: true, account: usd }.abi_encode();
    // Above an address, above a bool, a bool of two, above the last address.
    for (at, byte) in [(4 + 11, 1), (4 + 62, 1), (4 + 63, 2), (4 + 64, 1)] {
        let mut dirty = right.clone();
        dirty[at] = byte;
        assert!(is_malformed(&mut market, pool, dirty), "{at}");
    }
    let right = Pool::supplyCall { asset: usd, amount: u128::MAX, account: usd }.abi_encode();
    let mut dirty = right;
    dirty[4 + 32 + 15] = 1;
    assert!(is_malformed(&mut market, pool, dirty));
}

#[test]
fn only_the_canonical_offsets_are_taken() {
    let mut market = Market::new();
    let pool = market.pool;
    let action = Pool::Action { kind: 0, asset: market.usd, amount: 1 };
    let call = Pool::submitCall { account: pool, actions: vec![action], to: pool };
    let right = call.abi_encode();
    let mut moved = right.clone();
    moved[4 + 63] = 0x80;
    assert!(is_malformed(&mut market, pool, moved));
    // More elements than there is data for, and so many that their bytes overflow.
    let mut many = right.clone();
    many[4 + 127] = 2;
    assert!(is_malformed(&mut market, pool, many));
    let mut huge = right;
    huge[4 + 120..4 + 128].fill(0xff);
    assert!(is_malformed(&mut market, pool, huge));
    let call = Pool::itemsCall { keys: vec![Bytes::from_static(b"n"), Bytes::from_static(b"r")] };
    let mut swapped = call.abi_encode();
    swapped[4 + 95] = 0x80;
    swapped[4 + 127] = 0x40;
    assert!(is_malformed(&mut market, pool, swapped));
}

#[test]
fn items_answers_what_is_stored_and_empty_bytes_for_what_is_not() {
    let mut market = Market::new();
    let who = market.governor.clone();
    let keys: [&'static [u8]; 4] = [&[0, 0, 0, 0], b"r\x01", b"r\x09", b"n"];
    let call = Pool::itemsCall { keys: keys.map(Bytes::from_static).to_vec() };
    let pool = market.pool;
    let items = market.world.query(&who, pool, &call).unwrap().value;
    let lengths: Vec<_> = items.iter().map(|item| item.len()).collect();
    // Nobody owes anything yet, so that nobody is counted.
    assert_eq!(lengths, [274, 329, 0, 0]);
    assert_eq!(items[0], market.item(&[0; 4]));
    assert_eq!(items[1], market.item(b"r\x01"));
    let keys = vec![Bytes::from_static(b"n"); 16];
    let refused = market.world.query(&who, pool, &Pool::itemsCall { keys });
    assert_eq!(refusal(refused), "BadParameter (field 0, value 16)");
    let none = market.world.query(&who, pool, &Pool::itemsCall { keys: Vec::new() });
    assert_eq!(none.unwrap().value, Vec::<Bytes>::new());
    let full = Pool::itemsCall { keys: vec![Bytes::from_static(b"r\x00"); 15] };
    assert_eq!(market.world.query(&who, pool, &full).unwrap().value.len(), 15);
}
