//! The governor's events, in Solidity's encoding.

use crate::{calls::Calls, refuse::word};
use ink::{codegen::sol::keccak_256, prelude::vec::Vec};
use weir_core::{
    address::Address,
    governor::{Class, Council, MAX_SIGNERS, Proposal},
};
use weir_shell::{chain, writer::Writer};

/// Hash of an event's signature, computed at build time.
macro_rules! topic {
    ($signature:literal) => {
        const { keccak_256($signature.as_bytes()) }
    };
}

/// A proposal was made.
pub fn proposed(id: &[u8; 32], proposal: &Proposal, calls: &Calls) {
    let topic = topic!("Proposed(bytes32,address,uint64,bool,(address,bytes)[])");
    let mut data = Vec::new();
    data.extend_from_slice(&word(proposal.nonce));
    data.extend_from_slice(&word(proposal.class == Class::Long));
    data.extend_from_slice(&word(3_u8 * 32));
    data.extend_from_slice(calls.encoded());
    chain::emit(&[topic, *id, word(&proposal.proposer)], &data);
}

/// A signature was given, or taken back.
pub fn signed(id: &[u8; 32], signer: &Address, proposal: &Proposal, on: bool) {
    let topic = if on {
        topic!("Signed(bytes32,address,uint32)")
    } else {
        topic!("Unsigned(bytes32,address,uint32)")
    };
    let ready = word(proposal.ready.map_or(0, |ready| ready.0));
    chain::emit(&[topic, *id, word(signer)], &ready);
}

/// A proposal was carried out.
pub fn executed(id: &[u8; 32], signer: &Address) {
    chain::emit(&[topic!("Executed(bytes32,address)"), *id, word(signer)], &[]);
}

/// A proposal was taken back.
pub fn cancelled(id: &[u8; 32]) {
    chain::emit(&[topic!("Cancelled(bytes32)"), *id], &[]);
}

/// A proposal was stopped.
pub fn veto_used(id: &[u8; 32], holder: &Address) {
    chain::emit(&[topic!("VetoUsed(bytes32,address)"), *id, word(holder)], &[]);
}

/// Other signers decide from now on.
pub fn signers_set(council: &Council) {
    let mut buffer = [0; (4 + MAX_SIGNERS) * 32];
    let mut data = Writer::new(&mut buffer);
    data.number(3 * 32);
    data.number(council.threshold().into());
    data.number(council.epoch().into());
    data.length(council.signers().len());
    for signer in council.signers() {
        data.address(signer);
    }
    chain::emit(&[topic!("SignersSet(address[],uint8,uint32)")], data.written());
}

/// The delays are others.
pub fn delays_set(short: u32, long: u32) {
    let mut buffer = [0; 64];
    let mut data = Writer::new(&mut buffer);
    data.number(short.into());
    data.number(long.into());
    chain::emit(&[topic!("DelaysSet(uint32,uint32)")], data.written());
}

/// The veto is somebody else's.
pub fn veto_holder_set(holder: &Address) {
    chain::emit(&[topic!("VetoHolderSet(address)")], &word(holder));
}
