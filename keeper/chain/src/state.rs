//! The state of a pool at one block, read item by item, as `weir-core` wants it.
//!
//! Previews, the keeper and checkers run the rules of `weir-core` on exactly the bytes that the contract has. Reading
//! runs no code of the contract; running the rules changes a copy only ([`PoolView`]).

mod view;

#[cfg(test)]
mod tests;

pub use view::PoolView;

use crate::{block::BlockRef, client::Client, error::ChainError};
use alloy_primitives::Address;
use std::collections::{BTreeMap, BTreeSet};
use weir_core::{
    address::Address as CoreAddress,
    state::{Account, Corrupt, Reserve, ReserveId, Root, indebted, keys},
    units::Timestamp,
};

/// The address of an account or a token as `weir-core` has it.
#[must_use]
pub fn core_address(address: Address) -> CoreAddress {
    CoreAddress(address.into_array())
}

/// The address of an account or a token as clients have it.
#[must_use]
pub fn client_address(address: CoreAddress) -> Address {
    Address::from(address.0)
}

/// The stored items of a pool at one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolState {
    pool: Address,
    block: BlockRef,
    items: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl PoolState {
    /// Reads everything that the pool holds: every account, with debt or without.
    ///
    /// # Errors
    /// If there is no pool, or the node does not have the block's state (any more).
    pub async fn load(client: &Client, block: BlockRef, pool: Address) -> Result<Self, ChainError> {
        let keys = client.storage_keys(block.hash, pool).await?;
        let mut state = Self { pool, block, items: BTreeMap::new() };
        state.read(client, keys).await?;
        Ok(state)
    }

    /// Reads root, reserves, and the accounts that ever had a debt: what a keeper has to know.
    ///
    /// # Errors
    /// As [`Self::load`], or if an item is not one of this version.
    pub async fn load_indebted(
        client: &Client,
        block: BlockRef,
        pool: Address,
    ) -> Result<Self, ChainError> {
        let mut state = Self { pool, block, items: BTreeMap::new() };
        state.read(client, vec![keys::ROOT.to_vec(), keys::INDEBTED_COUNT.to_vec()]).await?;
        let reserves = (0..state.root()?.count()).map(|id| keys::reserve(ReserveId(id)).to_vec());
        let pages = (0..state.pages()?).map(|page| keys::indebted_page(page).to_vec());
        state.read(client, reserves.chain(pages).collect()).await?;
        let accounts = state.indebted()?.into_iter().map(account_key).collect();
        state.read(client, accounts).await?;
        Ok(state)
    }

    /// Moves on to another block by reading again what may have changed: root, list of the indebted, all reserves,
    /// the given accounts and those that are new in the list. The caller knows from the events which accounts changed.
    ///
    /// # Errors
    /// As [`Self::load_indebted`].
    pub async fn refresh(
        &mut self,
        client: &Client,
        block: BlockRef,
        accounts: impl IntoIterator<Item = Address>,
    ) -> Result<(), ChainError> {
        let before = self.pages()?;
        self.block = block;
        let mut wanted: BTreeSet<Vec<u8>> = accounts.into_iter().map(account_key).collect();
        wanted.extend([keys::ROOT.to_vec(), keys::INDEBTED_COUNT.to_vec()]);
        wanted.extend((0..self.root()?.count()).map(|id| keys::reserve(ReserveId(id)).to_vec()));
        // The last page may have grown.
        wanted.insert(keys::indebted_page(before.saturating_sub(1)).to_vec());
        self.read(client, wanted.into_iter().collect()).await?;

        let mut more: BTreeSet<Vec<u8>> =
            (before..self.pages()?).map(|page| keys::indebted_page(page).to_vec()).collect();
        more.extend((0..self.root()?.count()).map(|id| keys::reserve(ReserveId(id)).to_vec()));
        more.retain(|key| !self.items.contains_key(key));
        self.read(client, more.into_iter().collect()).await?;

        let fresh = self
            .indebted()?
            .into_iter()
            .map(account_key)
            .filter(|key| !self.items.contains_key(key));
        self.read(client, fresh.collect()).await
    }

    /// The pool.
    #[must_use]
    pub fn pool(&self) -> Address {
        self.pool
    }

    /// The block whose state this is.
    #[must_use]
    pub fn block(&self) -> BlockRef {
        self.block
    }

    /// The block's time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        // Contracts keep 32 bits of seconds, until 2106.
        Timestamp(u32::try_from(self.block.timestamp_secs).unwrap_or(u32::MAX))
    }

    /// A stored item; empty if it is not there.
    #[must_use]
    pub fn item(&self, key: &[u8]) -> &[u8] {
        self.items.get(key).map_or(&[], Vec::as_slice)
    }

    /// All items by key.
    #[must_use]
    pub fn items(&self) -> &BTreeMap<Vec<u8>, Vec<u8>> {
        &self.items
    }

    /// Puts an item in place of the stored one: for checks of checkers.
    pub fn set_item(&mut self, key: Vec<u8>, item: Vec<u8>) {
        self.items.insert(key, item);
    }

    /// The root.
    ///
    /// # Errors
    /// If it is not one of this version.
    pub fn root(&self) -> Result<Root, ChainError> {
        Root::decode(self.item(&keys::ROOT)).map_err(|error| corrupt("root", error))
    }

    /// A reserve as it is stored, interest not booked.
    ///
    /// # Errors
    /// If there is none with this number, or it is not one of this version.
    pub fn reserve(&self, id: ReserveId) -> Result<Reserve, ChainError> {
        Reserve::decode(self.item(&keys::reserve(id))).map_err(|error| corrupt("reserve", error))
    }

    /// All reserves by number.
    ///
    /// # Errors
    /// If an item is not one of this version.
    pub fn reserves(&self) -> Result<Vec<(ReserveId, Reserve)>, ChainError> {
        (0..self.root()?.count()).map(ReserveId).map(|id| Ok((id, self.reserve(id)?))).collect()
    }

    /// The reserve of a token.
    ///
    /// # Errors
    /// If an item is not one of this version.
    pub fn reserve_of(&self, token: Address) -> Result<Option<(ReserveId, Reserve)>, ChainError> {
        let token = core_address(token);
        let Some(id) = self.root()?.find(&token) else {
            return Ok(None);
        };
        // The root knows four bytes of the token only.
        let reserve = self.reserve(id)?;
        Ok((reserve.token == token).then_some((id, reserve)))
    }

    /// An account; a fresh one if it is not stored (or was not read).
    ///
    /// # Errors
    /// If it is not one of this version.
    pub fn account(&self, who: Address) -> Result<Account, ChainError> {
        Account::decode(self.item(&account_key(who))).map_err(|error| corrupt("account", error))
    }

    /// All accounts that were read.
    ///
    /// # Errors
    /// If one is not of this version.
    pub fn accounts(&self) -> Result<Vec<(Address, Account)>, ChainError> {
        let prefix = account_key(Address::ZERO);
        self.items
            .range(prefix..)
            .take_while(|(key, _)| key.first() == Some(&b'a'))
            .filter_map(|(key, item)| {
                key.get(1..).filter(|rest| rest.len() == 20).map(|who| (who, item))
            })
            .map(|(who, item)| {
                let account = Account::decode(item).map_err(|error| corrupt("account", error))?;
                Ok((Address::from_slice(who), account))
            })
            .collect()
    }

    /// The accounts that ever had a debt, oldest first.
    ///
    /// # Errors
    /// If a page is not one of this version.
    pub fn indebted(&self) -> Result<Vec<Address>, ChainError> {
        let mut found = Vec::new();
        for page in 0..self.pages()? {
            let item = self.item(&keys::indebted_page(page));
            let addresses = indebted::addresses(item)
                .map_err(|error| corrupt("list of the indebted", error))?;
            found.extend(addresses.map(client_address));
        }
        Ok(found)
    }

    /// A copy to run `weir-core` on, at the block's time.
    #[must_use]
    pub fn view(&self) -> PoolView<'_> {
        self.view_at(self.now())
    }

    /// A copy to run `weir-core` on, at another time.
    #[must_use]
    pub fn view_at(&self, now: Timestamp) -> PoolView<'_> {
        PoolView::new(self, now)
    }

    /// How many pages the list of the indebted has.
    fn pages(&self) -> Result<u32, ChainError> {
        let count = indebted::decode_count(self.item(&keys::INDEBTED_COUNT))
            .map_err(|error| corrupt("list of the indebted", error))?;
        Ok(count.div_ceil(indebted::PAGE_SIZE))
    }

    async fn read(&mut self, client: &Client, keys: Vec<Vec<u8>>) -> Result<(), ChainError> {
        let items = client.storage_many(self.block.hash, self.pool, &keys).await?;
        for (key, item) in keys.into_iter().zip(items) {
            match item {
                Some(item) => self.items.insert(key, item),
                None => self.items.remove(&key),
            };
        }
        Ok(())
    }
}

fn account_key(who: Address) -> Vec<u8> {
    keys::account(&core_address(who)).to_vec()
}

fn corrupt(item: &str, Corrupt: Corrupt) -> ChainError {
    ChainError::decode(format!("the pool's {item}"), "it is not one of this version")
}
