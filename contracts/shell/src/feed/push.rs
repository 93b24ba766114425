//! Tells the subscribed pools what the feed knows.

use super::events;
use super::refuse::{Refusal, count, refuse};
use crate::chain::{self, Weight};
use crate::writer::Writer;
use ink::codegen::sol::selector_bytes;
use weir_core::address::Address;
use weir_core::feed::{MAX_REPORTS, Push, Subscriber};

const ON_PRICES: [u8; 4] =
    selector_bytes("onPrices((address,uint128,uint16,uint16,uint32,uint32,uint8,uint16)[])");

/// Selector, offset and length of the array.
const HEAD: usize = 4 + 2 * 32;
/// One price of the array.
const PRICE: usize = 8 * 32;

/// The call `onPrices`, filled price by price behind its head.
pub struct Prices {
    call: [u8; HEAD + MAX_REPORTS * PRICE],
    count: usize,
}

impl Prices {
    /// No price yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { call: [0; HEAD + MAX_REPORTS * PRICE], count: 0 }
    }

    /// Adds a price; a report has at most as many as there is room for.
    pub fn add(&mut self, asset: &Address, push: &Push) {
        let at = HEAD.saturating_add(self.count.saturating_mul(PRICE));
        let Some(place) = self.call.get_mut(at..) else { return };
        let mut price = Writer::new(place);
        price.address(asset);
        price.number(push.median.0);
        price.number(push.down.0.into());
        price.number(push.up.0.into());
        price.number(push.time.0.into());
        price.number(push.round.into());
        price.number(push.status.code().into());
        price.number(push.volatility.0.into());
        self.count += 1;
    }

    /// Writes the head, which says how many prices follow.
    fn encoded(&mut self) -> &[u8] {
        let mut head = Writer::new(&mut self.call);
        head.raw(&ON_PRICES);
        head.number(32);
        head.length(self.count);
        let end = HEAD.saturating_add(self.count.saturating_mul(PRICE));
        self.call.get(..end).unwrap_or(&[])
    }

    /// Tells every subscriber. One that fails although it had its weight is skipped with an event; if it did not have
    /// it, the whole report is refused, so that nobody starves a pool with a report of too little weight.
    pub fn tell(&mut self, subscribers: &[Subscriber]) {
        if self.count == 0 {
            return;
        }
        let call = self.encoded();
        for subscriber in subscribers {
            tell(subscriber, call);
        }
    }
}

fn tell(subscriber: &Subscriber, call: &[u8]) {
    let left = chain::weight_left();
    let limit = Weight { ref_time: subscriber.ref_time, proof_size: subscriber.proof_size };
    if chain::call_within(limit, &subscriber.pool, call).is_ok() {
        return;
    }
    if left.ref_time < limit.ref_time || left.proof_size < limit.proof_size {
        refuse(Refusal::WeightTooSmall, left.ref_time.into(), limit.ref_time.into());
    }
    events::push_skipped(&subscriber.pool);
}

/// The elements of a list; refuses one that is too long.
pub fn within<T>(elements: Option<&[T]>, given: usize) -> &[T] {
    elements.unwrap_or_else(|| refuse(Refusal::TooManyReports, count(given), count(MAX_REPORTS)))
}
