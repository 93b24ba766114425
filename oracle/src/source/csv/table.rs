//! From bytes to rows: the header, then each record by itself.

use std::{path::Path, str::FromStr};

use csv::{ByteRecord, ReaderBuilder};

use super::{CsvFile, Row};
use crate::{fault::Fault, price::Price, symbol::Symbol};

/// Columns of candle files that a replay does not need.
const PASSED_OVER: [&str; 4] = ["open", "high", "low", "volume"];

/// What the header may say.
const KNOWN: &str = "time, asset or symbol, price or close, open, high, low, volume";

/// Where the columns are.
struct Columns {
    count: usize,
    time: usize,
    price: usize,
    /// `None`: the whole file is of one asset.
    asset: Option<usize>,
}

/// What is wrong with a field, or with the whole record if `column` is empty.
struct FieldFault {
    column: &'static str,
    message: String,
}

/// The good rows and the faults of a file.
pub(super) fn read(file: &CsvFile, bytes: &[u8]) -> (Vec<Row>, Vec<Fault>) {
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    // A byte-order mark is what spreadsheets put there.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut record = ByteRecord::new();
    let mut columns = None;
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            // A flexible reader on bytes in memory has nothing to complain of; if it does, say it.
            Err(error) => {
                let line = reader.position().line();
                faults.push(Fault::at(&file.path, line, None, error.to_string()));
                break;
            }
        }
        let line = record.position().map_or(0, |position| line_of(position, bytes));
        let found = match &columns {
            None => header(&record, file.asset.is_some()).map(|found| columns = Some(found)),
            Some(columns) => {
                row(&record, line, columns, file.asset.as_ref()).map(|row| rows.push(row))
            }
        };
        if let Err(found) = found {
            faults.extend(found.into_iter().map(|fault| on_line(&file.path, line, fault)));
        }
        if columns.is_none() {
            break;
        }
    }
    if faults.is_empty() && rows.is_empty() {
        let what = if columns.is_some() { "has a header but no rows" } else { "is empty" };
        faults.push(Fault::whole(&file.path, what));
    }
    (rows, faults)
}

/// The line on which a record begins. The reader's position is before any blank lines that it skipped.
fn line_of(position: &csv::Position, bytes: &[u8]) -> u64 {
    let begin = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = bytes.get(begin..).unwrap_or_default().iter();
    let blank = rest.take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let skipped = blank.filter(|byte| **byte == b'\n').count();
    position.line() + u64::try_from(skipped).unwrap_or_default()
}

fn on_line(path: &Path, line: u64, fault: FieldFault) -> Fault {
    let key = (!fault.column.is_empty()).then_some(fault.column);
    Fault::at(path, line, key, fault.message)
}

/// Finds the columns; all faults of the header at once.
fn header(record: &ByteRecord, asset_given: bool) -> Result<Columns, Vec<FieldFault>> {
    let (mut time, mut price, mut asset) = (Vec::new(), Vec::new(), Vec::new());
    let mut faults = Vec::new();
    let mut fault = |column, message: String| faults.push(FieldFault { column, message });
    for (index, field) in record.iter().enumerate() {
        match std::str::from_utf8(field).map(str::trim) {
            Ok("time") => time.push(index),
            Ok("price" | "close") => price.push(index),
            Ok("asset" | "symbol") => asset.push(index),
            Ok(name) if PASSED_OVER.contains(&name) => {}
            _ => {
                let name: String = String::from_utf8_lossy(field).chars().take(40).collect();
                fault("", format!("unknown column `{name}`; known: {KNOWN}"));
            }
        }
    }
    for (column, found) in [("time", &time), ("price", &price), ("asset", &asset)] {
        if found.len() > 1 {
            fault(column, "there is more than one such column".to_owned());
        } else if found.is_empty() && column != "asset" {
            fault(column, "there is no such column in the header".to_owned());
        }
    }
    match (asset.is_empty(), asset_given) {
        (true, false) => {
            fault(
                "asset",
                "there is no such column, and no asset is given for the file".to_owned(),
            );
        }
        (false, true) => {
            fault("asset", "there is such a column, and an asset is given for the file".to_owned());
        }
        _ => {}
    }
    match (time.first(), price.first()) {
        (Some(&time), Some(&price)) if faults.is_empty() => {
            Ok(Columns { count: record.len(), time, price, asset: asset.first().copied() })
        }
        _ => Err(faults),
    }
}

/// Reads one record; all faults of it at once.
fn row(
    record: &ByteRecord,
    line: u64,
    columns: &Columns,
    asset: Option<&Symbol>,
) -> Result<Row, Vec<FieldFault>> {
    if record.len() != columns.count {
        let message = format!("{} fields where the header has {}", record.len(), columns.count);
        return Err(vec![FieldFault { column: "", message }]);
    }
    let mut faults = Vec::new();
    let time = field::<Seconds>(record, columns.time, "time", &mut faults);
    let asset = match columns.asset {
        Some(column) => field::<Symbol>(record, column, "asset", &mut faults),
        None => asset.cloned(),
    };
    let price = field::<Price>(record, columns.price, "price", &mut faults);
    match (time, asset, price) {
        (Some(time), Some(asset), Some(price)) => Ok(Row { line, time: time.0, asset, price }),
        _ => Err(faults),
    }
}

fn field<T>(
    record: &ByteRecord,
    column: usize,
    name: &'static str,
    faults: &mut Vec<FieldFault>,
) -> Option<T>
where
    T: FromStr<Err: std::fmt::Display>,
{
    let read = match std::str::from_utf8(record.get(column).unwrap_or_default()) {
        Ok(text) => text.trim_matches(' ').parse::<T>().map_err(|error| error.to_string()),
        Err(_) => Err("is not UTF-8 text".to_owned()),
    };
    read.map_err(|message| faults.push(FieldFault { column: name, message })).ok()
}

/// Unix seconds, or seconds since any moment. Chain time has 32 bits.
struct Seconds(u64);

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = text.parse::<u32>().ok().filter(|_| digits);
        seconds.map(|seconds| Self(u64::from(seconds))).ok_or_else(|| {
            let shown: String = text.chars().take(40).collect();
            format!("`{shown}` is not a time in whole seconds between 0 and {}", u32::MAX)
        })
    }
}
