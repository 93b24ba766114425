//! Reads the pool's items from the chain. Every request names the block's hash, so that all items belong together.

use super::{State, timestamp};
use std::collections::{BTreeMap, BTreeSet};
use weir_chain::{Address, B256, BlockRef, ChainError, Client};
use weir_core::address::Address as CoreAddress;
use weir_core::state::{Account, Reserve, ReserveId, Root, indebted, keys};

impl State {
    /// Reads everything: the root, all reserves, and every account that the pool's own list says has ever owed
    /// something. The keeper's own account is kept too, since it receives shares.
    ///
    /// # Errors
    /// If the node does not answer, or an item is not what this version of the pool stores.
    pub async fn load(
        client: &Client,
        pool: Address,
        own: Option<Address>,
        block: BlockRef,
    ) -> Result<Self, ChainError> {
        let at = block.hash;
        let first = [keys::ROOT.to_vec(), keys::INDEBTED_COUNT.to_vec()];
        let [root, count] =
            items(client, pool, at, &first).await?.try_into().map_err(|_| short())?;
        let root = decode_root(&root)?;
        let count = indebted::decode_count(&count)
            .map_err(|_| corrupt("the number of indebted accounts"))?;
        let pages: Vec<Vec<u8>> = (0..count.div_ceil(indebted::PAGE_SIZE))
            .map(|page| keys::indebted_page(page).to_vec())
            .collect();
        let mut listed: BTreeSet<Address> = own.into_iter().collect();
        for page in items(client, pool, at, &pages).await? {
            let addresses =
                indebted::addresses(&page).map_err(|_| corrupt("a page of indebted accounts"))?;
            listed.extend(addresses.map(|address| Address::from(address.0)));
        }
        let mut wanted = reserve_keys(&root);
        wanted.extend(listed.iter().map(account_key));
        let mut found = items(client, pool, at, &wanted).await?.into_iter();
        let reserves = decode_reserves(found.by_ref().take(usize::from(root.count())))?;
        let mut accounts = BTreeMap::new();
        for (who, item) in listed.into_iter().zip(found) {
            accounts.insert(who, decode_account(who, &item)?);
        }
        Ok(Self::kept(block, own, root, reserves, accounts))
    }

    /// Reads what a block may have changed: the root, the reserves and these accounts. Others stay as they are.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub async fn refresh(
        &self,
        client: &Client,
        pool: Address,
        own: Option<Address>,
        block: BlockRef,
        touched: &[Address],
    ) -> Result<Self, ChainError> {
        let at = block.hash;
        let mut wanted = vec![keys::ROOT.to_vec()];
        wanted.extend(reserve_keys(&self.root));
        wanted.extend(touched.iter().map(account_key));
        let mut found = items(client, pool, at, &wanted).await?.into_iter();
        let root = decode_root(&found.next().ok_or_else(short)?)?;
        if root.count() != self.root.count() {
            // A reserve was listed: which items there are has changed.
            return Self::load(client, pool, own, block).await;
        }
        let reserves = decode_reserves(found.by_ref().take(usize::from(root.count())))?;
        let mut accounts = BTreeMap::clone(&self.accounts);
        for (who, item) in touched.iter().zip(found) {
            accounts.insert(*who, decode_account(*who, &item)?);
        }
        Ok(Self::kept(block, own, root, reserves, accounts))
    }

    fn kept(
        block: BlockRef,
        own: Option<Address>,
        root: Root,
        reserves: Vec<Reserve>,
        mut accounts: BTreeMap<Address, Account>,
    ) -> Self {
        accounts.retain(|who, account| account.has_debt() || own == Some(*who));
        Self::new(timestamp(block.timestamp_secs), root, reserves, accounts)
    }
}

fn reserve_keys(root: &Root) -> Vec<Vec<u8>> {
    (0..root.count()).map(|id| keys::reserve(ReserveId(id)).to_vec()).collect()
}

fn account_key(who: &Address) -> Vec<u8> {
    keys::account(&CoreAddress(who.0.0)).to_vec()
}

/// The items behind the keys, in order; an absent one is empty.
async fn items(
    client: &Client,
    pool: Address,
    at: B256,
    keys: &[Vec<u8>],
) -> Result<Vec<Vec<u8>>, ChainError> {
    let found = client.storage_many(at, pool, keys).await?;
    Ok(found.into_iter().map(Option::unwrap_or_default).collect())
}

fn decode_root(item: &[u8]) -> Result<Root, ChainError> {
    Root::decode(item).map_err(|_| corrupt("the root of the pool"))
}

fn decode_reserves(items: impl Iterator<Item = Vec<u8>>) -> Result<Vec<Reserve>, ChainError> {
    items
        .enumerate()
        .map(|(id, item)| Reserve::decode(&item).map_err(|_| corrupt(&format!("reserve {id}"))))
        .collect()
}

fn decode_account(who: Address, item: &[u8]) -> Result<Account, ChainError> {
    Account::decode(item).map_err(|_| corrupt(&format!("account {who}")))
}

fn corrupt(what: &str) -> ChainError {
    ChainError::Decode {
        what: what.to_owned(),
        reason: "it is not stored as this version of the pool stores it".to_owned(),
    }
}

fn short() -> ChainError {
    ChainError::Decode {
        what: "the pool's items".to_owned(),
        reason: "the node gave another number of items than asked for".to_owned(),
    }
}
