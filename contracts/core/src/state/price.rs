//! The price of a reserve as the feed pushed it last.

use super::codec::{Corrupt, Reader, Writer};
use crate::{
    feed::Status,
    units::{Bps, Price, Timestamp},
};

/// What the feed pushes and the reserve keeps.
pub use crate::feed::Push as StoredPrice;

/// No price yet.
pub(super) const NONE: StoredPrice = StoredPrice {
    median: Price::ZERO,
    down: Bps::ZERO,
    up: Bps::ZERO,
    time: Timestamp::ZERO,
    round: 0,
    status: Status::None,
    volatility: Bps::ZERO,
};

#[inline(always)]
pub(super) fn write(price: &StoredPrice, writer: &mut Writer<'_>) {
    writer.u128(price.median.0);
    writer.u16(price.down.0);
    writer.u16(price.up.0);
    writer.u32(price.time.0);
    writer.u32(price.round);
    writer.u8(price.status.code());
    writer.u16(price.volatility.0);
}

#[inline(always)]
pub(super) fn read(reader: &mut Reader<'_>) -> Result<StoredPrice, Corrupt> {
    Ok(StoredPrice {
        median: Price(reader.u128()?),
        down: Bps(reader.u16()?),
        up: Bps(reader.u16()?),
        time: Timestamp(reader.u32()?),
        round: reader.u32()?,
        status: Status::from_code(reader.u8()?).ok_or(Corrupt)?,
        volatility: Bps(reader.u16()?),
    })
}
