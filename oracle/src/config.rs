//! The feeder's configuration: one TOML file, read strictly. Paths in it are relative to its folder.

use std::{
    collections::BTreeMap,
    num::{NonZeroU32, NonZeroUsize},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use weir_chain::KeySource;

use crate::{
    aggregate::Policy,
    document::{self, Section, convert},
    error::OracleError,
    fault::Faults,
    feeder::RunOptions,
    pipeline::{Input, Rules},
    price::Price,
    source::{CsvFile, ReporterNumber, Source, Speed},
    symbol::Symbol,
    trigger::Trigger,
};

#[cfg(test)]
mod tests;

/// A configuration that explains itself; `weir-oracle config example` prints it.
pub const EXAMPLE: &str = include_str!("config/example.toml");

/// A feeder's configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The node; `None`: the one of the deployment file.
    pub endpoint: Option<String>,
    /// The deployment file.
    pub deployment: PathBuf,
    /// The reporters, in the order of their numbers.
    pub reporters: Vec<ReporterConfig>,
    /// The sources; the steps of the first are counted.
    pub sources: Vec<SourceConfig>,
    /// When to report.
    pub trigger: Trigger,
    /// How to run by the clock.
    pub run: RunOptions,
    /// What is asked of the prices.
    pub rules: Rules,
    /// What is logged, and how.
    pub log: LogConfig,
}

/// What is logged to standard error, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// Levels by module, for example `info,weir_oracle=debug`.
    pub filter: String,
    /// One JSON object per line, instead of text.
    pub json: bool,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), json: false }
    }
}

/// A reporter of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReporterConfig {
    /// Its name in logs.
    pub name: String,
    /// Where its key is.
    pub key: KeySource,
}

/// A source of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceConfig {
    /// Its name in logs.
    pub name: String,
    /// What it is.
    pub kind: SourceKind,
    /// Its weight in the median.
    pub weight: NonZeroU32,
    /// How fast it is played against the chain's clock.
    pub speed: Speed,
}

/// A kind of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    /// A scenario file.
    Scenario(PathBuf),
    /// CSV files.
    Csv(Vec<CsvFile>),
}

impl SourceConfig {
    /// Reads the source's files.
    ///
    /// # Errors
    ///
    /// Their faults.
    pub fn open(&self) -> Result<Input, Faults> {
        let source = match &self.kind {
            SourceKind::Scenario(file) => Source::scenario(file)?,
            SourceKind::Csv(files) => Source::csv(files)?,
        };
        Ok(Input {
            name: self.name.as_str().into(),
            weight: self.weight,
            speed: self.speed,
            source: Arc::new(source),
        })
    }
}

impl Config {
    /// Reads a configuration file. The files it names are not touched.
    ///
    /// # Errors
    ///
    /// All faults, each with line and key.
    pub fn read(file: &Path) -> Result<Self, Faults> {
        document::read_file(file, build)
    }

    /// Reads the files of all sources.
    ///
    /// # Errors
    ///
    /// The faults of all of them together.
    pub fn open_sources(&self) -> Result<Vec<Input>, OracleError> {
        let (mut inputs, mut faults) = (Vec::new(), Vec::new());
        for source in &self.sources {
            match source.open() {
                Ok(input) => inputs.push(input),
                Err(found) => faults.append(&mut found.into_vec()),
            }
        }
        Faults::check(faults)?;
        Ok(inputs)
    }
}

fn build(root: &Section<'_>) -> Option<Config> {
    let chain = root.section("chain");
    if chain.is_none() && !root.has("chain") {
        root.missing("chain");
    }
    let deployment = chain.as_ref().and_then(|chain| chain.required("deployment", convert::name));
    let endpoint = chain.as_ref().and_then(|chain| chain.optional("endpoint", endpoint));
    if let Some(chain) = &chain {
        chain.refuse_unknown();
    }
    let reporters = reporters(root);
    let sources = sources(root);
    let (trigger, run) = report(root);
    let rules = rules(root);
    let log = log(root);
    Some(Config {
        endpoint,
        deployment: root.beside(&deployment?),
        reporters,
        sources,
        trigger: trigger?,
        run,
        rules,
        log,
    })
}

fn endpoint(value: &toml::de::DeValue<'_>) -> Result<String, String> {
    let url = convert::name(value)?;
    match url.starts_with("ws://") || url.starts_with("wss://") {
        true => Ok(url),
        false => Err(format!("`{url}` does not begin with ws:// or wss://")),
    }
}

fn reporters(root: &Section<'_>) -> Vec<ReporterConfig> {
    let sections = root.tables("reporters");
    if sections.is_empty() {
        root.fault("reporters", "at least one reporter is needed: [[reporters]] with its key");
    }
    if sections.len() > usize::from(ReporterNumber::MAX) {
        let message = format!("{} reporters, at most {}", sections.len(), ReporterNumber::MAX);
        root.fault("reporters", message);
    }
    let mut reporters: Vec<ReporterConfig> = Vec::new();
    for (number, section) in (1..).zip(&sections) {
        let number: u32 = number;
        let name = section.or("name", format!("reporter-{number}"), convert::name);
        let key = key(section);
        section.refuse_unknown();
        if reporters.iter().any(|reporter| reporter.name == name) {
            section.fault("name", format!("`{name}` is there already"));
        }
        if let Some(key) = key {
            if reporters.iter().any(|reporter| reporter.key == key) {
                section.fault_here("another reporter has the same key");
            }
            reporters.push(ReporterConfig { name, key });
        }
    }
    reporters
}

/// Exactly one of `dev`, `env` and `keystore`.
fn key(section: &Section<'_>) -> Option<KeySource> {
    let dev = section.optional("dev", convert::name).map(KeySource::Dev);
    let env = section.optional("env", convert::name).map(KeySource::Env);
    let passphrase_file = section.optional("passphrase_file", convert::name);
    let passphrase_file = passphrase_file.map(|path| section.beside(&path));
    if passphrase_file.is_some() && !section.has("keystore") {
        section.fault("passphrase_file", "goes with keystore only");
    }
    let keystore = section.optional("keystore", convert::name);
    let keystore =
        keystore.map(|path| KeySource::Keystore { path: section.beside(&path), passphrase_file });
    let given = ["dev", "env", "keystore"].iter().filter(|key| section.has(key)).count();
    if given != 1 {
        section.fault_here("needs exactly one of dev, env and keystore");
        return None;
    }
    dev.or(env).or(keystore)
}

fn sources(root: &Section<'_>) -> Vec<SourceConfig> {
    let sections = root.tables("sources");
    if sections.is_empty() {
        root.fault("sources", "at least one source is needed: [[sources]] with scenario or csv");
    }
    let mut sources: Vec<SourceConfig> = Vec::new();
    for section in &sections {
        let name = section.required("name", convert::name);
        let weight = section.or("weight", 1, convert::integer(1..=1_000_000_u32));
        let speed = section.or("speed", Speed::ONE, convert::decimal);
        let scenario = section.optional("scenario", convert::name);
        let scenario = scenario.map(|path| SourceKind::Scenario(section.beside(&path)));
        let csv = section.has("csv").then(|| SourceKind::Csv(csv_files(section)));
        section.refuse_unknown();
        if section.has("scenario") == section.has("csv") {
            section.fault_here("needs exactly one of scenario and csv");
        }
        let (Some(name), Some(kind)) = (name, scenario.or(csv)) else { continue };
        if sources.iter().any(|source| source.name == name) {
            section.fault("name", format!("`{name}` is there already"));
        }
        let weight = NonZeroU32::new(weight).unwrap_or(NonZeroU32::MIN);
        sources.push(SourceConfig { name, kind, weight, speed });
    }
    sources
}

fn csv_files(source: &Section<'_>) -> Vec<CsvFile> {
    let mut files = Vec::new();
    for section in source.tables("csv") {
        let path = section.required("file", convert::name);
        let asset = section.optional("asset", convert::parsed::<Symbol>);
        let delay_seconds = section.or("delay_seconds", 0, convert::integer(0..=604_800_u32));
        section.refuse_unknown();
        let file = path.map(|path| CsvFile { path: section.beside(&path), asset, delay_seconds });
        files.extend(file);
    }
    files
}

/// `[report]`: when to report.
fn report(root: &Section<'_>) -> (Option<Trigger>, RunOptions) {
    let section = root.section("report");
    let number = |key: &str, default: u32, high: u32| {
        let bounds = convert::integer(1..=high);
        section.as_ref().map_or(default, |section| section.or(key, default, bounds))
    };
    let deviation = number("deviation_bps", 50, 10_000);
    let heartbeat = number("heartbeat_seconds", 3_600, 604_800);
    let poll = number("poll_milliseconds", 1_000, 600_000);
    let begin = section
        .as_ref()
        .and_then(|section| section.optional("begin", convert::integer(0..=u64::from(u32::MAX))));
    let stop_after = section.as_ref().and_then(|section| {
        section.optional("stop_after_seconds", convert::integer(1..=u64::from(u32::MAX)))
    });
    if let Some(section) = &section {
        section.refuse_unknown();
    }
    let trigger = NonZeroU32::new(deviation)
        .zip(NonZeroU32::new(heartbeat))
        .map(|(deviation_bps, heartbeat_seconds)| Trigger { deviation_bps, heartbeat_seconds });
    let poll = Duration::from_millis(u64::from(poll));
    (trigger, RunOptions { poll, begin, stop_after })
}

/// `[sanity]`, and `[assets.SYMBOL]` for bounds of single assets.
fn rules(root: &Section<'_>) -> Rules {
    let section = root.section("sanity");
    let bps = |key: &str| {
        let bounds = convert::integer(1..=1_000_000_u32);
        section.as_ref().and_then(|section| section.optional(key, bounds))
    };
    let (max_jump_bps, outlier_bps) = (bps("max_jump_bps"), bps("outlier_bps"));
    let minimum = section
        .as_ref()
        .map_or(1, |section| section.or("minimum_sources", 1, convert::integer(1..=100_usize)));
    let max_age_seconds = section.as_ref().map_or(3_600, |section| {
        section.or("max_age_seconds", 3_600, convert::integer(1..=u64::from(u32::MAX)))
    });
    if let Some(section) = &section {
        section.refuse_unknown();
        if minimum > root.tables("sources").len() {
            section.fault("minimum_sources", format!("{minimum} is more than there are sources"));
        }
    }
    let policy = Policy {
        minimum_sources: NonZeroUsize::new(minimum).unwrap_or(NonZeroUsize::MIN),
        max_age_seconds,
        low: None,
        high: None,
        outlier_bps,
    };
    let assets = asset_policies(root, &policy);
    Rules { policy, assets, max_jump_bps }
}

fn asset_policies(root: &Section<'_>, policy: &Policy) -> BTreeMap<Symbol, Policy> {
    let mut policies = BTreeMap::new();
    for (name, section) in root.children("assets") {
        let low = section.optional("low", convert::decimal::<Price>);
        let high = section.optional("high", convert::decimal::<Price>);
        section.refuse_unknown();
        if low.zip(high).is_some_and(|(low, high)| low >= high) {
            section.fault("high", "is not above low");
        }
        match name.parse::<Symbol>() {
            Ok(symbol) => {
                policies.insert(symbol, Policy { low, high, ..policy.clone() });
            }
            Err(error) => section.fault_here(error.to_string()),
        }
    }
    policies
}

/// `[log]`.
fn log(root: &Section<'_>) -> LogConfig {
    let default = LogConfig::default();
    let Some(section) = root.section("log") else { return default };
    let filter = section.or("filter", default.filter, |value| {
        let text = convert::name(value)?;
        let parsed = text.parse::<tracing_subscriber::EnvFilter>();
        parsed.map(|_| text).map_err(|error| error.to_string())
    });
    let json = section.or("format", default.json, |value| match convert::name(value)?.as_str() {
        "text" => Ok(false),
        "json" => Ok(true),
        other => Err(format!("`{other}` is not a format: text or json")),
    });
    section.refuse_unknown();
    LogConfig { filter, json }
}
