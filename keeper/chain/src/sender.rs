//! Sending: limits from a dry run, a leased nonce, a mortal signature.

mod prepare;

use crate::{
    account::AccountId,
    block::BlockId,
    client::{Client, ContractCall},
    error::{ChainError, Rejection},
    keys::Signer,
    nonce::{Lease, Nonces},
    pending::{Included, Pending},
    runtime::{Header, SigningParams, SystemKeys},
    transaction::Transaction,
};
use alloy_primitives::{Address, B256, Bytes};
use alloy_sol_types::SolCall;
use std::fmt;
use subxt_rpcs::client::rpc_params;

/// How often a transaction is signed anew because its nonce was taken.
const NONCE_ATTEMPTS: u32 = 3;

/// Sends transactions for one key. Clones share the nonces; there should be one per key in a process.
#[derive(Clone)]
pub struct Sender {
    client: Client,
    signer: Signer,
    nonces: Nonces,
}

/// A transaction that was signed and can be broadcast: its hash is known before anybody sees it.
#[derive(Debug)]
pub struct Signed {
    pub(crate) bytes: Bytes,
    pub(crate) tx_hash: B256,
    pub(crate) birth: u64,
    pub(crate) last_block: u64,
    pub(crate) transaction: Transaction,
    nonce: u64,
    lease: Option<Lease>,
}

impl Signed {
    /// Hash of the transaction.
    #[must_use]
    pub fn tx_hash(&self) -> B256 {
        self.tx_hash
    }

    /// Its nonce.
    #[must_use]
    pub fn nonce(&self) -> u64 {
        self.nonce
    }

    /// The block that its era begins with; only later ones can include it.
    #[must_use]
    pub fn birth(&self) -> u64 {
        self.birth
    }

    /// The last block that may include it.
    #[must_use]
    pub fn last_block(&self) -> u64 {
        self.last_block
    }

    /// What was signed.
    #[must_use]
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// The bytes that are broadcast.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Sender {
    /// A sender for one key.
    #[must_use]
    pub fn new(client: Client, signer: Signer) -> Self {
        Self { client, signer, nonces: Nonces::default() }
    }

    /// The connection.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The key.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The address under which contracts see the sender.
    #[must_use]
    pub fn address(&self) -> Address {
        self.signer.address()
    }

    /// The native account.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.signer.account_id()
    }

    /// Signs a transaction without sending it. Its nonce is held until the result is broadcast or dropped.
    ///
    /// # Errors
    /// If the node does not answer or the transaction cannot be encoded.
    pub async fn sign(&self, transaction: Transaction) -> Result<Signed, ChainError> {
        let (lease, nonce) = match transaction.nonce {
            Some(nonce) => (None, nonce),
            None => {
                let lease = self.lease().await?;
                let nonce = lease.nonce();
                (Some(lease), nonce)
            }
        };
        let anchor = self.anchor(transaction.period).await?;
        let runtime = self.client.runtime();
        let params = SigningParams {
            nonce,
            tip: transaction.tip,
            period: transaction.period,
            birth: anchor.number,
            birth_hash: runtime.header_hash(&anchor),
        };
        let (bytes, hash) = runtime.sign(&self.signer, &transaction.call, params)?;
        Ok(Signed {
            bytes: bytes.into(),
            tx_hash: hash.0.into(),
            birth: anchor.number,
            last_block: anchor.number.saturating_add(transaction.period).saturating_sub(1),
            transaction,
            nonce,
            lease,
        })
    }

    /// A transaction that was signed before, by this process or by one before it, as it was noted then.
    #[must_use]
    pub fn signed_before(
        &self,
        transaction: Transaction,
        bytes: Bytes,
        nonce: u64,
        birth: u64,
        last_block: u64,
    ) -> Signed {
        let tx_hash = self.client.runtime().hash(&bytes).0.into();
        Signed { bytes, tx_hash, birth, last_block, transaction, nonce, lease: None }
    }

    /// Follows a transaction that may have reached a node, or not: it is looked for in the blocks of its era.
    #[must_use]
    pub fn follow(&self, signed: Signed) -> Pending {
        Pending::new(self.clone(), signed, None)
    }

    /// Hands a signed transaction to the node; returns once the node has it in its pool.
    ///
    /// # Errors
    /// [`ChainError::Rejected`] if the pool does not take it; its nonce is free again then.
    pub async fn broadcast(&self, mut signed: Signed) -> Result<Pending, ChainError> {
        let params = rpc_params![&signed.bytes];
        let watch = self
            .client
            .subscribe("author_submitAndWatchExtrinsic", params, "author_unwatchExtrinsic")
            .await;
        let watch = match watch {
            Ok(watch) => Some(watch),
            // Somebody sent the very same bytes before, perhaps this process before a broken connection.
            Err(ChainError::Rejected(Rejection::AlreadyImported)) => None,
            Err(error) => {
                if !matches!(error, ChainError::Rejected(Rejection::Payment | Rejection::Exhausts))
                {
                    // Whether the node has it, and what it thinks of the nonce, has to be asked again.
                    self.nonces.forget();
                }
                return Err(error);
            }
        };
        if let Some(lease) = signed.lease.take() {
            lease.used();
        }
        Ok(Pending::new(self.clone(), signed, watch))
    }

    /// Signs and broadcasts; a nonce that was taken meanwhile is replaced by the next one.
    ///
    /// # Errors
    /// As [`Self::sign`] and [`Self::broadcast`].
    pub async fn submit(&self, transaction: Transaction) -> Result<Pending, ChainError> {
        let mut attempt = 1;
        loop {
            let signed = self.sign(transaction.clone()).await?;
            match self.broadcast(signed).await {
                Err(ChainError::Rejected(
                    Rejection::Stale | Rejection::TooLowPriority | Rejection::Ancient,
                )) if transaction.nonce.is_none() && attempt < NONCE_ATTEMPTS => {
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    /// Prepares and submits a call.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if the contract refuses in the dry run, else as [`Self::submit`].
    pub async fn call<C: SolCall>(&self, to: Address, call: &C) -> Result<Pending, ChainError> {
        let transaction = self.prepare(ContractCall::new(to, call)).await?;
        self.submit(transaction).await
    }

    /// Submits and waits until a block includes it; a failure on chain is an error here.
    ///
    /// # Errors
    /// As [`Self::submit`], [`Pending::in_block`] and [`Included::ok`].
    pub async fn execute(&self, transaction: Transaction) -> Result<Included, ChainError> {
        self.submit(transaction).await?.in_block().await?.ok()
    }

    /// Prepares a call, submits it and waits until a block includes it.
    ///
    /// # Errors
    /// As [`Self::prepare`] and [`Self::execute`].
    pub async fn run(&self, call: ContractCall) -> Result<Included, ChainError> {
        let transaction = self.prepare(call).await?;
        self.execute(transaction).await
    }

    /// Makes a contract and waits until it exists. On the chain this takes two nonces, the second one only if it
    /// succeeds: nothing else should be under way from this key meanwhile.
    ///
    /// # Errors
    /// If the constructor refuses, or as [`Self::execute`].
    pub async fn instantiate(
        &self,
        code: Vec<u8>,
        constructor: Vec<u8>,
        salt: Option<B256>,
    ) -> Result<(Address, Included), ChainError> {
        let transaction = self.prepare_instantiate(code, constructor, salt).await?;
        let included = self.execute(transaction).await?;
        // The deployer's own contract is the last to come to be: its constructor may make others first.
        let made = included.instantiated.iter().rev().find(|made| made.deployer == self.address());
        match made {
            Some(made) => Ok((made.contract, included)),
            None => Err(ChainError::decode(
                "the new contract's address",
                "the block has no event for it",
            )),
        }
    }

    /// Puts code on the chain and gives its hash; does nothing if it is there.
    ///
    /// # Errors
    /// If the code is not acceptable, or as [`Self::execute`].
    pub async fn upload(&self, code: Vec<u8>) -> Result<B256, ChainError> {
        let best = self.client.best().await?.hash;
        let (hash, _) = self.client.dry_upload(best, self.account_id(), &code).await?;
        if self.client.system_item(&SystemKeys::code(hash), best).await?.is_none() {
            let transaction = self.prepare_upload(code).await?;
            self.execute(transaction).await?;
        }
        Ok(hash)
    }

    /// Forgets the own count of nonces: the next one comes from the node.
    pub fn resync(&self) {
        self.nonces.forget();
    }

    async fn lease(&self) -> Result<Lease, ChainError> {
        let chain = match self.nonces.needs_chain() {
            true => Some(self.client.nonce(self.account_id()).await?),
            false => None,
        };
        match self.nonces.lease(chain) {
            Some(lease) => Ok(lease),
            // A resync came in between.
            None => {
                let chain = self.client.nonce(self.account_id()).await?;
                self.nonces
                    .lease(Some(chain))
                    .ok_or_else(|| ChainError::Build("there is no nonce left".to_owned()))
            }
        }
    }

    /// The block that a signature is anchored at: the finalized one, so that no re-org invalidates the transaction,
    /// unless finality lags by half the era.
    async fn anchor(&self, period: u64) -> Result<Header, ChainError> {
        // One after the other, for the reason given at `Client::system_items`.
        let best: Option<Header> = self.client.request("chain_getHeader", rpc_params![]).await?;
        let best = best.ok_or_else(|| ChainError::NoBlock("best".to_owned()))?;
        let finalized: B256 = self.client.request("chain_getFinalizedHead", rpc_params![]).await?;
        if self.client.runtime().header_hash(&best).0 == finalized.0 {
            return Ok(best);
        }
        let header = self.client.header(BlockId::Hash(finalized)).await?;
        Ok(if header.number.saturating_add(period / 2) < best.number { best } else { header })
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("client", &self.client)
            .field("signer", &self.signer)
            .finish_non_exhaustive()
    }
}
