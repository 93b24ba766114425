//! Reading the chain: blocks, balances, dry runs.

mod dry_run;
mod storage;

pub use dry_run::{ContractCall, DryOutcome, DryRun, Origin, Weight};

use crate::{
    account::AccountId,
    block::{Block, BlockId, BlockRef},
    blocks::{Blocks, Follow, FollowOptions},
    error::ChainError,
    rpc::{EndpointState, Rpc, redacted},
    runtime::{Header, Runtime, SystemKeys},
};
use alloy_primitives::{Address, B256, Bytes};
use codec::Decode;
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};
use subxt::{OnlineClient, PolkadotConfig, utils::H256};
use subxt_rpcs::client::{RpcParams, RpcSubscription, rpc_params};

/// Deadlines of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For opening the connection.
    pub connect: Duration,
    /// For each request.
    pub request: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), request: Duration::from_secs(30) }
    }
}

/// A connection to one of a chain's nodes; cheap to clone. It opens again by itself when it breaks, to the next endpoint
/// if there are several: a request made while no node answers fails with [`Class::Retry`](crate::Class::Retry), the next
/// one after a return succeeds.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

/// A message of a contract: address and selector.
type Message = (Address, [u8; 4]);

/// Weight and deposit.
type Needs = (Weight, u128);

pub(crate) struct Inner {
    pub(crate) rpc: Rpc,
    genesis: B256,
    online: OnlineClient<PolkadotConfig>,
    runtime: RwLock<Arc<Runtime>>,
    /// Child tries of contracts; they never change while the contract exists.
    tries: Mutex<HashMap<Address, Vec<u8>>>,
    /// The most that dry runs of a message needed so far, by contract and selector.
    needs: Mutex<HashMap<Message, Needs>>,
}

impl Client {
    /// Connects to a node and checks that its chain can run Weir.
    ///
    /// # Errors
    /// If no node answers, or its runtime lacks a call that Weir needs.
    pub async fn connect(url: &str) -> Result<Self, ChainError> {
        Self::connect_with(url, Timeouts::default()).await
    }

    /// As [`Self::connect`], with other deadlines.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn connect_with(url: &str, timeouts: Timeouts) -> Result<Self, ChainError> {
        Self::connect_any(&[url], timeouts).await
    }

    /// Connects to the first of several endpoints that answers. The others stand by; see [`Self::compare_endpoints`].
    ///
    /// # Errors
    /// As [`Self::connect`], if none does.
    pub async fn connect_any(urls: &[&str], timeouts: Timeouts) -> Result<Self, ChainError> {
        let rpc = Rpc::connect(urls, timeouts).await?;
        let best: H256 = rpc.request("chain_getBlockHash", rpc_params![]).await?;
        let header: Option<Header> = rpc.request("chain_getHeader", rpc_params![best]).await?;
        let header = header.ok_or_else(|| ChainError::NoBlock(format!("{best:?}")))?;
        let online = Runtime::online(rpc.client()).await?;
        let runtime = Runtime::fetch(&online, header.number, best).await?;
        let genesis = B256::from(online.genesis_hash().0);
        let runtime = RwLock::new(Arc::new(runtime));
        let inner = Inner {
            rpc,
            genesis,
            online,
            runtime,
            tries: Mutex::default(),
            needs: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The endpoint in use, or the one used last.
    #[must_use]
    pub fn url(&self) -> String {
        self.inner.rpc.url()
    }

    /// Looks at every endpoint, and leaves the one in use if it does not answer, or is more than `most_lag` blocks
    /// behind another of the same finalized chain. In the order in which they were given.
    pub async fn compare_endpoints(&self, most_lag: u64) -> Vec<EndpointState> {
        self.inner.rpc.endpoints().compare(most_lag).await
    }

    /// Counts the connections made so far.
    pub(crate) fn generation(&self) -> u64 {
        self.inner.rpc.endpoints().generation()
    }

    /// The deadlines.
    #[must_use]
    pub fn timeouts(&self) -> Timeouts {
        self.inner.rpc.timeouts()
    }

    /// Hash of the chain's first block: names the chain.
    #[must_use]
    pub fn genesis(&self) -> B256 {
        self.inner.genesis
    }

    /// Whether the connection is open just now.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.inner.rpc.is_connected()
    }

    /// The best block.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn best(&self) -> Result<BlockRef, ChainError> {
        let header: Option<Header> = self.request("chain_getHeader", rpc_params![]).await?;
        let header = header.ok_or_else(|| ChainError::NoBlock("best".to_owned()))?;
        self.reference(&header).await
    }

    /// The finalized block.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn finalized(&self) -> Result<BlockRef, ChainError> {
        let hash: B256 = self.request("chain_getFinalizedHead", rpc_params![]).await?;
        self.block_ref(hash).await
    }

    /// A block's number, hash and time.
    ///
    /// # Errors
    /// If the node does not know the block.
    pub async fn block_ref(&self, at: impl Into<BlockId>) -> Result<BlockRef, ChainError> {
        let header = self.header(at.into()).await?;
        self.reference(&header).await
    }

    /// A block with what happened in it.
    ///
    /// # Errors
    /// If the node does not know the block (any more).
    pub async fn block(&self, at: impl Into<BlockId>) -> Result<Block, ChainError> {
        let header = self.header(at.into()).await?;
        self.block_of(&header).await
    }

    /// Blocks as they come, without gaps, from `from` on (else from the next one on).
    #[must_use]
    pub fn blocks(&self, follow: Follow, from: Option<u64>) -> Blocks {
        self.blocks_with(FollowOptions { follow, from, ..FollowOptions::default() })
    }

    /// As [`Self::blocks`], with other deadlines and buffers.
    #[must_use]
    pub fn blocks_with(&self, options: FollowOptions) -> Blocks {
        Blocks::start(self.clone(), options)
    }

    /// Free native balance of an account, in native units; 0 for an account that does not exist.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn balance(&self, at: B256, account: AccountId) -> Result<u128, ChainError> {
        /// `System.Account` up to the free balance.
        #[derive(Decode)]
        struct AccountInfo {
            _counts: [u32; 4],
            free: u128,
        }
        let Some(bytes) = self.system_item(&SystemKeys::account(account)?, at).await? else {
            return Ok(0);
        };
        AccountInfo::decode(&mut &*bytes)
            .map(|info| info.free)
            .map_err(|error| ChainError::decode(format!("the balance of {account}"), error))
    }

    /// The native account behind an address.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn account_of(&self, at: B256, address: Address) -> Result<AccountId, ChainError> {
        match self.system_item(&SystemKeys::original_account(address), at).await? {
            Some(bytes) => <[u8; 32]>::decode(&mut &*bytes)
                .map(AccountId)
                .map_err(|error| ChainError::decode(format!("the account of {address}"), error)),
            None => Ok(AccountId::fallback(address)),
        }
    }

    /// The next nonce of an account, with its transactions in the node's pool counted.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn nonce(&self, account: AccountId) -> Result<u64, ChainError> {
        self.request("system_accountNextIndex", rpc_params![account]).await
    }

    /// How many transactions wait in the node's pool.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn pending(&self) -> Result<usize, ChainError> {
        let waiting: Vec<Bytes> = self.request("author_pendingExtrinsics", rpc_params![]).await?;
        Ok(waiting.len())
    }

    /// Any method of the node.
    ///
    /// # Errors
    /// If the node refuses or does not answer.
    pub async fn request<T: DeserializeOwned>(
        &self,
        method: &str,
        params: RpcParams,
    ) -> Result<T, ChainError> {
        self.inner.rpc.request(method, params).await
    }

    pub(crate) async fn subscribe<T: DeserializeOwned>(
        &self,
        method: &str,
        params: RpcParams,
        unsubscribe: &str,
    ) -> Result<RpcSubscription<T>, ChainError> {
        self.inner.rpc.subscribe(method, params, unsubscribe).await
    }

    pub(crate) fn runtime(&self) -> Arc<Runtime> {
        Arc::clone(&self.inner.runtime.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Fetches the runtime of a block and uses it from here on.
    pub(crate) async fn refresh_runtime(
        &self,
        number: u64,
        hash: H256,
    ) -> Result<Arc<Runtime>, ChainError> {
        let runtime = Arc::new(Runtime::fetch(&self.inner.online, number, hash).await?);
        *self.inner.runtime.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&runtime);
        Ok(runtime)
    }

    /// The header of a block.
    pub(crate) async fn header(&self, at: BlockId) -> Result<Header, ChainError> {
        let missing = || ChainError::NoBlock(at.to_string());
        let hash = match at {
            BlockId::Hash(hash) => hash,
            BlockId::Number(number) => {
                let hash: Option<B256> =
                    self.request("chain_getBlockHash", rpc_params![number]).await?;
                hash.ok_or_else(missing)?
            }
        };
        let header: Option<Header> = self.request("chain_getHeader", rpc_params![hash]).await?;
        header.ok_or_else(missing)
    }

    /// The block of a header: one round trip.
    pub(crate) async fn block_of(&self, header: &Header) -> Result<Block, ChainError> {
        let runtime = self.runtime();
        let hash = runtime.header_hash(header);
        let at = B256::from(hash.0);
        let [events, now] =
            self.system_items([SystemKeys::events(), SystemKeys::now()], at).await?;
        let events = events.unwrap_or_default();
        let decoded = if Runtime::changes_at(header) {
            // The events of an upgrading block were written by the old runtime, what follows needs the new one.
            let decoded = runtime.decode_events(events)?;
            self.refresh_runtime(header.number, hash).await?;
            decoded
        } else {
            match runtime.decode_events(events.clone()) {
                Ok(decoded) => decoded,
                // A block of another runtime version than the one at hand, for example an old one.
                Err(_) => Runtime::fetch(&self.inner.online, header.number, hash)
                    .await?
                    .decode_events(events)?,
            }
        };
        Ok(Block {
            number: header.number,
            hash: at,
            parent: B256::from(header.parent_hash.0),
            timestamp_secs: seconds(now)?,
            events: decoded.contract_events,
            instantiated: decoded.instantiated,
            extrinsics: decoded.extrinsics,
        })
    }

    /// A header's block without its content.
    pub(crate) async fn reference(&self, header: &Header) -> Result<BlockRef, ChainError> {
        let hash = B256::from(self.runtime().header_hash(header).0);
        let now = self.system_item(&SystemKeys::now(), hash).await?;
        Ok(BlockRef { number: header.number, hash, timestamp_secs: seconds(now)? })
    }

    /// System items in one request. Two requests side by side would be answered in two packets, and a node (whose
    /// server leaves Nagle's algorithm on) holds the second back for the 40 ms until the first is acknowledged.
    async fn system_items<const N: usize>(
        &self,
        keys: [Vec<u8>; N],
        at: B256,
    ) -> Result<[Option<Vec<u8>>; N], ChainError> {
        /// `StorageChangeSet`, as far as it is needed.
        #[derive(Deserialize)]
        struct Changes {
            changes: Vec<(Bytes, Option<Bytes>)>,
        }
        let wanted: Vec<Bytes> = keys.iter().map(|key| Bytes::copy_from_slice(key)).collect();
        let sets: Vec<Changes> =
            self.request("state_queryStorageAt", rpc_params![wanted, at]).await?;
        let mut found: HashMap<Bytes, Option<Bytes>> =
            sets.into_iter().flat_map(|set| set.changes).collect();
        Ok(keys.map(|key| found.remove(&key[..]).flatten().map(Vec::from)))
    }

    pub(crate) async fn system_item(
        &self,
        key: &[u8],
        at: B256,
    ) -> Result<Option<Vec<u8>>, ChainError> {
        let key = Bytes::copy_from_slice(key);
        let item: Option<Bytes> = self.request("state_getStorage", rpc_params![key, at]).await?;
        Ok(item.map(Vec::from))
    }

    /// A function of the runtime.
    pub(crate) async fn runtime_call(
        &self,
        function: &str,
        arguments: Vec<u8>,
        at: B256,
    ) -> Result<Vec<u8>, ChainError> {
        let answer: Bytes =
            self.request("state_call", rpc_params![function, Bytes::from(arguments), at]).await?;
        Ok(answer.into())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &redacted(&self.url()))
            .field("genesis", &self.genesis())
            .finish()
    }
}

/// `Timestamp.Now` (milliseconds) in the seconds that contracts see; 0 in the first block, which has no time.
fn seconds(now: Option<Vec<u8>>) -> Result<u64, ChainError> {
    now.map_or(Ok(0), |bytes| {
        u64::decode(&mut &*bytes)
            .map(|millis| millis / 1000)
            .map_err(|error| ChainError::decode("the block's time", error))
    })
}
