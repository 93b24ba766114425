//! The one way in which the feed refuses: a custom error with two words.

use ink::codegen::sol::selector_bytes;
use weir_core::address::Address;
use weir_shell::chain;
use weir_shell::writer::{Writer, address_word, word};

/// A word of an error.
pub struct Word([u8; 32]);

impl From<u128> for Word {
    fn from(value: u128) -> Self {
        Self(word(value))
    }
}

impl From<&Address> for Word {
    fn from(address: &Address) -> Self {
        Self(address_word(&address.0))
    }
}

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
    let mut revert = Writer::<{ 4 + 2 * 32 }>::new();
    revert.raw(&refusal.selector());
    revert.raw(&a.0);
    revert.raw(&b.0);
    chain::revert(revert.bytes())
}
