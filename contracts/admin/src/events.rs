//! The events of rare operations, in Solidity's encoding.

use ink::codegen::sol::keccak_256;
use weir_core::address::Address;
use weir_core::error::Word;
use weir_core::event::EncodedEvent;
use weir_core::state::pause::Pause;
use weir_core::state::reserve::RESERVE_LEN;
use weir_core::state::{Reserve, ReserveId, Root};
use weir_core::units::{Assets, Shares};
use weir_shell::chain;
use weir_shell::writer::Writer;

/// Hash of an event's signature, computed at build time.
macro_rules! topic {
    ($signature:literal) => {
        &const { keccak_256($signature.as_bytes()) }
    };
}

/// A token was listed.
pub fn listed(asset: &Address, id: ReserveId, decimals: u8, seed: u128, floor: u128) {
    let mut event = about(topic!("Listed(address,uint8,uint8,uint128,uint128)"), asset.into());
    event.topic(id.into());
    emit(&mut event, &[decimals.into(), seed.into(), floor.into()]);
}

/// A reserve has other parameters; the event carries the whole item.
pub fn parameters_set(asset: &Address, reserve: &Reserve) {
    let mut buffer = [0; 3 * 32 + RESERVE_LEN];
    let mut data = Writer::new(&mut buffer);
    data.number(32);
    data.bytes(&reserve.encode());
    chain::emit(
        &[*topic!("ParametersSet(address,bytes)"), Word::from(asset).to_be_bytes()],
        data.written(),
    );
}

/// A role has another holder.
pub fn role_set(role: u8, holder: &Address, previous: &Address) {
    let mut event = about(topic!("RoleSet(uint8,address,address)"), role.into());
    emit(&mut event, &[holder.into(), previous.into()]);
}

/// A pause began, changed or ended.
pub fn pause_set(asset: &Address, pause: &Pause) {
    let mut event = about(topic!("PauseSet(address,uint16,uint32,uint32)"), asset.into());
    emit(&mut event, &[pause.operations.into(), pause.from.0.into(), pause.until.0.into()]);
}

/// The pool's own limits changed.
pub fn limits_set(root: &Root) {
    let mut event = EncodedEvent::new(topic!("LimitsSet(uint128,uint128,uint16)"));
    emit(&mut event, &[root.dust.0.into(), root.min_debt.0.into(), root.target_health.0.into()]);
}

/// What was surplus went to the insurance.
pub fn skimmed(asset: &Address, assets: Assets, shares: Shares) {
    let mut event = about(topic!("Skimmed(address,uint128,uint128)"), asset.into());
    emit(&mut event, &[assets.into(), shares.into()]);
}

/// The token holds less for the pool than the pool owes.
pub fn shortfall(asset: &Address, balance: u128, owed: Assets) {
    let mut event = about(topic!("Shortfall(address,uint128,uint128)"), asset.into());
    emit(&mut event, &[balance.into(), owed.into()]);
}

/// An event with one indexed field.
fn about(signature: &[u8; 32], subject: Word) -> EncodedEvent {
    let mut event = EncodedEvent::new(signature);
    event.topic(subject);
    event
}

#[inline(never)]
fn emit(event: &mut EncodedEvent, words: &[Word]) {
    for word in words {
        event.word(*word);
    }
    chain::emit(event.topics(), event.data());
}
