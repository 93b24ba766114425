//! A transaction after it was handed to a node: followed until a block includes it, and until that block is final.

use crate::{
    block::{Block, BlockId, BlockRef, ContractEvent, Instantiated},
    client::{Client, DryOutcome},
    error::{ChainError, DispatchFailure, Rejection, Revert},
    runtime::Header,
    sender::{Sender, Signed},
};
use alloy_primitives::{Address, B256, Bytes};
use alloy_sol_types::SolEvent;
use serde::Deserialize;
use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use subxt::utils::H256;
use subxt_rpcs::{
    client::{RpcSubscription, rpc_params},
    methods::legacy::TransactionStatus,
};

type Watch = RpcSubscription<TransactionStatus<H256>>;

/// How long the node may be silent about a transaction before the blocks themselves are searched.
const SILENCE: Duration = Duration::from_secs(6);

/// Pause between searches while the node does not report.
const SEARCH_PAUSE: Duration = Duration::from_millis(250);

/// How long the node may be away before nobody waits for it any more.
const AWAY: Duration = Duration::from_secs(15);

/// A transaction that a node has in its pool.
pub struct Pending {
    sender: Sender,
    signed: Signed,
    /// Gone once the subscription has broken; the blocks are searched then. Behind a lock only because a subscription
    /// cannot be shared between threads, which would keep this type from being held across an `await`.
    watch: Mutex<Option<Watch>>,
    /// Generation of the connection over which it was handed over last.
    offered: u64,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("tx_hash", &self.signed.tx_hash).finish_non_exhaustive()
    }
}

/// How far to follow a transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    InBlock,
    Finalized,
}

/// What the node said last.
enum Report {
    At(H256),
    Nothing,
    Broken,
    Lost(ChainError),
}

impl Pending {
    pub(crate) fn new(sender: Sender, signed: Signed, watch: Option<Watch>) -> Self {
        let offered = sender.client().generation();
        Self { sender, signed, watch: Mutex::new(watch), offered }
    }

    /// Hash of the transaction.
    #[must_use]
    pub fn tx_hash(&self) -> B256 {
        self.signed.tx_hash
    }

    /// Its nonce.
    #[must_use]
    pub fn nonce(&self) -> u64 {
        self.signed.nonce()
    }

    /// The last block that may include it.
    #[must_use]
    pub fn last_block(&self) -> u64 {
        self.signed.last_block
    }

    /// Waits until a best block includes it. A re-org may still take it out: see [`Self::finalized`].
    ///
    /// # Errors
    /// If it expired, was replaced or was dropped by the node; whether it succeeded is in the result.
    pub async fn in_block(&mut self) -> Result<Included, ChainError> {
        self.follow(Until::InBlock).await
    }

    /// Waits until the block that includes it is final.
    ///
    /// # Errors
    /// As [`Self::in_block`].
    pub async fn finalized(&mut self) -> Result<Included, ChainError> {
        self.follow(Until::Finalized).await
    }

    async fn follow(&mut self, until: Until) -> Result<Included, ChainError> {
        let mut away: Option<Instant> = None;
        loop {
            match self.report(until).await {
                Report::At(hash) => match self.read_block(hash.0.into()).await {
                    Ok(Some(included)) => return Ok(included),
                    // Retracted and pruned before it could be read.
                    Ok(None) | Err(ChainError::NoBlock(_)) => {}
                    Err(error) => return Err(error),
                },
                Report::Nothing => {
                    if let Some(included) = self.search(until).await? {
                        return Ok(included);
                    }
                }
                Report::Broken => {
                    self.watch = Mutex::new(None);
                    tokio::time::sleep(SEARCH_PAUSE).await;
                    match self.search(until).await {
                        Ok(Some(included)) => return Ok(included),
                        Ok(None) => {
                            away = None;
                            self.offer_again().await;
                        }
                        Err(
                            error @ (ChainError::Unreachable { .. }
                            | ChainError::Disconnected { .. }),
                        ) => {
                            if away.get_or_insert_with(Instant::now).elapsed() >= AWAY {
                                return Err(error);
                            }
                        }
                        Err(error) => return Err(error),
                    }
                }
                // The node may call a transaction invalid that is in a block already.
                Report::Lost(error) => {
                    self.sender.resync();
                    return match self.search(until).await? {
                        Some(included) => Ok(included),
                        None => Err(error),
                    };
                }
            }
        }
    }

    /// Hands the same bytes to another node, or to one that was started again: neither need have them in its pool. It is
    /// the same transaction, so it cannot be included twice.
    async fn offer_again(&mut self) {
        let generation = self.client().generation();
        if generation == self.offered {
            return;
        }
        let params = rpc_params![&self.signed.bytes];
        let taken: Result<B256, ChainError> =
            self.client().request("author_submitExtrinsic", params).await;
        match taken {
            Err(error) if error.is_node() => {}
            taken => {
                tracing::info!(transaction = %self.signed.tx_hash, ?taken, "offered again to the node at hand");
                self.offered = generation;
            }
        }
    }

    /// Waits for the node's next word that matters.
    async fn report(&mut self, until: Until) -> Report {
        let Some(watch) = self.watch.get_mut().unwrap_or_else(PoisonError::into_inner) else {
            return Report::Broken;
        };
        loop {
            let status = match tokio::time::timeout(SILENCE, watch.next()).await {
                Err(_) => return Report::Nothing,
                Ok(None | Some(Err(_))) => return Report::Broken,
                Ok(Some(Ok(status))) => status,
            };
            return match status {
                TransactionStatus::InBlock(hash) if until == Until::InBlock => Report::At(hash),
                TransactionStatus::Finalized(hash) => Report::At(hash),
                TransactionStatus::Usurped(_) => Report::Lost(ChainError::Replaced {
                    tx_hash: self.signed.tx_hash,
                    nonce: self.signed.nonce(),
                }),
                TransactionStatus::Dropped => {
                    Report::Lost(ChainError::Rejected(Rejection::PoolFull))
                }
                TransactionStatus::Invalid => {
                    let message = "the pool found it invalid after it had taken it".to_owned();
                    Report::Lost(ChainError::Rejected(Rejection::Other { code: 1010, message }))
                }
                TransactionStatus::FinalityTimeout(_) => Report::Broken,
                TransactionStatus::Future
                | TransactionStatus::Ready
                | TransactionStatus::Broadcast(_)
                | TransactionStatus::InBlock(_)
                | TransactionStatus::Retracted(_) => continue,
            };
        }
    }

    /// Looks through the blocks of the transaction's life.
    async fn search(&self, until: Until) -> Result<Option<Included>, ChainError> {
        let client = self.client();
        let newest = match until {
            Until::InBlock => client.best().await?.number,
            Until::Finalized => client.finalized().await?.number,
        };
        for number in self.signed.birth.saturating_add(1)..=newest.min(self.signed.last_block) {
            let hash: Option<B256> =
                client.request("chain_getBlockHash", rpc_params![number]).await?;
            if let Some(hash) = hash
                && let Some(included) = self.read_block(hash).await?
            {
                return Ok(Some(included));
            }
        }
        if newest > self.signed.last_block {
            self.sender.resync();
            let (tx_hash, last_block) = (self.signed.tx_hash, self.signed.last_block);
            return Err(ChainError::Expired { tx_hash, last_block });
        }
        Ok(None)
    }

    /// The transaction's result in a block, if the block includes it.
    async fn read_block(&self, hash: B256) -> Result<Option<Included>, ChainError> {
        /// `chain_getBlock`, as far as it is needed.
        #[derive(Deserialize)]
        struct SignedBlock {
            block: Body,
        }
        #[derive(Deserialize)]
        struct Body {
            header: Header,
            extrinsics: Vec<Bytes>,
        }
        let answer: Option<SignedBlock> =
            self.client().request("chain_getBlock", rpc_params![hash]).await?;
        let body =
            answer.ok_or_else(|| ChainError::NoBlock(BlockId::Hash(hash).to_string()))?.block;
        let position = body.extrinsics.iter().position(|bytes| *bytes == self.signed.bytes);
        let Some(index) = position.and_then(|index| u32::try_from(index).ok()) else {
            return Ok(None);
        };
        let block = self.client().block_of(&body.header).await?;
        self.included(&block, index).await.map(Some)
    }

    async fn included(&self, block: &Block, index: u32) -> Result<Included, ChainError> {
        let ours = Some(index);
        let result = block.extrinsics.iter().find(|result| result.index == index);
        let result = result.cloned().unwrap_or_default();
        let instantiated = block.instantiated.iter().filter(|made| made.extrinsic == ours);
        let instantiated: Vec<Instantiated> = instantiated.copied().collect();
        if instantiated.iter().any(|made| made.deployer == self.sender.address()) {
            // Making a contract takes a nonce of its own beside the transaction's.
            self.sender.resync();
        }
        let outcome = match result.failure {
            None => Outcome::Success,
            Some(failure) if failure.is_revert() => {
                Outcome::Reverted(self.reason(block.parent).await)
            }
            Some(failure) => Outcome::Failed(failure),
        };
        Ok(Included {
            tx_hash: self.signed.tx_hash,
            block: block.at(),
            index,
            fee: result.fee,
            items: result.items,
            events: block.events.iter().filter(|event| event.extrinsic == ours).cloned().collect(),
            instantiated,
            outcome,
            contract: self.signed.transaction.contract_call().map(|call| call.to),
        })
    }

    /// Why a call reverted: the chain does not keep the reason, so it is run again on the state before its block.
    /// `None` if it would have succeeded there: an earlier transaction of the same block made the difference.
    async fn reason(&self, parent: B256) -> Option<Revert> {
        let call = self.signed.transaction.contract_call()?;
        let run = self.client().dry_run(parent, &call, self.sender.account_id()).await.ok()?;
        match run.outcome {
            DryOutcome::Reverted(revert) => Some(revert),
            DryOutcome::Returned(_) | DryOutcome::Failed(_) => None,
        }
    }

    fn client(&self) -> &Client {
        self.sender.client()
    }
}

/// A transaction in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Included {
    /// Hash of the transaction.
    pub tx_hash: B256,
    /// The block.
    pub block: BlockRef,
    /// Index in the block.
    pub index: u32,
    /// Fee with tip, in native units.
    pub fee: u128,
    /// What contracts emitted in it, in order.
    pub events: Vec<ContractEvent>,
    /// Contracts that it made, in order.
    pub instantiated: Vec<Instantiated>,
    /// For a batch: why each item failed, or `None` where it did not, in order.
    pub items: Vec<Option<DispatchFailure>>,
    /// How it ended.
    pub outcome: Outcome,
    /// The contract that was called, if it was a single call.
    pub contract: Option<Address>,
}

/// How an included transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it should.
    Success,
    /// The contract refused; the reason, if it could be found.
    Reverted(Option<Revert>),
    /// The runtime refused.
    Failed(DispatchFailure),
}

impl Included {
    /// This, if the transaction succeeded.
    ///
    /// # Errors
    /// What the contract or the runtime said otherwise.
    pub fn ok(self) -> Result<Self, ChainError> {
        match self.outcome {
            Outcome::Success => Ok(self),
            Outcome::Reverted(Some(revert)) => {
                Err(revert.into_error(self.contract.unwrap_or_default()))
            }
            Outcome::Reverted(None) => Err(ChainError::Dispatch(DispatchFailure::Module {
                pallet: "Revive".to_owned(),
                error: "ContractReverted".to_owned(),
            })),
            Outcome::Failed(failure) => Err(ChainError::Dispatch(failure)),
        }
    }

    /// The first event of that kind.
    #[must_use]
    pub fn event<E: SolEvent>(&self) -> Option<E> {
        self.events.iter().find_map(ContractEvent::decode)
    }
}
