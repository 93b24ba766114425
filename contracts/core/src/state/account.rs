//! An account: what it supplied, protected and owes, in one storage item of its used legs only.

use super::{
    MAX_ITEM,
    codec::{Corrupt, Reader, Writer},
    reserve::ReserveId,
};
use crate::{
    error::{Code, Refusal, Word, refuse},
    units::{Assets, Shares, Timestamp},
};

/// Most reserves in which an account holds something.
pub const MAX_SUPPLIES: usize = 8;
/// Most reserves in which it owes something.
pub const MAX_DEBTS: usize = 4;

const HEADER_LEN: usize = 22;
const SUPPLY_LEN: usize = 33;
const DEBT_LEN: usize = 17;
/// Longest stored account in bytes.
pub const ACCOUNT_MAX_LEN: usize = HEADER_LEN + MAX_SUPPLIES * SUPPLY_LEN + MAX_DEBTS * DEBT_LEN;
const _: () = assert!(ACCOUNT_MAX_LEN <= MAX_ITEM, "a storage item of the pallet holds 416 bytes");

/// Version of the layout, first byte of every account.
const LAYOUT: u8 = 1;

/// What an account holds in a reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SupplyLeg {
    /// Which reserve.
    pub reserve: ReserveId,
    /// Its owner keeps it from being collateral.
    pub opted_out: bool,
    /// Supply shares.
    pub shares: Shares,
    /// Protected tokens.
    pub protected: Assets,
}

/// What an account owes in a reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DebtLeg {
    /// Which reserve.
    pub reserve: ReserveId,
    /// Debt shares.
    pub shares: Shares,
}

/// An account. An account that nobody stored yet is the default one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The category it borrows in; 0 is none.
    pub category: u8,
    /// Tier of its own limits; 0 is none.
    pub tier: u8,
    /// Whether it stands in the list of the indebted.
    pub listed: bool,
    /// Rises with every change.
    pub version: u32,
    /// What flowed out within the tier's window, and when that was counted.
    pub outflow: (u64, Timestamp),
    supply_count: u8,
    debt_count: u8,
    supplies: [SupplyLeg; MAX_SUPPLIES],
    debts: [DebtLeg; MAX_DEBTS],
}

impl Account {
    /// What it holds.
    #[inline]
    #[must_use]
    pub fn supplies(&self) -> &[SupplyLeg] {
        self.supplies.get(..usize::from(self.supply_count)).unwrap_or_default()
    }

    /// What it owes.
    #[inline]
    #[must_use]
    pub fn debts(&self) -> &[DebtLeg] {
        self.debts.get(..usize::from(self.debt_count)).unwrap_or_default()
    }

    /// Whether it owes anything.
    #[inline]
    #[must_use]
    pub const fn has_debt(&self) -> bool {
        self.debt_count != 0
    }

    /// What it holds in a reserve.
    #[must_use]
    pub fn supply(&self, id: ReserveId) -> Option<&SupplyLeg> {
        self.supplies().iter().find(|leg| leg.reserve == id)
    }

    /// What it holds in a reserve, to be changed.
    pub fn supply_mut(&mut self, id: ReserveId) -> Option<&mut SupplyLeg> {
        let count = usize::from(self.supply_count);
        self.supplies.iter_mut().take(count).find(|leg| leg.reserve == id)
    }

    /// Debt shares in a reserve.
    #[must_use]
    pub fn debt(&self, id: ReserveId) -> Shares {
        self.debts().iter().find(|leg| leg.reserve == id).map_or(Shares::ZERO, |leg| leg.shares)
    }

    /// The leg in a reserve, a new one if there is none.
    ///
    /// # Errors
    /// `TooManyLegs` if all are in use.
    pub fn supply_or_new(&mut self, id: ReserveId) -> Result<&mut SupplyLeg, Refusal> {
        let count = usize::from(self.supply_count);
        let at = match self.supplies().iter().position(|leg| leg.reserve == id) {
            Some(at) => at,
            None => {
                let Some(leg) = self.supplies.get_mut(count) else {
                    return Err(too_many(self.supply_count, MAX_SUPPLIES));
                };
                *leg = SupplyLeg { reserve: id, ..SupplyLeg::default() };
                self.supply_count += 1;
                count
            }
        };
        // `at` is within the array by both branches.
        self.supplies.get_mut(at).ok_or_else(|| too_many(self.supply_count, MAX_SUPPLIES))
    }

    /// Drops the leg in a reserve if nothing is left in it. The last leg takes its place.
    pub fn tidy_supply(&mut self, id: ReserveId) {
        let empty = |leg: &SupplyLeg| leg.shares.is_zero() && leg.protected.is_zero();
        if let Some(at) = self.supplies().iter().position(|leg| leg.reserve == id && empty(leg)) {
            let last = usize::from(self.supply_count) - 1;
            self.supplies.swap(at, last);
            if let Some(leg) = self.supplies.get_mut(last) {
                *leg = SupplyLeg::default();
            }
            self.supply_count -= 1;
        }
    }

    /// Sets the debt shares in a reserve: opens, changes or drops the leg. The last leg takes the place of a dropped
    /// one.
    ///
    /// # Errors
    /// `TooManyLegs` if a new leg is needed and all are in use.
    pub fn set_debt(&mut self, id: ReserveId, shares: Shares) -> Result<(), Refusal> {
        let count = usize::from(self.debt_count);
        let found = self.debts().iter().position(|leg| leg.reserve == id);
        match found {
            None if shares.is_zero() => {}
            None => {
                let Some(leg) = self.debts.get_mut(count) else {
                    return Err(too_many(self.debt_count, MAX_DEBTS));
                };
                *leg = DebtLeg { reserve: id, shares };
                self.debt_count += 1;
            }
            Some(at) if shares.is_zero() => {
                self.debts.swap(at, count - 1);
                if let Some(leg) = self.debts.get_mut(count - 1) {
                    *leg = DebtLeg::default();
                }
                self.debt_count -= 1;
            }
            Some(at) => {
                if let Some(leg) = self.debts.get_mut(at) {
                    leg.shares = shares;
                }
            }
        }
        Ok(())
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> EncodedAccount {
        let mut item = EncodedAccount { bytes: [0; ACCOUNT_MAX_LEN], len: 0 };
        let mut opted_out = 0u8;
        for (index, leg) in self.supplies().iter().enumerate() {
            opted_out |= u8::from(leg.opted_out) << index;
        }
        let mut writer = Writer::new(&mut item.bytes);
        writer.u8(LAYOUT);
        writer.u8(self.category);
        writer.u8(self.tier);
        writer.u8(self.supply_count | (self.debt_count << 4));
        writer.u8(opted_out);
        writer.u8(u8::from(self.listed));
        writer.u32(self.version);
        writer.u64(self.outflow.0);
        writer.u32(self.outflow.1.0);
        for leg in self.supplies() {
            writer.u8(leg.reserve.0);
            writer.u128(leg.shares.0);
            writer.u128(leg.protected.0);
        }
        for leg in self.debts() {
            writer.u8(leg.reserve.0);
            writer.u128(leg.shares.0);
        }
        let left = writer.left();
        item.len = ACCOUNT_MAX_LEN - left;
        item
    }

    /// Reads the stored form; no bytes at all are an account that does not exist yet.
    ///
    /// # Errors
    /// [`Corrupt`] if the item has another layout or length.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let mut account = Self::default();
        if item.is_empty() {
            return Ok(account);
        }
        let mut reader = Reader::new(item);
        if reader.u8()? != LAYOUT {
            return Err(Corrupt);
        }
        account.category = reader.u8()?;
        account.tier = reader.u8()?;
        let counts = reader.u8()?;
        account.supply_count = counts & 0x0f;
        account.debt_count = counts >> 4;
        let opted_out = reader.u8()?;
        account.listed = reader.u8()? != 0;
        account.version = reader.u32()?;
        account.outflow = (reader.u64()?, Timestamp(reader.u32()?));
        for index in 0..usize::from(account.supply_count) {
            let leg = account.supplies.get_mut(index).ok_or(Corrupt)?;
            leg.opted_out = opted_out & (1 << index) != 0;
            leg.reserve = ReserveId(reader.u8()?);
            leg.shares = Shares(reader.u128()?);
            leg.protected = Assets(reader.u128()?);
        }
        for index in 0..usize::from(account.debt_count) {
            let leg = account.debts.get_mut(index).ok_or(Corrupt)?;
            leg.reserve = ReserveId(reader.u8()?);
            leg.shares = Shares(reader.u128()?);
        }
        reader.finish()?;
        Ok(account)
    }
}

#[cold]
fn too_many(held: u8, allowed: usize) -> Refusal {
    refuse(
        Code::TooManyLegs,
        Word::from(held),
        Word::from(u8::try_from(allowed).unwrap_or(u8::MAX)),
    )
}

/// A stored account: a buffer and how much of it is used.
#[derive(Clone, Copy, Debug)]
pub struct EncodedAccount {
    bytes: [u8; ACCOUNT_MAX_LEN],
    len: usize,
}

impl EncodedAccount {
    /// The bytes to store.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
