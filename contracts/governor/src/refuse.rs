//! What the governor refuses, in the words of its interface.

use crate::proposals::Session;
use weir_core::{
    error::Word,
    governor::{MAX_SIGNERS, Proposal, Refused},
};

weir_shell::refusals! {
    NotSigner = "NotSigner(uint256,uint256)",
    NotVetoHolder = "NotVetoHolder(uint256,uint256)",
    NotProposer = "NotProposer(uint256,uint256)",
    OnlyItself = "OnlyItself(uint256,uint256)",
    UnknownProposal = "UnknownProposal(uint256,uint256)",
    OtherCalls = "OtherCalls(uint256,uint256)",
    BadSigners = "BadSigners(uint256,uint256)",
    BadThreshold = "BadThreshold(uint256,uint256)",
    BadDelays = "BadDelays(uint256,uint256)",
    BadCalls = "BadCalls(uint256,uint256)",
    ProposalClosed = "ProposalClosed(uint256,uint256)",
    ProposalStale = "ProposalStale(uint256,uint256)",
    ProposalExpired = "ProposalExpired(uint256,uint256)",
    AlreadySigned = "AlreadySigned(uint256,uint256)",
    NotSigned = "NotSigned(uint256,uint256)",
    TooFewSignatures = "TooFewSignatures(uint256,uint256)",
    TooEarly = "TooEarly(uint256,uint256)",
    ProposalVetoed = "ProposalVetoed(uint256,uint256)",
    NoVeto = "NoVeto(uint256,uint256)",
    NotContract = "NotContract(uint256,uint256)",
    CallFailed = "CallFailed(uint256,uint256)",
    Overflow = "Overflow(uint256,uint256)",
    Corrupt = "Corrupt(uint256,uint256)",
}

/// A word of the interface.
pub fn word(value: impl Into<Word>) -> [u8; 32] {
    value.into().to_be_bytes()
}

/// Ends the message with what `weir-core` refused; `proposal` is the one before the change.
pub fn refuse(refused: Refused, session: &Session, proposal: Option<&Proposal>) -> ! {
    let (council, now) = (&session.council, word(session.now.0));
    let (none, caller) = (word(0_u8), word(&session.caller));
    let signatures = word(proposal.map_or(0, Proposal::signatures));
    let (refusal, a, b) = match refused {
        Refused::NotSigner => (Refusal::NotSigner, caller, none),
        Refused::NotVetoHolder => (Refusal::NotVetoHolder, caller, word(council.holder())),
        Refused::NotProposer => {
            let proposer = proposal.map_or(none, |proposal| word(&proposal.proposer));
            (Refusal::NotProposer, caller, proposer)
        }
        Refused::OnlyItself => (Refusal::OnlyItself, caller, none),
        Refused::Closed => {
            let state = proposal.map_or(0, |proposal| proposal.state(council, session.now).code());
            (Refusal::ProposalClosed, word(state), none)
        }
        Refused::Stale => (Refusal::ProposalStale, none, none),
        Refused::Expired => {
            let expired = proposal.map_or(none, |proposal| word(proposal.expires().0));
            (Refusal::ProposalExpired, expired, now)
        }
        Refused::Signed => (Refusal::AlreadySigned, caller, none),
        Refused::NotSigned => (Refusal::NotSigned, caller, none),
        Refused::TooFew => (Refusal::TooFewSignatures, signatures, word(council.threshold())),
        Refused::TooEarly => {
            let ready = proposal.and_then(|proposal| proposal.ready).map_or(0, |ready| ready.0);
            (Refusal::TooEarly, word(ready), now)
        }
        Refused::Vetoed => {
            let all = u32::try_from(council.signers().len()).unwrap_or(u32::MAX);
            (Refusal::ProposalVetoed, signatures, word(all))
        }
        Refused::NoVeto => (Refusal::NoVeto, none, none),
        // The others are told where they arise, with what was given there.
        Refused::Signers | Refused::Threshold | Refused::Delays | Refused::Calls => {
            (Refusal::Corrupt, none, none)
        }
        Refused::Exhausted => (Refusal::Overflow, none, none),
    };
    refusal.end(&[a, b])
}

/// Names what is wrong with a set of signers.
pub fn bad_council(refused: Refused, given: usize, threshold: u8) -> ! {
    let number = |number: usize| word(u32::try_from(number).unwrap_or(u32::MAX));
    match refused {
        Refused::Threshold => Refusal::BadThreshold.end(&[word(threshold), number(given)]),
        Refused::Exhausted => Refusal::Overflow.end(&[word(0_u8), word(0_u8)]),
        _ => Refusal::BadSigners.end(&[number(given), number(MAX_SIGNERS)]),
    }
}

/// Names delays that cannot be.
pub fn bad_delays(short: u32, long: u32) -> ! {
    Refusal::BadDelays.end(&[word(short), word(long)])
}
