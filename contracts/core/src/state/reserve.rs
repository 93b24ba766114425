//! A reserve: one listed token with everything that is known about it, in one storage item.

mod balances;
mod parameters;

pub use balances::{Balances, DebtCost, WrittenOff};
pub use parameters::{Ages, Fees, Flags, LiquidationParams};

use super::{
    MAX_ITEM,
    codec::{Corrupt, Reader, Writer},
    limits::Limits,
    pause::{Pause, operation},
    price::{self, StoredPrice},
    rates,
    risk::{Risk, Volatility},
};
use crate::{
    address::Address,
    rates::Rates,
    units::{Bps, Timestamp},
};

/// Most reserves of one pool.
pub const MAX_RESERVES: u8 = 32;

/// Length of a stored reserve in bytes.
pub const RESERVE_LEN: usize = 329;
const _: () = assert!(RESERVE_LEN <= MAX_ITEM, "a storage item of the pallet holds 416 bytes");

/// The number of a reserve within its pool, in the order of listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReserveId(
    /// Below [`MAX_RESERVES`].
    pub u8,
);

impl From<ReserveId> for crate::error::Word {
    fn from(id: ReserveId) -> Self {
        Self::from(id.0)
    }
}

/// A listed token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserve {
    /// The token's contract.
    pub token: Address,
    /// Its decimals.
    pub decimals: u8,
    /// What the reserve is for, and its state.
    pub flags: Flags,
    /// What is paused here alone.
    pub pause: Pause,
    /// Until when interest is booked; also the clock of the flow limits.
    pub last_accrual: Timestamp,
    /// What it holds and owes.
    pub balances: Balances,
    /// Its interest-rate model.
    pub rates: Rates,
    /// How much debt it supports as collateral.
    pub risk: Risk,
    /// The terms of liquidation.
    pub liquidation: LiquidationParams,
    /// What it charges, and for whom.
    pub fees: Fees,
    /// How old its price may be.
    pub ages: Ages,
    /// Caps and flow limits.
    pub limits: Limits,
    /// The last price that was pushed.
    pub price: StoredPrice,
}

impl Reserve {
    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; RESERVE_LEN] {
        let mut item = [0; RESERVE_LEN];
        self.write(&mut item);
        item
    }

    /// Writes the stored form; returns how many bytes it leaves free, which is none.
    #[inline]
    fn write(&self, item: &mut [u8; RESERVE_LEN]) -> usize {
        let mut writer = Writer::new(item);
        writer.put(self.token.0);
        writer.u8(self.decimals);
        writer.u16(self.flags.0);
        self.pause.write(&mut writer);
        writer.u32(self.last_accrual.0);
        self.balances.write(&mut writer);
        rates::write(&self.rates, &mut writer);
        self.risk.write(&mut writer);
        self.liquidation.write(&mut writer);
        self.fees.write(&mut writer);
        self.risk.volatility.write(&mut writer);
        self.ages.write(&mut writer);
        self.limits.write(&mut writer);
        price::write(&self.price, &mut writer);
        writer.left()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`Corrupt`] if the item has another length, or holds a rate model or status that cannot be.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let mut reserve = Self::room();
        reserve.read(item)?;
        Ok(reserve)
    }

    /// Room to read a reserve into; not a reserve.
    #[inline(always)]
    pub(crate) fn room() -> Self {
        Self {
            token: Address::ZERO,
            decimals: 0,
            flags: Flags::default(),
            pause: Pause::default(),
            last_accrual: Timestamp::ZERO,
            balances: Balances::default(),
            rates: Rates::ROOM,
            risk: Risk::default(),
            liquidation: LiquidationParams::default(),
            fees: Fees::default(),
            ages: Ages::default(),
            limits: Limits::default(),
            price: price::NONE,
        }
    }

    /// As [`Self::decode`], in place of what is there: a contract copies a kilobyte less.
    ///
    /// # Errors
    /// As [`Self::decode`]; nothing has changed then.
    pub(crate) fn read(&mut self, item: &[u8]) -> Result<(), Corrupt> {
        let item: &[u8; RESERVE_LEN] = item.try_into().map_err(|_| Corrupt)?;
        let mut reader = Reader::new(item);
        let reader = &mut reader;
        let token = Address(reader.take()?);
        let decimals = reader.u8()?;
        let flags = Flags(reader.u16()?);
        let pause = Pause::read(reader)?;
        let last_accrual = Timestamp(reader.u32()?);
        let balances = Balances::read(reader)?;
        let rates = rates::read(reader)?;
        let risk = Risk::read(reader)?;
        let liquidation = LiquidationParams::read(reader)?;
        let fees = Fees::read(reader)?;
        let volatility = Volatility::read(reader)?;
        let ages = Ages::read(reader)?;
        let limits = Limits::read(reader)?;
        let price = price::read(reader)?;
        *self = Self {
            token,
            decimals,
            flags,
            pause,
            last_accrual,
            balances,
            rates,
            risk: Risk { volatility, ..risk },
            liquidation,
            fees,
            ages,
            limits,
            price,
        };
        Ok(())
    }

    /// Whether it is frozen: by what was missing, in wind-down, or by the guardian, whose freeze ends by itself.
    #[must_use]
    pub const fn is_frozen(&self, now: Timestamp) -> bool {
        self.flags.has(Flags::FROZEN | Flags::WINDING) || self.pause.holds(operation::FREEZE, now)
    }

    /// What a unit of this collateral supports when risk is taken on; nothing while the reserve is frozen.
    #[must_use]
    pub fn ltv_at(&self, category: u8, now: Timestamp) -> Bps {
        if self.is_frozen(now) {
            return Bps::ZERO;
        }
        self.risk.ltv_at(category, self.price.volatility, now)
    }
}

#[cfg(test)]
pub(crate) mod tests;
