#![allow(clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::{Malformed, Range, Reader};

/// Words whose last byte is given, one after the other.
fn words<const N: usize>(low: [u8; N]) -> [[u8; 32]; N] {
    low.map(|byte| {
        let mut word = [0; 32];
        word[31] = byte;
        word
    })
}

fn reader(data: &[u8]) -> Reader<&[u8]> {
    Reader::new(data, 0)
}

#[test]
fn numbers_come_in_order_behind_the_head() {
    let data = words([7, 1, 9]);
    let mut reader = Reader::new(data.as_flattened(), 32);
    assert_eq!((reader.bool(), reader.u128()), (true, 9));
    assert_eq!(reader.end(), Ok(()));
}

#[test]
fn one_byte_less_or_more_is_malformed() {
    let data = words([7, 1, 0]);
    let data = data.as_flattened();
    for length in [0, 31, 32, 63, 65, 96] {
        let mut reader = reader(&data[..length]);
        reader.u8();
        reader.u8();
        assert_eq!(reader.end(), Err(Malformed), "{length}");
    }
    let mut reader = reader(&data[..64]);
    assert_eq!((reader.u8(), reader.u8(), reader.end()), (7, 1, Ok(())));
}

#[test]
fn a_number_above_its_type_is_malformed() {
    let mut word = [0; 32];
    word[30] = 1;
    let mut narrow = reader(&word);
    narrow.u8();
    assert_eq!(narrow.end(), Err(Malformed));
    let mut wide = reader(&word);
    assert_eq!((wide.u16(), wide.end()), (256, Ok(())));
    let mut switch = reader(&word);
    switch.bool();
    assert_eq!(switch.end(), Err(Malformed));
    // 2^128 is one too many for the widest of ours.
    word[15] = 1;
    let mut widest = reader(&word);
    widest.u128();
    assert_eq!(widest.end(), Err(Malformed));
}

#[test]
fn an_address_has_clean_padding() {
    let mut word = [0; 32];
    word[12] = 0xaa;
    word[31] = 0xbb;
    let mut clean = reader(&word);
    let address = clean.address().0;
    assert_eq!((address[0], address[19], clean.end()), (0xaa, 0xbb, Ok(())));
    word[11] = 1;
    let mut dirty = reader(&word);
    dirty.address();
    assert_eq!(dirty.end(), Err(Malformed));
}

#[test]
fn bytes_are_padded_to_words() {
    let data = words([33, 0, 0]);
    let data = data.as_flattened();
    let mut whole = reader(data);
    assert_eq!((whole.bytes(), whole.end()), (Range { start: 32, length: 33 }, Ok(())));
    // Without the padding of the second word.
    let mut cut = reader(&data[..65]);
    assert_eq!((cut.bytes().length, cut.end()), (0, Err(Malformed)));
}

#[test]
fn lengths_and_offsets_are_bounded() {
    let data = words([64, 3]);
    let data = data.as_flattened();
    let mut right = reader(data);
    right.offset(64);
    assert_eq!((right.count(3), right.end()), (3, Ok(())));
    let mut wrong = reader(data);
    wrong.offset(32);
    assert_eq!((wrong.count(2), wrong.end()), (0, Err(Malformed)));
    let mut huge = reader(&[0xff; 32]);
    assert_eq!((huge.bytes().length, huge.end()), (0, Err(Malformed)));
}

#[test]
fn what_is_skipped_must_be_there() {
    let data = words([1, 2]);
    let mut reader = reader(data.as_flattened());
    assert_eq!((reader.skip(32), reader.left(), reader.u8()), (0, 32, 2));
    assert_eq!(reader.end(), Ok(()));
    reader.skip(1);
    assert_eq!(reader.end(), Err(Malformed));
}
