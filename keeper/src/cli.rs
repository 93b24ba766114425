//! The command line of `weir-keeper`.

mod audit;
mod exit;
mod run;
mod scan;

use crate::config::{Config, EXAMPLE, LogConfig, LogFormat};
use clap::{Args, Parser, Subcommand};
use exit::Failure;
use std::io::{IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Liquidates unhealthy accounts of a Weir pool.
#[derive(Debug, Parser)]
#[command(name = "weir-keeper", version, about, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Follow the chain and liquidate. Without --execute: decide and log, send nothing.
    Run(RunArguments),
    /// Look once at all accounts with debt, and at what would be done about them.
    Scan(ScanArguments),
    /// Look after the audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Work on configuration files.
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Spend: set allowances, send liquidations.
    #[arg(long)]
    execute: bool,
    /// First line on standard output: a JSON object with the HTTP address. Logs go to standard error in any case.
    #[arg(long)]
    json: bool,
}

/// Arguments of `scan`.
#[derive(Debug, Args)]
pub struct ScanArguments {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Name every fault of a file, or show what it comes to.
    Check {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Print a commented example.
    Example,
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match dispatch(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody is left to tell if standard error is closed.
            let _ = writeln!(std::io::stderr(), "error: {failure}");
            failure.code()
        }
    }
}

fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Config(ConfigCommand::Example) => print(EXAMPLE.trim_end()),
        Command::Config(ConfigCommand::Check { config: path }) => {
            let config = Config::load(&path)?;
            print(&format!("{} is in order:\n{config:#?}", path.display()))
        }
        Command::Audit(command) => audit::run(command),
        Command::Run(arguments) => {
            let config = Config::load(&arguments.config)?;
            start_log(&config.log);
            runtime()?.block_on(run::run(config, &arguments))
        }
        Command::Scan(arguments) => {
            let config = Config::load(&arguments.config)?;
            start_log(&config.log);
            runtime()?.block_on(scan::scan(&config, arguments.json))
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::other(format!("cannot start the runtime: {error}")))
}

/// Logs go to standard error, so that standard output holds results only.
fn start_log(config: &LogConfig) {
    let registry = tracing_subscriber::registry().with(EnvFilter::new(&config.filter));
    // Colours are for people only.
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // A second subscriber in one process is refused; the first one stays.
    let _ = match config.format {
        LogFormat::Text => registry.with(layer).try_init(),
        LogFormat::Json => registry.with(layer.json()).try_init(),
    };
}

/// A line on standard output. A closed pipe is not a failure: whoever read had enough.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::other(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
