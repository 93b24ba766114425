//! What a pool says about each change of its state, field by field as in its Solidity interface.
//!
//! The events alone rebuild the state: amounts and shares stand on both sides, and what is not in an event follows from
//! the totals before it by the rules of this crate.

mod encode;
#[cfg(test)]
mod tests;
mod topics;

pub use encode::{EncodedEvent, MAX_DATA};
pub use topics::TOPICS;

use crate::{
    address::Address,
    feed::Push,
    state::Grant,
    units::{Assets, Price, Shares, Timestamp, Wad},
};

/// Who did something for whom, in which reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party {
    /// The token of the reserve.
    pub asset: Address,
    /// Whose account it was.
    pub account: Address,
    /// Who called.
    pub caller: Address,
}

/// A liquidation, see the event `Liquidated`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liquidated {
    /// The liquidated account.
    pub borrower: Address,
    /// Token of the debt.
    pub debt: Address,
    /// Token of the collateral.
    pub collateral: Address,
    /// The liquidator.
    pub caller: Address,
    /// What he pays.
    pub repaid: Assets,
    /// The debt shares that it retired.
    pub repaid_shares: Shares,
    /// What left the borrower's protected tokens.
    pub seized_protected: Assets,
    /// What left the borrower's supply.
    pub seized_assets: Assets,
    /// The shares that left with it.
    pub seized_shares: Shares,
    /// The insurance's cut of the bonus, out of the supply first.
    pub insurance_assets: Assets,
    /// The supply shares that the cut became.
    pub insurance_shares: Shares,
    /// The bonus.
    pub bonus: Wad,
    /// Whether the liquidator took supply shares instead of tokens.
    pub receive_shares: bool,
}

/// Debt that nobody will repay, see the event `BadDebt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadDebt {
    /// Token of the debt.
    pub asset: Address,
    /// Whose it was.
    pub account: Address,
    /// What was written off.
    pub assets: Assets,
    /// The debt shares.
    pub shares: Shares,
    /// The part that the insurance bore.
    pub insured: Assets,
    /// The shares that it lost for that.
    pub insurance_shares: Shares,
    /// The part that the suppliers bore.
    pub socialised: Assets,
}

/// An event of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the variants and fields are those of the Solidity interface, which says what they mean"
)]
pub enum Event {
    Supplied {
        party: Party,
        assets: Assets,
        shares: Shares,
    },
    Protected {
        party: Party,
        assets: Assets,
    },
    Repaid {
        party: Party,
        assets: Assets,
        shares: Shares,
    },
    Withdrawn {
        party: Party,
        to: Address,
        assets: Assets,
        shares: Shares,
    },
    Unprotected {
        party: Party,
        to: Address,
        assets: Assets,
    },
    Borrowed {
        party: Party,
        to: Address,
        assets: Assets,
        shares: Shares,
    },
    CollateralSet {
        party: Party,
        on: bool,
    },
    OperatorSet {
        account: Address,
        operator: Address,
        grant: Grant,
    },
    CategorySet {
        account: Address,
        caller: Address,
        category: u8,
    },
    Accrued {
        asset: Address,
        interest: Assets,
        insurance_shares: Shares,
        treasury_shares: Shares,
        remainder: u64,
        rate_at_target: u64,
        time: Timestamp,
    },
    Liquidated(Liquidated),
    DustForfeited {
        asset: Address,
        account: Address,
        protected: Assets,
        shares: Shares,
        minted: Shares,
    },
    BadDebt(BadDebt),
    InsuranceFunded {
        asset: Address,
        caller: Address,
        assets: Assets,
        shares: Shares,
    },
    FlashLoaned {
        asset: Address,
        receiver: Address,
        initiator: Address,
        assets: Assets,
        fee: Assets,
        insurance_shares: Shares,
    },
    Collected {
        asset: Address,
        to: Address,
        assets: Assets,
        shares: Shares,
    },
    PriceAccepted {
        asset: Address,
        price: Push,
    },
    PriceIgnored {
        asset: Address,
        median: Price,
        time: Timestamp,
        round: u32,
        reason: u8,
    },
    WoundUp {
        asset: Address,
        assets: Assets,
        shares: Shares,
    },
}
