//! Lengths and keys of what is stored, from the outside.

use crate::market::{Market, USD, WAD};
use weir_abi::Pool;

#[test]
fn items_have_the_lengths_of_their_layouts() {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    assert_eq!(market.item(&[0; 4]).len(), 274);
    for id in 0..3 {
        assert_eq!(market.item(&[b'r', id]).len(), 329);
    }
    assert!(market.item(&[b'r', 3]).is_empty());
    market.supplier("alice", usd, 1_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    let key = [b"a", bob.address.as_slice()].concat();
    // 22 of head, 33 for what is supplied, 17 for what is owed.
    assert_eq!(market.item(&key).len(), 22 + 33);
    market.borrow(&bob, usd, 100 * USD).unwrap();
    assert_eq!(market.item(&key).len(), 22 + 33 + 17);
    assert_eq!(market.item(b"i\0\0\0\0").len(), 20);
    assert_eq!(market.item(b"n"), [1, 0, 0, 0]);
    // The seed of reserve 1 belongs to an address that nobody has a key for.
    let holder = [&b"aweir: seed holder  "[..], &[1]].concat();
    assert_eq!(market.item(&holder).len(), 22 + 33);
}

#[test]
fn the_largest_account_fits_an_item() {
    let mut market = Market::bare();
    let alice = market.user("alice");
    let rich = market.user("rich");
    let tokens: Vec<_> = (0..12).map(|_| market.token(6)).collect();
    for token in &tokens {
        market.list(*token, crate::market::parameters()).unwrap();
        market.price(*token, WAD);
        market.mint(*token, &rich, 1_000 * USD);
        market.mint(*token, &alice, 1_000 * USD);
    }
    let mut actions: Vec<_> = tokens[..8]
        .iter()
        .map(|token| Pool::Action { kind: 0, asset: *token, amount: 1_000 * USD })
        .collect();
    let (account, to) = (alice.address, alice.address);
    market.send(&alice, &Pool::submitCall { account, actions, to }).unwrap();
    for token in &tokens[8..] {
        market.supply(&rich, *token, 1_000 * USD).unwrap();
    }
    actions = tokens[8..]
        .iter()
        .map(|token| Pool::Action { kind: 5, asset: *token, amount: 100 * USD })
        .collect();
    market.send(&alice, &Pool::submitCall { account, actions, to }).unwrap();
    let key = [b"a", account.as_slice()].concat();
    // Eight legs of 33 and four of 17 behind a head of 22.
    assert_eq!(market.item(&key).len(), 354);
    market.repay(&alice, tokens[11], 100 * USD).unwrap();
    assert_eq!(market.item(&key).len(), 337);
}
