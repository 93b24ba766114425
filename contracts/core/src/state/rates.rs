//! The rate model of a reserve in 16 bytes: 14 of parameters, its kind, and one byte that is zero.

use super::codec::{Corrupt, Reader, Writer};
use crate::{
    rates::{Adaptive, Kinked, Rates},
    units::{Bps, Ppm},
};

const KINKED: u8 = 0;
const ADAPTIVE: u8 = 1;

#[inline(always)]
pub(super) fn write(rates: &Rates, writer: &mut Writer<'_>) {
    match rates {
        Rates::Kinked(model) => {
            writer.u32(model.base().0);
            writer.u32(model.slope1().0);
            writer.u32(model.slope2().0);
            writer.u16(model.optimal().0);
            writer.u8(KINKED);
        }
        Rates::Adaptive(model) => {
            writer.u64(model.rate_at_target());
            writer.put([0; 6]);
            writer.u8(ADAPTIVE);
        }
    }
    writer.u8(0);
}

#[inline(always)]
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Rates, Corrupt> {
    let fields = reader.take::<14>()?;
    let kind = reader.u8()?;
    let rest = reader.u8()?;
    let mut fields = Reader::new(&fields);
    let rates = match (kind, rest) {
        (KINKED, 0) => Kinked::new(
            Ppm(fields.u32()?),
            Ppm(fields.u32()?),
            Ppm(fields.u32()?),
            Bps(fields.u16()?),
        )
        .map(Rates::Kinked),
        (ADAPTIVE, 0) => Adaptive::new(fields.u64()?).map(Rates::Adaptive),
        _ => return Err(Corrupt),
    };
    rates.map_err(|_| Corrupt)
}
