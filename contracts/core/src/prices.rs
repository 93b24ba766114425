//! Prices come from the feed; a reserve keeps the last one that makes sense.
//!
//! A price that does not is ignored with an event, so that one bad asset does not hold back the others of a push.
//! Nothing is accrued here: the feed's reporter pays, and interest does not depend on prices.

use crate::{
    address::Address,
    error::{Code, Refusal, Word, refuse},
    event::Event,
    feed::{Push, Status},
    host::Host,
    pricing::{high, low, value_ceil},
    state::{
        Reserve, Root,
        pause::{Pause, operation},
    },
    units::Timestamp,
};

/// A price of one asset as the feed pushes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PricePush {
    /// The token.
    pub asset: Address,
    /// Its price.
    pub price: Push,
}

/// Why a price is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ignored {
    /// The token is not listed.
    Unlisted = 1,
    /// It is not later than the last one (by time, then by round).
    NotLater = 2,
    /// It is of the future.
    Future = 3,
    /// It is zero, not 0 < low ≤ median ≤ high, or has no status.
    Range = 4,
    /// At this price the reserve's caps would be worth 2^108 WAD or more; sums of values would no longer be safe.
    TooHigh = 5,
}

impl Ignored {
    /// As the event has it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Unlisted => 1,
            Self::NotLater => 2,
            Self::Future => 3,
            Self::Range => 4,
            Self::TooHigh => 5,
        }
    }
}

/// The value (USD, WAD) that the caps of a reserve stay below: with twelve legs, doubled for the benefit of the doubt
/// and times 10^4 basis points, sums stay below 2^128. It is 3·10^14 US dollars.
pub const MAX_CAP_VALUE: u128 = 1 << 108;

/// Takes a push of the feed.
///
/// # Errors
/// `NotFeed` if somebody else calls; `Corrupt` if a reserve cannot be read.
pub fn on_prices<H: Host>(
    host: &mut H,
    root: &Root,
    caller: &Address,
    pushes: &[PricePush],
) -> Result<(), Refusal> {
    for push in pushes {
        on_price(host, root, caller, push)?;
    }
    Ok(())
}

/// Takes one price of a push.
///
/// # Errors
/// As [`on_prices`].
pub fn on_price<H: Host>(
    host: &mut H,
    root: &Root,
    caller: &Address,
    push: &PricePush,
) -> Result<(), Refusal> {
    if *caller != root.feed {
        return Err(refuse(Code::NotFeed, Word::from(caller), Word::from(&root.feed)));
    }
    let PricePush { asset, price } = *push;
    let event = match take(host, root, push)? {
        Ok(()) => Event::PriceAccepted { asset, price },
        Err(reason) => Event::PriceIgnored {
            asset,
            median: price.median,
            time: price.time,
            round: price.round,
            reason: reason.code(),
        },
    };
    host.emit(&event);
    Ok(())
}

fn take<H: Host>(
    host: &mut H,
    root: &Root,
    push: &PricePush,
) -> Result<Result<(), Ignored>, Refusal> {
    let Some(id) = root.find(&push.asset) else {
        return Ok(Err(Ignored::Unlisted));
    };
    let mut reserve = host.load_reserve(id)?;
    if reserve.token != push.asset {
        return Ok(Err(Ignored::Unlisted));
    }
    let now = host.now();
    if let Err(reason) = judge(&reserve, &push.price, now) {
        return Ok(Err(reason));
    }
    accept(&mut reserve, &push.price, now);
    host.store_reserve(id, &reserve);
    Ok(Ok(()))
}

/// Whether a reserve can take this price.
///
/// # Errors
/// Why it is ignored.
pub fn judge(reserve: &Reserve, price: &Push, now: Timestamp) -> Result<(), Ignored> {
    let last = &reserve.price;
    if (price.time, price.round) <= (last.time, last.round) {
        return Err(Ignored::NotLater);
    }
    if price.time > now {
        return Err(Ignored::Future);
    }
    let high = high(price);
    if price.median.is_zero() || low(price).is_zero() || price.status == Status::None {
        return Err(Ignored::Range);
    }
    for cap in [reserve.limits.supply, reserve.limits.protected] {
        match value_ceil(cap.assets(), high, reserve.decimals) {
            Ok(value) if value.0 < MAX_CAP_VALUE => {}
            _ => return Err(Ignored::TooHigh),
        }
    }
    Ok(())
}

/// What an accepted price does to its reserve at the time of its block; also for whoever rebuilds the state from events.
pub fn accept(reserve: &mut Reserve, price: &Push, now: Timestamp) {
    end_of_freeze(reserve, price, now);
    reserve.price = *price;
}

/// A frozen feed kept liquidators out; its end gives borrowers the time that a pause of liquidation would have. It is
/// kept as such a pause that is over, unless another one holds.
fn end_of_freeze(reserve: &mut Reserve, price: &Push, now: Timestamp) {
    let last = &reserve.price;
    if last.status != Status::Frozen || price.status == Status::Frozen || now < reserve.pause.until
    {
        return;
    }
    if reserve.pause.grace_until(now).is_none() {
        // By the feed's times, so that nobody moves the grace by pushing later: a freeze begins and ends at the time of
        // its push.
        let until = price.time;
        reserve.pause = Pause { operations: operation::LIQUIDATE, from: last.time, until };
    }
}

#[cfg(test)]
mod tests;
