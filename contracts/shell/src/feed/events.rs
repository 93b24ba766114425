//! How the feed's events are made, and those that both of its parts emit.

use crate::chain;
use weir_core::address::Address;
use weir_core::error::Word;
use weir_core::event::EncodedEvent;

/// Hash of an event's signature, computed at build time.
#[macro_export]
macro_rules! topic {
    ($signature:literal) => {
        &const { ::ink::codegen::sol::keccak_256($signature.as_bytes()) }
    };
}

/// A pool failed with its weight.
pub fn push_skipped(pool: &Address) {
    emit(&mut about(topic!("PushSkipped(address)"), pool), &[]);
}

/// An event whose first indexed field is an address.
#[must_use]
pub fn about(signature: &[u8; 32], subject: &Address) -> EncodedEvent {
    let mut event = EncodedEvent::new(signature);
    event.topic(subject.into());
    event
}

/// Emits an event with these words behind its topics.
#[inline(never)]
pub fn emit(event: &mut EncodedEvent, words: &[Word]) {
    for word in words {
        event.word(*word);
    }
    chain::emit(event.topics(), event.data());
}
