//! What a command says: a table for people, one JSON value with `--json`, progress on standard error.

use comfy_table::{CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;
use weir_chain::Included;
use weir_chain::amount::format_units;

/// Decimals of the native token.
pub const NATIVE_DECIMALS: u8 = 10;

/// Where a command's words go.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// One JSON value on standard output instead of words.
    pub json: bool,
}

impl Output {
    /// Ends the command with a JSON value, or with words.
    pub fn end(&self, value: &impl Serialize, words: impl FnOnce() -> String) {
        let text = if self.json { json!(value).to_string() } else { words() };
        // A closed pipe is the reader's choice, not a failure.
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    /// A line for a person on the way; nothing with `--json`.
    pub fn say(&self, line: &str) {
        if !self.json {
            let _ = writeln!(std::io::stdout(), "{line}");
        }
    }

    /// Shows that something is going on, on standard error. Ends when dropped.
    pub fn progress(&self, what: impl Into<String>) -> Progress {
        let what = what.into();
        if self.json || !std::io::stderr().is_terminal() {
            if !self.json {
                eprintln!("{what} …");
            }
            return Progress(None);
        }
        let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
        let bar = ProgressBar::new_spinner().with_message(what);
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress(Some(bar))
    }
}

/// A running progress display.
pub struct Progress(Option<ProgressBar>);

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// A table with a header; columns from `numbers_from` on are aligned to the right.
pub fn table(header: &[&str], numbers_from: usize, rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_header(header.iter().copied());
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(numbers_from) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

/// The receipt that every transaction ends with.
pub fn receipt(included: &Included) -> Value {
    json!({
        "transaction": included.tx_hash,
        "block": included.block.number,
        "block_hash": included.block.hash,
        "index": included.index,
        "fee": format_units(included.fee, NATIVE_DECIMALS),
    })
}

/// The receipt in words.
pub fn receipt_line(included: &Included) -> String {
    format!(
        "transaction {} in block {} ({}), fee {} native",
        included.tx_hash,
        included.block.number,
        included.block.hash,
        format_units(included.fee, NATIVE_DECIMALS)
    )
}
