//! `weir-oracle`: reports prices to the feed, and works on scenarios.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    weir_oracle::cli::main()
}
