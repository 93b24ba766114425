//! The keeper's configuration: one typed struct from a TOML file and the environment.
//!
//! All faults are found in one pass, each with its key, value and place. No secret is part of the configuration: it
//! names where a key lies. Addresses that carry a password are shown without it.

mod endpoint;
mod example;
mod reader;
#[cfg(test)]
mod tests;

pub use endpoint::Endpoint;
pub use example::EXAMPLE;
pub use reader::ENVIRONMENT_PREFIX;

use crate::breakers::BreakersConfig;
use reader::Reader;
use rust_decimal::Decimal;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use weir_chain::{KeySource, redacted};

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Dotted key, for example `chain.endpoint`.
    pub key: String,
    /// The value as given; absent where the setting is missing.
    pub value: Option<String>,
    /// What is wrong with it.
    pub problem: String,
    /// File and line, or the environment variable.
    pub place: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.key)?;
        if let Some(value) = &self.value {
            write!(f, " = {:?}", redacted(value))?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// Everything that is wrong with a configuration, a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// Why no configuration came out of a file.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The content is at fault.
    #[error("{0}")]
    Faulty(Faults),
}

/// How to reach the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainConfig {
    /// The node of first choice.
    pub endpoint: Endpoint,
    /// Others of the same chain, for when it is gone, silent or behind; in this order.
    pub fallbacks: Vec<Endpoint>,
    /// Pause between looks at all of them.
    pub compare_every: Duration,
    /// Blocks by which the node in use may be behind another.
    pub max_lag: u64,
    /// The deployment file.
    pub deployment: PathBuf,
    /// Without a block for this long the keeper is not ready.
    pub stall_after: Duration,
    /// First pause before connecting again.
    pub reconnect_min: Duration,
    /// Longest pause before connecting again.
    pub reconnect_max: Duration,
}

/// What is worth liquidating, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrategyConfig {
    /// Least expected profit after fees, USD.
    pub min_profit_usd: Decimal,
    /// USD for one whole native token.
    pub native_price_usd: Decimal,
    /// Decimals of the native token.
    pub native_decimals: u32,
    /// Fee expected of the first liquidation, in whole native tokens; later ones are expected to cost what they did.
    pub first_fee: Decimal,
    /// Accepted shortfall of the seized amount against the preview, bps.
    pub slippage_bps: u16,
    /// Whether supply shares are taken where a reserve has no cash.
    pub accept_shares: bool,
    /// Most liquidations of one account planned from one block.
    pub max_legs: usize,
}

/// How transactions are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmitterConfig {
    /// Most liquidations under way.
    pub parallel: usize,
    /// Blocks for which a transaction is valid.
    pub mortality_blocks: u64,
    /// Bound of the wait for what is under way, at a stop.
    pub drain: Duration,
}

/// Form of the log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// Form of the lines.
    pub format: LogFormat,
    /// Filter in the syntax of `RUST_LOG`.
    pub filter: String,
}

/// The whole configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How to reach the chain.
    pub chain: ChainConfig,
    /// The keeper's account; without one it can only watch.
    pub key: Option<KeySource>,
    /// What is worth liquidating.
    pub strategy: StrategyConfig,
    /// How transactions are sent.
    pub submitter: SubmitterConfig,
    /// What stops the keeper from spending.
    pub breakers: BreakersConfig,
    /// The audit log.
    pub audit: PathBuf,
    /// The journal of what was signed.
    pub journal: PathBuf,
    /// The file with the word that requests which change something must carry; without it they are refused.
    pub http_token: Option<PathBuf>,
    /// Port of the HTTP server on the loopback address; 0 takes a free one.
    pub http_port: u16,
    /// The log.
    pub log: LogConfig,
}

impl ChainConfig {
    /// All endpoints, the first choice first; for connecting only.
    #[must_use]
    pub fn endpoints(&self) -> Vec<&str> {
        std::iter::once(&self.endpoint).chain(&self.fallbacks).map(Endpoint::expose).collect()
    }
}

impl Config {
    /// Reads a file and the environment of this process. Relative paths in the file are taken from the file's folder.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`], or [`ConfigError::Faulty`] with every fault.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        // A variable that is not Unicode cannot be one of ours: our names and values are plain text.
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self::parse(&path.display().to_string(), &text, environment, folder)
            .map_err(ConfigError::Faulty)
    }

    /// Reads the text of a configuration; `file` is what faults call it, `folder` what relative paths start from.
    ///
    /// # Errors
    /// Every fault of the text and of the variables that begin with [`ENVIRONMENT_PREFIX`].
    pub fn parse(
        file: &str,
        text: &str,
        environment: impl IntoIterator<Item = (String, String)>,
        folder: &Path,
    ) -> Result<Self, Faults> {
        let mut reader = Reader::new(file, text, environment);
        let r = &mut reader;
        let chain = chain(r, folder);
        let key = key(r, folder);
        let strategy = strategy(r);
        let submitter = submitter(r);
        let breakers = breakers(r);
        let audit =
            r.text_or("audit.file", folder.join("keeper-audit.jsonl"), |text| path(text, folder));
        let journal = r
            .text_or("journal.file", folder.join("keeper-journal.redb"), |text| path(text, folder));
        let http_port = narrow(r.integer_or("http.port", 9616, 0, u64::from(u16::MAX)));
        let http_token = r.optional("http.token_file", |text| path(text, folder));
        let log = LogConfig {
            format: r.text_or("log.format", LogFormat::Text, |text| match text {
                "text" => Ok(LogFormat::Text),
                "json" => Ok(LogFormat::Json),
                _ => Err("must be \"text\" or \"json\""),
            }),
            filter: r.text_or("log.filter", "info".to_owned(), |text| {
                text.parse::<tracing_subscriber::EnvFilter>().map(|_| text.to_owned())
            }),
        };
        match (chain, reader.finish()) {
            (Some(chain), Ok(())) => Ok(Self {
                chain,
                key,
                strategy,
                submitter,
                breakers,
                audit,
                journal,
                http_token,
                http_port,
                log,
            }),
            (_, Err(faults)) => Err(faults),
            // A required setting that is absent has left a fault; this arm only completes the match.
            (None, Ok(())) => Err(Faults(Vec::new())),
        }
    }
}

fn chain(r: &mut Reader, folder: &Path) -> Option<ChainConfig> {
    let endpoint = r.required("chain.endpoint", Endpoint::parse);
    let fallbacks = r.list("chain.fallbacks", Endpoint::parse);
    let compare_every = millis(r, "chain.compare_every_ms", 5_000, 100);
    let max_lag = r.integer_or("chain.max_lag", 3, 1, 1_000);
    let deployment = r.required("chain.deployment", |text| path(text, folder));
    let stall_after = millis(r, "chain.stall_after_ms", 60_000, 1_000);
    let reconnect_min = millis(r, "chain.reconnect_min_ms", 250, 10);
    let reconnect_max = millis(r, "chain.reconnect_max_ms", 10_000, 10);
    if reconnect_max < reconnect_min {
        let value = Some(reconnect_max.as_millis().to_string());
        r.fault("chain.reconnect_max_ms", value, "is less than chain.reconnect_min_ms");
    }
    Some(ChainConfig {
        endpoint: endpoint?,
        fallbacks,
        compare_every,
        max_lag,
        deployment: deployment?,
        stall_after,
        reconnect_min,
        reconnect_max,
    })
}

fn key(r: &mut Reader, folder: &Path) -> Option<KeySource> {
    let given = ["key.keystore", "key.env", "key.dev"].iter().filter(|key| r.has(key)).count();
    if given > 1 {
        r.fault("key", None, "give only one of keystore, env and dev");
    }
    if r.has("key.passphrase_file") != r.has("key.keystore") {
        r.fault("key", None, "keystore and passphrase_file belong together");
    }
    let keystore = r.optional("key.keystore", |text| path(text, folder));
    let passphrase_file = r.optional("key.passphrase_file", |text| path(text, folder));
    let variable = r.optional("key.env", variable_name);
    let dev = r.optional("key.dev", name);
    match (keystore, passphrase_file, variable, dev) {
        (Some(path), Some(passphrase), _, _) => {
            Some(KeySource::Keystore { path, passphrase_file: Some(passphrase) })
        }
        (_, _, Some(variable), _) => Some(KeySource::Env(variable)),
        (_, _, _, dev) => dev.map(KeySource::Dev),
    }
}

fn strategy(r: &mut Reader) -> StrategyConfig {
    StrategyConfig {
        min_profit_usd: r.text_or("strategy.min_profit_usd", Decimal::new(1, 2), usd),
        native_price_usd: r.text_or("strategy.native_price_usd", Decimal::from(5), usd),
        native_decimals: narrow(r.integer_or("strategy.native_decimals", 10, 0, 24)),
        first_fee: r.text_or("strategy.first_fee", Decimal::new(2, 2), usd),
        slippage_bps: narrow(r.integer_or("strategy.slippage_bps", 100, 0, 1_000)),
        accept_shares: r.boolean_or("strategy.accept_shares", true),
        max_legs: narrow(r.integer_or("strategy.max_legs", 4, 1, 32)),
    }
}

fn submitter(r: &mut Reader) -> SubmitterConfig {
    SubmitterConfig {
        parallel: narrow(r.integer_or("submitter.parallel", 64, 1, 1_024)),
        mortality_blocks: r.integer_or("submitter.mortality_blocks", 16, 4, 4_096),
        drain: millis(r, "submitter.drain_ms", 15_000, 0),
    }
}

fn breakers(r: &mut Reader) -> BreakersConfig {
    let mut seconds = |key, default| Duration::from_secs(r.integer_or(key, default, 0, 86_400));
    let (max_head_age, max_clock_skew) =
        (seconds("breakers.max_head_age_s", 120), seconds("breakers.max_clock_skew_s", 60));
    let (cool_down, override_for) =
        (seconds("breakers.cool_down_s", 60), seconds("breakers.override_s", 3_600));
    BreakersConfig {
        max_head_age,
        max_clock_skew,
        max_finality_lag: r.integer_or("breakers.max_finality_lag", 64, 0, 100_000),
        max_failures: r.integer_or("breakers.max_failures", 8, 0, 1_000),
        max_spend_hour_usd: r.text_or("breakers.max_spend_hour_usd", Decimal::ZERO, usd),
        max_spend_day_usd: r.text_or("breakers.max_spend_day_usd", Decimal::ZERO, usd),
        max_loss_day_usd: r.text_or("breakers.max_loss_day_usd", Decimal::from(100), usd),
        min_native: r.text_or("breakers.min_native", Decimal::ONE, usd),
        cool_down,
        override_for,
    }
}

fn millis(r: &mut Reader, key: &str, default: u64, least: u64) -> Duration {
    // A day is longer than any of these waits makes sense.
    Duration::from_millis(r.integer_or(key, default, least, 86_400_000))
}

fn path(text: &str, folder: &Path) -> Result<PathBuf, &'static str> {
    if text.trim().is_empty() { Err("is empty") } else { Ok(folder.join(text)) }
}

fn variable_name(text: &str) -> Result<String, &'static str> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if plain && text.starts_with(|first: char| !first.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("must be the name of an environment variable, not the key itself")
    }
}

fn name(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("is empty") } else { Ok(text.to_owned()) }
}

fn usd(text: &str) -> Result<Decimal, String> {
    let value = Decimal::from_str_exact(text)
        .map_err(|_| "must be a decimal number in quotes, for example \"0.5\"".to_owned())?;
    // Above a billion it is a mistake in the unit, not a wish.
    if value.is_sign_negative() || value > Decimal::from(1_000_000_000) {
        return Err("must be from 0 to 1000000000".to_owned());
    }
    Ok(value)
}

/// A number that was read within bounds of the smaller type; the bound is the caller's, so the fallback is never taken.
fn narrow<T: TryFrom<u64> + Default>(value: u64) -> T {
    T::try_from(value).unwrap_or_default()
}
