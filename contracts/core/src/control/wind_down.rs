//! The end of a reserve: closed at once, no collateral any more in the course of days, and a last price if no feed has
//! one. Whoever is in it can leave all the while.

use super::{Governor, MAX_LIQUIDATION_PAUSE};
use crate::{
    accrual::AccruedReserve,
    address::Address,
    book::Book,
    error::{Code, Refusal, Word, refuse, refuse_one},
    feed::{Push, Status},
    host::Host,
    listing::end_of_ramp,
    prices::judge,
    state::{
        Flags, Root,
        pause::{MAX_GRACE, Pause, operation},
        risk::{Category, Ramp, Risk, Threshold},
    },
    submit::touch_token,
    units::{Bps, Price, Timestamp},
};

/// How long after the beginning of a wind-down its final price can be set at the earliest: a week.
pub const FINAL_PRICE_DELAY: u32 = 604_800;

/// Winds a reserve down, for good: no supply, no debt, no flash loan, no new risk against it; its thresholds ramp to
/// nothing, one percentage point an hour. Its parameters stand still from then on.
///
/// # Errors
/// `UnknownAsset`; `WoundUpReserve` if it is on its way already.
pub fn wind_down<H: Host>(
    host: &mut H,
    root: &Root,
    _: Governor,
    asset: &Address,
) -> Result<(), Refusal> {
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, asset)?;
    let now = host.now();
    let reserve = book.get_mut(id)?;
    reserve.running(id.0)?;
    let to_nothing = |from| Threshold { target: Bps::ZERO, from };
    let category = reserve.risk.category;
    let threshold = to_nothing(reserve.risk.threshold_at(0, now));
    let of_category = to_nothing(reserve.risk.threshold_at(category.id, now));
    reserve.risk = Risk {
        ltv: Bps::ZERO,
        threshold,
        ramp: Ramp { start: now, end: end_of_ramp(now, [threshold, of_category]) },
        category: Category { ltv: Bps::ZERO, threshold: of_category, ..category },
        volatility: reserve.risk.volatility,
    };
    reserve.flags = Flags((reserve.flags.0 & !Flags::CONFIGURED) | Flags::WINDING);
    book.store(host);
    Ok(())
}

/// Sets the price by which what is left of a reserve in wind-down is settled: it never grows old, and no feed's comes
/// after it. Liquidations are held back for as long as after the longest pause of them.
///
/// # Errors
/// `UnknownAsset`; `NotYet` before its thresholds are nothing and [`FINAL_PRICE_DELAY`] is over, with the time (0 if it
/// is not wound down at all); `BadParameter` for a price that no feed could push, or where there is one already.
pub fn set_final_price<H: Host>(
    host: &mut H,
    root: &Root,
    _: Governor,
    asset: &Address,
    median: Price,
) -> Result<(), Refusal> {
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, asset)?;
    let now = host.now();
    let reserve = book.get_mut(id)?;
    let Ramp { start, end } = reserve.risk.ramp;
    let from = end.max(Timestamp(start.0.saturating_add(FINAL_PRICE_DELAY)));
    let winding = reserve.flags.has(Flags::WINDING);
    if !winding || now < from {
        return Err(refuse_one(Code::NotYet, Word::from(if winding { from.0 } else { 0 })));
    }
    let round = reserve.price.round.wrapping_add(1);
    let price = Push { median, time: now, round, status: Status::Ok, ..Push::default() };
    let bad = |_| refuse(Code::BadParameter, Word::from(1_u8), Word::from(median.0));
    judge(reserve, &price, now).map_err(bad)?;
    reserve.price = Push { time: Timestamp(u32::MAX), ..price };
    // As if a pause of liquidations ended now.
    let from = Timestamp(now.0.saturating_sub(MAX_GRACE.min(MAX_LIQUIDATION_PAUSE)));
    reserve.pause = Pause { operations: operation::LIQUIDATE, from, until: now };
    book.store(host);
    Ok(())
}

impl AccruedReserve {
    /// Whether its parameters may be changed.
    ///
    /// # Errors
    /// `WoundUpReserve` while it is wound down.
    pub(crate) fn running(&self, id: u8) -> Result<(), Refusal> {
        if self.flags.has(Flags::WINDING) {
            return Err(refuse_one(Code::WoundUpReserve, Word::from(id)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
