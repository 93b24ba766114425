//! The whole state between two steps, decoded, and what accounts are worth in it by arithmetic of its own.

use crate::{
    wide::{Wide, down, ten, up, wide},
    world::World,
};
use weir_core::{
    accrual::AccruedReserve,
    address::Address,
    state::{Account, Reserve, ReserveId, Root, SupplyLeg},
    units::{Shares, Timestamp},
};

/// A pool at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// When.
    pub now: Timestamp,
    /// Its root.
    pub root: Root,
    /// Its reserves as they are stored, by number.
    pub reserves: Vec<Reserve>,
    /// Its accounts, seed holders too.
    pub accounts: Vec<(Address, Account)>,
    /// What it really holds of each token of the stage.
    pub held: Vec<u128>,
}

impl Snapshot {
    /// Reads a world.
    ///
    /// # Errors
    /// An item that cannot be read.
    pub fn take(world: &World) -> Result<Self, String> {
        let corrupt = |_| "an item cannot be read".to_owned();
        let reserves = (0..world.root.count())
            .map(|id| world.host.reserve(ReserveId(id)))
            .collect::<Result<_, _>>()
            .map_err(corrupt)?;
        Ok(Self {
            now: world.host.time(),
            root: world.root,
            reserves,
            accounts: world.host.accounts().map_err(corrupt)?,
            held: world.held.clone(),
        })
    }

    /// An account; a fresh one if it is not stored.
    #[must_use]
    pub fn account(&self, who: &Address) -> Account {
        self.accounts
            .iter()
            .find(|(held, _)| held == who)
            .map(|(_, account)| account.clone())
            .unwrap_or_default()
    }

    /// The number of a listed token.
    #[must_use]
    pub fn id(&self, token: &Address) -> Option<ReserveId> {
        let at = self.reserves.iter().position(|reserve| reserve.token == *token)?;
        u8::try_from(at).ok().map(ReserveId)
    }

    /// A listed token's reserve.
    #[must_use]
    pub fn reserve(&self, token: &Address) -> Option<&Reserve> {
        self.reserves.iter().find(|reserve| reserve.token == *token)
    }

    /// The reserves with their interest up to a moment.
    #[must_use]
    pub fn accrued(&self, now: Timestamp) -> Vec<Reserve> {
        self.reserves.iter().map(|reserve| *AccruedReserve::new(*reserve, now)).collect()
    }
}

/// With which prices and ratios an account is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Medians and thresholds.
    Median,
    /// Low collateral, high debt, thresholds.
    Threshold,
    /// Low collateral, high debt, the ratios for new debt.
    Ltv,
}

/// What an account is worth and owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// Collateral that counts, USD WAD, down for each leg.
    pub collateral: Wide,
    /// The same, each leg times its ratio in basis points.
    pub weighted: Wide,
    /// Debt, up for each leg.
    pub debt: Wide,
}

impl Values {
    /// Whether the collateral covers the debt.
    #[must_use]
    pub fn covers(&self) -> bool {
        self.weighted >= self.debt * wide(10_000)
    }
}

/// ⌊shares · (A + 1) / (S + 10^6)⌋.
#[must_use]
pub fn worth(reserve: &Reserve, shares: Shares) -> Wide {
    let supply = &reserve.balances.supply;
    down(wide(shares.0), wide(supply.assets.0) + wide(1), wide(supply.shares.0) + wide(1_000_000))
}

/// What debt shares cost: up, and the last ones all that is owed.
#[must_use]
pub fn cost(reserve: &Reserve, shares: Shares) -> Wide {
    let debt = &reserve.balances.debt;
    if shares == debt.shares {
        return wide(debt.assets.0);
    }
    up(wide(shares.0), wide(debt.assets.0) + wide(1), wide(debt.shares.0) + wide(1_000_000))
}

/// The lower side of a price: down by as many basis points, rounded down.
#[must_use]
pub fn low(reserve: &Reserve) -> Wide {
    let price = &reserve.price;
    wide(price.median.0).saturating_sub(up(
        wide(price.median.0),
        wide(price.down.0.into()),
        wide(10_000),
    ))
}

/// The higher side, rounded up.
#[must_use]
pub fn high(reserve: &Reserve) -> Wide {
    let price = &reserve.price;
    wide(price.median.0) + up(wide(price.median.0), wide(price.up.0.into()), wide(10_000))
}

/// What a leg is worth at a price, down.
#[must_use]
pub fn leg_value(reserve: &Reserve, leg: &SupplyLeg, price: Wide) -> Wide {
    down(worth(reserve, leg.shares) + wide(leg.protected.0), price, ten(reserve.decimals))
}

/// Values an account in reserves whose interest is booked.
#[must_use]
pub fn values(account: &Account, reserves: &[Reserve], now: Timestamp, view: View) -> Values {
    let mut values = Values::default();
    for leg in account.supplies().iter().filter(|leg| !leg.opted_out) {
        let reserve = &reserves[usize::from(leg.reserve.0)];
        let ratio = match view {
            View::Ltv => reserve.ltv_at(account.category, now),
            View::Median | View::Threshold => reserve.risk.threshold_at(account.category, now),
        };
        let price = if view == View::Median { wide(reserve.price.median.0) } else { low(reserve) };
        if ratio.is_zero() {
            continue;
        }
        let value = leg_value(reserve, leg, price);
        values.collateral += value;
        values.weighted += value * wide(ratio.0.into());
    }
    for leg in account.debts() {
        let reserve = &reserves[usize::from(leg.reserve.0)];
        let price = if view == View::Median { wide(reserve.price.median.0) } else { high(reserve) };
        values.debt += up(cost(reserve, leg.shares), price, ten(reserve.decimals));
    }
    values
}
