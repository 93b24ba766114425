//! The pool: what moves money.

use super::handle;
use crate::{client::ContractCall, error::ChainError};
use alloy_primitives::{Address, B256, Bytes};
use weir_abi::Pool;

handle! {
    /// A lending pool. Amounts are in the token's smallest units; `u128::MAX` means all.
    PoolHandle
}

/// A liquidation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liquidation {
    /// Whose debt is repaid.
    pub borrower: Address,
    /// The asset that is repaid.
    pub debt: Address,
    /// The asset that is seized.
    pub collateral: Address,
    /// The most to repay; `u128::MAX` for what the pool allows.
    pub max_repay: u128,
    /// The least to seize, pro rata to what is repaid.
    pub min_seized: u128,
    /// Take supply shares instead of the asset.
    pub receive_shares: bool,
    /// For the callback; empty for none.
    pub data: Bytes,
}

impl PoolHandle {
    /// Lends: pulled from the caller, credited to `account`.
    #[must_use]
    pub fn supply(&self, asset: Address, amount: u128, account: Address) -> ContractCall {
        self.message(&Pool::supplyCall { asset, amount, account })
    }

    /// Sets collateral aside that earns nothing and is never lent.
    #[must_use]
    pub fn protect(&self, asset: Address, amount: u128, account: Address) -> ContractCall {
        self.message(&Pool::protectCall { asset, amount, account })
    }

    /// Repays the debt of `account`, at most what it owes.
    #[must_use]
    pub fn repay(&self, asset: Address, amount: u128, account: Address) -> ContractCall {
        self.message(&Pool::repayCall { asset, amount, account })
    }

    /// Takes supply of `account` out, to `to`.
    #[must_use]
    pub fn withdraw(
        &self,
        asset: Address,
        amount: u128,
        account: Address,
        to: Address,
    ) -> ContractCall {
        self.message(&Pool::withdrawCall { asset, amount, account, to })
    }

    /// Takes protected collateral of `account` out, to `to`.
    #[must_use]
    pub fn unprotect(
        &self,
        asset: Address,
        amount: u128,
        account: Address,
        to: Address,
    ) -> ContractCall {
        self.message(&Pool::unprotectCall { asset, amount, account, to })
    }

    /// Borrows on `account`, paid to `to`.
    #[must_use]
    pub fn borrow(
        &self,
        asset: Address,
        amount: u128,
        account: Address,
        to: Address,
    ) -> ContractCall {
        self.message(&Pool::borrowCall { asset, amount, account, to })
    }

    /// Lets the supply of an asset count as collateral, or not.
    #[must_use]
    pub fn set_collateral(&self, asset: Address, on: bool, account: Address) -> ContractCall {
        self.message(&Pool::setCollateralCall { asset, on, account })
    }

    /// Enters a category; 0 leaves.
    #[must_use]
    pub fn set_category(&self, id: u8, account: Address) -> ContractCall {
        self.message(&Pool::setCategoryCall { id, account })
    }

    /// Many actions of `account` in one call, with one health check at the end; payouts go to `to`.
    #[must_use]
    pub fn submit(
        &self,
        account: Address,
        actions: Vec<Pool::Action>,
        to: Address,
    ) -> ContractCall {
        self.message(&Pool::submitCall { account, actions, to })
    }

    /// Repays a part of an unhealthy account's debt and seizes its collateral.
    #[must_use]
    pub fn liquidate(&self, order: Liquidation) -> ContractCall {
        self.message(&Pool::liquidateCall {
            borrower: order.borrower,
            debt: order.debt,
            collateral: order.collateral,
            maxRepay: order.max_repay,
            minSeized: order.min_seized,
            receiveShares: order.receive_shares,
            data: order.data,
        })
    }

    /// Brings the interest of an asset up to date.
    #[must_use]
    pub fn accrue(&self, asset: Address) -> ContractCall {
        self.message(&Pool::accrueCall { asset })
    }

    /// Gives to the insurance of an asset.
    #[must_use]
    pub fn fund_insurance(&self, asset: Address, amount: u128) -> ContractCall {
        self.message(&Pool::fundInsuranceCall { asset, amount })
    }

    /// A message of the admin contract, run in the pool. [`AdminHandle`](super::AdminHandle) builds them.
    #[must_use]
    pub fn administer(&self, call: Vec<u8>) -> ContractCall {
        self.message(&Pool::administerCall { call: call.into() })
    }

    /// Stored items as the pool itself reads them, in the order of `keys`; an absent item is empty.
    /// [`Client::storage_many`](crate::Client::storage_many) reads the same without running the pool.
    ///
    /// # Errors
    /// If the node does not answer or there is no pool.
    pub async fn items(&self, at: B256, keys: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, ChainError> {
        let keys = keys.iter().map(|key| Bytes::copy_from_slice(key)).collect();
        let items = self.ask(at, &Pool::itemsCall { keys }).await?;
        Ok(items.into_iter().map(Vec::from).collect())
    }
}
