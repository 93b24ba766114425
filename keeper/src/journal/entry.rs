//! What the journal knows of one transaction.

use crate::intent::{Asset, Intent, IntentId, Plan};
use crate::outcome::PriceSource;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::time::Instant;
use weir_chain::{Address, B256, BlockRef, Bytes, Signed};

/// How far a transaction has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Signed, and perhaps seen by nobody.
    Signed,
    /// A node has it.
    Broadcast,
    /// In a best block, which a re-org may take back.
    InBlock(u64),
    /// In a final block.
    Finalized(u64),
    /// Past its era, and in no block of it: it can never be included.
    Expired,
    /// Never sent, or refused by the node before it was in its pool.
    Abandoned(String),
}

impl State {
    /// Whether nothing can happen to the transaction any more.
    #[must_use]
    pub const fn is_end(&self) -> bool {
        matches!(self, Self::Finalized(_) | Self::Expired | Self::Abandoned(_))
    }
}

/// What was signed, to the byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedTransaction {
    /// The bytes that are broadcast.
    pub bytes: Bytes,
    /// Its hash.
    pub hash: B256,
    /// Its nonce.
    pub nonce: u64,
    /// The block that its era begins with.
    pub birth: u64,
    /// The last block that may include it.
    pub last_block: u64,
}

impl From<&Signed> for SavedTransaction {
    fn from(signed: &Signed) -> Self {
        Self {
            bytes: Bytes::copy_from_slice(signed.bytes()),
            hash: signed.tx_hash(),
            nonce: signed.nonce(),
            birth: signed.birth(),
            last_block: signed.last_block(),
        }
    }
}

/// The liquidation that a transaction makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedLeg {
    /// Asset to repay.
    pub debt: Address,
    /// Asset to receive.
    pub collateral: Address,
    /// Price of the debt asset in the plan, USD for one whole token, WAD.
    pub debt_price: u128,
    /// Price of the collateral asset in the plan.
    pub collateral_price: u128,
    /// Most that may be repaid, smallest units.
    pub max_repay: u128,
    /// Least that must be received for `max_repay`.
    pub min_seized: u128,
    /// Whether supply shares are taken in place of the asset.
    pub shares: bool,
    /// As previewed.
    pub predicted: crate::outcome::Amounts,
}

/// The plan that a transaction is a part of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedPlan {
    /// Whose debt.
    pub borrower: Address,
    /// Version of the account that the plan was made for.
    pub version: u32,
    /// Number of the block of the plan.
    pub block: u64,
    /// Its hash.
    pub block_hash: B256,
    /// The chain's clock in it, seconds.
    pub block_time: u64,
    /// First block at which the account was liquidatable.
    pub since: u64,
    /// The price behind it.
    pub price: PriceSource,
}

/// One transaction in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// How far it has come.
    pub state: State,
    /// What for.
    pub plan: SavedPlan,
    /// What it does.
    pub leg: SavedLeg,
    /// What was signed.
    pub transaction: SavedTransaction,
}

impl Entry {
    /// A leg of a plan, signed.
    #[must_use]
    pub fn new(plan: &Plan, leg: &Intent, signed: &Signed) -> Self {
        Self {
            state: State::Signed,
            plan: SavedPlan {
                borrower: plan.borrower,
                version: plan.version,
                block: plan.block.number,
                block_hash: plan.block.hash,
                block_time: plan.block.timestamp_secs,
                since: plan.since,
                price: plan.price,
            },
            leg: SavedLeg {
                debt: leg.debt.token,
                collateral: leg.collateral.token,
                debt_price: leg.debt_price,
                collateral_price: leg.collateral_price,
                max_repay: leg.max_repay,
                min_seized: leg.min_seized,
                shares: leg.shares,
                predicted: leg.predicted,
            },
            transaction: signed.into(),
        }
    }

    /// The plan of this entry alone; `None` if the pool's deployment does not know its assets any more.
    #[must_use]
    pub fn plan(&self, pool: Address, assets: &[Arc<Asset>]) -> Option<Plan> {
        let find = |token| assets.iter().find(|asset| asset.token == token).cloned();
        let SavedPlan { borrower, version, block, block_hash, block_time, since, price } =
            self.plan;
        let leg = Intent {
            id: IntentId::new(pool, borrower, self.leg.debt, self.leg.collateral, version),
            debt: find(self.leg.debt)?,
            collateral: find(self.leg.collateral)?,
            debt_price: self.leg.debt_price,
            collateral_price: self.leg.collateral_price,
            max_repay: self.leg.max_repay,
            min_seized: self.leg.min_seized,
            shares: self.leg.shares,
            predicted: self.leg.predicted,
        };
        Some(Plan {
            borrower,
            version,
            legs: vec![leg],
            block: BlockRef { number: block, hash: block_hash, timestamp_secs: block_time },
            arrived: Instant::now(),
            since,
            price,
        })
    }
}
