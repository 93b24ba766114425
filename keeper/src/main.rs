//! `weir-keeper`: see `weir-keeper --help`.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    weir_keeper::cli::main()
}
