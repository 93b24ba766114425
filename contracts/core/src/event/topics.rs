//! First topics of the events: keccak-256 of their signatures. A test of `weir-abi` hashes them again and compares them
//! with its interface.

macro_rules! topics {
    ($($name:ident: $signature:literal = $hash:literal,)*) => {
        $(#[doc = $signature] pub(super) static $name: [u8; 32] = from_hex($hash);)*

        /// Every event: its signature and its first topic.
        pub static TOPICS: &[(&str, [u8; 32])] = &[$(($signature, from_hex($hash)),)*];
    };
}

/// Evaluated when the crate is compiled.
#[allow(clippy::indexing_slicing, reason = "out of bounds would fail the compilation")]
const fn from_hex(text: &str) -> [u8; 32] {
    let text = text.as_bytes();
    let mut bytes = [0; 32];
    let mut index = 0;
    while index < 32 {
        bytes[index] = (digit(text[2 * index]) << 4) | digit(text[2 * index + 1]);
        index += 1;
    }
    bytes
}

const fn digit(character: u8) -> u8 {
    match character {
        b'0'..=b'9' => character - b'0',
        _ => character - b'a' + 10,
    }
}

topics! {
    SUPPLIED: "Supplied(address,address,address,uint128,uint128)"
        = "b4a52a2b4792804b123591725cae4e20ac14861725c15df1bfc63d56ea8f4ffd",
    PROTECTED: "Protected(address,address,address,uint128)"
        = "229476b801f918bfbfee30614e488d5ab11348a639e19dba4e64c49cad5dad95",
    REPAID: "Repaid(address,address,address,uint128,uint128)"
        = "80d473bff4397643ab56ce5326106923243f2bbc664acdf1a231a836eb737aa4",
    WITHDRAWN: "Withdrawn(address,address,address,address,uint128,uint128)"
        = "1d37b312bf8b06b662d0cccf61fea9791a8c7a507594031cdf4e57e72db5b01e",
    UNPROTECTED: "Unprotected(address,address,address,address,uint128)"
        = "e41e35c1011cb3e7ea30b14a60f50e395d25510dc6db354d937d271e5227964c",
    BORROWED: "Borrowed(address,address,address,address,uint128,uint128)"
        = "4745c8a62a4db1f08118063693816019db5f8d4867b2ab58d94642ee214712fb",
    COLLATERAL_SET: "CollateralSet(address,address,address,bool)"
        = "55cb5f101542e16c9d2a87026c033614116948eba12847fbf43158491e533d75",
    CATEGORY_SET: "CategorySet(address,address,uint8)"
        = "1aab58874daeb78982569363f4230885ffe5b46387b7c0cd88c5a681fb786d9d",
    ACCRUED: "Accrued(address,uint128,uint128,uint128,uint64,uint64,uint32)"
        = "8aec8ca798012edba892126da47069c7cd2aded3ddb2f8b98991f8d12081b1d0",
    LIQUIDATED: "Liquidated(address,address,address,address,uint128,uint128,uint128,uint128,uint128,uint128,uint128,uint128,bool)"
        = "04971b5d922267d98686916628ac734c5c7397f62da14b99268fbb6c733c0d03",
    DUST_FORFEITED: "DustForfeited(address,address,uint128,uint128,uint128)"
        = "e08b55e182de526a3113f3cd8e37a564b98749011cbfde0402ade1f473a868dc",
    BAD_DEBT: "BadDebt(address,address,uint128,uint128,uint128,uint128,uint128)"
        = "b0b7056a9975ebb298a00e65f63eadff931bd4bdde7fde47f18c924c37d3b813",
    INSURANCE_FUNDED: "InsuranceFunded(address,address,uint128,uint128)"
        = "0879d5fb1dc7f173028612cadda8be2a8153647a6ca0b578849eb0f4ec8f8fd8",
    OPERATOR_SET: "OperatorSet(address,address,uint8,uint32)"
        = "dcecdb76acd6def7e114d6834998534e656d79e51a707b44f7edf94219bb9a1a",
    FLASH_LOANED: "FlashLoaned(address,address,address,uint128,uint128,uint128)"
        = "1523fa7e1dd2b6b12fbe7685cdd5291517c3782debdb5f6b59f971a78d69cd40",
    COLLECTED: "Collected(address,address,uint128,uint128)"
        = "ccebe7aa6bc3dfc01aac8435fc1e19a4cfa3ea2ef2cb9a522c489b039bcc4c99",
    PRICE_ACCEPTED: "PriceAccepted(address,uint128,uint16,uint16,uint32,uint32,uint8,uint16)"
        = "db530317136a61abe815bb98e42a8f55f910e7c0cda4d40f657e549e38be063a",
    PRICE_IGNORED: "PriceIgnored(address,uint128,uint32,uint32,uint8)"
        = "e2f8fffb2199d93d03b912f20b25f20ebf5fdee9613d269e829a60602d49d70d",
    WOUND_UP: "WoundUp(address,uint128,uint128)"
        = "edee5106dfb7f742004670a5c0942bb9512595bc68ce876cfbfe7bd2d4d83ab4",
}
