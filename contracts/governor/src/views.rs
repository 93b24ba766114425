//! What the governor knows, in Solidity's encoding.

use weir_core::{
    governor::{Class, Council, MAX_SIGNERS, Proposal},
    units::Timestamp,
};
use weir_shell::{chain, writer::Writer};

/// Answers with who decides.
pub fn council(council: &Council) -> ! {
    let mut buffer = [0; (8 + MAX_SIGNERS) * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.number(7 * 32);
    answer.number(council.threshold().into());
    answer.number(council.delays().of(Class::Short).into());
    answer.number(council.delays().of(Class::Long).into());
    answer.address(council.holder());
    answer.number(council.epoch().into());
    answer.number(council.nonce().into());
    answer.length(council.signers().len());
    for signer in council.signers() {
        answer.address(signer);
    }
    chain::answer(answer.written())
}

/// Answers with a proposal.
pub fn proposal(proposal: &Proposal, council: &Council, now: Timestamp) -> ! {
    let mut buffer = [0; (10 + MAX_SIGNERS) * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.number(32);
    answer.address(&proposal.proposer);
    answer.number(proposal.nonce.into());
    answer.number(proposal.state(council, now).code().into());
    answer.number((proposal.class == Class::Long).into());
    answer.number(proposal.proposed.0.into());
    answer.number(proposal.ready.map_or(0, |ready| ready.0).into());
    answer.number(proposal.expires().0.into());
    answer.number(8 * 32);
    let signed = |place: usize| proposal.is_signed_by(council, place);
    let signers = council.signers().iter().enumerate();
    let signers = signers.filter(|(place, _)| signed(*place)).map(|(_, signer)| signer);
    answer.length(signers.clone().count());
    for signer in signers {
        answer.address(signer);
    }
    chain::answer(answer.written())
}
