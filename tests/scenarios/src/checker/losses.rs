//! Debt that disappeared from storage without being paid, against what the events say was written off.

use super::ledger::{Flow, Flows};
use super::{Problem, Snapshot};
use std::collections::BTreeMap;
use weir_chain::state::client_address;
use weir_chain::{Address, U256};
use weir_core::accrual::AccruedReserve;
use weir_core::pricing::value_ceil;
use weir_core::state::Reserve;
use weir_core::units::{Assets, Price};

/// Write-offs so far.
#[derive(Clone, Debug, Default)]
pub struct Losses {
    by_asset: BTreeMap<Address, u128>,
    told: u128,
    unexplained: u128,
}

impl Losses {
    /// Books a block: what each stored debt lost beyond what was paid, against the events.
    ///
    /// The interest is not taken from the events but worked out by `weir-core` from the reserve as it was stored
    /// before, at the time up to which it is booked now.
    pub fn book(
        &mut self,
        before: Option<&Snapshot>,
        now: &Snapshot,
        flows: &Flows,
        prices: &BTreeMap<Address, u128>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (_, reserve) in now.reserves().unwrap_or_default() {
            let asset = client_address(reserve.token);
            let flow = flows.get(&asset).copied().unwrap_or_default();
            let price = Price(prices.get(&asset).copied().unwrap_or_default());
            let usd = |amount| {
                value_ceil(Assets(amount), price, reserve.decimals)
                    .map_or(u128::MAX, |value| value.0)
            };
            self.told = self.told.saturating_add(usd(flow.written_off));
            let total = self.by_asset.entry(asset).or_default();
            *total = total.saturating_add(flow.written_off);
            let was = before.and_then(|before| before.reserve(asset));
            let (interest, stored) = disappeared(was.as_ref(), &reserve, &flow);
            let mut say =
                |what| problems.push(Problem { block: now.block.number, asset: Some(asset), what });
            if interest != flow.interest {
                say(format!(
                    "interest is {interest} by the rules, {} by the events",
                    flow.interest
                ));
            }
            let difference = stored.abs_diff(U256::from(flow.written_off));
            if !difference.is_zero() {
                let amount = u128::try_from(difference).unwrap_or(u128::MAX);
                // A price that is not there yet must not make a loss disappear.
                self.unexplained = self.unexplained.saturating_add(usd(amount).max(1));
                say(format!("{stored} of debt disappeared, {} were written off", flow.written_off));
            }
        }
        problems
    }

    /// USD (WAD) written off by the events.
    #[must_use]
    pub fn told(&self) -> u128 {
        self.told
    }

    /// What was written off of an asset by the events, in its smallest units.
    #[must_use]
    pub fn of(&self, asset: Address) -> u128 {
        self.by_asset.get(&asset).copied().unwrap_or_default()
    }

    /// USD (WAD) by which storage and events differ, block by block.
    #[must_use]
    pub fn unexplained(&self) -> u128 {
        self.unexplained
    }
}

/// Interest since the state before, and what of the debt is gone beyond what was repaid. A debt that is larger than
/// it should be counts as gone, too: it is no less unexplained.
fn disappeared(was: Option<&Reserve>, is: &Reserve, flow: &Flow) -> (u128, U256) {
    let (before, interest) = match was {
        Some(was) => {
            let before = was.balances.debt.assets.0;
            let accrued = AccruedReserve::new(*was, is.last_accrual);
            (before, accrued.balances.debt.assets.0.saturating_sub(before))
        }
        None => (0, 0),
    };
    let due = U256::from(before) + U256::from(interest) + U256::from(flow.borrowed);
    let accounted = U256::from(is.balances.debt.assets.0) + U256::from(flow.released);
    (interest, due.abs_diff(accounted))
}
