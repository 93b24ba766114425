//! The one way in which the feed refuses: a custom error with two words.

use weir_core::address::Address;
use weir_core::error::Word;
use weir_core::feed::{MAX_REPORTERS, MAX_SUBSCRIBERS, RootRefused};

crate::refusals! {
    NotReporter = "NotReporter(uint256,uint256)",
    NotGovernor = "NotGovernor(uint256,uint256)",
    NotGuardian = "NotGuardian(uint256,uint256)",
    NotOffered = "NotOffered(uint256,uint256)",
    ReporterSuspended = "ReporterSuspended(uint256,uint256)",
    UnknownAsset = "UnknownAsset(uint256,uint256)",
    AlreadyListed = "AlreadyListed(uint256,uint256)",
    ZeroPrice = "ZeroPrice(uint256,uint256)",
    ZeroAmount = "ZeroAmount(uint256,uint256)",
    ZeroAddress = "ZeroAddress(uint256,uint256)",
    ReportInFuture = "ReportInFuture(uint256,uint256)",
    ReportTooOld = "ReportTooOld(uint256,uint256)",
    NothingReported = "NothingReported(uint256,uint256)",
    TooManyReports = "TooManyReports(uint256,uint256)",
    TooManyReporters = "TooManyReporters(uint256,uint256)",
    DuplicateReporter = "DuplicateReporter(uint256,uint256)",
    TooManySubscribers = "TooManySubscribers(uint256,uint256)",
    BadQuorum = "BadQuorum(uint256,uint256)",
    BadStep = "BadStep(uint256,uint256)",
    BadBounds = "BadBounds(uint256,uint256)",
    BadFaults = "BadFaults(uint256,uint256)",
    BadRate = "BadRate(uint256,uint256)",
    BadFreeze = "BadFreeze(uint256,uint256)",
    RateUnread = "RateUnread(uint256,uint256)",
    BondTooSmall = "BondTooSmall(uint256,uint256)",
    BondLocked = "BondLocked(uint256,uint256)",
    BondTokenHeld = "BondTokenHeld(uint256,uint256)",
    NothingSlashed = "NothingSlashed(uint256,uint256)",
    FundingFailed = "FundingFailed(uint256,uint256)",
    TokenFailed = "TokenFailed(uint256,uint256)",
    NotContract = "NotContract(uint256,uint256)",
    NotSubscribed = "NotSubscribed(uint256,uint256)",
    NotFrozen = "NotFrozen(uint256,uint256)",
    AlreadyFrozen = "AlreadyFrozen(uint256,uint256)",
    WeightTooSmall = "WeightTooSmall(uint256,uint256)",
    CodeFailed = "CodeFailed(uint256,uint256)",
    Overflow = "Overflow(uint256,uint256)",
    Corrupt = "Corrupt(uint256,uint256)",
}

/// Ends the message with an error; the pallet undoes all it did.
#[inline(never)]
pub fn refuse(refusal: Refusal, a: Word, b: Word) -> ! {
    refusal.end(&[a.to_be_bytes(), b.to_be_bytes()])
}

/// As [`refuse`], for an error that says all by its name.
pub fn refuse_plain(refusal: Refusal) -> ! {
    refuse(refusal, Word::ZERO, Word::ZERO)
}

/// As [`refuse`], for an error with one word.
pub fn refuse_one(refusal: Refusal, a: impl Into<Word>) -> ! {
    refuse(refusal, a.into(), Word::ZERO)
}

/// A count as a word of an error.
#[must_use]
pub fn count(value: usize) -> Word {
    u128::try_from(value).unwrap_or(u128::MAX).into()
}

/// Names what is wrong with a change of the root.
pub fn refuse_root(refused: RootRefused, pool: &Address, given: usize, quorum: u8) -> ! {
    let given = count(given);
    match refused {
        RootRefused::Reporters => refuse(Refusal::TooManyReporters, given, count(MAX_REPORTERS)),
        RootRefused::Duplicate(reporter) => refuse_one(Refusal::DuplicateReporter, &reporter),
        RootRefused::Zero => refuse_plain(Refusal::ZeroAddress),
        RootRefused::Bond(reporter, bond) => {
            refuse(Refusal::BondTooSmall, (&reporter).into(), bond.into())
        }
        RootRefused::Fault => refuse_plain(Refusal::BadFaults),
        RootRefused::Quorum => refuse(Refusal::BadQuorum, quorum.into(), given),
        RootRefused::Subscribers => {
            refuse(Refusal::TooManySubscribers, given, count(MAX_SUBSCRIBERS))
        }
        RootRefused::Pool => refuse_one(Refusal::AlreadyListed, pool),
    }
}
