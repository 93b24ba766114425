//! The pool at the end of one block: its raw items, and what the tokens say it holds.

use std::collections::BTreeMap;
use weir_chain::state::client_address;
use weir_chain::{Address, BlockRef, ChainError, Client, Deployment, PoolState};
use weir_core::memory::MemoryHost;
use weir_core::state::{Account, Corrupt, Reserve, ReserveId};
use weir_core::units::Timestamp;

/// Storage and holdings of a pool at one block.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The block.
    pub block: BlockRef,
    /// The pool's stored items by key.
    pub items: BTreeMap<Vec<u8>, Vec<u8>>,
    /// What each token's own `balanceOf` says of the pool.
    pub holdings: BTreeMap<Address, u128>,
}

impl Snapshot {
    /// Reads everything the pool has stored (two requests for up to a thousand items) and its balance of each token.
    /// `None` before the pool exists.
    ///
    /// # Errors
    /// If the node does not answer, or does not have the block's state any more.
    pub async fn read(
        client: &Client,
        deployment: &Deployment,
        block: BlockRef,
    ) -> Result<Option<Self>, ChainError> {
        let pool = deployment.contract(weir_chain::deployment::POOL)?;
        if !client.is_contract(block.hash, pool).await? {
            return Ok(None);
        }
        let items = PoolState::load(client, block, pool).await?.items().clone();
        let mut snapshot = Self { block, items, holdings: BTreeMap::new() };
        for (_, reserve) in snapshot.reserves().unwrap_or_default() {
            let token = client_address(reserve.token);
            let handle = weir_chain::TokenHandle::new(client.clone(), token);
            snapshot.holdings.insert(token, handle.balance(block.hash, pool).await?);
        }
        Ok(Some(snapshot))
    }

    /// The items as a pool that `weir-core` runs on, at the block's time.
    #[must_use]
    pub fn host(&self) -> MemoryHost {
        let mut host = MemoryHost::new(self.now());
        for (key, item) in &self.items {
            host.insert(key, item);
        }
        host
    }

    /// The block's time; the pool keeps 32 bits of it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(u32::try_from(self.block.timestamp_secs).unwrap_or(u32::MAX))
    }

    /// All reserves as they are stored.
    ///
    /// # Errors
    /// If the root or a reserve is not one of this version.
    pub fn reserves(&self) -> Result<Vec<(ReserveId, Reserve)>, Corrupt> {
        let host = self.host();
        let count = host.root()?.count();
        (0..count).map(|id| Ok((ReserveId(id), host.reserve(ReserveId(id))?))).collect()
    }

    /// The reserve of a token.
    #[must_use]
    pub fn reserve(&self, asset: Address) -> Option<Reserve> {
        let reserves = self.reserves().ok()?;
        reserves
            .into_iter()
            .map(|(_, reserve)| reserve)
            .find(|reserve| client_address(reserve.token) == asset)
    }

    /// All accounts that are stored.
    ///
    /// # Errors
    /// If one is not of this version.
    pub fn accounts(&self) -> Result<Vec<(Address, Account)>, Corrupt> {
        let accounts = self.host().accounts()?;
        Ok(accounts.into_iter().map(|(who, account)| (client_address(who), account)).collect())
    }
}
