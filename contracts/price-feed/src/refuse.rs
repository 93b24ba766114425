//! The one way in which the feed refuses: a custom error with two words.

use ink::codegen::sol::selector_bytes;
use weir_core::error::Word;
use weir_shell::chain;
use weir_shell::writer::Writer;

macro_rules! refusals {
    ($($name:ident = $signature:literal,)*) => {
        /// What the feed refuses; the names are those of the interface.
        #[derive(Clone, Copy)]
        pub enum Refusal {
            $(
                #[doc = $signature]
                $name,
            )*
        }

        impl Refusal {
            const fn selector(self) -> [u8; 4] {
                match self {
                    $(Self::$name => const { selector_bytes($signature) },)*
                }
            }
        }
    };
}

refusals! {
    NotReporter = "NotReporter(uint256,uint256)",
    NotGovernor = "NotGovernor(uint256,uint256)",
    UnknownAsset = "UnknownAsset(uint256,uint256)",
    AlreadyListed = "AlreadyListed(uint256,uint256)",
    ZeroPrice = "ZeroPrice(uint256,uint256)",
    ReportInFuture = "ReportInFuture(uint256,uint256)",
    ReportTooOld = "ReportTooOld(uint256,uint256)",
    NothingReported = "NothingReported(uint256,uint256)",
    TooManyReports = "TooManyReports(uint256,uint256)",
    TooManyReporters = "TooManyReporters(uint256,uint256)",
    TooManySubscribers = "TooManySubscribers(uint256,uint256)",
    BadQuorum = "BadQuorum(uint256,uint256)",
    BadParameter = "BadParameter(uint256,uint256)",
    NotContract = "NotContract(uint256,uint256)",
    NotSubscribed = "NotSubscribed(uint256,uint256)",
    NotFrozen = "NotFrozen(uint256,uint256)",
    WeightTooSmall = "WeightTooSmall(uint256,uint256)",
    Overflow = "Overflow(uint256,uint256)",
    Corrupt = "Corrupt(uint256,uint256)",
}

/// Ends the message with an error; the pallet undoes all it did.
#[inline(never)]
pub fn refuse(refusal: Refusal, a: Word, b: Word) -> ! {
    let mut buffer = [0; 4 + 2 * 32];
    let mut revert = Writer::new(&mut buffer);
    revert.raw(&refusal.selector());
    revert.word(a);
    revert.word(b);
    chain::revert(revert.written())
}

/// As [`refuse`], for an error that says all by its name.
pub fn refuse_plain(refusal: Refusal) -> ! {
    refuse(refusal, Word::from(0u8), Word::from(0u8))
}

/// As [`refuse`], for an error with one word.
pub fn refuse_one(refusal: Refusal, a: impl Into<Word>) -> ! {
    refuse(refusal, a.into(), Word::from(0u8))
}
