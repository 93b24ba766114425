//! Puts the tasks together: chain → book → strategy → submitter → audit log, under one supervisor.

use crate::audit::{self, AuditLog, Entry as AuditEntry, LogError, Opened, Started};
use crate::book::BookTask;
use crate::breakers::Breakers;
use crate::config::Config;
use crate::funds::Funds;
use crate::health::Health;
use crate::http::{HttpError, Server, Sources, Token};
use crate::journal::{Entry, Journal, JournalError, Number};
use crate::ledger::{Budget, Ledger};
use crate::metrics::Metrics;
use crate::profit::FeeModel;
use crate::site::Site;
use crate::source::Source;
use crate::strategy::StrategyTask;
use crate::submitter::{Executor, Submitter};
use crate::supervisor::{Fatal, Restart, Supervisor};
use crate::watch::WatchTask;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use weir_chain::{Address, ChainError, Client, FollowOptions, KeyError, Sender, Signer, redacted};

/// Blocks that may wait for the book. A minute of two-second blocks; beyond it the source waits.
const BLOCK_QUEUE: usize = 32;
/// Plans that may wait for the submitter. Plans are bound to a block, so a longer queue would only hold old ones.
const PLAN_QUEUE: usize = 256;
/// A task that ran for this long without a failure is taken to have recovered.
const SETTLED: Duration = Duration::from_secs(60);
/// Failures in a row of a task that does not talk to the node, after which a person has to look.
const MOST_FAILURES: u32 = 10;
/// What stages without work of their own need to end.
const SHORT_DRAIN: Duration = Duration::from_secs(2);

/// What the windows of the breakers reach back, milliseconds.
const DAY_MS: u64 = 86_400_000;

/// Why the keeper did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The HTTP server.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The node, the deployment file, or what stands on the chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Execution without an account.
    #[error(
        "--execute needs a key: set keystore and passphrase_file, or env, in the section [key]"
    )]
    NoKey,
    /// The audit log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// The fee model of a configuration.
#[must_use]
pub fn fee_model(config: &Config) -> FeeModel {
    let strategy = &config.strategy;
    // 10^decimals · first_fee in smallest units; the bounds of the configuration keep both small.
    let unit = 10_u128.checked_pow(strategy.native_decimals).and_then(Decimal::from_u128);
    let first =
        unit.and_then(|unit| unit.checked_mul(strategy.first_fee)).and_then(|fee| fee.to_u128());
    FeeModel::new(strategy.native_price_usd, strategy.native_decimals, first.unwrap_or_default())
}

/// Asks a keeper to stop.
#[derive(Clone)]
pub struct Stopper {
    stop: CancellationToken,
    health: Health,
}

impl Stopper {
    /// See [`Keeper::stop`].
    pub fn stop(&self) {
        self.health.stopping("a stop was asked for");
        self.stop.cancel();
    }
}

/// A running keeper. Dropping it leaves it running; [`Keeper::stop`] ends it.
pub struct Keeper {
    stop: CancellationToken,
    address: SocketAddr,
    account: Option<Address>,
    health: Health,
    metrics: Arc<Metrics>,
    running: JoinHandle<Result<(), Fatal>>,
}

impl Keeper {
    /// Starts the keeper in this tokio runtime. Without `execute` it decides and logs, and sends nothing.
    ///
    /// # Errors
    /// [`StartError`]; nothing runs then.
    pub async fn start(config: Config, execute: bool) -> Result<Self, StartError> {
        // Ordered by cost: what is wrong on this machine is told before a node is asked.
        let server = Server::bind(config.http_port).await?;
        if execute && config.key.is_none() {
            return Err(StartError::NoKey);
        }
        let token = config.http_token.as_deref().map(Token::load).transpose()?;
        let Opened { mut log, set_aside } = AuditLog::open(&config.audit)?;
        let site = Site::open(&config).await?;
        let metrics = Arc::new(Metrics::new());
        let health = Health::new(config.chain.stall_after, execute);
        for asset in &site.assets {
            metrics.add_asset(&asset.symbol);
        }
        for endpoint in config.chain.endpoints() {
            metrics.add_endpoint(&redacted(endpoint));
        }
        let ledger = Ledger::new(match (&site.signer, execute) {
            (Some(_), true) => Budget::Allowed,
            (Some(_), false) => Budget::Balance,
            (None, _) => Budget::Unlimited,
        });
        let (executor, open) = match site.signer.clone().filter(|_| execute) {
            Some(signer) => {
                let (journal, open) =
                    Journal::open(&config.journal, site.client.genesis(), signer.address())?;
                let sender = Sender::new(site.client.clone(), signer);
                (Some(Executor { sender, journal }), open)
            }
            None => (None, Vec::new()),
        };
        let sender = executor.as_ref().map(|executor| &executor.sender);
        let funds = site.funds(&ledger, &metrics);
        if let Some(funds) = &funds {
            prepare_funds(&site.client, funds, sender).await?;
        }
        let stop = CancellationToken::new();
        let address = server.address();
        let account = site.signer.as_ref().map(Signer::address);
        metrics.audit_broken(set_aside.is_some());
        let breakers = Breakers::new(config.breakers.clone(), Arc::clone(&metrics));
        let watch = WatchTask {
            client: site.client.clone(),
            account: site.signer.as_ref().map(Signer::account_id),
            native_decimals: config.strategy.native_decimals,
            every: config.chain.compare_every,
            max_lag: config.chain.max_lag,
            breakers: breakers.clone(),
            metrics: Arc::clone(&metrics),
        };
        // Before the first plan, not beside it.
        watch.look_at_chain().await?;
        breakers.remember(&log.money_since(audit::now_ms().saturating_sub(DAY_MS))?);
        let version = env!("CARGO_PKG_VERSION");
        log.append(&[AuditEntry::Started(Started {
            version,
            pool: site.pool,
            account,
            execute,
            set_aside,
        })])?;
        info!(head = %log.head(), file = %config.audit.display(), "audit log");
        let log = Arc::new(Mutex::new(log));
        let parts = Parts {
            config,
            site,
            health,
            metrics,
            ledger,
            executor,
            open,
            funds,
            watch,
            breakers: breakers.clone(),
            log: Arc::clone(&log),
        };
        let (health, metrics) = (parts.health.clone(), Arc::clone(&parts.metrics));
        let supervisor = parts.supervise(stop.clone());
        let sources =
            Sources { health: health.clone(), metrics: Arc::clone(&metrics), breakers, log, token };
        let running = tokio::spawn(run(supervisor, server, sources, stop.clone()));
        info!(%address, execute, account = account.map(|account| account.to_string()), "keeper started");
        Ok(Self { stop, address, account, health, metrics, running })
    }

    /// Where `/metrics`, `/livez` and `/readyz` are.
    #[must_use]
    pub fn http_address(&self) -> SocketAddr {
        self.address
    }

    /// The keeper's account, if a key is configured.
    #[must_use]
    pub fn account(&self) -> Option<Address> {
        self.account
    }

    /// What `/readyz` tells.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// What `/metrics` tells.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Asks for a stop: no new work is taken, what is under way is waited for up to the configured bound.
    pub fn stop(&self) {
        self.stopper().stop();
    }

    /// A handle that can ask for the stop while somebody waits for the end.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper { stop: self.stop.clone(), health: self.health.clone() }
    }

    /// Waits for the end.
    ///
    /// # Errors
    /// The failure that ended the keeper, if it was not asked to stop.
    pub async fn ended(self) -> Result<(), Fatal> {
        self.running.await.unwrap_or_else(|join| {
            Err(Fatal { task: "supervisor", reason: format!("panicked: {join}") })
        })
    }
}

/// The own funds at the best block; with a sender the allowances are set first.
async fn prepare_funds(
    client: &Client,
    funds: &Funds,
    sender: Option<&Sender>,
) -> Result<(), ChainError> {
    funds.refresh(client.best().await?).await?;
    if let Some(sender) = sender {
        if funds.allow(sender).await? > 0 {
            funds.refresh(client.best().await?).await?;
        }
    } else {
        warn!("dry run: decides and logs, sends nothing; --execute spends");
    }
    Ok(())
}

/// The server answers until everything else has ended, so that a stop can be watched.
async fn run(
    supervisor: Supervisor,
    server: Server,
    sources: Sources,
    stop: CancellationToken,
) -> Result<(), Fatal> {
    let cancel = CancellationToken::new();
    let health = sources.health.clone();
    let serving = tokio::spawn(server.serve(sources, cancel.clone()));
    let ended = supervisor.run().await;
    if let Err(fatal) = &ended {
        health.stopping(fatal.to_string());
    }
    stop.cancel();
    cancel.cancel();
    let _ = tokio::time::timeout(SHORT_DRAIN, serving).await;
    ended
}

/// What the tasks are made of.
struct Parts {
    config: Config,
    site: Site,
    health: Health,
    metrics: Arc<Metrics>,
    ledger: Ledger,
    executor: Option<Executor>,
    open: Vec<(Number, Entry)>,
    funds: Option<Funds>,
    watch: WatchTask,
    breakers: Breakers,
    log: Arc<Mutex<AuditLog>>,
}

impl Parts {
    fn supervise(self, stop: CancellationToken) -> Supervisor {
        let chain = &self.config.chain;
        let node = Restart {
            first: chain.reconnect_min,
            longest: chain.reconnect_max,
            settled: SETTLED,
            most: None,
        };
        let own = Restart { most: Some(MOST_FAILURES), ..node };
        let (blocks_in, blocks_out) = mpsc::channel(BLOCK_QUEUE);
        let (work_in, work_out) = watch::channel(None);
        let (plans_in, plans_out) = mpsc::channel(PLAN_QUEUE);
        let fees = Arc::new(Mutex::new(fee_model(&self.config)));
        let source = Source {
            client: self.site.client.clone(),
            deployment: Arc::clone(&self.site.deployment),
            options: FollowOptions {
                stall: chain.stall_after.min(FollowOptions::default().stall),
                ..FollowOptions::default()
            },
            blocks: blocks_in,
            health: self.health.clone(),
            metrics: Arc::clone(&self.metrics),
        };
        let book = BookTask {
            client: self.site.client.clone(),
            pool: self.site.pool,
            own: self.site.signer.as_ref().map(Signer::address),
            blocks: Arc::new(tokio::sync::Mutex::new(blocks_out)),
            work: Arc::new(work_in),
            health: self.health.clone(),
            metrics: Arc::clone(&self.metrics),
        };
        let strategy = StrategyTask {
            pool: self.site.pool,
            assets: self.site.assets.clone(),
            config: self.config.strategy.clone(),
            work: work_out,
            plans: plans_in,
            ledger: self.ledger.clone(),
            fees: Arc::clone(&fees),
            funds: self.funds,
            sender: self.executor.as_ref().map(|executor| executor.sender.clone()),
            log: Arc::clone(&self.log),
            breakers: self.breakers.clone(),
            metrics: Arc::clone(&self.metrics),
        };
        let submitter = Submitter {
            executor: self.executor,
            pool: self.site.pool,
            assets: self.site.assets,
            config: self.config.submitter.clone(),
            ledger: self.ledger,
            fees,
            log: self.log,
            metrics: Arc::clone(&self.metrics),
            breakers: self.breakers,
            health: self.health,
            open: Arc::new(Mutex::new(self.open)),
            plans: Arc::new(tokio::sync::Mutex::new(plans_out)),
        };
        let drain = self.config.submitter.drain.checked_add(SHORT_DRAIN).unwrap_or(SHORT_DRAIN);
        let mut supervisor = Supervisor::new(stop, self.metrics);
        supervisor.add("source", node, SHORT_DRAIN, move |cancel| source.clone().run(cancel));
        supervisor.add("watch", own, SHORT_DRAIN, move |cancel| self.watch.clone().run(cancel));
        supervisor.add("book", own, SHORT_DRAIN, move |cancel| book.clone().run(cancel));
        supervisor.add("strategy", own, SHORT_DRAIN, move |cancel| strategy.clone().run(cancel));
        supervisor.add("submitter", own, drain, move |cancel| submitter.clone().run(cancel));
        supervisor
    }
}
