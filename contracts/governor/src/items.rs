//! Where the governor keeps its items: the council, and each proposal under its id.

use crate::refuse::{Refusal, word};
use weir_core::governor::{Council, PROPOSAL_LEN, Proposal, ROOT_LEN};
use weir_shell::chain;

const COUNCIL: [u8; 1] = [b'c'];
const PROPOSAL: u8 = b'p';

/// The council.
pub fn council() -> Council {
    let mut buffer = [0; ROOT_LEN];
    let item = chain::get_storage(&COUNCIL, &mut buffer).unwrap_or(&[]);
    Council::decode(item).unwrap_or_else(|_| corrupt(b'c', item.len()))
}

/// Stores it.
pub fn store_council(council: &Council) {
    chain::set_storage(&COUNCIL, &council.encode());
}

/// A proposal; refuses an id that nobody has proposed.
pub fn proposal(id: &[u8; 32]) -> Proposal {
    let mut buffer = [0; PROPOSAL_LEN];
    let Some(item) = chain::get_storage(&key(id), &mut buffer) else {
        Refusal::UnknownProposal.end(&[*id, word(0_u8)]);
    };
    Proposal::decode(item).unwrap_or_else(|_| corrupt(PROPOSAL, item.len()))
}

/// Stores it.
pub fn store_proposal(id: &[u8; 32], proposal: &Proposal) {
    chain::set_storage(&key(id), &proposal.encode());
}

fn key(id: &[u8; 32]) -> [u8; 33] {
    let mut key = [PROPOSAL; 33];
    if let Some(tail) = key.last_chunk_mut() {
        *tail = *id;
    }
    key
}

fn corrupt(item: u8, length: usize) -> ! {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    Refusal::Corrupt.end(&[word(item), word(length)])
}
