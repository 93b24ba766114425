//! What the log of the chain says, read back by the public interface alone.

use crate::events::Log;
use alloy_primitives::Address;
use alloy_sol_types::SolEventInterface as _;
use weir_abi::{Admin::AdminEvents, Pool::PoolEvents};
use weir_core::{
    address::Address as CoreAddress,
    event::{BadDebt, Event, Liquidated, Party},
    feed::{Push, Status},
    state::Grant,
    units::{Assets, Bps, Price, Shares, Timestamp, Wad},
};
use weir_fuzz::told::Told;

fn core(address: Address) -> CoreAddress {
    CoreAddress(address.into_array())
}

fn party(asset: Address, account: Address, caller: Address) -> Party {
    Party { asset: core(asset), account: core(account), caller: core(caller) }
}

/// The event behind topics and data; `None` for what is none of the pool's.
#[must_use]
pub fn decode((topics, data): &Log) -> Option<Told> {
    match PoolEvents::decode_raw_log(topics, data) {
        Ok(event) => of_rules(event).map(Told::Of),
        Err(_) => AdminEvents::decode_raw_log(topics, data).ok().map(of_shell),
    }
}

fn of_shell(event: AdminEvents) -> Told {
    match event {
        AdminEvents::Listed(it) => Told::Listed {
            asset: core(it.asset),
            reserve: it.reserve,
            decimals: it.decimals,
            seed: it.seed,
            floor: it.floor,
        },
        AdminEvents::ParametersSet(it) => {
            Told::ParametersSet { asset: core(it.asset), reserve: it.reserve.to_vec() }
        }
        AdminEvents::GovernorOffered(it) => Told::GovernorOffered { holder: core(it.holder) },
        AdminEvents::RoleSet(it) => {
            let (holder, previous) = (core(it.holder), core(it.previous));
            Told::RoleSet { role: it.role, holder, previous }
        }
        AdminEvents::PauseSet(it) => Told::PauseSet {
            asset: core(it.asset),
            operations: it.operations,
            from: it.from,
            until: it.until,
        },
        AdminEvents::LimitsSet(it) => {
            Told::LimitsSet { dust: it.dust, min_debt: it.minDebt, target: it.targetHealthBps }
        }
        AdminEvents::Skimmed(it) => {
            Told::Skimmed { asset: core(it.asset), assets: it.assets, shares: it.shares }
        }
        AdminEvents::Shortfall(it) => {
            Told::Shortfall { asset: core(it.asset), balance: it.balance, owed: it.owed }
        }
    }
}

fn of_rules(event: PoolEvents) -> Option<Event> {
    Some(match event {
        PoolEvents::Supplied(it) => Event::Supplied {
            party: party(it.asset, it.account, it.caller),
            assets: Assets(it.assets),
            shares: Shares(it.shares),
        },
        PoolEvents::Protected(it) => Event::Protected {
            party: party(it.asset, it.account, it.caller),
            assets: Assets(it.assets),
        },
        PoolEvents::Repaid(it) => Event::Repaid {
            party: party(it.asset, it.account, it.caller),
            assets: Assets(it.assets),
            shares: Shares(it.shares),
        },
        PoolEvents::Withdrawn(it) => Event::Withdrawn {
            party: party(it.asset, it.account, it.caller),
            to: core(it.to),
            assets: Assets(it.assets),
            shares: Shares(it.shares),
        },
        PoolEvents::Unprotected(it) => Event::Unprotected {
            party: party(it.asset, it.account, it.caller),
            to: core(it.to),
            assets: Assets(it.assets),
        },
        PoolEvents::Borrowed(it) => Event::Borrowed {
            party: party(it.asset, it.account, it.caller),
            to: core(it.to),
            assets: Assets(it.assets),
            shares: Shares(it.shares),
        },
        PoolEvents::CollateralSet(it) => {
            Event::CollateralSet { party: party(it.asset, it.account, it.caller), on: it.on }
        }
        PoolEvents::CategorySet(it) => Event::CategorySet {
            account: core(it.account),
            caller: core(it.caller),
            category: it.category,
        },
        PoolEvents::OperatorSet(it) => Event::OperatorSet {
            account: core(it.account),
            operator: core(it.operator),
            grant: Grant { permissions: it.permissions, expiry: Timestamp(it.expiry) },
        },
        other => return of_reserve(other),
    })
}

fn of_reserve(event: PoolEvents) -> Option<Event> {
    Some(match event {
        PoolEvents::Accrued(it) => Event::Accrued {
            asset: core(it.asset),
            interest: Assets(it.interest),
            insurance_shares: Shares(it.insuranceShares),
            treasury_shares: Shares(it.treasuryShares),
            remainder: it.remainder,
            rate_at_target: it.rateAtTarget,
            time: Timestamp(it.time),
        },
        PoolEvents::InsuranceFunded(it) => Event::InsuranceFunded {
            asset: core(it.asset),
            caller: core(it.caller),
            assets: Assets(it.assets),
            shares: Shares(it.shares),
        },
        PoolEvents::FlashLoaned(it) => Event::FlashLoaned {
            asset: core(it.asset),
            receiver: core(it.receiver),
            initiator: core(it.initiator),
            assets: Assets(it.assets),
            fee: Assets(it.fee),
            insurance_shares: Shares(it.insuranceShares),
        },
        PoolEvents::Collected(it) => Event::Collected {
            asset: core(it.asset),
            to: core(it.to),
            assets: Assets(it.assets),
            shares: Shares(it.shares),
        },
        PoolEvents::PriceAccepted(it) => Event::PriceAccepted {
            asset: core(it.asset),
            price: Push {
                median: Price(it.median),
                down: Bps(it.downBps),
                up: Bps(it.upBps),
                time: Timestamp(it.time),
                round: it.round,
                status: Status::from_code(it.status)?,
                volatility: Bps(it.volatilityBps),
            },
        },
        PoolEvents::PriceIgnored(it) => Event::PriceIgnored {
            asset: core(it.asset),
            median: Price(it.median),
            time: Timestamp(it.time),
            round: it.round,
            reason: it.reason,
        },
        PoolEvents::WoundUp(it) => Event::WoundUp {
            asset: core(it.asset),
            assets: Assets(it.supplyAssets),
            shares: Shares(it.supplyShares),
        },
        other => return of_losses(other),
    })
}

fn of_losses(event: PoolEvents) -> Option<Event> {
    Some(match event {
        PoolEvents::Liquidated(it) => Event::Liquidated(Liquidated {
            borrower: core(it.borrower),
            debt: core(it.debt),
            collateral: core(it.collateral),
            caller: core(it.caller),
            repaid: Assets(it.repaid),
            repaid_shares: Shares(it.repaidShares),
            seized_protected: Assets(it.seizedProtected),
            seized_assets: Assets(it.seizedAssets),
            seized_shares: Shares(it.seizedShares),
            insurance_assets: Assets(it.insuranceAssets),
            insurance_shares: Shares(it.insuranceShares),
            bonus: Wad(it.bonus),
            receive_shares: it.receiveShares,
        }),
        PoolEvents::DustForfeited(it) => Event::DustForfeited {
            asset: core(it.asset),
            account: core(it.account),
            protected: Assets(it.protectedAssets),
            shares: Shares(it.shares),
            minted: Shares(it.mintedShares),
        },
        PoolEvents::BadDebt(it) => Event::BadDebt(BadDebt {
            asset: core(it.asset),
            account: core(it.account),
            assets: Assets(it.assets),
            shares: Shares(it.shares),
            insured: Assets(it.insured),
            insurance_shares: Shares(it.insuranceShares),
            socialised: Assets(it.socialised),
        }),
        _ => return None,
    })
}
