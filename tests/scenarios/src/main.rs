//! `weir-demo`: the whole system in one story, checked block by block.

#![forbid(unsafe_code)]

use clap::Parser;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use weir_scenarios::story::{Narrator, Options, Report, run};

const HELP: &str = "Exit codes: 0 all is as it should be, 1 something is not (the table says what), 2 bad command line, \
                    5 a part did not work, 130 interrupted.";

/// Starts a node, deploys a pool, opens positions, crashes the market and lets the keeper work; a checker of its own
/// reads every block. Stops everything that it started.
#[derive(Debug, Parser)]
#[command(name = "weir-demo", version, about, after_help = HELP)]
struct Arguments {
    /// The last line on standard output is one JSON object; everything else goes to standard error.
    #[arg(long)]
    json: bool,
    /// Leave node, keeper and reporters running, and say how to reach them.
    #[arg(long)]
    keep: bool,
    /// The sizes of the positions follow from it.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Milliseconds between blocks while the market moves.
    #[arg(long, default_value_t = 1_500, value_name = "MS", value_parser = clap::value_parser!(u64).range(200..=2_000))]
    block_ms: u64,
    /// When the command that started this began, in seconds since 1970: the time told at the end counts from there.
    #[arg(long, value_name = "SECONDS", hide = true)]
    since: Option<f64>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("WEIR_DEMO_LOG").unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("cannot start: {error}")),
    };
    runtime.block_on(tell(&arguments))
}

async fn tell(arguments: &Arguments) -> ExitCode {
    let options = Options {
        seed: arguments.seed,
        keep: arguments.keep,
        block_ms: arguments.block_ms,
        began: began(arguments.since),
    };
    let narrator = Arc::new(Narrator::new(arguments.json, options.began));
    // Dropping the story ends every process that it started.
    let ended = tokio::select! {
        ended = run(&options, &narrator) => ended,
        () = interrupted() => {
            narrator.say("interrupted: everything is stopped");
            return ExitCode::from(130);
        }
    };
    match ended {
        Ok(report) => finish(&report, arguments.json, &narrator),
        Err(error) => failed(&format!("{error:#}")),
    }
}

fn finish(report: &Report, json: bool, narrator: &Narrator) -> ExitCode {
    narrator.show(&report.words());
    if json {
        let line = serde_json::to_string(report);
        let written = line.map(|line| writeln!(std::io::stdout(), "{line}"));
        if !matches!(written, Ok(Ok(()))) {
            return failed("the report cannot be written");
        }
    }
    if report.passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn failed(message: &str) -> ExitCode {
    eprintln!("weir-demo: {message}");
    ExitCode::from(5)
}

/// The moment from which time is counted.
fn began(since: Option<f64>) -> Instant {
    let now = Instant::now();
    let since = since.and_then(|since| Duration::try_from_secs_f64(since).ok());
    let start = since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    let ago = start.and_then(|start| start.elapsed().ok()).unwrap_or_default();
    now.checked_sub(ago).unwrap_or(now)
}

/// Ctrl-C or SIGTERM.
async fn interrupted() {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        // Without handlers the signals end this process as they always do.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
