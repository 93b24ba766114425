//! The raw state, for the lens and for clients.

use weir_core::{
    error::{Code, Word, refuse},
    state::{MAX_ITEM, keys},
};
use weir_shell::{
    arguments::SELECTOR,
    chain::{self, CallData},
    host,
    reader::{Reader, Source as _},
    writer::Writer,
};

/// Most keys of one call: an account in as many reserves as there can be, the root, and one to spare.
const MAX_KEYS: usize = 15;
/// Longest key of ours, in whole words.
const MAX_KEY: usize = keys::OPERATOR_LEN.next_multiple_of(32);

/// Answers the items behind the keys of the calldata, in order; an absent item is empty.
#[inline(never)]
pub fn items() -> ! {
    let mut keys = Reader::new(CallData, SELECTOR);
    keys.offset(32);
    let count = keys.count(keys.left() / 64);
    if count > MAX_KEYS {
        let given = u64::try_from(count).unwrap_or(u64::MAX);
        host::refuse(&refuse(Code::BadParameter, Word::from(0_u8), Word::from(given)));
    }
    let mut offsets = keys.clone();
    let heads = count.saturating_mul(32);
    keys.skip(heads);
    let mut buffer = [0; 64 + MAX_KEYS * (64 + MAX_ITEM)];
    let (head, tail) = buffer.split_at_mut(64 + heads);
    let mut head = Writer::new(head);
    let mut tail = Writer::new(tail);
    head.length(32);
    head.length(count);
    let mut expected = heads;
    for _ in 0..count {
        offsets.offset(expected);
        let range = keys.bytes();
        expected = expected.saturating_add(range.length.next_multiple_of(32)).saturating_add(32);
        let mut key = [0; MAX_KEY];
        let Some(key) = key.get_mut(..range.length) else { chain::malformed() };
        CallData.copy(range.start, key);
        let mut item = [0; MAX_ITEM];
        head.length(heads.saturating_add(tail.used()));
        tail.bytes(chain::get_storage(key, &mut item).unwrap_or_default());
    }
    if !offsets.is_sound() {
        chain::malformed();
    }
    chain::check_end(&keys);
    let used = 64 + heads + tail.used();
    chain::answer(buffer.get(..used).unwrap_or_default())
}
