//! The events that a message must leave on the chain, as its log holds them.

use alloy_primitives::{Address, B256};
use alloy_sol_types::SolEvent;
use weir_abi::Admin;
use weir_core::address::Address as CoreAddress;
use weir_fuzz::told::Told;

/// Topics and data.
pub type Log = (Vec<B256>, Vec<u8>);

fn log(event: &impl SolEvent) -> Log {
    let data = event.encode_log_data();
    (data.topics().to_vec(), data.data.to_vec())
}

fn asset(address: &CoreAddress) -> Address {
    Address::from(address.0)
}

/// The event as the log holds it: those of the rules by the rules' own encoder, the others by the interface.
#[must_use]
pub fn encode(told: &Told) -> Log {
    match told {
        Told::Of(event) => {
            let encoded = event.encode();
            let topics = encoded.topics().iter().map(|topic| B256::from(*topic)).collect();
            (topics, encoded.data().to_vec())
        }
        Told::Listed { asset: token, reserve, decimals, seed, floor } => log(&Admin::Listed {
            asset: asset(token),
            reserve: *reserve,
            decimals: *decimals,
            seed: *seed,
            floor: *floor,
        }),
        Told::ParametersSet { asset: token, reserve } => {
            log(&Admin::ParametersSet { asset: asset(token), reserve: reserve.clone().into() })
        }
        Told::GovernorOffered { holder } => log(&Admin::GovernorOffered { holder: asset(holder) }),
        Told::RoleSet { role, holder, previous } => {
            let (holder, previous) = (asset(holder), asset(previous));
            log(&Admin::RoleSet { role: *role, holder, previous })
        }
        Told::PauseSet { asset: token, operations, from, until } => log(&Admin::PauseSet {
            asset: asset(token),
            operations: *operations,
            from: *from,
            until: *until,
        }),
        Told::LimitsSet { dust, min_debt, target } => {
            let (dust, min) = (*dust, *min_debt);
            log(&Admin::LimitsSet { dust, minDebt: min, targetHealthBps: *target })
        }
        Told::Skimmed { asset: token, assets, shares } => {
            log(&Admin::Skimmed { asset: asset(token), assets: *assets, shares: *shares })
        }
        Told::Shortfall { asset: token, balance, owed } => {
            log(&Admin::Shortfall { asset: asset(token), balance: *balance, owed: *owed })
        }
    }
}
