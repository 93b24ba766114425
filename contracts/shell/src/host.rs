//! The chain as `weir-core` sees it: items, a clock, a log.

use crate::chain;
use weir_core::{
    error::Refusal,
    event::{EncodedEvent, Event},
    host::Items,
    state::MAX_ITEM,
    units::Timestamp,
};

/// The storage of this contract, the time of this block, the log of this call.
pub struct Chain {
    now: Timestamp,
}

impl Chain {
    /// Asks for the time once; it stands still during a call.
    #[must_use]
    pub fn new() -> Self {
        // Chain time fits 32 bits until 2106.
        Self { now: Timestamp(u32::try_from(chain::now()).unwrap_or(u32::MAX)) }
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}

impl Items for Chain {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn read(&mut self, key: &[u8], buffer: &mut [u8; MAX_ITEM]) -> usize {
        chain::get_storage(key, buffer).map_or(0, <[u8]>::len)
    }

    fn write(&mut self, key: &[u8], item: &[u8]) {
        chain::set_storage(key, item);
    }

    fn emit(&mut self, event: &Event) {
        let mut encoded = EncodedEvent::default();
        event.encode_into(&mut encoded);
        chain::emit(encoded.topics(), encoded.data());
    }
}

/// Ends the message with an error of the interface; the pallet undoes all it did.
pub fn refuse(refusal: &Refusal) -> ! {
    chain::revert(&refusal.encode())
}

/// The result, or the end of the message.
pub fn done<T>(result: Result<T, Refusal>) -> T {
    match result {
        Ok(value) => value,
        Err(refusal) => refuse(&refusal),
    }
}
