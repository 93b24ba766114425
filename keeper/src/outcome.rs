//! How a liquidation ended.

#[cfg(test)]
mod tests;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};
use weir_chain::Address;

/// The end of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done; the pool's event says how much.
    Liquidated,
    /// Somebody else was faster, or the borrower saved the account.
    Outcompeted,
    /// A price it needs is too old, suspect or frozen: the next round may bring it.
    StalePrice,
    /// Liquidation is paused or within the grace after a pause.
    Paused,
    /// The pool would have handed over less than was asked for at least.
    Slipped,
    /// The amount fits no longer; the next block's plan has another.
    Resized,
    /// The reserve lacks cash, or the keeper balance or allowance.
    Unfunded,
    /// Refused for any other reason of the contract.
    Refused,
    /// The transaction failed outside the contract's own refusals.
    Failed,
    /// The node did not take the transaction, or is gone.
    NotSent,
    /// Not included while it was valid.
    Expired,
    /// Sent, but the keeper stopped before its end was known.
    Unresolved,
    /// Decided only: the keeper runs without `--execute`.
    DryRun,
}

impl Outcome {
    /// Every outcome, for the series of the metrics.
    pub const ALL: [Self; 13] = [
        Self::Liquidated,
        Self::Outcompeted,
        Self::StalePrice,
        Self::Paused,
        Self::Slipped,
        Self::Resized,
        Self::Unfunded,
        Self::Refused,
        Self::Failed,
        Self::NotSent,
        Self::Expired,
        Self::Unresolved,
        Self::DryRun,
    ];

    /// Name in logs, metrics and the audit log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Liquidated => "liquidated",
            Self::Outcompeted => "outcompeted",
            Self::StalePrice => "stale_price",
            Self::Paused => "paused",
            Self::Slipped => "slipped",
            Self::Resized => "resized",
            Self::Unfunded => "unfunded",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::NotSent => "not_sent",
            Self::Expired => "expired",
            Self::Unresolved => "unresolved",
            Self::DryRun => "dry_run",
        }
    }

    /// What a refusal by the contracts means, from the name of the pool's or the token's error.
    #[must_use]
    pub fn of_refusal(name: &str) -> Self {
        match name {
            "Healthy" | "NothingOwed" | "NothingToSeize" | "NoLeg" => Self::Outcompeted,
            "PriceStale" | "PriceMissing" | "PriceNotUsable" => Self::StalePrice,
            "Paused" | "Grace" => Self::Paused,
            "SeizedTooLittle" => Self::Slipped,
            "DustLeft" | "BelowMinimum" => Self::Resized,
            "InsufficientCash"
            | "TokenFailed"
            | "ERC20InsufficientBalance"
            | "ERC20InsufficientAllowance" => Self::Unfunded,
            _ => Self::Refused,
        }
    }
}

/// Amounts of a liquidation in the tokens' smallest units, and its worth. Integers are written as texts, since most
/// readers of JSON lose digits beyond 2^53.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    /// Debt repaid.
    #[serde(serialize_with = "as_text", deserialize_with = "from_text")]
    pub repaid: u128,
    /// Collateral received, protected and supplied together, after the insurance's cut.
    #[serde(serialize_with = "as_text", deserialize_with = "from_text")]
    pub seized: u128,
    /// Value received less value repaid less fee, USD at the prices of the plan.
    pub profit_usd: Decimal,
}

/// The price that made an account liquidatable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceSource {
    /// Latest round among the account's legs.
    pub round: u32,
    /// The block that accepted it, where the keeper saw it.
    pub block: Option<u64>,
}

/// What the audit log keeps of a liquidation that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Intent id: H(pool, borrower, debt, collateral, account version).
    pub intent: String,
    /// The end.
    pub outcome: Outcome,
    /// The contract's or the node's words, where there are any.
    pub reason: Option<String>,
    /// Whose debt.
    pub borrower: Address,
    /// Symbol of the asset repaid.
    pub debt: String,
    /// Symbol of the asset received.
    pub collateral: String,
    /// Whether supply shares were taken in place of the asset.
    pub shares: bool,
    /// As previewed.
    pub predicted: Amounts,
    /// As the pool's event says; absent unless liquidated.
    pub realised: Option<Amounts>,
    /// Block of the plan.
    pub planned_block: u64,
    /// First block at which this version of the account was liquidatable.
    pub liquidatable_since: u64,
    /// The price behind it.
    pub price: PriceSource,
    /// Block of inclusion.
    pub block: Option<u64>,
    /// Blocks from `liquidatable_since` to inclusion.
    pub blocks_to_inclusion: Option<u64>,
    /// Hash of the transaction.
    pub transaction: Option<String>,
    /// Fee in the native token's smallest units; shared among the legs of one transaction.
    #[serde(serialize_with = "some_as_text")]
    pub fee: Option<u128>,
    /// Value repaid, USD at the prices of the plan; 0 unless liquidated.
    pub repaid_usd: Decimal,
    /// What was lost by it, USD: the fee of a failure, or by how much a liquidation cost more than it brought.
    pub lost_usd: Decimal,
}

fn as_text<S: serde::Serializer>(value: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

#[expect(clippy::ref_option, reason = "serde gives a reference to the field")]
fn some_as_text<S: serde::Serializer>(
    value: &Option<u128>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
