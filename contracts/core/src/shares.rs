//! Shares of a total of assets, with a virtual offset.
//!
//! The totals are read as if 1 more unit of assets and 10^6 more shares existed. An empty total therefore has a price
//! (10^6 shares per unit), and whoever tries to lift that price by a donation loses about half of it to the virtual
//! shares. Which direction an operation takes is in the rounding table: never against the pool.

use crate::{
    math::{mul_div_ceil, mul_div_floor},
    units::{Assets, Overflow, Shares},
};

/// Shares that belong to nobody and are part of every price.
pub const VIRTUAL_SHARES: u128 = 1_000_000;
/// Units that nobody paid in and are part of every price.
pub const VIRTUAL_ASSETS: u128 = 1;
/// The largest total of assets for which the shares at the starting price still fit 128 bits (about 3.4·10^32 units);
/// a supply beyond it is refused.
pub const MAX_TOTAL_ASSETS: Assets = Assets(u128::MAX / VIRTUAL_SHARES - VIRTUAL_ASSETS);

/// Total assets and the total shares in them, the virtual ones not included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All assets that the shares stand for.
    pub assets: Assets,
    /// All shares.
    pub shares: Shares,
}

impl Totals {
    /// ⌊assets · (S + 10^6) / (A + 1)⌋: minted for a supply, burnt by a repayment, minted as debt never.
    ///
    /// # Errors
    /// [`Overflow`] if the shares, or a total with its virtual part, do not fit.
    #[inline]
    pub fn to_shares_floor(&self, assets: Assets) -> Result<Shares, Overflow> {
        let (all_assets, all_shares) = self.with_virtual()?;
        mul_div_floor(assets.0, all_shares, all_assets).map(Shares)
    }

    /// ⌈assets · (S + 10^6) / (A + 1)⌉: burnt by a withdrawal, minted as debt by a borrow.
    ///
    /// # Errors
    /// [`Overflow`] if the shares, or a total with its virtual part, do not fit.
    #[inline]
    pub fn to_shares_ceil(&self, assets: Assets) -> Result<Shares, Overflow> {
        let (all_assets, all_shares) = self.with_virtual()?;
        mul_div_ceil(assets.0, all_shares, all_assets).map(Shares)
    }

    /// ⌊shares · (A + 1) / (S + 10^6)⌋: what a claim is worth.
    ///
    /// # Errors
    /// [`Overflow`] if the assets, or a total with its virtual part, do not fit.
    #[inline]
    pub fn to_assets_floor(&self, shares: Shares) -> Result<Assets, Overflow> {
        let (all_assets, all_shares) = self.with_virtual()?;
        mul_div_floor(shares.0, all_assets, all_shares).map(Assets)
    }

    /// ⌈shares · (A + 1) / (S + 10^6)⌉: what a debt costs.
    ///
    /// # Errors
    /// [`Overflow`] if the assets, or a total with its virtual part, do not fit.
    #[inline]
    pub fn to_assets_ceil(&self, shares: Shares) -> Result<Assets, Overflow> {
        let (all_assets, all_shares) = self.with_virtual()?;
        mul_div_ceil(shares.0, all_assets, all_shares).map(Assets)
    }

    /// The totals after `assets` and `shares` came in together.
    ///
    /// # Errors
    /// [`Overflow`] if a total does not fit.
    #[inline]
    pub const fn checked_add(&self, assets: Assets, shares: Shares) -> Result<Self, Overflow> {
        match (self.assets.checked_add(assets), self.shares.checked_add(shares)) {
            (Ok(assets), Ok(shares)) => Ok(Self { assets, shares }),
            _ => Err(Overflow),
        }
    }

    /// The totals after `assets` and `shares` left together.
    ///
    /// # Errors
    /// [`Overflow`] if more leaves than there is.
    #[inline]
    pub const fn checked_sub(&self, assets: Assets, shares: Shares) -> Result<Self, Overflow> {
        match (self.assets.checked_sub(assets), self.shares.checked_sub(shares)) {
            (Ok(assets), Ok(shares)) => Ok(Self { assets, shares }),
            _ => Err(Overflow),
        }
    }

    #[inline]
    fn with_virtual(&self) -> Result<(u128, u128), Overflow> {
        let assets = self.assets.0.checked_add(VIRTUAL_ASSETS).ok_or(Overflow)?;
        let shares = self.shares.0.checked_add(VIRTUAL_SHARES).ok_or(Overflow)?;
        Ok((assets, shares))
    }
}

#[cfg(test)]
mod tests;
