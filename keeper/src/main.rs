//! `weir-keeper`: see `weir-keeper --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    weir_keeper::cli::main()
}
