//! `weir-agreement`: random sessions on the rules and on the contracts for some minutes.

#![forbid(unsafe_code)]

use clap::Parser;
use serde::Serialize;
use std::{
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use weir_agreement::lockstep::{messages, random};
use weir_fuzz::{
    message::Message,
    tally::{Report, Tally, per_minute},
};

const HELP: &str = "Exit codes: 0 both sides agree, 1 they do not (seed and messages are printed), 2 bad command line.";

/// The same random messages on the rules in memory and on the contracts in the real pallet: items, events and errors
/// must be the same, bit for bit.
#[derive(Debug, Parser)]
#[command(name = "weir-agreement", version, about, after_help = HELP)]
struct Arguments {
    /// How long to run; parts of a minute are allowed.
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
    /// The first seed; session n has seed + n.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Steps of a session.
    #[arg(long, default_value_t = 400)]
    steps: u32,
    /// Only the session with the first seed: replays a difference.
    #[arg(long)]
    once: bool,
    /// Sessions at a time; as many as there are processors if it is not given.
    #[arg(long)]
    threads: Option<usize>,
    /// The last line on standard output is one JSON object; everything else goes to standard error.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Found {
    found: String,
    seed: u64,
    messages: Vec<Message>,
}

#[derive(Debug, Serialize)]
struct Output {
    #[serde(flatten)]
    report: Report,
    messages_per_minute: u64,
    disagreements: Vec<Found>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let started = Instant::now();
    let (tally, disagreements) = run(&arguments, started);
    let elapsed = started.elapsed();
    let messages_per_minute = per_minute(messages(&tally), elapsed);
    let output = Output { report: tally.report(elapsed), messages_per_minute, disagreements };
    print(&output, messages(&tally));
    if arguments.json {
        println!("{}", serde_json::to_string(&output).unwrap_or_default());
    }
    if output.disagreements.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(arguments: &Arguments, started: Instant) -> (Tally, Vec<Found>) {
    let (next, failed) = (AtomicU64::new(arguments.seed), AtomicBool::new(false));
    let (total, found) = (Mutex::new(Tally::default()), Mutex::new(Vec::new()));
    let length = Duration::try_from_secs_f64(arguments.minutes * 60.0).unwrap_or_default();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if arguments.once { 1 } else { arguments.threads.unwrap_or(processors) };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !failed.load(Ordering::Relaxed) && started.elapsed() < length {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    let mut tally = Tally::default();
                    if let Err((difference, messages)) = random(seed, arguments.steps, &mut tally) {
                        failed.store(true, Ordering::Relaxed);
                        let found_one = Found { found: difference, seed, messages };
                        found.lock().map(|mut found| found.push(found_one)).unwrap_or_default();
                    }
                    if let Ok(mut total) = total.lock() {
                        total.add(&tally);
                        let sent = messages(&total);
                        let seconds = started.elapsed().as_secs();
                        eprintln!(
                            "{seconds:>5} s  {sent:>8} messages  {:>6} a minute",
                            per_minute(sent, started.elapsed())
                        );
                    }
                    if arguments.once {
                        break;
                    }
                }
            });
        }
    });
    (total.into_inner().unwrap_or_default(), found.into_inner().unwrap_or_default())
}

fn print(output: &Output, sent: u64) {
    for line in &output.report.messages {
        eprintln!(
            "{:<16} {:>7} {:>7} {:>5.2} %",
            line.name, line.tried, line.accepted, line.percent_of_accepted
        );
    }
    eprintln!(
        "{sent} messages in {} sessions, {:.1} s: {} a minute; {:.1} % accepted; {} disagreements",
        output.report.sessions,
        output.report.seconds,
        output.messages_per_minute,
        output.report.accepted_percent,
        output.disagreements.len()
    );
    for one in &output.disagreements {
        eprintln!("\nseed {}, step {}: {}", one.seed, one.messages.len(), one.found);
        if let Some(last) = one.messages.last() {
            eprintln!("  {}", serde_json::to_string(last).unwrap_or_default());
        }
    }
}
