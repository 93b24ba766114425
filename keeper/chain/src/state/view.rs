//! A pool's state with changes on top that go nowhere.

use super::PoolState;
use std::collections::BTreeMap;
use weir_core::{event::Event, host::Items, state::MAX_ITEM, units::Timestamp};

/// Runs `weir-core` on a [`PoolState`] without changing it: what is written stands in the view alone.
#[derive(Clone, Debug)]
pub struct PoolView<'a> {
    state: &'a PoolState,
    now: Timestamp,
    written: BTreeMap<Vec<u8>, Vec<u8>>,
    events: Vec<Event>,
}

impl<'a> PoolView<'a> {
    pub(super) fn new(state: &'a PoolState, now: Timestamp) -> Self {
        Self { state, now, written: BTreeMap::new(), events: Vec::new() }
    }

    /// What the rules emitted, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What the rules wrote, by key.
    #[must_use]
    pub fn written(&self) -> &BTreeMap<Vec<u8>, Vec<u8>> {
        &self.written
    }

    /// The state after what was written.
    #[must_use]
    pub fn into_state(self) -> PoolState {
        let mut state = self.state.clone();
        state.items.extend(self.written);
        state
    }
}

impl Items for PoolView<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn read(&mut self, key: &[u8], buffer: &mut [u8; MAX_ITEM]) -> usize {
        let item = self.written.get(key).map_or_else(|| self.state.item(key), Vec::as_slice);
        if let Some(place) = buffer.get_mut(..item.len()) {
            place.copy_from_slice(item);
        }
        item.len()
    }

    fn write(&mut self, key: &[u8], item: &[u8]) {
        self.written.insert(key.to_vec(), item.to_vec());
    }

    fn emit(&mut self, event: &Event) {
        self.events.push(*event);
    }
}
