//! Prints what every message costs.

#![forbid(unsafe_code)]

use anyhow::{Context as _, Result};
use clap::Parser;
use std::{fs, path::PathBuf};
use weir_bench::{measure, report};

/// Measures the weight of every message of the pool on the real pallet.
#[derive(Parser, Debug)]
#[command(name = "weir weights", version)]
struct Arguments {
    /// JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// Write the report (Markdown) to this file as well.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Write the measured weights to this file as the new budget.
    #[arg(long, value_name = "FILE")]
    budget: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let rows = measure()?;
    let json = serde_json::to_string_pretty(&rows)?;
    let table = report::markdown(&rows);
    if let Some(path) = &arguments.write {
        fs::write(path, &table).with_context(|| path.display().to_string())?;
    }
    if let Some(path) = &arguments.budget {
        fs::write(path, format!("{json}\n")).with_context(|| path.display().to_string())?;
    }
    println!("{}", if arguments.json { &json } else { &table });
    Ok(())
}
