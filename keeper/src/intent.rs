//! What the strategy wants done.

use crate::outcome::{Amounts, PriceSource};
use std::fmt;
use std::sync::Arc;
use tokio::time::Instant;
use weir_chain::{Address, B256, BlockRef, keccak256};

/// An asset of the pool, as the deployment names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Symbol, for people.
    pub symbol: String,
    /// The token.
    pub token: Address,
    /// Decimals of the token.
    pub decimals: u32,
    /// Index of the reserve in the pool.
    pub reserve: u8,
}

/// H(pool, borrower, debt, collateral, account version): the same for the same liquidation of the same state of the
/// account, whoever plans it and however often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IntentId(B256);

impl IntentId {
    /// The id of a liquidation.
    #[must_use]
    pub fn new(
        pool: Address,
        borrower: Address,
        debt: Address,
        collateral: Address,
        version: u32,
    ) -> Self {
        let mut bytes = Vec::with_capacity(84);
        for address in [pool, borrower, debt, collateral] {
            bytes.extend_from_slice(address.as_slice());
        }
        bytes.extend_from_slice(&version.to_be_bytes());
        Self(keccak256(bytes))
    }
}

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One liquidation to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Its id.
    pub id: IntentId,
    /// Asset to repay.
    pub debt: Arc<Asset>,
    /// Asset to receive.
    pub collateral: Arc<Asset>,
    /// Price of the debt asset in the plan, USD for one whole token, WAD.
    pub debt_price: u128,
    /// Price of the collateral asset in the plan.
    pub collateral_price: u128,
    /// Most that may be repaid, smallest units.
    pub max_repay: u128,
    /// Least that must be received for `max_repay`; the pool holds less repaid to the same proportion.
    pub min_seized: u128,
    /// Whether supply shares are taken in place of the asset.
    pub shares: bool,
    /// As previewed.
    pub predicted: Amounts,
}

/// The liquidations of one account, in order, to go out in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Whose debt.
    pub borrower: Address,
    /// Version of the account that the plan was made for.
    pub version: u32,
    /// At least one.
    pub legs: Vec<Intent>,
    /// The block of the plan.
    pub block: BlockRef,
    /// When that block arrived.
    pub arrived: Instant,
    /// First block at which the account was liquidatable.
    pub since: u64,
    /// The price behind it.
    pub price: PriceSource,
}

impl Plan {
    /// Expected profit of all legs, USD.
    #[must_use]
    pub fn profit(&self) -> rust_decimal::Decimal {
        self.legs.iter().map(|leg| leg.predicted.profit_usd).sum()
    }
}
