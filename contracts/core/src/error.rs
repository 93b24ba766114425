//! What the protocol answers when it refuses: an error of the Solidity interface and its two words.

mod words;

use words::Words;

use crate::{
    address::Address,
    state::codec::Corrupt,
    units::{Assets, Overflow, Shares, Value, Wad},
};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $selector:literal,)*) => {
        /// The errors of the pool, by the names of its Solidity interface.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        /// The selectors of the errors, in the order of [`Code`].
        static SELECTORS: [[u8; 4]; Code::ALL.len()] = [$(u32::to_be_bytes($selector),)*];

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in the Solidity interface.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// First four bytes of the keccak-256 of `Name(uint256,uint256)`.
            #[must_use]
            pub fn selector(self) -> [u8; 4] {
                // An enum without fields converts to its number; the table has an entry for each.
                SELECTORS.get(self as usize).copied().unwrap_or_default()
            }
        }
    };
}

codes! {
    /// An amount, a price or a sum does not fit.
    Overflow = 0x7ae5_9685,
    /// Nothing would move.
    ZeroAmount = 0x69f6_6e77,
    /// The token is not listed.
    UnknownAsset = 0xe0de_8dac,
    /// No action has this kind.
    UnknownAction = 0x95c3_458c,
    /// More actions than one submission takes.
    TooManyActions = 0xf721_560d,
    /// Tokens would go to the zero address.
    ZeroAddress = 0x2e64_b478,
    /// The caller may not do this for the account.
    NotAuthorised = 0x295f_837c,
    /// The account holds nothing in the reserve.
    NoLeg = 0xb6cd_6ad9,
    /// The account would be in too many reserves.
    TooManyLegs = 0x771a_6496,
    /// The operation is paused.
    Paused = 0x71fa_dc84,
    /// The reserve is frozen.
    Frozen = 0x3e48_8e24,
    /// The reserve is not lent.
    NotBorrowable = 0x14c0_2751,
    /// The reserve is no collateral.
    NotCollateral = 0xe3cd_7e03,
    /// An isolated collateral must be the only one of its account.
    Isolated = 0x06a9_6c83,
    /// The reserve is not in the account's category.
    WrongCategory = 0x9305_634a,
    /// The supply would exceed its cap.
    SupplyCap = 0x4368_3280,
    /// The debt would exceed its cap.
    BorrowCap = 0xfeee_1891,
    /// What is protected would exceed its cap.
    ProtectedCap = 0x2e6d_4b4c,
    /// More comes in than the limit of the moment.
    InflowLimit = 0x0273_3c02,
    /// More goes out than the limit of the moment.
    OutflowLimit = 0x4145_607f,
    /// The reserve does not hold so much at the moment.
    InsufficientCash = 0xc232_40ad,
    /// The account did not supply so much.
    InsufficientSupply = 0x9e4c_4461,
    /// The account did not protect so much.
    InsufficientProtected = 0x5e34_6f47,
    /// The debt would be smaller than allowed (USD, WAD).
    DebtBelowMinimum = 0x9912_ed29,
    /// The account owes nothing in the reserve.
    NothingOwed = 0x9688_b434,
    /// The reserve has no price yet.
    PriceMissing = 0x7eb5_b487,
    /// The price is too old.
    PriceStale = 0x0710_a50f,
    /// The feed does not vouch for the price.
    PriceNotUsable = 0xf0ad_bbe6,
    /// The collateral does not support the debt (USD, WAD).
    InsufficientCollateral = 0xb07e_3bc4,
    /// The account is not liquidatable; its health factor (WAD).
    Healthy = 0xe0b4_aa5a,
    /// Nobody liquidates himself.
    SelfLiquidation = 0x299c_8fe9,
    /// The collateral holds nothing that may be seized.
    NothingToSeize = 0x7a6e_4653,
    /// A rest below dust would stay; what is needed and what was given.
    DustLeft = 0xc48d_e855,
    /// The repayment is worth less than the minimum (USD, WAD).
    BelowMinimum = 0xbd49_034f,
    /// Less would be seized than the caller wants.
    SeizedTooLittle = 0xf158_8ccb,
    /// Borrowers still have time after a pause.
    Grace = 0x20c2_21be,
    /// The reserve is closed for good.
    WoundUpReserve = 0x5055_4941,
    /// Refused inside of a callback.
    CallbackOpen = 0xb63d_66fe,
    /// There is no code at the address.
    NotContract = 0xd3b0_cfa2,
    /// The receiver did not confirm the callback.
    CallbackRefused = 0x080f_25d2,
    /// A call to the token failed.
    TokenFailed = 0xfc93_ebd2,
    /// The reserve gives no flash loans.
    FlashDisabled = 0x1351_6c9f,
    /// The flash loan is larger than one may be.
    FlashCap = 0x8412_bedd,
    /// The tokens of a batch must stand in ascending order, none twice.
    NotAscending = 0x6aac_dacb,
    /// Too much is left of the collateral for the debt to be written off (USD, WAD).
    StillCovered = 0x78cc_d52f,
    /// The caller is not the price feed.
    NotFeed = 0x7806_bc4e,
    /// The caller does not govern.
    NotGovernor = 0xc313_4fa5,
    /// The guardian's pauses of a week are used up but for so many seconds.
    PauseLimit = 0xc025_8b0e,
    /// The steward moves a parameter by a quarter in a day: which, and what it was.
    StewardLimit = 0xe701_8ec0,
    /// The caller is not the steward.
    NotSteward = 0xdfb1_d490,
    /// It is too early.
    NotYet = 0x8885_5832,
    /// The new feed's price of a reserve is not near to the last one.
    FeedMismatch = 0x864f_17f8,
    /// A parameter is out of its bounds.
    BadParameter = 0x57cc_3c29,
    /// The token, or another that begins with the same four bytes, is listed.
    AlreadyListed = 0xf105_b768,
    /// No further reserve fits.
    TooManyReserves = 0x75ff_f69c,
    /// A stored item cannot be read.
    Corrupt = 0x86df_d367,
}

/// One word of an error or event: up to 160 bits, which is an amount or an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word {
    low: u128,
    high: u32,
}

impl Word {
    /// No word.
    pub const ZERO: Self = Self { low: 0, high: 0 };

    /// The word of the Solidity ABI: 32 bytes, most significant first.
    #[must_use]
    pub fn to_be_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        if let Some(high) = bytes.get_mut(12..16) {
            high.copy_from_slice(&self.high.to_be_bytes());
        }
        if let Some(low) = bytes.last_chunk_mut::<16>() {
            *low = self.low.to_be_bytes();
        }
        bytes
    }

    /// The word as an amount, if it is none larger than that.
    #[must_use]
    pub const fn as_u128(self) -> Option<u128> {
        if self.high == 0 { Some(self.low) } else { None }
    }

    /// The word as an address.
    #[must_use]
    pub fn as_address(self) -> Address {
        let mut bytes = [0; 20];
        if let Some((high, low)) = bytes.split_first_chunk_mut::<4>() {
            *high = self.high.to_be_bytes();
            low.copy_from_slice(&self.low.to_be_bytes());
        }
        Address(bytes)
    }
}

impl From<&Address> for Word {
    fn from(address: &Address) -> Self {
        let [a, b, c, d, low @ ..] = address.0;
        Self { low: u128::from_be_bytes(low), high: u32::from_be_bytes([a, b, c, d]) }
    }
}

macro_rules! word_from {
    ($($number:ty),*) => {$(
        impl From<$number> for Word {
            #[inline]
            fn from(number: $number) -> Self {
                Self { low: u128::from(number), high: 0 }
            }
        }
    )*};
}
word_from!(u8, u16, u32, u64, u128, bool);

macro_rules! word_from_unit {
    ($($unit:ty),*) => {$(
        impl From<$unit> for Word {
            #[inline]
            fn from(unit: $unit) -> Self {
                Self { low: unit.0, high: 0 }
            }
        }
    )*};
}
word_from_unit!(Assets, Shares, Value, Wad);

/// A refusal: which error, and its two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    code: Code,
    words: Words,
}

impl Refusal {
    /// The error of the Solidity interface.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Its first word.
    #[must_use]
    pub fn a(&self) -> Word {
        let [a, _] = self.words.get();
        a
    }

    /// Its second word.
    #[must_use]
    pub fn b(&self) -> Word {
        let [_, b] = self.words.get();
        b
    }

    /// The revert data: selector and two words.
    #[must_use]
    pub fn encode(&self) -> [u8; 68] {
        let mut bytes = [0; 68];
        if let Some((selector, words)) = bytes.split_first_chunk_mut::<4>() {
            *selector = self.code.selector();
            if let Some((first, second)) = words.split_first_chunk_mut::<32>() {
                *first = self.a().to_be_bytes();
                second.copy_from_slice(&self.b().to_be_bytes());
            }
        }
        bytes
    }
}

/// A refusal with its words. Out of line: refusals are many, and code is charged for on each call.
#[cold]
#[inline(never)]
pub fn refuse(code: Code, a: Word, b: Word) -> Refusal {
    Refusal { code, words: Words::new(a, b) }
}

/// A refusal with one word.
#[cold]
#[inline(never)]
pub fn refuse_one(code: Code, a: Word) -> Refusal {
    refuse(code, a, Word::ZERO)
}

/// A refusal without words.
#[cold]
#[inline(never)]
pub fn refuse_plain(code: Code) -> Refusal {
    refuse(code, Word::ZERO, Word::ZERO)
}

impl From<Overflow> for Refusal {
    fn from(_: Overflow) -> Self {
        refuse_plain(Code::Overflow)
    }
}

impl From<Corrupt> for Refusal {
    fn from(_: Corrupt) -> Self {
        refuse_plain(Code::Corrupt)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn an_address_survives_in_a_word() {
        let address = Address(core::array::from_fn(|i| u8::try_from(i).unwrap_or(0) + 1));
        let word = Word::from(&address);
        assert_eq!(word.as_address(), address);
        let bytes = word.to_be_bytes();
        assert_eq!(bytes[..12], [0; 12]);
        assert_eq!(bytes[12..], address.0);
        assert_eq!(word.as_u128(), None);
        assert_eq!(Word::from(7u8).as_u128(), Some(7));
    }

    #[test]
    fn a_refusal_is_a_selector_and_two_words() {
        let refusal = refuse(Code::InsufficientCash, Word::from(7u8), Word::from(3u8));
        let bytes = refusal.encode();
        // keccak256("InsufficientCash(uint256,uint256)") begins with c2 32 40 ad.
        assert_eq!(bytes[..4], [0xc2, 0x32, 0x40, 0xad]);
        assert_eq!((bytes[35], bytes[67]), (7, 3));
        assert_eq!(bytes.iter().filter(|byte| **byte != 0).count(), 6);
    }

    #[test]
    fn an_error_is_called_as_in_the_interface() {
        assert_eq!(Code::InsufficientCash.name(), "InsufficientCash");
        assert_eq!(Code::SelfLiquidation.name(), "SelfLiquidation");
        assert_eq!(Refusal::from(Corrupt).code(), Code::Corrupt);
        assert_eq!(Refusal::from(Overflow).code(), Code::Overflow);
    }

    #[test]
    fn selectors_differ() {
        for (index, one) in Code::ALL.iter().enumerate() {
            for other in &Code::ALL[index + 1..] {
                assert_ne!(one.selector(), other.selector(), "{one:?} {other:?}");
            }
        }
    }
}
