//! `weir-audit`: writes the report from the documents, the sources and the output of `cargo test`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::SystemTime,
};

use anyhow::{Context, Result};
use clap::Parser;
use weir_audit::{documents, html, mutants, report::Report, results::Results, sources};

/// Which rule is shown by which test, and how that ended.
#[derive(Parser)]
#[command(name = "weir-audit")]
struct Arguments {
    /// The repository.
    #[arg(long, default_value = ".")]
    root: PathBuf,
    /// The output of `cargo test`.
    #[arg(long)]
    results: PathBuf,
    /// Prints the report as JSON instead of a summary.
    #[arg(long)]
    json: bool,
    /// Writes the report as a page.
    #[arg(long)]
    html: Option<PathBuf>,
    /// The files whose mutants must have been tested.
    #[arg(long, num_args = 1..)]
    mutants: Vec<String>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<bool> {
    let root = &arguments.root;
    let output = fs::read(&arguments.results)
        .with_context(|| format!("cannot read {}", arguments.results.display()))?;
    let results = Results::parse(&String::from_utf8_lossy(&output));
    let mut report = Report::new(
        documents::read(&root.join("audits"))?,
        &sources::tests(root)?,
        &results,
        mutants::read(root, &arguments.mutants)?,
    );
    report.stale_results = changed(&arguments.results)? < newest(root)?;
    if let Some(path) = &arguments.html {
        fs::write(path, html::page(&report))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        summary(&report, results.len());
    }
    Ok(report.is_good())
}

fn changed(path: &Path) -> Result<SystemTime> {
    let metadata = fs::metadata(path).and_then(|metadata| metadata.modified());
    metadata.with_context(|| format!("cannot read {}", path.display()))
}

fn newest(root: &Path) -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for path in sources::rust_files(root)? {
        newest = newest.max(changed(&path)?);
    }
    Ok(newest)
}

fn summary(report: &Report, tests: usize) {
    let lines = [
        ("without a test", &report.without_test),
        ("failed, not run, or named and not there", &report.failed),
        ("in two rows", &report.twice),
        ("mutants of another version of the file", &report.mutants.stale),
    ];
    for (what, ids) in lines {
        println!(
            "{:5} {what}{}",
            ids.len(),
            if ids.is_empty() { String::new() } else { format!(": {}", ids.join(" ")) }
        );
    }
    if report.stale_results {
        println!("      the sources are newer than the results");
    }
    println!(
        "{:5} ids, {} of them do not apply; {tests} test names; {} mutants caught, {} survived, {} make no difference",
        report.ids.len(),
        report.not_applicable.len(),
        report.mutants.caught,
        report.mutants.survived.len(),
        report.mutants.explained,
    );
}
