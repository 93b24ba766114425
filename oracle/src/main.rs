//! `weir-oracle`: reports prices to the feed, and works on scenarios.

use std::process::ExitCode;

fn main() -> ExitCode {
    weir_oracle::cli::main()
}
