//! The lens: views and previews of a pool.

use super::{Liquidation, handle};
use crate::error::ChainError;
use alloy_primitives::{Address, B256};
use weir_abi::Lens;

handle! {
    /// Views and previews. One lens serves every pool of the same build.
    LensHandle
}

impl LensHandle {
    /// A reserve, accrued to the block's time.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if the pool does not list the asset.
    pub async fn reserve(
        &self,
        at: B256,
        pool: Address,
        asset: Address,
    ) -> Result<Lens::ReserveData, ChainError> {
        self.ask(at, &Lens::reserveDataCall { pool, asset }).await
    }

    /// An account with its legs, accrued to the block's time. An account that never acted has no legs.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn account(
        &self,
        at: B256,
        pool: Address,
        account: Address,
    ) -> Result<Lens::AccountData, ChainError> {
        self.ask(at, &Lens::accountDataCall { pool, account }).await
    }

    /// What `actions` of `caller` on `account` would do. A refusal by the pool is an answer, not an error.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn preview(
        &self,
        at: B256,
        pool: Address,
        caller: Address,
        account: Address,
        actions: Vec<Lens::Action>,
        to: Address,
    ) -> Result<Lens::Preview, ChainError> {
        self.ask(at, &Lens::previewCall { pool, caller, account, actions, to }).await
    }

    /// What a liquidation by `caller` would do. A refusal by the pool is an answer, not an error.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn preview_liquidation(
        &self,
        at: B256,
        pool: Address,
        caller: Address,
        order: &Liquidation,
    ) -> Result<Lens::LiquidationPreview, ChainError> {
        let call = Lens::previewLiquidationCall {
            pool,
            caller,
            borrower: order.borrower,
            debt: order.debt,
            collateral: order.collateral,
            maxRepay: order.max_repay,
            minSeized: order.min_seized,
            receiveShares: order.receive_shares,
        };
        self.ask(at, &call).await
    }

    /// How much of each operation is left to an account in a reserve.
    ///
    /// # Errors
    /// If the node does not answer or the pool does not know the asset.
    pub async fn limits(
        &self,
        at: B256,
        pool: Address,
        account: Address,
        asset: Address,
    ) -> Result<Vec<Lens::Limit>, ChainError> {
        self.ask(at, &Lens::limitsCall { pool, account, asset }).await
    }

    /// A page of the accounts that ever had a debt, and how many there are in all.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn indebted(
        &self,
        at: B256,
        pool: Address,
        page: u32,
    ) -> Result<(Vec<Address>, u32), ChainError> {
        let answer = self.ask(at, &Lens::indebtedCall { pool, page }).await?;
        Ok((answer.accounts, answer.total))
    }
}
