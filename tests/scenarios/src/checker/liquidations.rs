//! Every liquidation: what it moved, and how long after the price it came.

use super::Snapshot;
use super::health::Streaks;
use std::collections::BTreeMap;
use weir_abi::Pool;
use weir_chain::{Address, ContractEvent};
use weir_core::pricing::value_floor;
use weir_core::units::{Assets, Price};

/// A liquidation in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liquidation {
    /// The block that includes it.
    pub block: u64,
    /// Blocks from the one that accepted the price which made the account liquidatable: 0 the same, 1 the next.
    pub delay: u64,
    /// Whose debt was repaid.
    pub borrower: Address,
    /// Who repaid it.
    pub liquidator: Address,
    /// The asset that was repaid.
    pub debt: Address,
    /// The asset that was seized.
    pub collateral: Address,
    /// What was repaid, in the debt's smallest units.
    pub repaid: u128,
    /// What was seized, protected and supplied, in the collateral's smallest units.
    pub seized: u128,
    /// USD (WAD) repaid, at the last accepted price.
    pub repaid_usd: u128,
    /// USD (WAD) seized beyond what was repaid: the bonus, the insurance's part of it included.
    pub bonus_usd: u128,
}

/// The liquidations among a pool's events of one block. `before` knows who was liquidatable at the end of the block
/// before; who was not became so within this block.
#[must_use]
pub fn read(
    snapshot: &Snapshot,
    events: &[ContractEvent],
    prices: &BTreeMap<Address, u128>,
    before: &Streaks,
) -> Vec<Liquidation> {
    let block = snapshot.block.number;
    let usd = |asset: Address, amount: u128| {
        let decimals = snapshot.reserve(asset)?.decimals;
        let price = prices.get(&asset).copied()?;
        value_floor(Assets(amount), Price(price), decimals).ok().map(|value| value.0)
    };
    let found = events.iter().filter_map(|event| event.decode::<Pool::Liquidated>());
    found
        .map(|event| {
            let seized = event.seizedProtected.saturating_add(event.seizedAssets);
            let repaid_usd = usd(event.debt, event.repaid).unwrap_or_default();
            let seized_usd = usd(event.collateral, seized).unwrap_or_default();
            Liquidation {
                block,
                delay: block.saturating_sub(before.since(event.borrower).unwrap_or(block)),
                borrower: event.borrower,
                liquidator: event.caller,
                debt: event.debt,
                collateral: event.collateral,
                repaid: event.repaid,
                seized,
                repaid_usd,
                bonus_usd: seized_usd.saturating_sub(repaid_usd),
            }
        })
        .collect()
}

/// The smallest value that at least `percent` in a hundred of the values do not exceed (nearest rank); 0 of none.
#[must_use]
pub fn percentile(values: &[u64], percent: usize) -> u64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = sorted.len().saturating_mul(percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}
