//! Interest up to now.
//!
//! [`AccruedReserve`] is made by accrual alone, so whoever holds one knows that its totals are those of this moment.

use core::ops::{Deref, DerefMut};

use crate::{
    error::Refusal,
    event::Event,
    host::Host,
    interest::{Accrual, book_interest},
    math::cmp_products,
    rates::{RateModel as _, Rates, utilisation},
    state::{Balances, Reserve, ReserveId},
    units::{Assets, BPS, Bps, Seconds, Shares, Timestamp},
};

/// A reserve whose interest is booked up to the time at which it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccruedReserve {
    reserve: Reserve,
    booked: Option<Interest>,
}

/// What accrual booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Interest {
    assets: Assets,
    insurance: Shares,
    treasury: Shares,
}

impl AccruedReserve {
    /// Books the interest since the last accrual and lets the flow limits decay. Nothing happens the second time at the
    /// same moment, nor for a moment before the last one. Never fails.
    #[must_use]
    pub fn new(reserve: Reserve, now: Timestamp) -> Self {
        let mut accrued = Self { reserve, booked: None };
        accrued.accrue(now);
        accrued
    }

    /// Room for [`Self::load`].
    #[inline(always)]
    pub(crate) fn room() -> Self {
        Self { reserve: Reserve::room(), booked: None }
    }

    /// Reads a reserve and books its interest, in place of what is there.
    pub(crate) fn load<H: Host>(&mut self, host: &mut H, id: ReserveId) -> Result<(), Refusal> {
        host.read_reserve(id, &mut self.reserve)?;
        self.accrue(host.now());
        Ok(())
    }

    #[inline(never)]
    fn accrue(&mut self, now: Timestamp) {
        let reserve = &mut self.reserve;
        let elapsed = now.since(reserve.last_accrual).unwrap_or(Seconds::ZERO);
        if elapsed.is_zero() {
            return;
        }
        reserve.last_accrual = now;
        reserve.limits.inflow.decay(elapsed.0);
        reserve.limits.outflow.decay(elapsed.0);
        let used = utilisation(reserve.balances.debt.assets, reserve.balances.cash);
        let step = reserve.rates.step(used, elapsed);
        reserve.rates = step.next;
        let booked = book_interest(
            &Accrual {
                debt: reserve.balances.debt.assets,
                supply: reserve.balances.supply,
                rem: reserve.balances.interest_rem,
                fee: reserve.fees.fee.to_wad(),
            },
            step.rate,
            elapsed,
        );
        let to_insurance = wants_more(&reserve.balances, reserve.fees.insurance_target);
        let balances = &mut reserve.balances;
        balances.debt.assets = booked.debt;
        balances.supply = booked.supply;
        balances.interest_rem = booked.rem;
        let (insurance, treasury) = if to_insurance {
            (booked.fee_shares, Shares::ZERO)
        } else {
            (Shares::ZERO, booked.fee_shares)
        };
        // Both are parts of the supply shares, whose sum fits.
        balances.insurance = balances.insurance.checked_add(insurance).unwrap_or(Shares::MAX);
        balances.treasury = balances.treasury.checked_add(treasury).unwrap_or(Shares::MAX);
        self.booked = Some(Interest { assets: booked.interest, insurance, treasury });
    }

    /// What has to be said about it if the reserve is stored; only once.
    pub(crate) fn take_event(&mut self) -> Option<Event> {
        let booked = self.booked.take()?;
        let reserve = &self.reserve;
        Some(Event::Accrued {
            asset: reserve.token,
            interest: booked.assets,
            insurance_shares: booked.insurance,
            treasury_shares: booked.treasury,
            remainder: reserve.balances.interest_rem,
            rate_at_target: match reserve.rates {
                Rates::Adaptive(model) => model.rate_at_target(),
                Rates::Kinked(_) => 0,
            },
            time: reserve.last_accrual,
        })
    }
}

/// Whether the insurance holds less than its target part of the supply shares.
fn wants_more(balances: &Balances, target: Bps) -> bool {
    cmp_products(
        balances.insurance.0,
        u128::from(BPS),
        balances.supply.shares.0,
        u128::from(target.0),
    )
    .is_lt()
}

impl Deref for AccruedReserve {
    type Target = Reserve;

    #[inline]
    fn deref(&self) -> &Reserve {
        &self.reserve
    }
}

impl DerefMut for AccruedReserve {
    #[inline]
    fn deref_mut(&mut self) -> &mut Reserve {
        &mut self.reserve
    }
}

#[cfg(test)]
mod tests;
