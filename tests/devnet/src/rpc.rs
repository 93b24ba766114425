//! The methods that clients call: those of every Substrate node (legacy, `chainHead_v1`, `archive_v1`,
//! `transactionWatch_v1`, `system_accountNextIndex`) and the node's own `dev_*`.

mod dev;
mod system;

use crate::{
    clock::Clock,
    database::Backend,
    error::Error,
    seal::Command,
    service::{Client, Pool},
};
use jsonrpsee::RpcModule;
use sc_rpc::{
    author::{Author, AuthorApiServer},
    chain::ChainApiServer,
    state::{ChildStateApiServer, StateApiServer},
    system::{System, SystemApiServer, SystemInfo},
};
use sc_rpc_spec_v2::{
    archive::{Archive, ArchiveApiServer},
    chain_head::{ChainHead, ChainHeadApiServer, ChainHeadConfig},
    chain_spec::{ChainSpec, ChainSpecApiServer},
    transaction::{
        Transaction, TransactionApiServer, TransactionBroadcast, TransactionBroadcastApiServer,
    },
};
use sc_service::{
    ChainType, KeystoreContainer, Properties, RpcMethods, SpawnTaskHandle,
    config::{IpNetwork, KeystoreConfig, RpcBatchRequestConfig, RpcConfiguration, RpcEndpoint},
};
use serde_json::json;
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use substrate_frame_rpc_system::{System as Nonces, SystemApiServer as NoncesApiServer};
use tokio::sync::mpsc;
use weir_runtime::{Hash, constants};

/// Name of the chain.
const CHAIN: &str = "Weir Development";
/// Connections at once. Tests open many.
const MAXIMUM_CONNECTIONS: u32 = 500;
/// Megabytes of a request: a contract of 1 MiB in hexadecimal digits, several times over.
const MAXIMUM_REQUEST: u32 = 15;
/// Megabytes of a response.
const MAXIMUM_RESPONSE: u32 = 64;
/// Subscriptions of a connection.
const MAXIMUM_SUBSCRIPTIONS: u32 = 1_024;
/// Messages that wait for a slow client.
const MESSAGE_BUFFER: u32 = 1_024;
/// Transactions that a connection broadcasts at once.
const MAXIMUM_BROADCASTS: usize = 16;

/// What the methods work on.
pub struct Parts {
    /// The chain.
    pub client: Arc<Client>,
    /// Its storage.
    pub backend: Arc<Backend>,
    /// The transactions.
    pub pool: Arc<Pool>,
    /// The chain's time.
    pub clock: Arc<Clock>,
    /// To whoever makes blocks.
    pub commands: mpsc::Sender<Command>,
    /// Where subscriptions run.
    pub spawner: SpawnTaskHandle,
    /// Hash of the first block.
    pub genesis: Hash,
}

/// All methods.
///
/// # Errors
/// [`Error`] if two modules offer the same method.
pub fn module(parts: Parts) -> Result<RpcModule<()>, Error> {
    let Parts { client, backend, pool, clock, commands, spawner, genesis } = parts;
    let executor: sc_rpc::SubscriptionTaskExecutor = Arc::new(spawner.clone());
    let mut module = RpcModule::new(());

    let (state, child_state) = sc_rpc::state::new_full(client.clone(), executor.clone(), None);
    module.merge(state.into_rpc())?;
    module.merge(child_state.into_rpc())?;
    module.merge(sc_rpc::chain::new_full(client.clone(), executor.clone()).into_rpc())?;
    let keystore = KeystoreContainer::new(&KeystoreConfig::InMemory)?.keystore();
    let author = Author::new(client.clone(), pool.clone(), keystore, executor.clone());
    module.merge(author.into_rpc())?;
    let answers = system::answer(client.clone(), &spawner);
    module.merge(System::new(info(), answers).into_rpc())?;
    module.merge(Nonces::new(client.clone(), pool.clone()).into_rpc())?;

    module.merge(ChainSpec::new(CHAIN.into(), genesis, properties()).into_rpc())?;
    let config = ChainHeadConfig::default();
    let head = ChainHead::new(client.clone(), backend.clone(), executor.clone(), config);
    module.merge(head.into_rpc())?;
    let archive = Archive::new(client.clone(), backend, genesis, executor.clone());
    module.merge(archive.into_rpc())?;
    let watch = Transaction::new(client.clone(), pool.clone(), executor.clone(), None);
    module.merge(watch.into_rpc())?;
    let broadcast =
        TransactionBroadcast::new(client.clone(), pool.clone(), executor, MAXIMUM_BROADCASTS);
    module.merge(broadcast.into_rpc())?;

    module.merge(dev::module(client, pool, clock, commands))?;
    Ok(module)
}

fn info() -> SystemInfo {
    SystemInfo {
        impl_name: "weir-devnet".into(),
        impl_version: env!("CARGO_PKG_VERSION").into(),
        chain_name: CHAIN.into(),
        properties: properties(),
        chain_type: ChainType::Development,
    }
}

fn properties() -> Properties {
    let properties = json!({
        "ss58Format": constants::SS58_PREFIX,
        "tokenDecimals": constants::DECIMALS,
        "tokenSymbol": "UNIT",
    });
    properties.as_object().cloned().unwrap_or_default()
}

/// How the server listens: on 127.0.0.1 only, with every method allowed.
pub fn configuration(port: u16) -> RpcConfiguration {
    let endpoint = RpcEndpoint {
        listen_addr: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        batch_config: RpcBatchRequestConfig::Unlimited,
        max_connections: MAXIMUM_CONNECTIONS,
        max_payload_in_mb: MAXIMUM_REQUEST,
        max_payload_out_mb: MAXIMUM_RESPONSE,
        max_subscriptions_per_connection: MAXIMUM_SUBSCRIPTIONS,
        max_buffer_capacity_per_connection: MESSAGE_BUFFER,
        rate_limit: None,
        rate_limit_trust_proxy_headers: false,
        rate_limit_whitelisted_ips: Vec::<IpNetwork>::new(),
        cors: None,
        rpc_methods: RpcMethods::Unsafe,
        is_optional: false,
        // Whoever asked for a port wants that port.
        retry_random_port: false,
    };
    RpcConfiguration {
        addr: Some(vec![endpoint]),
        max_connections: MAXIMUM_CONNECTIONS,
        cors: None,
        methods: RpcMethods::Unsafe,
        max_request_size: MAXIMUM_REQUEST,
        max_response_size: MAXIMUM_RESPONSE,
        id_provider: None,
        max_subs_per_conn: MAXIMUM_SUBSCRIPTIONS,
        port,
        message_buffer_capacity: MESSAGE_BUFFER,
        batch_config: RpcBatchRequestConfig::Unlimited,
        rate_limit: None,
        rate_limit_whitelisted_ips: Vec::new(),
        rate_limit_trust_proxy_headers: false,
        request_logger_limit: 1_024,
    }
}
