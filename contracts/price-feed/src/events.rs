//! The feed's events, in Solidity's encoding.

use ink::codegen::sol::keccak_256;
use weir_core::address::Address;
use weir_core::error::Word;
use weir_core::event::EncodedEvent;
use weir_core::feed::{LastReport, MAX_REPORTERS, Push, Settings};
use weir_core::units::{Price, Timestamp};
use weir_shell::chain;
use weir_shell::writer::Writer;

/// Hash of an event's signature, computed at build time.
macro_rules! topic {
    ($signature:literal) => {
        &const { keccak_256($signature.as_bytes()) }
    };
}

/// A reporter's report was kept.
pub fn reported(asset: &Address, reporter: &Address, report: &LastReport) {
    let mut event = about(topic!("Reported(address,address,uint128,uint32)"), asset);
    event.topic(reporter.into());
    emit(&mut event, &[report.price.0.into(), report.time.0.into()]);
}

/// A round was accepted.
pub fn accepted(asset: &Address, push: &Push) {
    let signature =
        topic!("RoundAccepted(address,uint32,uint128,uint32,uint8,uint16,uint16,uint16)");
    let mut event = about(signature, asset);
    event.topic(push.round.into());
    let words = [
        push.median.0.into(),
        push.time.0.into(),
        push.status.code().into(),
        push.down.0.into(),
        push.up.0.into(),
        push.volatility.0.into(),
    ];
    emit(&mut event, &words);
}

/// A round waits for a second one.
pub fn suspect(asset: &Address, push: &Push, candidate: Price) {
    let mut event = about(topic!("RoundSuspect(address,uint128,uint128,uint32)"), asset);
    emit(&mut event, &[push.median.0.into(), candidate.0.into(), push.time.0.into()]);
}

/// A round lay outside of the bounds.
pub fn out_of_bounds(asset: &Address, median: Price, time: Timestamp) {
    let mut event = about(topic!("RoundOutOfBounds(address,uint128,uint32)"), asset);
    emit(&mut event, &[median.0.into(), time.0.into()]);
}

/// The second such round in a row: the asset takes no more rounds.
pub fn frozen(asset: &Address, median: Price, time: Timestamp) {
    let mut event = about(topic!("RoundFrozen(address,uint128,uint32)"), asset);
    emit(&mut event, &[median.0.into(), time.0.into()]);
}

/// A pool failed with its weight.
pub fn push_skipped(pool: &Address) {
    emit(&mut about(topic!("PushSkipped(address)"), pool), &[]);
}

/// An asset was added.
pub fn asset_added(asset: &Address, settings: &Settings) {
    let mut event = about(topic!("AssetAdded(address,uint16,uint128,uint128)"), asset);
    let step = settings.max_step().0.into();
    emit(&mut event, &[step, settings.low().0.into(), settings.high().0.into()]);
}

/// A frozen asset takes rounds again.
pub fn rearmed(asset: &Address) {
    emit(&mut about(topic!("Rearmed(address)"), asset), &[]);
}

/// A pool is told from now on.
pub fn subscribed(pool: &Address) {
    emit(&mut about(topic!("Subscribed(address)"), pool), &[]);
}

/// A pool is no longer told.
pub fn unsubscribed(pool: &Address) {
    emit(&mut about(topic!("Unsubscribed(address)"), pool), &[]);
}

/// The reporters were replaced.
pub fn reporters_set(reporters: &[Address], quorum: u8) {
    let mut buffer = [0; (3 + MAX_REPORTERS) * 32];
    let mut data = Writer::new(&mut buffer);
    data.number(64);
    data.number(quorum.into());
    data.length(reporters.len());
    for reporter in reporters {
        data.address(reporter);
    }
    chain::emit(&[*topic!("ReportersSet(address[],uint8)")], data.written());
}

/// An event whose first indexed field is an address.
fn about(signature: &[u8; 32], subject: &Address) -> EncodedEvent {
    let mut event = EncodedEvent::new(signature);
    event.topic(subject.into());
    event
}

#[inline(never)]
fn emit(event: &mut EncodedEvent, words: &[Word]) {
    for word in words {
        event.word(*word);
    }
    chain::emit(event.topics(), event.data());
}
