//! What a liquidation earns, in decimal arithmetic for people and decisions. Nothing here decides about health: a
//! `Decimal` has 96 bits, the protocol's own arithmetic is in `weir-core`.

#[cfg(test)]
mod tests;

use rust_decimal::Decimal;

/// Decimals of a price and of every other WAD.
pub const WAD_DECIMALS: u32 = 18;

/// An amount in whole tokens. Digits beyond the 28 that a `Decimal` is sure to hold are cut off.
///
/// `None` if the whole part alone does not fit, which is above 7.9 · 10^28 whole tokens.
#[must_use]
pub fn whole(amount: u128, decimals: u32) -> Option<Decimal> {
    let (mut rest, mut scale) = (amount, decimals);
    loop {
        let exact = i128::try_from(rest).ok();
        if let Some(value) =
            exact.and_then(|rest| Decimal::try_from_i128_with_scale(rest, scale).ok())
        {
            return Some(value);
        }
        scale = scale.checked_sub(1)?;
        rest /= 10;
    }
}

/// Value of an amount, USD: whole tokens times the price of one.
///
/// `price_wad` is USD for one whole token, WAD. `None` if the value does not fit.
#[must_use]
pub fn value_usd(amount: u128, decimals: u32, price_wad: u128) -> Option<Decimal> {
    whole(amount, decimals)?.checked_mul(whole(price_wad, WAD_DECIMALS)?)
}

/// The two sides of a liquidation and what it costs, USD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Value of what is received.
    pub seized: Decimal,
    /// Value of what is repaid.
    pub repaid: Decimal,
    /// Fee of the transaction.
    pub fee: Decimal,
}

impl Estimate {
    /// Received less repaid less fee; negative where the fee eats the bonus. `None` if it does not fit.
    #[must_use]
    pub fn profit(&self) -> Option<Decimal> {
        self.seized.checked_sub(self.repaid)?.checked_sub(self.fee)
    }
}

/// What fees come to: from the native token's price, and from the fees paid lately.
#[derive(Clone, Debug)]
pub struct FeeModel {
    native_price_usd: Decimal,
    native_decimals: u32,
    /// Largest fee of one liquidation seen so far, in the native token's smallest units.
    seen: u128,
}

impl FeeModel {
    /// Starts with an estimate for the first liquidation, in the native token's smallest units.
    #[must_use]
    pub fn new(native_price_usd: Decimal, native_decimals: u32, first: u128) -> Self {
        Self { native_price_usd, native_decimals, seen: first }
    }

    /// Learns the fee of a liquidation. Fees fall slowly and rise at once, so that the estimate errs on the high side:
    /// an eighth of the difference downward, the whole difference upward.
    pub fn learn(&mut self, fee: u128) {
        self.seen = if fee >= self.seen { fee } else { self.seen - (self.seen - fee) / 8 };
    }

    /// The fee to expect, USD. `None` if it does not fit.
    #[must_use]
    pub fn expected_usd(&self) -> Option<Decimal> {
        self.usd(self.seen)
    }

    /// A fee in USD.
    #[must_use]
    pub fn usd(&self, fee: u128) -> Option<Decimal> {
        self.native(fee)?.checked_mul(self.native_price_usd)
    }

    /// A fee in whole native tokens.
    #[must_use]
    pub fn native(&self, fee: u128) -> Option<Decimal> {
        whole(fee, self.native_decimals)
    }
}
