//! `weir-fuzz`: random sessions for some minutes, on every core.

#![forbid(unsafe_code)]

use clap::Parser;
use serde::Serialize;
use std::{
    process::ExitCode,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use weir_fuzz::{
    bytes,
    invariants::{How, INVARIANTS},
    message::Message,
    session::{Failure, quiet_panics, random},
    shrink::shrink,
    stage::Stage,
    tally::{Report, Tally, per_minute},
};

const HELP: &str = "Exit codes: 0 everything held, 1 something did not (seed and shortened messages are printed), \
                    2 bad command line.";

/// Random actors on the rules of the pool; after every step every invariant, by its id.
#[derive(Debug, Parser)]
#[command(name = "weir-fuzz", version, about, after_help = HELP)]
struct Arguments {
    /// How long to run; parts of a minute are allowed.
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
    /// The first seed; session n has seed + n.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Steps of a session.
    #[arg(long, default_value_t = 600)]
    steps: u32,
    /// Only the session with the first seed: replays a failure.
    #[arg(long)]
    once: bool,
    /// Sessions at a time; as many as there are processors if it is not given.
    #[arg(long)]
    threads: Option<usize>,
    /// The last line on standard output is one JSON object; everything else goes to standard error.
    #[arg(long)]
    json: bool,
    /// Mutated bytes on decoders and arithmetic instead.
    #[arg(long)]
    bytes: bool,
    /// Lists the invariants and how each is looked at.
    #[arg(long)]
    list: bool,
}

/// A failure as it is printed.
#[derive(Debug, Serialize)]
struct Found {
    id: String,
    found: String,
    seed: u64,
    messages: Vec<Message>,
}

#[derive(Debug, Serialize)]
struct Output {
    #[serde(flatten)]
    core: Report,
    invariants: usize,
    failures: Vec<Found>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list {
        list();
        return ExitCode::SUCCESS;
    }
    if arguments.bytes {
        return look_at_bytes(&arguments);
    }
    let started = Instant::now();
    let (tally, failures) = run(&arguments, started);
    let invariants = INVARIANTS.iter().filter(|one| matches!(one.how, How::Step(_))).count();
    let output = Output { core: tally.report(started.elapsed()), invariants, failures };
    print(&output);
    if arguments.json {
        println!("{}", serde_json::to_string(&output).unwrap_or_default());
    }
    if output.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn look_at_bytes(arguments: &Arguments) -> ExitCode {
    quiet_panics();
    let report = bytes::run(arguments.seed, u64::MAX, length(arguments));
    let (inputs, targets, failures) = (report.inputs, report.targets, report.failures.len());
    eprintln!("{inputs} inputs on {targets} targets; {failures} failures");
    for broken in &report.failures {
        eprintln!("{}: {} on {:?}", broken.target, broken.found, broken.bytes);
    }
    if arguments.json {
        println!("{}", serde_json::to_string(&report).unwrap_or_default());
    }
    if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn length(arguments: &Arguments) -> Duration {
    Duration::try_from_secs_f64(arguments.minutes * 60.0).unwrap_or_default()
}

fn list() {
    for invariant in INVARIANTS {
        let how = match invariant.how {
            How::Step(_) => "after every step".to_owned(),
            How::Elsewhere(place) => format!("not here: {place}"),
            How::Absent(mechanism) => format!("does not apply: no {mechanism}"),
        };
        println!("{:10} {:70} {how}", invariant.id, invariant.says);
    }
}

fn run(arguments: &Arguments, started: Instant) -> (Tally, Vec<Found>) {
    quiet_panics();
    let stage = Arc::new(Stage::imagined());
    let (next, failed) = (AtomicU64::new(arguments.seed), AtomicBool::new(false));
    let (total, found) = (Mutex::new(Tally::default()), Mutex::new(Vec::new()));
    let length = length(arguments);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if arguments.once { 1 } else { arguments.threads.unwrap_or(processors) };
    let over = || failed.load(Ordering::Relaxed) || started.elapsed() >= length;
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !over() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    let mut tally = Tally::default();
                    if let Err(broken) = random(&stage, seed, arguments.steps, &mut tally) {
                        failed.store(true, Ordering::Relaxed);
                        let (failure, messages) = *broken;
                        let shorter = tell(&stage, seed, failure, messages);
                        found.lock().map(|mut found| found.push(shorter)).unwrap_or_default();
                    }
                    total.lock().map(|mut total| total.add(&tally)).unwrap_or_default();
                    if arguments.once {
                        break;
                    }
                }
            });
        }
        if !arguments.once {
            scope.spawn(|| progress(&total, started, &over));
        }
    });
    (total.into_inner().unwrap_or_default(), found.into_inner().unwrap_or_default())
}

/// Every ten seconds a line.
fn progress(total: &Mutex<Tally>, started: Instant, over: &impl Fn() -> bool) {
    let mut last = Duration::ZERO;
    while !over() {
        std::thread::park_timeout(Duration::from_millis(200));
        let elapsed = started.elapsed();
        if elapsed >= last + Duration::from_secs(10) {
            last = elapsed;
            let steps = total.lock().map(|tally| tally.steps()).unwrap_or_default();
            eprintln!(
                "{:>5} s  {steps:>10} steps  {:>8} a minute",
                elapsed.as_secs(),
                per_minute(steps, elapsed)
            );
        }
    }
}

fn tell(stage: &Arc<Stage>, seed: u64, failure: Failure, messages: Vec<Message>) -> Found {
    eprintln!("{}: {} (seed {seed}, step {})", failure.id, failure.found, messages.len());
    let messages = shrink(stage, seed, &failure, messages, 2_000);
    Found { id: failure.id, found: failure.found, seed, messages }
}

fn print(output: &Output) {
    let report = &output.core;
    eprintln!("{:<16} {:>9} {:>9} {:>7}", "message", "tried", "accepted", "of all");
    for line in &report.messages {
        eprintln!(
            "{:<16} {:>9} {:>9} {:>5.2} %",
            line.name, line.tried, line.accepted, line.percent_of_accepted
        );
    }
    for (code, count) in &report.refused {
        eprint!("{code} {count}  ");
    }
    eprintln!();
    eprintln!(
        "{} steps in {} sessions, {:.1} s: {} a minute; {:.1} % of the messages accepted; {} invariants after each \
         step, {} checks; {} failures",
        report.steps,
        report.sessions,
        report.seconds,
        report.steps_per_minute,
        report.accepted_percent,
        output.invariants,
        report.checks,
        output.failures.len()
    );
    for found in &output.failures {
        eprintln!(
            "\n{}: {}\nseed {}, {} messages:",
            found.id,
            found.found,
            found.seed,
            found.messages.len()
        );
        for message in &found.messages {
            eprintln!("  {}", serde_json::to_string(message).unwrap_or_default());
        }
    }
}
