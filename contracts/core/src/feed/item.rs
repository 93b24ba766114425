//! How a [`FeedAsset`] is stored: fixed width, little-endian, one item.

use super::MAX_REPORTERS;
use super::asset::FeedAsset;
use super::rate::Rate;
use super::types::{LastReport, Push, Settings, Status};
use crate::address::Address;
use crate::state::MAX_ITEM;
use crate::state::codec::{Corrupt, Reader, Writer};
use crate::units::{Bps, Price, Timestamp};

const SETTINGS: usize = 2 + 16 + 16;
const REPORT: usize = 16 + 4;
const PUSH: usize = 16 + 2 + 2 + 4 + 4 + 1 + 2;
const REST: usize = 16 + 4 + 16 + 16 + 1 + 4 + 4 + 2;
const RATE: usize = 20 + 4 + 16 + 2 + 4;

/// Length of a stored asset of the feed in bytes.
pub const ASSET_LEN: usize = SETTINGS + MAX_REPORTERS * REPORT + PUSH + REST + RATE;

const _: () = assert!(ASSET_LEN <= MAX_ITEM, "a storage item of the pallet holds 416 bytes");

impl FeedAsset {
    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; ASSET_LEN] {
        let mut item = [0; ASSET_LEN];
        let mut writer = Writer::new(&mut item);
        writer.u16(self.settings.max_step().0);
        writer.u128(self.settings.low().0);
        writer.u128(self.settings.high().0);
        for report in &self.reports {
            writer.u128(report.price.0);
            writer.u32(report.time.0);
        }
        writer.u128(self.last.median.0);
        writer.u16(self.last.down.0);
        writer.u16(self.last.up.0);
        writer.u32(self.last.time.0);
        writer.u32(self.last.round);
        writer.u8(self.last.status.code());
        writer.u16(self.last.volatility.0);
        writer.u128(self.candidate.0);
        writer.u32(self.candidate_time.0);
        writer.u128(self.twap.0);
        writer.u128(self.variance);
        writer.u8(self.out_of_bounds);
        writer.u32(self.accepted.0);
        writer.u32(self.frozen_until.0);
        writer.u16(self.faulted);
        // Without a rate the rest stays zero.
        if let Some(rate) = &self.rate {
            writer.put(rate.source.0);
            writer.put(rate.selector);
            writer.u128(rate.start());
            writer.u16(rate.growth().0);
            writer.u32(rate.from().0);
        }
        item
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`Corrupt`] for another length or a value that this version never writes.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let mut reader = Reader::new(item);
        let max_step = Bps(reader.u16()?);
        let (low, high) = (Price(reader.u128()?), Price(reader.u128()?));
        let mut asset = Self::new(Settings::new(max_step, low, high).map_err(|_| Corrupt)?);
        for report in &mut asset.reports {
            *report = LastReport { price: Price(reader.u128()?), time: Timestamp(reader.u32()?) };
        }
        asset.last = Push {
            median: Price(reader.u128()?),
            down: Bps(reader.u16()?),
            up: Bps(reader.u16()?),
            time: Timestamp(reader.u32()?),
            round: reader.u32()?,
            status: Status::from_code(reader.u8()?).ok_or(Corrupt)?,
            volatility: Bps(reader.u16()?),
        };
        asset.candidate = Price(reader.u128()?);
        asset.candidate_time = Timestamp(reader.u32()?);
        asset.twap = Price(reader.u128()?);
        asset.variance = reader.u128()?;
        asset.out_of_bounds = reader.u8()?;
        asset.accepted = Timestamp(reader.u32()?);
        asset.frozen_until = Timestamp(reader.u32()?);
        asset.faulted = reader.u16()?;
        asset.rate = rate(&mut reader)?;
        reader.finish()?;
        Ok(asset)
    }
}

fn rate(reader: &mut Reader<'_>) -> Result<Option<Rate>, Corrupt> {
    let (source, selector) = (Address(reader.take()?), reader.take()?);
    let (start, growth, from) = (reader.u128()?, Bps(reader.u16()?), Timestamp(reader.u32()?));
    if source.is_zero() {
        return Ok(None);
    }
    Rate::new(source, selector, start, growth, from).map(Some).ok_or(Corrupt)
}
