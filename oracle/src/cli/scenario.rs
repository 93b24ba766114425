//! `weir-oracle scenario …`

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use super::exit::Failure;
use crate::{
    fault::{Fault, Faults},
    scenario::{AssetSummary, Scenario},
};

/// Reads a scenario: a file, or one that comes with the feeder if there is no such file.
pub(super) fn open(given: &Path) -> Result<Scenario, Faults> {
    let named = given.to_str().filter(|_| !given.exists()).and_then(Scenario::named);
    named.unwrap_or_else(|| Scenario::read(given))
}

/// Names all faults of all files, or says what the scenarios do.
pub(super) fn check(files: &[PathBuf], json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let mut faults: Vec<Fault> = Vec::new();
    for file in files {
        match open(file) {
            Ok(scenario) if json => writeln!(out, "{}", summary_json(file, &scenario))?,
            Ok(scenario) => write_summary(file, &scenario, out)?,
            Err(found) => faults.append(&mut found.into_vec()),
        }
    }
    Ok(Faults::check(faults)?)
}

fn summary_json(file: &Path, scenario: &Scenario) -> serde_json::Value {
    serde_json::json!({
        "file": file.display().to_string(),
        "name": scenario.name,
        "description": scenario.description,
        "seed": scenario.seed,
        "steps": scenario.steps(),
        "step_seconds": scenario.step_seconds,
        "phases": scenario.phases,
        "assets": scenario.summary(),
    })
}

fn write_summary(file: &Path, scenario: &Scenario, out: &mut dyn Write) -> Result<(), Failure> {
    let Scenario { name, description, step_seconds, .. } = scenario;
    let steps = scenario.steps();
    writeln!(out, "{}: no faults", file.display())?;
    writeln!(out, "{name}: {description}")?;
    writeln!(out, "{steps} steps of {step_seconds} s in {} phases", scenario.phases.len())?;
    let head = ["asset", "start", "low", "high", "end", "fall", "step"].map(str::to_owned);
    let rows = scenario.summary().into_iter().map(|summary| {
        let AssetSummary { asset, start, low, high, end, .. } = &summary;
        let [fall, step] = [summary.largest_fall_bps, summary.largest_step_bps].map(percent);
        [
            asset.to_string(),
            start.to_string(),
            low.to_string(),
            high.to_string(),
            end.to_string(),
            fall,
            step,
        ]
    });
    write_table(&std::iter::once(head).chain(rows).collect::<Vec<_>>(), out)
}

/// Basis points as a percentage.
fn percent(bps: u32) -> String {
    format!("{}.{:02} %", bps / 100, bps % 100)
}

/// Columns aligned to the right.
fn write_table<const N: usize>(rows: &[[String; N]], out: &mut dyn Write) -> Result<(), Failure> {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for row in rows {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:>width$}")).collect();
        writeln!(out, "{}", cells.join("  "))?;
    }
    Ok(())
}

/// Prints the prices of a scenario.
pub(super) fn print(
    file: &Path,
    csv: bool,
    reporters: Option<u8>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let scenario = open(file)?;
    if csv {
        return Ok(scenario.write_csv(out, reporters)?);
    }
    let head = ["step", "time", "phase", "asset", "price"].map(str::to_owned);
    let mut rows = vec![head];
    for step in 0..scenario.steps() {
        let time = scenario.step_time(step).unwrap_or_default();
        let phase = scenario.phase_of(step).map_or("start", |phase| phase.label.as_str());
        for quote in scenario.quotes(time) {
            let (asset, price) = (quote.asset.to_string(), quote.price.to_string());
            rows.push([step.to_string(), time.to_string(), phase.to_owned(), asset, price]);
        }
    }
    write_table(&rows, out)
}

/// Lists the scenarios that come with the feeder.
pub(super) fn list(out: &mut dyn Write) -> Result<(), Failure> {
    for name in Scenario::names() {
        let description = match Scenario::named(name) {
            Some(scenario) => scenario?.description,
            None => String::new(),
        };
        writeln!(out, "{name:<8}  {description}")?;
    }
    Ok(())
}
