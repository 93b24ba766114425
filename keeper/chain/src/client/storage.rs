//! Contract storage, read from the state itself: no code of the contract runs, and no limit of a call applies.

use super::Client;
use crate::{
    error::ChainError,
    runtime::{SystemKeys, blake2_128_concat},
};
use alloy_primitives::{Address, B256, Bytes};
use codec::Decode;
use std::sync::PoisonError;
use subxt_rpcs::client::rpc_params;

/// Length of the hash before a contract's own key.
const HASH_LENGTH: usize = 16;

/// How many keys one request asks for.
const PAGE: usize = 1000;

/// `Revive.AccountInfoOf` of a contract, up to what is needed here.
struct ContractInfo {
    trie: Vec<u8>,
    code_hash: B256,
}

impl Client {
    /// Hash of a contract's code.
    ///
    /// # Errors
    /// [`ChainError::NoContract`] if there is none at that address.
    pub async fn code_hash(&self, at: B256, contract: Address) -> Result<B256, ChainError> {
        Ok(self.contract_info(at, contract).await?.code_hash)
    }

    /// Whether there is a contract at an address.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn is_contract(&self, at: B256, address: Address) -> Result<bool, ChainError> {
        match self.contract_info(at, address).await {
            Ok(_) => Ok(true),
            Err(ChainError::NoContract(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// One stored item of a contract; `None` if it is not there. `key` is the key that the contract uses.
    ///
    /// # Errors
    /// If there is no contract, or the node does not have the block's state (any more).
    pub async fn storage(
        &self,
        at: B256,
        contract: Address,
        key: &[u8],
    ) -> Result<Option<Vec<u8>>, ChainError> {
        let items = self.storage_many(at, contract, &[key.to_vec()]).await?;
        Ok(items.into_iter().next().flatten())
    }

    /// Many stored items of a contract in one request (a thousand each), in the order of `keys`.
    ///
    /// # Errors
    /// As [`Self::storage`].
    pub async fn storage_many(
        &self,
        at: B256,
        contract: Address,
        keys: &[Vec<u8>],
    ) -> Result<Vec<Option<Vec<u8>>>, ChainError> {
        let trie = self.trie(at, contract).await?;
        let mut items = Vec::with_capacity(keys.len());
        for page in keys.chunks(PAGE) {
            let hashed: Vec<Bytes> = page
                .iter()
                .map(|key| blake2_128_concat(key).map(Bytes::from))
                .collect::<Result<_, _>>()?;
            let params = rpc_params![&trie, hashed, at];
            let found: Vec<Option<Bytes>> =
                self.request("childstate_getStorageEntries", params).await?;
            items.extend(found.into_iter().map(|item| item.map(Vec::from)));
        }
        if items.len() == keys.len() {
            Ok(items)
        } else {
            Err(ChainError::decode(
                "stored items",
                format!("{} asked, {} answered", keys.len(), items.len()),
            ))
        }
    }

    /// All keys that a contract holds items under, in no particular order.
    ///
    /// # Errors
    /// As [`Self::storage`].
    pub async fn storage_keys(
        &self,
        at: B256,
        contract: Address,
    ) -> Result<Vec<Vec<u8>>, ChainError> {
        let trie = self.trie(at, contract).await?;
        let mut keys = Vec::new();
        let mut last: Option<Bytes> = None;
        loop {
            let params = rpc_params![&trie, None::<Bytes>, PAGE, &last, at];
            let page: Vec<Bytes> = self.request("childstate_getKeysPaged", params).await?;
            keys.extend(page.iter().filter_map(|key| key.get(HASH_LENGTH..)).map(<[u8]>::to_vec));
            if page.len() < PAGE {
                return Ok(keys);
            }
            last = page.into_iter().next_back();
        }
    }

    /// Makes sure that there is a contract; asks the node only the first time.
    pub(crate) async fn expect_contract(
        &self,
        at: B256,
        contract: Address,
    ) -> Result<(), ChainError> {
        self.trie(at, contract).await.map(|_| ())
    }

    /// The state's name for a contract's storage.
    async fn trie(&self, at: B256, contract: Address) -> Result<Bytes, ChainError> {
        let known =
            self.inner.tries.lock().unwrap_or_else(PoisonError::into_inner).get(&contract).cloned();
        let trie = match known {
            Some(trie) => trie,
            None => {
                let trie = self.contract_info(at, contract).await?.trie;
                let mut tries = self.inner.tries.lock().unwrap_or_else(PoisonError::into_inner);
                tries.entry(contract).or_insert(trie).clone()
            }
        };
        Ok([&b":child_storage:default:"[..], &trie[..]].concat().into())
    }

    async fn contract_info(&self, at: B256, contract: Address) -> Result<ContractInfo, ChainError> {
        let Some(bytes) = self.system_item(&SystemKeys::contract(contract), at).await? else {
            return Err(ChainError::NoContract(contract));
        };
        match bytes.split_first() {
            // `AccountType::Contract`
            Some((0, mut info)) => <(Vec<u8>, [u8; 32])>::decode(&mut info)
                .map(|(trie, hash)| ContractInfo { trie, code_hash: hash.into() })
                .map_err(|error| ChainError::decode(format!("the contract at {contract}"), error)),
            _ => Err(ChainError::NoContract(contract)),
        }
    }
}
