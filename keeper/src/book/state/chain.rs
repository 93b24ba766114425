//! From the items that the chain gives to a state that the engine runs on.

use super::State;
use weir_chain::state::PoolState;
use weir_chain::{Address, BlockRef, ChainError, Client};

/// Reads the pool's items at a block: root, reserves, and every account that the pool's own list says has ever owed
/// something. The keeper's own account is read too, since it may receive shares.
///
/// # Errors
/// If the node does not answer, or an item is not what this version of the pool stores.
pub(in crate::book) async fn load_items(
    client: &Client,
    pool: Address,
    own: Option<Address>,
    block: BlockRef,
) -> Result<PoolState, ChainError> {
    let mut items = PoolState::load_indebted(client, block, pool).await?;
    if own.is_some() {
        items.refresh(client, block, own).await?;
    }
    Ok(items)
}

impl State {
    /// Reads the state of a pool at a block.
    ///
    /// # Errors
    /// If the node does not answer, or an item is not what this version of the pool stores.
    pub async fn load(
        client: &Client,
        pool: Address,
        own: Option<Address>,
        block: BlockRef,
    ) -> Result<Self, ChainError> {
        Self::decode(&load_items(client, pool, own, block).await?, own)
    }

    /// Decodes items. Accounts without debt are left out, but for the own one.
    ///
    /// # Errors
    /// If an item is not what this version of the pool stores.
    pub fn decode(items: &PoolState, own: Option<Address>) -> Result<Self, ChainError> {
        let reserves = items.reserves()?.into_iter().map(|(_, reserve)| reserve).collect();
        let mut accounts = items.accounts()?;
        accounts.retain(|(who, account)| account.has_debt() || own == Some(*who));
        Ok(Self::new(items.now(), items.root()?, reserves, accounts.into_iter().collect()))
    }
}
