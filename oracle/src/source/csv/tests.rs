#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write;

use super::{CsvFile, CsvReplay};
use crate::{fault::Faults, symbol::Symbol};

fn read(text: impl AsRef<[u8]>, asset: Option<&str>) -> Result<CsvReplay, Faults> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.csv");
    std::fs::write(&path, text).unwrap();
    let asset = asset.map(|symbol| symbol.parse().unwrap());
    CsvReplay::read(&[CsvFile { path, asset, delay_seconds: 0 }])
}

/// The faults, without the folder.
fn faults(text: impl AsRef<[u8]>, asset: Option<&str>) -> Vec<String> {
    let faults = read(text, asset).unwrap_err();
    let lines = faults.iter().map(ToString::to_string);
    lines.map(|line| line.get(line.find("p.csv").unwrap()..).unwrap().to_owned()).collect()
}

fn prices(replay: &CsvReplay, at: u64) -> Vec<String> {
    let quotes = replay.quotes(at).into_iter();
    quotes.map(|quote| format!("{} {} @{}", quote.asset, quote.price, quote.observed)).collect()
}

#[test]
fn a_file_of_several_assets_is_replayed_from_its_first_time() {
    let text = "time,asset,price\n1000,DOT,7.5\n1000,ETH,2000\n1060,DOT,7.25\n1090,ETH,1990.5\n";
    let replay = read(text, None).unwrap();
    assert_eq!(replay.steps(), 3);
    assert_eq!(
        [0, 1, 2, 3].map(|step| replay.step_time(step)),
        [Some(0), Some(60), Some(90), None]
    );
    assert_eq!(prices(&replay, 0), ["DOT 7.5 @0", "ETH 2000 @0"]);
    assert_eq!(prices(&replay, 59), ["DOT 7.5 @0", "ETH 2000 @0"]);
    assert_eq!(prices(&replay, 60), ["DOT 7.25 @60", "ETH 2000 @0"]);
    assert_eq!(prices(&replay, u64::MAX), ["DOT 7.25 @60", "ETH 1990.5 @90"]);
}

#[test]
fn candles_of_one_asset_use_the_close_and_not_too_early() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let dot =
        write("dot.csv", "\u{FEFF}time,open,high,low,close\r\n300,9,9,1,8\r\n600,8,8,8,7\r\n");
    let eth = write("eth.csv", "price,time,symbol\n2000,500,ETH\n");
    let replay = CsvReplay::read(&[
        CsvFile { path: dot, asset: Some("DOT".parse().unwrap()), delay_seconds: 300 },
        CsvFile { path: eth, asset: None, delay_seconds: 0 },
    ])
    .unwrap();
    // ETH is known at 500, the first close of DOT at 600, the second at 900: the clock begins at 500.
    assert_eq!(prices(&replay, 0), ["ETH 2000 @0"]);
    assert_eq!(prices(&replay, 99), ["ETH 2000 @0"]);
    assert_eq!(prices(&replay, 100), ["DOT 8 @100", "ETH 2000 @0"]);
    assert_eq!(prices(&replay, 400), ["DOT 7 @400", "ETH 2000 @0"]);
}

#[test]
fn every_bad_price_is_named_with_its_line() {
    for (price, message) in [
        ("", "is empty"),
        ("0", "is zero"),
        ("0.0", "is zero"),
        ("-7.5", "`-7.5` is negative"),
        ("NaN", "`NaN` is not a plain decimal number"),
        ("inf", "`inf` is not a plain decimal number"),
        ("1e5", "`1e5` is not a plain decimal number"),
        ("7,5", "`7,5` is not a plain decimal number"),
        ("$7", "`$7` is not a plain decimal number"),
        ("1000000000001", "`1000000000001` is larger than 1000000000000"),
        ("0.0000000000000000001", "`0.0000000000000000001` has more than 18 decimals"),
    ] {
        let text = format!("time,asset,price\n1,DOT,7\n2,DOT,\"{price}\"\n3,DOT,7\n");
        assert_eq!(faults(text, None), [format!("p.csv:3: price: {message}")], "{price}");
    }
}

#[test]
fn every_bad_time_is_named_with_its_line() {
    for time in ["", "-1", "1.5", "x", "NaN", "4294967296", "1e3", "2020-03-12", "+1"] {
        let text = format!("time,asset,price\n{time},DOT,7\n");
        let message = format!("`{time}` is not a time in whole seconds between 0 and 4294967295");
        assert_eq!(faults(text, None), [format!("p.csv:2: time: {message}")]);
    }
    assert_eq!(
        faults("time,asset,price\n5,DOT,7\n9,ETH,7\n5,DOT,7\n4,ETH,8\n6,DOT,7\n", None),
        [
            "p.csv:4: time: 5 of DOT is not after 5, the time before it",
            "p.csv:5: time: 4 of ETH is not after 9, the time before it",
        ]
    );
}

#[test]
fn malformed_rows_are_named_with_their_lines() {
    assert_eq!(
        faults("time,asset,price\n1,DOT\n2,DOT,7,8\n3,.DOT,x\n", None),
        [
            "p.csv:2: 2 fields where the header has 3",
            "p.csv:3: 4 fields where the header has 3",
            "p.csv:4: asset: `.DOT` is not an asset symbol: 1 to 16 letters, digits, `.`, `-` or `_`, \
             beginning with a letter or digit",
            "p.csv:4: price: `x` is not a plain decimal number",
        ]
    );
    assert_eq!(
        faults(b"time,asset,price\n1,DOT,\xFF\n", None),
        ["p.csv:2: price: is not UTF-8 text"]
    );
    // Blank lines must not shift the count.
    assert_eq!(
        faults("time,asset,price\n\n1,DOT,7\n\n2,DOT,x\n", None),
        ["p.csv:5: price: `x` is not a plain decimal number"]
    );
}

#[test]
fn bad_headers_are_named() {
    let known = "known: time, asset or symbol, price or close, open, high, low, volume";
    assert_eq!(faults("", None), ["p.csv: is empty"]);
    assert_eq!(faults("time,asset,price\n", None), ["p.csv: has a header but no rows"]);
    assert_eq!(
        faults("tiem,asset,value\n1,DOT,7\n", None),
        [
            format!("p.csv:1: unknown column `tiem`; {known}"),
            format!("p.csv:1: unknown column `value`; {known}"),
            "p.csv:1: time: there is no such column in the header".to_owned(),
            "p.csv:1: price: there is no such column in the header".to_owned(),
        ]
    );
    assert_eq!(
        faults("time,price\n1,7\n", None),
        ["p.csv:1: asset: there is no such column, and no asset is given for the file"]
    );
    assert_eq!(
        faults("time,asset,price\n1,DOT,7\n", Some("DOT")),
        ["p.csv:1: asset: there is such a column, and an asset is given for the file"]
    );
    assert_eq!(
        faults("time,price,close\n1,7,7\n", Some("DOT")),
        ["p.csv:1: price: there is more than one such column"]
    );
}

#[test]
fn files_that_are_missing_or_overlap_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dot.csv");
    std::fs::write(&path, "time,asset,price\n1,DOT,7\n").unwrap();
    let file = CsvFile { path, asset: None, delay_seconds: 0 };
    let error = CsvReplay::read(&[file.clone(), file]).unwrap_err().to_string();
    assert!(error.ends_with("dot.csv:2: asset: DOT is in another file already"), "{error}");
    let missing = CsvFile { path: folder.path().join("no.csv"), asset: None, delay_seconds: 0 };
    let error = CsvReplay::read(&[missing]).unwrap_err().to_string();
    assert!(error.contains("no.csv: cannot be read"), "{error}");
    assert!(CsvReplay::read(&[]).is_err());
}

#[test]
fn a_thousand_faults_are_counted_not_listed() {
    let mut text = "time,asset,price\n".to_owned();
    for time in 0..1000 {
        writeln!(text, "{time},DOT,x").unwrap();
    }
    let found = faults(text, None);
    assert_eq!(found.len(), 21);
    assert_eq!(found.last().unwrap(), "p.csv:21: … and 980 faults more");
}

#[test]
fn assets_come_in_order() {
    let replay = read("time,asset,price\n1,ETH,7\n1,DOT,7\n", None).unwrap();
    let symbols: Vec<Symbol> = ["DOT", "ETH"].map(|s| s.parse().unwrap()).into();
    assert_eq!(replay.assets(), symbols);
}
