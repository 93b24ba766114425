//! Replays numeric vectors: `weir-vectors FILE.json…` prints a line per vector and a closing count.

#![forbid(unsafe_code)]

use std::{path::PathBuf, process::ExitCode};

use weir_vectors::{Count, replay_file};

/// Vectors that do not match, or functions that are not known.
const MISMATCH: u8 = 1;
/// Files that cannot be read, or no file at all.
const UNREADABLE: u8 = 2;

fn main() -> ExitCode {
    let files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if files.is_empty() {
        eprintln!("usage: weir-vectors FILE.json…");
        return ExitCode::from(UNREADABLE);
    }
    let mut total = Count::default();
    let mut unreadable = false;
    for file in files {
        match replay_file(&file) {
            Ok(report) => {
                for line in &report.lines {
                    println!("{line}");
                }
                total.add(report.count());
            }
            Err(error) => {
                eprintln!("error: {error:#}");
                unreadable = true;
            }
        }
    }
    println!("{total}");
    if unreadable {
        ExitCode::from(UNREADABLE)
    } else if total.failed > 0 {
        ExitCode::from(MISMATCH)
    } else {
        ExitCode::SUCCESS
    }
}
