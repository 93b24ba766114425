//! The price feed.

use super::handle;
use crate::{
    client::{ContractCall, Weight},
    error::ChainError,
};
use alloy_primitives::{Address, B256};
use weir_abi::PriceFeed;

handle! {
    /// The on-chain oracle. Prices are USD per whole token, WAD; times are chain time in seconds.
    FeedHandle
}

impl FeedHandle {
    /// Reports prices, many assets at once.
    #[must_use]
    pub fn report(&self, reports: Vec<PriceFeed::Report>) -> ContractCall {
        self.message(&PriceFeed::reportCall { reports })
    }

    /// Pushes accepted rounds to a pool again.
    #[must_use]
    pub fn push(&self, pool: Address, assets: Vec<Address>) -> ContractCall {
        self.message(&PriceFeed::pushCall { pool, assets })
    }

    /// Lists an asset. A step beyond `max_step_bps` is suspect; `low` and `high` bound its price absolutely.
    #[must_use]
    pub fn add_asset(
        &self,
        asset: Address,
        max_step_bps: u16,
        low: u128,
        high: u128,
    ) -> ContractCall {
        self.message(&PriceFeed::addAssetCall { asset, maxStepBps: max_step_bps, low, high })
    }

    /// Pushes to that pool from now on; telling it may cost at most `budget`.
    #[must_use]
    pub fn subscribe(&self, pool: Address, budget: Weight) -> ContractCall {
        self.message(&PriceFeed::subscribeCall {
            pool,
            refTime: budget.ref_time,
            proofSize: budget.proof_size,
        })
    }

    /// Stops pushing to that pool.
    #[must_use]
    pub fn unsubscribe(&self, pool: Address) -> ContractCall {
        self.message(&PriceFeed::unsubscribeCall { pool })
    }

    /// Names the reporters and how many of them make a round.
    #[must_use]
    pub fn set_reporters(&self, reporters: Vec<Address>, quorum: u8) -> ContractCall {
        self.message(&PriceFeed::setReportersCall { reporters, quorum })
    }

    /// Lets a frozen asset take rounds again.
    #[must_use]
    pub fn rearm(&self, asset: Address) -> ContractCall {
        self.message(&PriceFeed::rearmCall { asset })
    }

    /// Offers the governor's role; it passes when `to` accepts it.
    #[must_use]
    pub fn offer_governor(&self, to: Address) -> ContractCall {
        self.message(&PriceFeed::offerGovernorCall { to })
    }

    /// The last round of an asset.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if the feed does not list the asset.
    pub async fn round(&self, at: B256, asset: Address) -> Result<PriceFeed::Round, ChainError> {
        self.ask(at, &PriceFeed::roundCall { asset }).await
    }

    /// The reporters.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn reporters(&self, at: B256) -> Result<Vec<Address>, ChainError> {
        self.ask(at, &PriceFeed::reportersCall {}).await
    }

    /// Price and time of a reporter's last report of an asset.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if the asset or the reporter is unknown.
    pub async fn last_report(
        &self,
        at: B256,
        asset: Address,
        reporter: Address,
    ) -> Result<(u128, u32), ChainError> {
        let answer = self.ask(at, &PriceFeed::lastReportCall { asset, reporter }).await?;
        Ok((answer.price, answer.time))
    }

    /// The assets.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn assets(&self, at: B256) -> Result<Vec<Address>, ChainError> {
        self.ask(at, &PriceFeed::assetsCall {}).await
    }

    /// The pools that accepted rounds are pushed to.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn subscribers(&self, at: B256) -> Result<Vec<Address>, ChainError> {
        self.ask(at, &PriceFeed::subscribersCall {}).await
    }

    /// Governor, quorum and the skew that a report's time may be ahead.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn settings(&self, at: B256) -> Result<PriceFeed::settingsReturn, ChainError> {
        self.ask(at, &PriceFeed::settingsCall {}).await
    }
}
