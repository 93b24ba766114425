//! What a reserve's rates, caps and flow limits were when the steward's day began.

use super::{
    Reserve,
    codec::{Corrupt, Reader, Writer},
    limits::Cap,
    rates,
};
use crate::{
    config::Field,
    rates::Rates,
    units::{Bps, Ppm, Timestamp},
};

/// Length of the stored item in bytes.
pub const REFERENCE_LEN: usize = 4 + 16 + 6 * 4 + 2 * 2;
/// Seconds of a day.
pub const DAY: u32 = 86_400;

/// Rates, caps and flow limits of a reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// When the steward last changed them.
    pub time: Timestamp,
    rates: Rates,
    caps: [Cap; 6],
    minutes: [u16; 2],
}

impl Reference {
    /// Those of a reserve, at no time.
    #[must_use]
    pub const fn of(reserve: &Reserve) -> Self {
        let limits = &reserve.limits;
        let (inflow, outflow) = (&limits.inflow, &limits.outflow);
        Self {
            time: Timestamp::ZERO,
            rates: reserve.rates,
            caps: [
                limits.supply,
                limits.borrow,
                limits.protected,
                limits.flash,
                inflow.cap,
                outflow.cap,
            ],
            minutes: [inflow.refill_minutes, outflow.refill_minutes],
        }
    }

    /// The first parameter of `after` that is farther than a quarter from what it is here, with what it is here.
    #[must_use]
    pub fn left_by(&self, after: &Self) -> Option<(Field, u128)> {
        if matches!(self.rates, Rates::Kinked(_)) != matches!(after.rates, Rates::Kinked(_)) {
            return Some((Field::RateModel, 0));
        }
        let pairs = self.parameters().into_iter().zip(after.parameters());
        let mut left = pairs.filter(|((_, was), (_, is))| is.abs_diff(*was) > was / 4);
        left.next().map(|(was, _)| was)
    }

    fn parameters(&self) -> [(Field, u128); 12] {
        let rates = match &self.rates {
            Rates::Kinked(model) => {
                let Ppm(base) = model.base();
                let (Ppm(slope1), Ppm(slope2)) = (model.slope1(), model.slope2());
                let Bps(optimal) = model.optimal();
                [base, slope1, slope2, u32::from(optimal)]
            }
            Rates::Adaptive(_) => [0; 4],
        };
        let [base, slope1, slope2, optimal] = rates.map(u128::from);
        let [supply, borrow, protected, flash, inflow, outflow] =
            self.caps.map(|cap| cap.assets().0);
        let [in_minutes, out_minutes] = self.minutes.map(u128::from);
        [
            (Field::RateBase, base),
            (Field::RateSlope1, slope1),
            (Field::RateSlope2, slope2),
            (Field::RateOptimal, optimal),
            (Field::SupplyCap, supply),
            (Field::BorrowCap, borrow),
            (Field::ProtectedCap, protected),
            (Field::FlashCap, flash),
            (Field::InflowCap, inflow),
            (Field::InflowMinutes, in_minutes),
            (Field::OutflowCap, outflow),
            (Field::OutflowMinutes, out_minutes),
        ]
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; REFERENCE_LEN] {
        let mut item = [0; REFERENCE_LEN];
        let mut writer = Writer::new(&mut item);
        writer.u32(self.time.0);
        rates::write(&self.rates, &mut writer);
        for cap in self.caps {
            writer.u32(cap.bits());
        }
        for minutes in self.minutes {
            writer.u16(minutes);
        }
        item
    }

    /// Reads the stored form; `None` where nothing is stored.
    ///
    /// # Errors
    /// [`Corrupt`] for another length.
    pub fn decode(item: &[u8]) -> Result<Option<Self>, Corrupt> {
        if item.is_empty() {
            return Ok(None);
        }
        let mut reader = Reader::new(item);
        let time = Timestamp(reader.u32()?);
        let rates = rates::read(&mut reader)?;
        let mut caps = [Cap::default(); 6];
        for cap in &mut caps {
            *cap = Cap::from_bits(reader.u32()?);
        }
        let minutes = [reader.u16()?, reader.u16()?];
        reader.finish()?;
        Ok(Some(Self { time, rates, caps, minutes }))
    }
}
