//! Putting the node together, running and stopping it.

use crate::{
    cli::Options,
    clock::Clock,
    database::{self, Backend},
    error::Error,
    executor::NativeExecutor,
    proposer::{Plan, Planned},
    rpc,
    seal::Driver,
};
use codec::Decode;
use futures::channel::mpsc as engine;
use sc_basic_authorship::ProposerFactory;
use sc_client_api::{StorageProvider, execution_extensions::ExecutionExtensions};
use sc_consensus::LongestChain;
use sc_consensus_manual_seal::{ManualSealParams, run_manual_seal};
use sc_service::{
    ClientConfig, GenesisBlockBuilder, TFullClient, TaskManager, create_rpc_runtime, new_client,
    start_rpc_servers,
};
use sc_transaction_pool::{
    Builder as PoolBuilder, TransactionPoolHandle, TransactionPoolOptions, TransactionPoolType,
    notification_future,
};
use serde_json::json;
use sp_blockchain::HeaderBackend;
use sp_storage::StorageKey;
use std::{
    collections::HashMap,
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Weak},
    thread,
    time::{Duration, Instant},
};
use tokio::{
    runtime::{self, Handle},
    signal::unix::{SignalKind, signal},
    sync::{Notify, mpsc},
};
use weir_runtime::{Block, Hash, apis::RuntimeApi};

/// The chain: storage, execution, import, notifications.
pub type Client = TFullClient<Block, RuntimeApi, NativeExecutor>;
/// The transactions.
pub type Pool = TransactionPoolHandle<Block, Client>;

/// Transactions that the pool holds, and their bytes: what a production node takes by default.
const POOL_LIMIT: usize = 8_192;
const POOL_BYTES: usize = 20 * 1_024 * 1_024;
/// Connections of which each may keep a thread busy.
const RPC_THREADS: u32 = 64;
/// How long the node may take to stop before it is left to the operating system.
const STOP_DEADLINE: Duration = Duration::from_secs(10);

/// Runs the node until a signal, or its parent's end, stops it.
///
/// # Errors
/// [`Error`], with a sentence for whoever started it.
pub fn run(options: &Options) -> Result<(), Error> {
    check_port(options.port)?;
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut backend = Weak::new();
    let result = runtime.block_on(async {
        // Before anybody is told the address: from then on a signal may come.
        let stop = Stop::new(options.exit_with_parent)?;
        let node = Node::start(options, runtime.handle())?;
        backend = Arc::downgrade(&node.backend);
        node.announce()?;
        node.until(stop).await
    });
    runtime.shutdown_timeout(STOP_DEADLINE);
    wait_for_database(&backend);
    result
}

/// A taken port is told before anything is opened.
fn check_port(port: u16) -> Result<(), Error> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(Error::PortInUse(port)),
        Err(source) => Err(Error::Port { port, source }),
    }
}

/// The database writes what it still holds when its last user lets go; those are tasks that are being cancelled.
fn wait_for_database(backend: &Weak<Backend>) {
    let deadline = Instant::now() + STOP_DEADLINE;
    while backend.strong_count() > 0 && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(2));
    }
}

/// A running node. Dropping it stops the server and the tasks.
struct Node {
    tasks: TaskManager,
    backend: Arc<Backend>,
    url: String,
    genesis: Hash,
}

impl Node {
    fn start(options: &Options, handle: &Handle) -> Result<Self, Error> {
        let backend = database::open(options.base_path.as_deref())?;
        let mut tasks = TaskManager::new(handle.clone(), None).map_err(sc_service::Error::from)?;
        let client = client(&backend, &tasks)?;
        let pool = pool(&client, &tasks);
        let info = client.info();
        let last = time_of(&client, info.best_hash)?;
        let clock = Arc::new(Clock::new(options.time_offset, options.block_time, last));

        let (commands, requests) = mpsc::channel(64);
        let (engine, engine_commands) = engine::channel(1);
        let plan = Plan::default();
        let driver = Driver {
            engine,
            client: client.clone(),
            pool: pool.clone(),
            clock: clock.clone(),
            plan: plan.clone(),
            mode: options.seal,
            finality: options.finality_lag,
        };
        spawn_engine(&tasks, &client, &backend, &pool, &clock, plan, engine_commands);
        tasks.spawn_essential_handle().spawn("seal", None, driver.run(requests));

        let genesis = info.genesis_hash;
        let parts = rpc::Parts {
            client,
            backend: backend.clone(),
            pool,
            clock,
            commands,
            spawner: tasks.spawn_handle(),
            genesis,
        };
        let server = start_rpc_servers(
            &rpc::configuration(options.port),
            None,
            handle,
            rpc::module(parts)?,
            create_rpc_runtime(RPC_THREADS)?,
            None,
        )?;
        let address = server.listen_addrs().first().map(ToString::to_string).unwrap_or_default();
        tasks.keep_alive(server);
        Ok(Self { tasks, backend, url: format!("ws://{address}"), genesis })
    }

    /// Tells whoever started the node where it is. The first and only line on stdout.
    fn announce(&self) -> Result<(), Error> {
        let line = json!({
            "ws": self.url,
            "genesis": self.genesis,
            "pid": std::process::id(),
        });
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{line}")?;
        Ok(stdout.flush()?)
    }

    async fn until(mut self, stop: Stop) -> Result<(), Error> {
        tokio::select! {
            result = self.tasks.future() => Ok(result?),
            () = stop.wait() => Ok(()),
        }
    }
}

fn client(backend: &Arc<Backend>, tasks: &TaskManager) -> Result<Arc<Client>, Error> {
    let storage = weir_runtime::genesis::storage().map_err(Error::Genesis)?;
    let genesis =
        GenesisBlockBuilder::new_with_storage(storage, true, backend.clone(), NativeExecutor)?;
    let client = new_client(
        backend.clone(),
        NativeExecutor,
        genesis,
        None,
        None,
        ExecutionExtensions::new(None, Arc::new(NativeExecutor)),
        Box::new(tasks.spawn_handle()),
        None,
        None,
        ClientConfig {
            offchain_worker_enabled: false,
            offchain_indexing_api: false,
            wasm_runtime_overrides: None,
            no_genesis: false,
            wasm_runtime_substitutes: HashMap::new(),
            enable_import_proof_recording: false,
        },
    )?;
    Ok(Arc::new(client))
}

/// The pool of production nodes: it keeps a view of each fork. Its bans are theirs too.
fn pool(client: &Arc<Client>, tasks: &TaskManager) -> Arc<Pool> {
    let options = TransactionPoolOptions::new_with_params(
        POOL_LIMIT,
        POOL_BYTES,
        None,
        TransactionPoolType::ForkAware,
        false,
        false,
    );
    let all_blocks = options.use_all_block_notifications();
    let pool = PoolBuilder::new(tasks.spawn_essential_handle(), client.clone(), true.into())
        .with_options(options)
        .build();
    let pool = Arc::new(pool);
    let maintenance = notification_future(client.clone(), pool.clone(), all_blocks);
    tasks.spawn_essential_handle().spawn("txpool", Some("transaction-pool"), maintenance);
    pool
}

fn spawn_engine(
    tasks: &TaskManager,
    client: &Arc<Client>,
    backend: &Arc<Backend>,
    pool: &Arc<Pool>,
    clock: &Arc<Clock>,
    plan: Plan,
    commands_stream: engine::Receiver<sc_consensus_manual_seal::EngineCommand<Hash>>,
) {
    let proposers =
        ProposerFactory::new(tasks.spawn_handle(), client.clone(), pool.clone(), None, None);
    let clock = clock.clone();
    let engine = run_manual_seal(ManualSealParams {
        block_import: client.clone(),
        env: Planned::new(proposers, plan),
        client: client.clone(),
        pool: pool.clone(),
        commands_stream,
        select_chain: LongestChain::new(backend.clone()),
        consensus_data_provider: None,
        create_inherent_data_providers: move |_: Hash, ()| {
            let time = clock.propose();
            async move { Ok(sp_timestamp::InherentDataProvider::new(time.into())) }
        },
    });
    tasks.spawn_essential_handle().spawn_blocking("engine", None, engine);
}

/// Chain time of a block in milliseconds since 1970, 0 for the genesis.
///
/// # Errors
/// If the block's state is not there.
pub fn time_of(client: &Client, block: Hash) -> Result<u64, sp_blockchain::Error> {
    let key = StorageKey(weir_runtime::time_key());
    let stored = client.storage(block, &key)?;
    Ok(stored.and_then(|data| u64::decode(&mut data.0.as_slice()).ok()).unwrap_or_default())
}

/// What ends the node in an orderly way.
struct Stop {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    parent: Arc<Notify>,
}

impl Stop {
    fn new(with_parent: bool) -> Result<Self, Error> {
        let parent = Arc::new(Notify::new());
        if with_parent {
            watch_stdin(parent.clone())?;
        }
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            parent,
        })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            () = self.parent.notified() => {}
        }
    }
}

/// A thread of its own, which may wait for ever: tokio's stdin would hold up the end of its runtime.
fn watch_stdin(parent: Arc<Notify>) -> Result<(), Error> {
    thread::Builder::new().name("stdin".into()).spawn(move || {
        let mut ignored = [0; 256];
        while matches!(io::stdin().lock().read(&mut ignored), Ok(read) if read > 0) {}
        parent.notify_one();
    })?;
    Ok(())
}
