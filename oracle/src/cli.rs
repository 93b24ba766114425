//! The command line of `weir-oracle`.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use self::exit::Failure;
use crate::config::{Config, EXAMPLE, LogConfig};

mod exit;
mod replay;
mod run;
mod scenario;
#[cfg(test)]
mod tests;

/// Reports prices to a Weir price feed: recorded ones, or scripted ones.
#[derive(Debug, Parser)]
#[command(name = "weir-oracle", version, about, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Report to the feed: by the clock, or step by step with --steps.
    Run(RunArguments),
    /// Work on scenarios. A scenario is a file, or the name of one that comes with the feeder.
    #[command(subcommand)]
    Scenario(ScenarioCommand),
    /// Play prices through sanity checks and triggers without a chain, and show what would be reported.
    Replay(ReplayArguments),
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
    /// Report every step of the first source, one after the other, as fast as the chain takes them; then stop.
    #[arg(long)]
    steps: bool,
    /// The first step, counted from 0.
    #[arg(long, value_name = "STEP", default_value_t = 0, requires = "steps")]
    from: u64,
    /// How many steps; by default all that are left.
    #[arg(long, value_name = "STEPS", requires = "steps")]
    count: Option<u64>,
    /// One JSON object per step, or one at the end of a run by the clock.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum ScenarioCommand {
    /// Name every fault of scenario files, or say what they do.
    Check {
        /// Scenarios.
        #[arg(value_name = "SCENARIO", required = true)]
        scenarios: Vec<PathBuf>,
        /// One JSON object per scenario.
        #[arg(long)]
        json: bool,
    },
    /// Print the prices of a scenario, step by step.
    Print {
        /// The scenario.
        #[arg(value_name = "SCENARIO")]
        scenario: PathBuf,
        /// As CSV, in the form that the replay reads.
        #[arg(long)]
        csv: bool,
        /// What each of so many reporters sees, instead of the market; with --csv.
        #[arg(long, value_name = "N", requires = "csv", value_parser = clap::value_parser!(u8).range(1..=9))]
        reporters: Option<u8>,
    },
    /// List the scenarios that come with the feeder.
    List,
}

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// CSV files, or one scenario.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The asset of the CSV files, if they have no column for it.
    #[arg(long, value_name = "SYMBOL")]
    asset: Option<crate::symbol::Symbol>,
    /// Seconds until a row's price was known: the interval, for candles.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    delay: u32,
    /// Seconds of the source per second of the chain.
    #[arg(long, default_value = "1")]
    speed: crate::source::Speed,
    /// Seconds of the chain from one look to the next; by default every step of the source is looked at.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    poll: Option<u64>,
    /// Report when a price has moved so far.
    #[arg(long, value_name = "BPS", default_value = "50")]
    deviation_bps: std::num::NonZeroU32,
    /// Report when the last report is so old.
    #[arg(long, value_name = "SECONDS", default_value = "3600")]
    heartbeat_seconds: std::num::NonZeroU32,
    /// How many reporters.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=9))]
    reporters: u8,
    /// One JSON object per report.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Name every fault of a configuration file and of the files it names.
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
    let mut out = io::stdout().lock();
    match dispatch(cli.command, &mut out).and_then(|()| Ok(out.flush()?)) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough.
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody is left to tell if standard error is closed.
            let _ = writeln!(io::stderr(), "{failure}");
            failure.code()
        }
    }
}

fn dispatch(command: Command, out: &mut dyn Write) -> Result<(), Failure> {
    match command {
        Command::Run(arguments) => run::run(&arguments, out),
        Command::Scenario(ScenarioCommand::Check { scenarios, json }) => {
            scenario::check(&scenarios, json, out)
        }
        Command::Scenario(ScenarioCommand::Print { scenario, csv, reporters }) => {
            scenario::print(&scenario, csv, reporters, out)
        }
        Command::Scenario(ScenarioCommand::List) => scenario::list(out),
        Command::Replay(arguments) => replay::replay(&arguments, out),
        Command::Config(ConfigCommand::Check { config }) => {
            let read = Config::read(&config)?;
            read.open_sources()?;
            Ok(writeln!(out, "{}: no faults", config.display())?)
        }
        Command::Config(ConfigCommand::Example) => Ok(out.write_all(EXAMPLE.as_bytes())?),
    }
}

/// Logs to standard error from here on.
fn start_logs(config: &LogConfig) {
    let registry = tracing_subscriber::registry().with(EnvFilter::new(&config.filter));
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    // Fails only if something else in this process logs already, and then that is where the lines go.
    let _ = match config.json {
        true => registry.with(lines.json()).try_init(),
        false => registry.with(lines).try_init(),
    };
}
