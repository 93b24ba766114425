//! Tells the subscribed pools what the feed knows.

use crate::events;
use crate::refuse::{Refusal, refuse};
use ink::codegen::sol::selector_bytes;
use weir_core::address::Address;
use weir_core::feed::{FeedRoot, MAX_REPORTS, Push, Subscriber};
use weir_shell::chain::{self, Weight};
use weir_shell::writer::Writer;

const ON_PRICES: [u8; 4] =
    selector_bytes("onPrices((address,uint128,uint16,uint16,uint32,uint32,uint8,uint16)[])");

/// Words of one price in the call.
const WORDS: usize = 8;

/// The call `onPrices`, filled price by price. Its length stands at a fixed place and is written at the end.
pub struct Prices {
    call: Writer<{ MAX_REPORTS * WORDS * 32 }>,
    count: u128,
}

impl Prices {
    /// No price yet.
    pub const fn new() -> Self {
        Self { call: Writer::new(), count: 0 }
    }

    /// Adds a price.
    pub fn add(&mut self, asset: &Address, push: &Push) {
        self.count += 1;
        self.call.address(&asset.0);
        self.call.number(push.median.0);
        self.call.number(push.down.0.into());
        self.call.number(push.up.0.into());
        self.call.number(push.time.0.into());
        self.call.number(push.round.into());
        self.call.number(push.status.code().into());
        self.call.number(push.volatility.0.into());
    }

    fn encode(&self) -> Writer<{ 4 + 2 * 32 + MAX_REPORTS * WORDS * 32 }> {
        let mut call = Writer::new();
        call.raw(&ON_PRICES);
        call.number(32);
        call.number(self.count);
        call.raw(self.call.bytes());
        call
    }

    /// Tells every subscriber. One that fails although it had its weight is skipped with an event; if it did not have
    /// it, the whole report is refused, so that nobody starves a pool with a report of too little weight.
    pub fn tell(&self, root: &FeedRoot) {
        if self.count == 0 {
            return;
        }
        let call = self.encode();
        for subscriber in root.subscribers() {
            tell(subscriber, call.bytes());
        }
    }

    /// Tells one pool, whatever it answers.
    pub fn tell_one(&self, subscriber: &Subscriber) {
        tell(subscriber, self.encode().bytes());
    }
}

fn tell(subscriber: &Subscriber, call: &[u8]) {
    let left = chain::weight_left();
    let limit = Weight { ref_time: subscriber.ref_time, proof_size: subscriber.proof_size };
    if chain::call_within(limit, &subscriber.pool.0, call).is_ok() {
        return;
    }
    if left.ref_time < limit.ref_time || left.proof_size < limit.proof_size {
        refuse(Refusal::WeightTooSmall, u128::from(left.ref_time).into(), u128::from(limit.ref_time).into());
    }
    events::push_skipped(&subscriber.pool);
}
