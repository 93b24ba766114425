//! An account: what it supplied, protected and owes, in one storage item of its used legs only.

use arrayvec::ArrayVec;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The category it borrows in; 0 is none.
    pub category: u8,
    /// Tier of its own limits; 0 is none.
    pub tier: u8,
    /// Whether it stands in the list of the indebted.
    pub listed: bool,
    /// Rises with every change: by one for each event about the account. It tells states apart, and may begin again.
    pub version: u32,
    /// What flowed out within the tier's window, and when that was counted.
    pub outflow: (u64, Timestamp),
    supplies: ArrayVec<SupplyLeg, MAX_SUPPLIES>,
    debts: Debts,
}

/// What an account owes, one leg a reserve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Debts(ArrayVec<DebtLeg, MAX_DEBTS>);

impl Debts {
    /// Debt shares in a reserve.
    #[must_use]
    pub fn of(&self, id: ReserveId) -> Shares {
        self.0.iter().find(|leg| leg.reserve == id).map_or(Shares::ZERO, |leg| leg.shares)
    }
}

impl Account {
    /// What it holds.
    #[inline]
    #[must_use]
    pub fn supplies(&self) -> &[SupplyLeg] {
        &self.supplies
    }

    /// What it owes.
    #[inline]
    #[must_use]
    pub fn debts(&self) -> &[DebtLeg] {
        &self.debts.0
    }

    /// A copy of what it owes, to compare with later.
    pub(crate) fn owed(&self) -> Debts {
        self.debts.clone()
    }

    /// Whether it owes anything.
    #[inline]
    #[must_use]
    pub const fn has_debt(&self) -> bool {
        !self.debts.0.is_empty()
    }

    /// What it holds in a reserve.
    #[must_use]
    pub fn supply(&self, id: ReserveId) -> Option<&SupplyLeg> {
        self.supplies.iter().find(|leg| leg.reserve == id)
    }

    /// What it holds in a reserve, to be changed.
    pub fn supply_mut(&mut self, id: ReserveId) -> Option<&mut SupplyLeg> {
        self.supplies.iter_mut().find(|leg| leg.reserve == id)
    }

    /// Debt shares in a reserve.
    #[must_use]
    pub fn debt(&self, id: ReserveId) -> Shares {
        self.debts.of(id)
    }

    /// The leg in a reserve, a new one if there is none.
    ///
    /// # Errors
    /// `TooManyLegs` if all are in use.
    pub fn supply_or_new(&mut self, id: ReserveId) -> Result<&mut SupplyLeg, Refusal> {
        let found = self.supplies.iter().position(|leg| leg.reserve == id);
        let at = found.unwrap_or(self.supplies.len());
        if found.is_none() {
            let leg = SupplyLeg { reserve: id, ..SupplyLeg::default() };
            self.supplies.try_push(leg).map_err(|_| too_many(MAX_SUPPLIES))?;
        }
        // `at` is within the legs by both branches.
        self.supplies.get_mut(at).ok_or_else(|| too_many(MAX_SUPPLIES))
    }

    /// Drops the leg in a reserve if nothing is left in it. The last leg takes its place.
    pub fn tidy_supply(&mut self, id: ReserveId) {
        let empty = |leg: &SupplyLeg| leg.shares.is_zero() && leg.protected.is_zero();
        if let Some(at) = self.supplies.iter().position(|leg| leg.reserve == id && empty(leg)) {
            self.supplies.swap_pop(at);
        }
    }

    /// Sets the debt shares in a reserve: opens, changes or drops the leg. The last leg takes the place of a dropped
    /// one.
    ///
    /// # Errors
    /// `TooManyLegs` if a new leg is needed and all are in use.
    pub fn set_debt(&mut self, id: ReserveId, shares: Shares) -> Result<(), Refusal> {
        let debts = &mut self.debts.0;
        match debts.iter().position(|leg| leg.reserve == id) {
            None if shares.is_zero() => {}
            None => {
                let leg = DebtLeg { reserve: id, shares };
                debts.try_push(leg).map_err(|_| too_many(MAX_DEBTS))?;
            }
            Some(at) if shares.is_zero() => {
                debts.swap_pop(at);
            }
            Some(at) => {
                if let Some(leg) = debts.get_mut(at) {
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
        item.len = self.write(&mut item.bytes);
        item
    }

    /// Writes the stored form to the beginning of a buffer, and returns its length.
    pub(crate) fn write(&self, buffer: &mut [u8; ACCOUNT_MAX_LEN]) -> usize {
        let (mut opted_out, mut bit) = (0, 1);
        for leg in &self.supplies {
            opted_out |= if leg.opted_out { bit } else { 0 };
            bit <<= 1;
        }
        let mut writer = Writer::new(buffer);
        writer.u8(LAYOUT);
        writer.u8(self.category);
        writer.u8(self.tier);
        writer.u8(count(self.supplies.len()) | (count(self.debts.0.len()) << 4));
        writer.u8(opted_out);
        writer.u8(u8::from(self.listed));
        writer.u32(self.version);
        writer.u64(self.outflow.0);
        writer.u32(self.outflow.1.0);
        for leg in &self.supplies {
            writer.u8(leg.reserve.0);
            writer.u128(leg.shares.0);
            writer.u128(leg.protected.0);
        }
        for leg in &self.debts.0 {
            writer.u8(leg.reserve.0);
            writer.u128(leg.shares.0);
        }
        ACCOUNT_MAX_LEN - writer.left()
    }

    /// Reads the stored form; no bytes at all are an account that does not exist yet.
    ///
    /// # Errors
    /// [`Corrupt`] if the item has another layout or length.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let mut account = Self::default();
        account.read(item)?;
        Ok(account)
    }

    /// As [`Self::decode`], into a new account: a contract copies half a kilobyte less.
    ///
    /// # Errors
    /// As [`Self::decode`]; the account is then of no use.
    pub fn read(&mut self, item: &[u8]) -> Result<(), Corrupt> {
        if item.is_empty() {
            return Ok(());
        }
        let mut reader = Reader::new(item);
        if reader.u8()? != LAYOUT {
            return Err(Corrupt);
        }
        self.category = reader.u8()?;
        self.tier = reader.u8()?;
        let counts = reader.u8()?;
        let mut opted_out = reader.u8()?;
        self.listed = reader.u8()? != 0;
        self.version = reader.u32()?;
        self.outflow = (reader.u64()?, Timestamp(reader.u32()?));
        for _ in 0..counts & 0x0f {
            let leg = SupplyLeg {
                opted_out: opted_out & 1 != 0,
                reserve: ReserveId(reader.u8()?),
                shares: Shares(reader.u128()?),
                protected: Assets(reader.u128()?),
            };
            opted_out >>= 1;
            self.supplies.try_push(leg).map_err(|_| Corrupt)?;
        }
        for _ in 0..counts >> 4 {
            let leg = DebtLeg { reserve: ReserveId(reader.u8()?), shares: Shares(reader.u128()?) };
            self.debts.0.try_push(leg).map_err(|_| Corrupt)?;
        }
        reader.finish()
    }
}

/// At most eight legs.
fn count(legs: usize) -> u8 {
    u8::try_from(legs).unwrap_or(u8::MAX)
}

#[cold]
fn too_many(allowed: usize) -> Refusal {
    // All are in use.
    let allowed = Word::from(count(allowed));
    refuse(Code::TooManyLegs, allowed, allowed)
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
