//! Replay of recorded prices from CSV files.
//!
//! The header names the columns: `time` (seconds, whole), `price` or `close` (US dollars per whole token, plain
//! decimals) and, where a file holds several assets, `asset` or `symbol`. `open`, `high`, `low` and `volume` of
//! candle files are passed over; any other column is refused, for it may be a misspelt one.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use crate::{
    fault::{Fault, Faults},
    price::Price,
    source::{Elapsed, Quote},
    symbol::Symbol,
};

mod table;
#[cfg(test)]
mod tests;

/// One file to replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvFile {
    /// Where it is.
    pub path: PathBuf,
    /// The asset of all its rows, if it has no column for it.
    pub asset: Option<Symbol>,
    /// Seconds from a row's time until its price was known: the interval for candles, whose `close` is not known when
    /// they open. A replay that uses it earlier looks ahead.
    pub delay_seconds: u32,
}

/// Recorded prices of one or more assets. Its clock begins at the first price of all files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvReplay {
    series: BTreeMap<Symbol, Vec<(Elapsed, Price)>>,
    /// The times at which any price changes, ascending.
    steps: Vec<Elapsed>,
}

/// A row that passed all checks.
struct Row {
    line: u64,
    time: u64,
    asset: Symbol,
    price: Price,
}

/// Faults listed for one file; the rest would be the same again.
const MAX_FAULTS: usize = 20;

impl CsvReplay {
    /// Reads the files.
    ///
    /// # Errors
    ///
    /// The faults of the files with their lines (the first 20 of each): an unreadable or empty file, a bad header,
    /// a row with too few or too many fields, a time or price that is none, times that do not ascend within an asset.
    pub fn read(files: &[CsvFile]) -> Result<Self, Faults> {
        let mut faults = Vec::new();
        let mut series: BTreeMap<Symbol, Vec<(u64, Price)>> = BTreeMap::new();
        for file in files {
            match std::fs::read(&file.path) {
                Ok(bytes) => add_file(file, &bytes, &mut series, &mut faults),
                Err(error) => {
                    faults.push(Fault::whole(&file.path, format!("cannot be read: {error}")));
                }
            }
        }
        if files.is_empty() {
            faults.push(Fault::whole(Path::new("(csv)"), "no file is given"));
        }
        Faults::check(faults)?;
        let first = series.values().filter_map(|points| points.first()).map(|(time, _)| *time);
        let begin = first.min().unwrap_or_default();
        for (time, _) in series.values_mut().flatten() {
            *time -= begin;
        }
        let steps: BTreeSet<Elapsed> = series.values().flatten().map(|(time, _)| *time).collect();
        Ok(Self { series, steps: steps.into_iter().collect() })
    }

    /// The assets, in order.
    #[must_use]
    pub fn assets(&self) -> Vec<Symbol> {
        self.series.keys().cloned().collect()
    }

    /// How many different times there are.
    #[must_use]
    pub fn steps(&self) -> u64 {
        u64::try_from(self.steps.len()).unwrap_or(u64::MAX)
    }

    /// The time of a step, counted from 0.
    #[must_use]
    pub fn step_time(&self, step: u64) -> Option<Elapsed> {
        self.steps.get(usize::try_from(step).ok()?).copied()
    }

    /// The last known price of each asset at a time; an asset whose record begins later is absent.
    #[must_use]
    pub fn quotes(&self, at: Elapsed) -> Vec<Quote> {
        let last = |points: &[(Elapsed, Price)]| {
            let known = points.partition_point(|(time, _)| *time <= at);
            points.get(known.checked_sub(1)?).copied()
        };
        let quotes = self.series.iter().filter_map(|(asset, points)| {
            let (observed, price) = last(points)?;
            Some(Quote { asset: asset.clone(), price, observed })
        });
        quotes.collect()
    }
}

/// Adds the rows of one file to the series, or its faults to the faults.
fn add_file(
    file: &CsvFile,
    bytes: &[u8],
    series: &mut BTreeMap<Symbol, Vec<(u64, Price)>>,
    faults: &mut Vec<Fault>,
) {
    let already: BTreeSet<Symbol> = series.keys().cloned().collect();
    let (rows, mut found) = table::read(file, bytes);
    for row in rows {
        let time = row.time + u64::from(file.delay_seconds);
        if already.contains(&row.asset) {
            let message = format!("{} is in another file already", row.asset);
            found.push(Fault::at(&file.path, row.line, Some("asset"), message));
            break;
        }
        let points = series.entry(row.asset.clone()).or_default();
        match points.last() {
            Some((before, _)) if *before >= time => {
                let before = before - u64::from(file.delay_seconds);
                let message = format!(
                    "{} of {} is not after {before}, the time before it",
                    row.time, row.asset
                );
                found.push(Fault::at(&file.path, row.line, Some("time"), message));
            }
            _ => points.push((time, row.price)),
        }
    }
    found.sort_by_key(|fault| fault.line);
    let more = found.len().saturating_sub(MAX_FAULTS);
    found.truncate(MAX_FAULTS);
    if more > 0 {
        let line = found.last().and_then(|fault| fault.line).unwrap_or_default();
        found.push(Fault::at(&file.path, line, None, format!("… and {more} faults more")));
    }
    faults.append(&mut found);
}
