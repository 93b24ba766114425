//! What this crate knows of the runtime: its metadata at one version, calls encoded by it, events decoded by it.

mod call;
mod events;

pub(crate) use call::{
    BalancesCall, ContractDispatch, MultiAddress, ReviveCall, RuntimeCall, UtilityCall, Weight2,
    call_arguments, instantiate_arguments, upload_arguments,
};
pub(crate) use events::{Decoded, SystemKeys, blake2_128_concat};

use crate::{error::ChainError, keys::Signer};
use subxt::ext::codec::Encode as _;
use subxt::{
    OnlineClient, OnlineClientAtBlock, PolkadotConfig,
    backend::LegacyBackend,
    config::{DefaultExtrinsicParamsBuilder, Hasher as _},
    ext::scale_encode::{
        EncodeAsFields, EncodeAsType as _, Error as EncodeError, FieldIter, TypeResolver,
    },
    metadata::Metadata,
    transactions::Payload,
    utils::H256,
};
use subxt_rpcs::RpcClient;

/// Block headers as every Substrate chain with 32-bit numbers has them.
pub(crate) type Header = subxt::config::substrate::SubstrateHeader<H256>;

/// The runtime at one version. A new one is made when the chain upgrades.
#[derive(Clone, Debug)]
pub(crate) struct Runtime {
    at: OnlineClientAtBlock<PolkadotConfig>,
}

/// Everything that goes into a signature beside the call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SigningParams {
    pub(crate) nonce: u64,
    pub(crate) tip: u128,
    /// Blocks the transaction lives for, a power of two from 4 to 4096.
    pub(crate) period: u64,
    pub(crate) birth: u64,
    pub(crate) birth_hash: H256,
}

impl Runtime {
    /// The client through which metadata is fetched.
    pub(crate) async fn online(
        client: RpcClient,
    ) -> Result<OnlineClient<PolkadotConfig>, ChainError> {
        // No historic types: they describe the relay chain of 2020, which Weir never reads.
        let config = PolkadotConfig::builder().use_historic_types(false).build();
        let backend = LegacyBackend::builder().build(client);
        OnlineClient::from_backend_with_config(config, std::sync::Arc::new(backend))
            .await
            .map_err(|error| ChainError::decode("the genesis hash", error))
    }

    /// Fetches the runtime's metadata at a block, and refuses a chain that lacks what Weir needs.
    pub(crate) async fn fetch(
        online: &OnlineClient<PolkadotConfig>,
        number: u64,
        hash: H256,
    ) -> Result<Self, ChainError> {
        let block = subxt::backend::BlockRef::from_hash(hash);
        let at = online
            .at_block_hash_and_number(block, number)
            .await
            .map_err(|error| ChainError::decode("the runtime's metadata", error))?;
        call::check(at.metadata_ref()).map_err(ChainError::Unsupported)?;
        events::check(at.metadata_ref()).map_err(ChainError::Unsupported)?;
        Ok(Self { at })
    }

    pub(crate) fn metadata(&self) -> &Metadata {
        self.at.metadata_ref()
    }

    /// The hash function of blocks and transactions.
    pub(crate) fn hash(&self, bytes: &[u8]) -> H256 {
        self.at.hasher().hash(bytes)
    }

    pub(crate) fn header_hash(&self, header: &Header) -> H256 {
        self.hash(&header.encode())
    }

    /// Whether the header says that the runtime changes with it.
    pub(crate) fn changes_at(header: &Header) -> bool {
        header
            .digest
            .logs
            .contains(&subxt::config::substrate::DigestItem::RuntimeEnvironmentUpdated)
    }

    /// The events of a block, from the bytes of `System.Events`.
    pub(crate) fn decode_events(&self, bytes: Vec<u8>) -> Result<Decoded, ChainError> {
        events::decode(self.metadata(), &self.at.events().from_bytes(bytes))
    }

    /// The bytes of a dispatch error, in words.
    pub(crate) fn dispatch_failure(&self, bytes: &[u8]) -> crate::error::DispatchFailure {
        events::dispatch_failure(self.metadata(), bytes)
    }

    /// The most weight that one transaction may use.
    pub(crate) fn largest_weight(&self) -> Result<Weight2, ChainError> {
        call::largest_weight(self.metadata())
    }

    /// A call as bytes: pallet, call, arguments.
    pub(crate) fn encode(&self, call: &RuntimeCall) -> Result<Vec<u8>, ChainError> {
        let metadata = self.metadata();
        call.encode_as_type(metadata.outer_enums().call_enum_ty(), metadata.types())
            .map_err(|error| ChainError::Build(error.to_string()))
    }

    /// Signs a call; gives the transaction's bytes and hash.
    pub(crate) fn sign(
        &self,
        signer: &Signer,
        call: &RuntimeCall,
        params: SigningParams,
    ) -> Result<(Vec<u8>, H256), ChainError> {
        let build = |error: &dyn std::fmt::Display| ChainError::Build(error.to_string());
        let (pallet, name) = call.names();
        // The first two bytes name pallet and call; subxt adds them itself.
        let arguments = self.encode(call)?.split_off(2);
        let payload = Encoded { pallet, name, arguments: Arguments(arguments) };
        let extensions = DefaultExtrinsicParamsBuilder::<PolkadotConfig>::new()
            .nonce(params.nonce)
            .tip(params.tip)
            .mortal_from_unchecked(params.period, params.birth, params.birth_hash)
            .build();
        let transactions = self.at.transactions();
        let mut signable = transactions
            .create_signable_offline(&payload, extensions)
            .map_err(|error| build(&error))?;
        let signed = signable.sign(signer.pair()).map_err(|error| build(&error))?;
        let hash = signed.hash();
        Ok((signed.into_encoded(), hash))
    }
}

/// A call that is encoded already.
struct Encoded {
    pallet: &'static str,
    name: &'static str,
    arguments: Arguments,
}

struct Arguments(Vec<u8>);

impl EncodeAsFields for Arguments {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        _fields: &mut dyn FieldIter<'_, R::TypeId>,
        _types: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

impl Payload for Encoded {
    type CallData = Arguments;

    fn pallet_name(&self) -> &str {
        self.pallet
    }

    fn call_name(&self) -> &str {
        self.name
    }

    fn call_data(&self) -> &Arguments {
        &self.arguments
    }
}
