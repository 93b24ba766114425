//! Flags and plain parameters of a reserve.

use crate::{
    state::codec::{Corrupt, Reader, Writer},
    units::Bps,
};

/// What a reserve is for, and in which state it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(
    /// The bits named below.
    pub u16,
);

impl Flags {
    /// It is lent.
    pub const BORROWABLE: u16 = 1 << 0;
    /// It may serve as collateral.
    pub const COLLATERAL: u16 = 1 << 1;
    /// As collateral it must be the only one of its account.
    pub const ISOLATED: u16 = 1 << 2;
    /// Its cash is lent within a call.
    pub const FLASH: u16 = 1 << 3;
    /// Frozen for what is missing: no supply, no borrow, protect for those in debt only, and no new debt against it.
    pub const FROZEN: u16 = 1 << 8;
    /// A share is worth less than a thousandth of what it was: closed for good.
    pub const WOUND_UP: u16 = 1 << 9;

    /// On its way out: no supply, no debt, no flash loan, no new debt against it, and its parameters stand still.
    pub const WINDING: u16 = 1 << 10;

    /// What the configuration sets; the rest is state.
    pub const CONFIGURED: u16 = Self::BORROWABLE | Self::COLLATERAL | Self::ISOLATED | Self::FLASH;

    /// Whether this bit is set.
    #[inline]
    #[must_use]
    pub const fn has(self, flag: u16) -> bool {
        self.0 & flag != 0
    }

    /// Sets this bit.
    pub fn set(&mut self, flag: u16) {
        self.0 |= flag;
    }
}

/// The terms of liquidation of a collateral.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LiquidationParams {
    /// The bonus at a health factor of 1.
    pub bonus_min: Bps,
    /// The largest bonus (accounts in a category have another).
    pub bonus_max: Bps,
    /// Health factor at and below which the bonus is largest.
    pub health_for_max_bonus: Bps,
    /// The part of the bonus that goes to the insurance.
    pub insurance_cut: Bps,
}

/// What a reserve charges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fees {
    /// The protocol's part of the interest.
    pub fee: Bps,
    /// The price of a flash loan.
    pub flash_fee: Bps,
    /// The insurance's part of that.
    pub flash_split: Bps,
    /// The part of the supply shares up to which the insurance is filled first.
    pub insurance_target: Bps,
}

/// How old a price may be, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ages {
    /// For new risk.
    pub strict: u16,
    /// For liquidations.
    pub long: u16,
}

macro_rules! fields {
    ($type:ident { $($field:ident),* }) => {
        impl $type {
            #[inline(always)]
            pub(super) fn write(&self, writer: &mut Writer<'_>) {
                $(writer.u16(self.$field.0);)*
            }

            #[inline(always)]
            pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
                Ok(Self { $($field: Bps(reader.u16()?)),* })
            }
        }
    };
}
fields!(LiquidationParams { bonus_min, bonus_max, health_for_max_bonus, insurance_cut });
fields!(Fees { fee, flash_fee, flash_split, insurance_target });

impl Ages {
    #[inline(always)]
    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.u16(self.strict);
        writer.u16(self.long);
    }

    #[inline(always)]
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Corrupt> {
        Ok(Self { strict: reader.u16()?, long: reader.u16()? })
    }
}
