//! Reporters' bonds: what a reporter loses when he keeps reporting what the others do not see.

use super::{FeedRoot, RootRefused};
use crate::address::Address;
use crate::state::codec::{Corrupt, Reader, Writer};
use crate::units::{Overflow, Timestamp};

/// How long a bond stays after its reporter was replaced: a week, as long as faults are remembered.
pub const BOND_DELAY: u32 = 604_800;
const WEEK: u32 = 604_800;

/// Length of a stored bond in bytes.
pub const BOND_LEN: usize = 16 + 4 + 4 + 1;

/// Why a bond is not paid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BondRefused {
    /// There is none.
    Nothing,
    /// It is a reporter's.
    Reporter,
    /// Its reporter was replaced; it is paid out from then on.
    Locked(Timestamp),
}

/// The bond of one account and what is held against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bond {
    /// What lies there, in the smallest units of the bond's token.
    pub amount: u128,
    /// From when on it can be withdrawn, if its owner was a reporter.
    pub released: Timestamp,
    week: u32,
    faults: u8,
}

impl Bond {
    /// Faults in the week of `now`. Weeks are counted from the beginning of the chain's time.
    #[must_use]
    pub const fn faults(&self, now: Timestamp) -> u8 {
        if self.week == now.0 / WEEK { self.faults } else { 0 }
    }

    /// Counts a fault and says how many there were this week.
    pub fn fault(&mut self, now: Timestamp) -> u8 {
        self.faults = self.faults(now).saturating_add(1);
        self.week = now.0 / WEEK;
        self.faults
    }

    /// Adds to it.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn deposit(&mut self, amount: u128) -> Result<(), Overflow> {
        self.amount = self.amount.checked_add(amount).ok_or(Overflow)?;
        Ok(())
    }

    /// Takes all of it out.
    ///
    /// # Errors
    /// [`BondRefused`].
    pub fn withdraw(&mut self, reports: bool, now: Timestamp) -> Result<u128, BondRefused> {
        if reports {
            return Err(BondRefused::Reporter);
        }
        if now < self.released {
            return Err(BondRefused::Locked(self.released));
        }
        if self.amount == 0 {
            return Err(BondRefused::Nothing);
        }
        Ok(core::mem::take(&mut self.amount))
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; BOND_LEN] {
        let mut item = [0; BOND_LEN];
        let mut writer = Writer::new(&mut item);
        writer.u128(self.amount);
        writer.u32(self.released.0);
        writer.u32(self.week);
        writer.u8(self.faults);
        item
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`Corrupt`] for another length.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let mut reader = Reader::new(item);
        let amount = reader.u128()?;
        let released = Timestamp(reader.u32()?);
        let (week, faults) = (reader.u32()?, reader.u8()?);
        reader.finish()?;
        Ok(Self { amount, released, week, faults })
    }
}

/// What the feed holds of bonds, and what it asks of a reporter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bonds {
    /// The token of the bonds; the zero address: there are none.
    pub token: Address,
    /// What a reporter must have lodged when he is named.
    pub least: u128,
    /// Lodged by all.
    pub held: u128,
    /// Taken from suspended reporters, for the insurance of pools.
    pub slashed: u128,
}

/// What a fault led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Faults of the reporter this week.
    pub faults: u8,
    /// Set if that suspended him: what he lost.
    pub slashed: Option<u128>,
}

impl Bonds {
    /// Sets the token and what a reporter must have lodged. `least` without a token is refused, as is another token
    /// while the feed holds some of this one: both with what is held.
    ///
    /// # Errors
    /// What is held.
    pub fn set(&mut self, token: Address, least: u128) -> Result<(), u128> {
        let holds = self.held != 0 || self.slashed != 0;
        if (holds && token != self.token) || (token.is_zero() && least != 0) {
            return Err(self.held.saturating_add(self.slashed));
        }
        (self.token, self.least) = (token, least);
        Ok(())
    }

    /// Adds to a bond.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn deposit(&mut self, bond: &mut Bond, amount: u128) -> Result<(), Overflow> {
        // No bond is larger than all of them.
        self.held = self.held.checked_add(amount).ok_or(Overflow)?;
        bond.deposit(amount)
    }

    /// Pays a bond out.
    ///
    /// # Errors
    /// [`BondRefused`].
    pub fn withdraw(
        &mut self,
        bond: &mut Bond,
        reports: bool,
        now: Timestamp,
    ) -> Result<u128, BondRefused> {
        let amount = bond.withdraw(reports, now)?;
        self.held = self.held.saturating_sub(amount);
        Ok(amount)
    }

    /// Counts a fault of the reporter at this index. Beyond the bound of a week he is suspended and loses his whole
    /// bond, unless too few would be left for a quorum: then nothing happens to him until there are more.
    pub fn judge(
        &mut self,
        root: &mut FeedRoot,
        index: usize,
        bond: &mut Bond,
        now: Timestamp,
    ) -> Judged {
        let faults = bond.fault(now);
        let suspended = faults > root.faults_allowed() && root.suspend(index);
        let slashed = suspended.then(|| {
            let amount = core::mem::take(&mut bond.amount);
            self.held = self.held.saturating_sub(amount);
            // What was held is moved, and all that is held fits.
            self.slashed = self.slashed.saturating_add(amount);
            amount
        });
        Judged { faults, slashed }
    }

    /// Takes out what was slashed; zero if nothing was.
    pub fn take_slashed(&mut self) -> u128 {
        core::mem::take(&mut self.slashed)
    }

    /// Whether such a bond is enough to be named a reporter.
    ///
    /// # Errors
    /// [`RootRefused::Bond`] with what there is.
    pub fn admit(&self, reporter: &Address, bond: &Bond) -> Result<(), RootRefused> {
        let enough = bond.amount >= self.least;
        if enough { Ok(()) } else { Err(RootRefused::Bond(*reporter, bond.amount)) }
    }
}
