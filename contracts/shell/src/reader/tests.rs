#![allow(clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::{Malformed, Reader};

/// Words whose last byte is given, one after the other.
fn words<const N: usize>(low: [u8; N]) -> [[u8; 32]; N] {
    low.map(|byte| {
        let mut word = [0; 32];
        word[31] = byte;
        word
    })
}

#[test]
fn numbers_come_in_order() {
    let data = words([7, 1, 9]);
    let mut reader = Reader::new(data.as_flattened());
    assert_eq!((reader.u8(), reader.bool(), reader.u128()), (7, true, 9));
    assert_eq!(reader.end(), Ok(()));
}

#[test]
fn one_byte_less_or_more_is_malformed() {
    let data = words([7, 1, 0]);
    let data = data.as_flattened();
    for length in [0, 31, 32, 63, 65, 96] {
        let mut reader = Reader::new(&data[..length]);
        reader.u8();
        reader.u8();
        assert_eq!(reader.end(), Err(Malformed), "{length}");
    }
    let mut reader = Reader::new(&data[..64]);
    assert_eq!((reader.u8(), reader.u8(), reader.end()), (7, 1, Ok(())));
}

#[test]
fn a_number_above_its_type_is_malformed() {
    let mut word = [0; 32];
    word[30] = 1;
    let mut reader = Reader::new(&word);
    reader.u8();
    assert_eq!(reader.end(), Err(Malformed));
    let mut reader = Reader::new(&word);
    assert_eq!((reader.u16(), reader.end()), (256, Ok(())));
    // 2^128 is one too many for the widest of ours.
    word[15] = 1;
    let mut reader = Reader::new(&word);
    reader.u128();
    assert_eq!(reader.end(), Err(Malformed));
    let mut reader = Reader::new(&word);
    reader.bool();
    assert_eq!(reader.end(), Err(Malformed));
}

#[test]
fn an_address_has_clean_padding() {
    let mut word = [0; 32];
    word[12] = 0xaa;
    word[31] = 0xbb;
    let mut reader = Reader::new(&word);
    let address = reader.address().0;
    assert_eq!((address[0], address[19], reader.end()), (0xaa, 0xbb, Ok(())));
    word[11] = 1;
    let mut reader = Reader::new(&word);
    reader.address();
    assert_eq!(reader.end(), Err(Malformed));
}

#[test]
fn bytes_are_padded_to_words() {
    let mut data = words([33, 0, 0]);
    data[1] = [5; 32];
    data[2][0] = 6;
    let mut reader = Reader::new(data.as_flattened());
    let bytes = reader.bytes();
    assert_eq!((bytes.len(), bytes[0], bytes[32]), (33, 5, 6));
    assert_eq!(reader.end(), Ok(()));
    // Without the padding of the second word.
    let mut reader = Reader::new(&data.as_flattened()[..65]);
    assert_eq!((reader.bytes(), reader.end()), (&[][..], Err(Malformed)));
}

#[test]
fn lengths_and_offsets_are_bounded() {
    let data = words([64, 3]);
    let mut reader = Reader::new(data.as_flattened());
    reader.offset(64);
    assert_eq!((reader.count(3), reader.end()), (3, Ok(())));
    let mut reader = Reader::new(data.as_flattened());
    reader.offset(32);
    assert_eq!((reader.count(2), reader.end()), (0, Err(Malformed)));
    let mut reader = Reader::new(&[0xff; 32]);
    assert_eq!((reader.bytes(), reader.end()), (&[][..], Err(Malformed)));
}
