//! A ledger over the whole session that is never corrected: fractions of 256 bits, no rounding to units.
//!
//! What is paid in and out comes from the events in whole units; interest comes from the rates, on the ledger's own debt
//! with all its fractions. The pool's integers may be away from it by the units that were rounded since, each grown by
//! the interest of the time since: the ledger keeps that bound beside each number, and the difference must stay in it.

use crate::{exact::rates, snapshot::Snapshot};
use num_bigint::BigInt;
use num_traits::Signed as _;
use std::collections::BTreeMap;
use weir_core::{address::Address, event::Event, units::WAD};

/// Bits behind the point.
const BITS: u32 = 256;

/// A debt and what is owed to suppliers, each with how far the pool may be away.
#[derive(Clone, Debug, Default)]
struct Line {
    debt: BigInt,
    supply: BigInt,
    /// The bound, of both.
    away: BigInt,
}

/// The ledger of a session.
#[derive(Clone, Debug, Default)]
pub struct LongRun {
    lines: BTreeMap<Address, Line>,
}

fn units(number: u128) -> BigInt {
    BigInt::from(number) << BITS
}

impl LongRun {
    /// Begins at a state.
    #[must_use]
    pub fn new(start: &Snapshot) -> Self {
        let mut ledger = Self::default();
        for reserve in &start.reserves {
            let books = &reserve.balances;
            let (debt, supply) = (units(books.debt.assets.0), units(books.supply.assets.0));
            ledger.lines.insert(reserve.token, Line { debt, supply, away: BigInt::ZERO });
        }
        ledger
    }

    /// Hears an event of a step that began at `before`.
    pub fn hear(&mut self, event: &Event, before: &Snapshot) {
        match *event {
            Event::Supplied { party, assets, .. } => self.moved(party.asset, assets.0, 0, 0, 0),
            Event::Withdrawn { party, assets, .. } => self.moved(party.asset, 0, assets.0, 0, 0),
            Event::Borrowed { party, assets, .. } => self.moved(party.asset, 0, 0, assets.0, 0),
            Event::Repaid { party, assets, .. } => self.moved(party.asset, 0, 0, 0, assets.0),
            Event::InsuranceFunded { asset, assets, .. } => self.moved(asset, assets.0, 0, 0, 0),
            Event::FlashLoaned { asset, fee, .. } => self.moved(asset, fee.0, 0, 0, 0),
            Event::Collected { asset, assets, .. } => self.moved(asset, 0, assets.0, 0, 0),
            Event::BadDebt(ref bad) => self.moved(bad.asset, 0, bad.assets.0, 0, bad.assets.0),
            Event::DustForfeited { asset, protected, .. } => {
                self.moved(asset, protected.0, 0, 0, 0);
            }
            Event::Liquidated(ref sold) => {
                self.moved(sold.debt, 0, 0, 0, sold.repaid.0);
                let of_supply = sold.insurance_assets.0.min(sold.seized_assets.0);
                let of_protected = sold.insurance_assets.0 - of_supply;
                let out = if sold.receive_shares { 0 } else { sold.seized_assets.0 - of_supply };
                self.moved(sold.collateral, of_protected, out, 0, 0);
            }
            Event::Accrued { asset, rate_at_target, time, .. } => {
                self.accrued(before, asset, rate_at_target, time.0);
            }
            _ => {}
        }
    }

    /// What a skim found.
    pub fn skimmed(&mut self, asset: Address, assets: u128) {
        self.moved(asset, assets, 0, 0, 0);
    }

    /// Each movement may have been rounded by a unit.
    fn moved(
        &mut self,
        asset: Address,
        supplied: u128,
        withdrawn: u128,
        borrowed: u128,
        repaid: u128,
    ) {
        let line = self.lines.entry(asset).or_default();
        line.supply += units(supplied) - units(withdrawn);
        line.debt += units(borrowed) - units(repaid);
        line.away += units(1);
    }

    fn accrued(&mut self, before: &Snapshot, asset: Address, rate_at_target: u64, time: u32) {
        let (Some(reserve), Some(line)) = (before.reserve(&asset), self.lines.get_mut(&asset))
        else {
            return;
        };
        let elapsed = time.saturating_sub(reserve.last_accrual.0);
        let (least, most) = rates(reserve, rate_at_target);
        let fixed =
            |rate: &num_rational::BigRational| (rate.numer() << BITS) * elapsed / rate.denom();
        let growth = |x: &BigInt| {
            let square: BigInt = (x * x) >> BITS;
            let cube: BigInt = (&square * x) >> BITS;
            x + square / 2 + cube / 6
        };
        let (low, high) = (growth(&fixed(&least)), growth(&fixed(&most)));
        let middle: BigInt = (&low + &high) / 2;
        let interest: BigInt = (&line.debt * &middle) >> BITS;
        // The old distance grows; the rate is known to its bounds and truncated to 10^-18 a second; one unit is carried.
        let unsure: BigInt =
            (&high - &low) / 2 + (units(3) * (elapsed + 4) / WAD) * (&high + units(2)) / units(1);
        let debt = line.debt.abs() + &line.away;
        line.away += ((&line.away * &high) >> BITS) + ((debt * unsure) >> BITS) + units(2);
        line.debt += &interest;
        line.supply += interest;
    }

    /// The pool is as near as it must be.
    ///
    /// # Errors
    /// The reserve that is not.
    pub fn compare(&self, after: &Snapshot) -> Result<(), String> {
        for reserve in &after.reserves {
            let Some(line) = self.lines.get(&reserve.token) else {
                return Err(format!("{:?} is not in the long-run ledger", reserve.token));
            };
            let books = &reserve.balances;
            for (what, exact, is) in [
                ("debt", &line.debt, books.debt.assets.0),
                ("supply", &line.supply, books.supply.assets.0),
            ] {
                let off = (exact - units(is)).abs();
                if off > line.away {
                    let (off, away): (BigInt, BigInt) = (off >> BITS, &line.away >> BITS);
                    return Err(format!(
                        "{what} of {:?} is {off} units off, {away} at most",
                        reserve.token
                    ));
                }
            }
        }
        Ok(())
    }
}
