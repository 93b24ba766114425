//! The books of each reserve, from storage and from the token alone.

use super::{Problem, Snapshot};
use weir_chain::state::client_address;
use weir_chain::{Address, U256};
use weir_core::state::{Account, Balances, Reserve, ReserveId, SupplyLeg};
use weir_core::units::Shares;

impl Snapshot {
    /// Every book that does not balance in this block.
    #[must_use]
    pub fn check_books(&self) -> Vec<Problem> {
        let block = self.block.number;
        let (Ok(reserves), Ok(accounts)) = (self.reserves(), self.accounts()) else {
            let what = "a stored item cannot be read".to_owned();
            return vec![Problem { block, asset: None, what }];
        };
        let mut problems = Vec::new();
        for (id, reserve) in &reserves {
            let asset = client_address(reserve.token);
            let mut say = |what| problems.push(Problem { block, asset: Some(asset), what });
            balance(&reserve.balances, &mut say);
            claims(*id, reserve, &accounts, &mut say);
            let held = self.holdings.get(&asset).copied().unwrap_or_default();
            let (cash, protected) = (reserve.balances.cash.0, reserve.balances.protected.0);
            if U256::from(held) < sum(&[cash, protected]) {
                say(format!(
                    "the pool holds {held}, less than cash {cash} and protected {protected}"
                ));
            }
        }
        problems
    }
}

fn sum(parts: &[u128]) -> U256 {
    parts.iter().fold(U256::ZERO, |sum, part| sum + U256::from(*part))
}

/// H + debt = supply + protected with H = cash + protected, and a debt exists in assets and shares or in neither.
fn balance(balances: &Balances, say: &mut impl FnMut(String)) {
    let (cash, protected) = (balances.cash.0, balances.protected.0);
    let (debt, supply) = (balances.debt.assets.0, balances.supply.assets.0);
    if sum(&[cash, protected, debt]) != sum(&[supply, protected]) {
        say(format!("cash {cash} and debt {debt} are not supply {supply}"));
    }
    if (debt == 0) != balances.debt.shares.is_zero() {
        say(format!("debt {debt} in {} shares", balances.debt.shares.0));
    }
}

/// Whatever anybody may ask for is there: shares and protected tokens add up to the totals, and what the shares are
/// worth, each rounded as it would be paid, is covered by the supply.
fn claims(
    id: ReserveId,
    reserve: &Reserve,
    accounts: &[(Address, Account)],
    say: &mut impl FnMut(String),
) {
    let balances = &reserve.balances;
    let legs: Vec<&SupplyLeg> =
        accounts.iter().filter_map(|(_, account)| account.supply(id)).collect();
    let mut shares: Vec<u128> = legs.iter().map(|leg| leg.shares.0).collect();
    shares.extend([balances.insurance.0, balances.treasury.0]);
    let total = sum(&shares);
    if total != U256::from(balances.supply.shares.0) {
        say(format!("supply shares add up to {total}, the total is {}", balances.supply.shares.0));
    }
    let protected: Vec<u128> = legs.iter().map(|leg| leg.protected.0).collect();
    let total = sum(&protected);
    if total != U256::from(balances.protected.0) {
        say(format!("protected tokens add up to {total}, the total is {}", balances.protected.0));
    }
    let debts: Vec<u128> = accounts.iter().map(|(_, account)| account.debt(id).0).collect();
    let total = sum(&debts);
    if total != U256::from(balances.debt.shares.0) {
        say(format!("debt shares add up to {total}, the total is {}", balances.debt.shares.0));
    }
    let worth = shares.iter().map(|part| {
        balances
            .supply
            .to_assets_floor(Shares(*part))
            .map_or(U256::MAX, |assets| U256::from(assets.0))
    });
    let worth = worth.fold(U256::ZERO, U256::saturating_add);
    if worth > U256::from(balances.supply.assets.0) {
        say(format!("claims are worth {worth}, the supply is {}", balances.supply.assets.0));
    }
}
