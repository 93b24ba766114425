//! A scenario as numbers to look at.

use std::io::{self, Write};

use super::Scenario;
use crate::{price::Price, source::Elapsed, symbol::Symbol};

/// What a scenario does to one asset.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AssetSummary {
    /// The asset.
    pub asset: Symbol,
    /// Its first price.
    pub start: Price,
    /// Its lowest price.
    pub low: Price,
    /// Its highest price.
    pub high: Price,
    /// Its last price.
    pub end: Price,
    /// The deepest fall from a price to a later one, in bps of the former, rounded down.
    pub largest_fall_bps: u32,
    /// The largest change from one step to the next, either way, in bps, rounded down.
    pub largest_step_bps: u32,
}

impl Scenario {
    /// What the scenario does to each asset, before any reporter reads it.
    #[must_use]
    pub fn summary(&self) -> Vec<AssetSummary> {
        let summaries = self.paths.iter().filter_map(|(asset, path)| {
            let start = *path.points.first()?;
            let mut summary = AssetSummary {
                asset: asset.clone(),
                start,
                low: start,
                high: start,
                end: start,
                largest_fall_bps: 0,
                largest_step_bps: 0,
            };
            for &price in &path.points {
                let step = price.distance_bps(summary.end);
                summary.largest_step_bps = summary.largest_step_bps.max(step);
                summary.high = summary.high.max(price);
                summary.low = summary.low.min(price);
                // The highest price so far is what the deepest fall to this one begins at.
                let fall = price.distance_bps(summary.high);
                summary.largest_fall_bps = summary.largest_fall_bps.max(fall);
                summary.end = price;
            }
            Some(summary)
        });
        summaries.collect()
    }

    /// Writes the market as CSV, `time,asset,price`, in the form that the CSV replay reads; or, for a number of
    /// reporters, what each of them sees: `time,reporter,asset,price`.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_csv(&self, out: &mut dyn Write, reporters: Option<u8>) -> io::Result<()> {
        match reporters {
            None => writeln!(out, "time,asset,price")?,
            Some(_) => writeln!(out, "time,reporter,asset,price")?,
        }
        for time in (0..self.steps()).filter_map(|step| self.step_time(step)) {
            match reporters {
                None => self.write_market(out, time)?,
                Some(reporters) => self.write_views(out, time, reporters)?,
            }
        }
        Ok(())
    }

    fn write_market(&self, out: &mut dyn Write, time: Elapsed) -> io::Result<()> {
        for asset in self.paths.keys() {
            if let Some(price) = self.market(asset, time) {
                writeln!(out, "{time},{asset},{price}")?;
            }
        }
        Ok(())
    }

    fn write_views(&self, out: &mut dyn Write, time: Elapsed, reporters: u8) -> io::Result<()> {
        for (number, view) in (1..=reporters).zip(self.prices_at(time, reporters)) {
            for quote in view.quotes {
                writeln!(out, "{time},{number},{},{}", quote.asset, quote.price)?;
            }
        }
        Ok(())
    }
}
