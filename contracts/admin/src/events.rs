//! What the admin messages say, in the pool's name.

use ink::codegen::sol::keccak_256;
use weir_core::{
    address::Address,
    error::Word,
    event::EncodedEvent,
    state::{Reserve, ReserveId, Root, pause::Pause},
    units::{Assets, Shares},
};
use weir_shell::{chain, writer::Writer};

const LISTED: [u8; 32] = keccak_256(b"Listed(address,uint8,uint8,uint128,uint128)");
const PARAMETERS_SET: [u8; 32] = keccak_256(b"ParametersSet(address,bytes)");
const ROLE_SET: [u8; 32] = keccak_256(b"RoleSet(uint8,address,address)");
const GOVERNOR_OFFERED: [u8; 32] = keccak_256(b"GovernorOffered(address)");
const PAUSE_SET: [u8; 32] = keccak_256(b"PauseSet(address,uint16,uint32,uint32)");
const LIMITS_SET: [u8; 32] = keccak_256(b"LimitsSet(uint128,uint128,uint16)");
const SKIMMED: [u8; 32] = keccak_256(b"Skimmed(address,uint128,uint128)");
const SHORTFALL: [u8; 32] = keccak_256(b"Shortfall(address,uint128,uint128)");

fn emit(signature: &[u8; 32], topics: &[Word], words: &[Word]) {
    let mut event = EncodedEvent::new(signature);
    for topic in topics {
        event.topic(*topic);
    }
    for word in words {
        event.word(*word);
    }
    chain::emit(event.topics(), event.data());
}

/// A token was listed.
pub fn listed(asset: &Address, id: ReserveId, decimals: u8, seed: Assets, floor: Assets) {
    let topics = [Word::from(asset), Word::from(id)];
    emit(&LISTED, &topics, &[Word::from(decimals), Word::from(seed), Word::from(floor)]);
}

/// The whole reserve after a change of its parameters, as it is stored.
pub fn parameters_set(reserve: &Reserve) {
    let mut buffer = [0; 64 + 352];
    let mut data = Writer::new(&mut buffer);
    data.length(32);
    data.bytes(&reserve.encode());
    chain::emit(&[PARAMETERS_SET, Word::from(&reserve.token).to_be_bytes()], data.written());
}

/// A role has another holder.
pub fn role_set(role: u8, holder: &Address, previous: &Address) {
    emit(&ROLE_SET, &[Word::from(role)], &[Word::from(holder), Word::from(previous)]);
}

/// Somebody may take the governor's role.
pub fn governor_offered(holder: &Address) {
    emit(&GOVERNOR_OFFERED, &[Word::from(holder)], &[]);
}

/// A pause was set or lifted; everywhere if the asset is zero.
pub fn pause_set(asset: &Address, pause: &Pause) {
    let words = [pause.operations.into(), pause.from.0.into(), pause.until.0.into()];
    emit(&PAUSE_SET, &[Word::from(asset)], &words);
}

/// The limits that hold everywhere were set.
pub fn limits_set(root: &Root) {
    let words = [root.dust.into(), root.min_debt.into(), root.target_health.0.into()];
    emit(&LIMITS_SET, &[], &words);
}

/// Tokens that were there unasked became the insurance's.
pub fn skimmed(asset: &Address, assets: Assets, shares: Shares) {
    emit(&SKIMMED, &[Word::from(asset)], &[Word::from(assets), Word::from(shares)]);
}

/// The pool holds less of a token than it should; the reserve is frozen.
pub fn shortfall(asset: &Address, balance: Assets, owed: Assets) {
    emit(&SHORTFALL, &[Word::from(asset)], &[Word::from(balance), Word::from(owed)]);
}
