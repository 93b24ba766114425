//! The development chain: a real Substrate node (client, fork-aware transaction pool, JSON-RPC, manual seal) around the
//! native runtime, without Wasm, without a network and without RocksDB.
//!
//! It is the only program that links the node's crates. Everything else starts it as a child process: the first line on
//! stdout is one JSON object, `{"ws":"ws://127.0.0.1:PORT","genesis":"0x…","pid":…}`, written once the port answers.
//!
//! | exit code | meaning |
//! |---|---|
//! | 0 | stopped by a signal, or by the parent's end with `--exit-with-parent` |
//! | 1 | the node failed; the reason is on stderr |
//! | 2 | the port is in use, or the command line is wrong |
//!
//! | module | what |
//! |---|---|
//! | `cli` | the command line |
//! | `service` | putting the node together, running and stopping it |
//! | `executor` | calls the native runtime where a node usually calls Wasm |
//! | `database` | memory, or ParityDb on disk |
//! | `clock` | the chain's own time |
//! | `proposer` | what goes into a block |
//! | `seal` | when a block is made and when it is final |
//! | `rpc` | the methods that clients call, `dev_*` among them |

#![forbid(unsafe_code)]

mod cli;
mod clock;
mod database;
mod error;
mod executor;
mod proposer;
mod rpc;
mod seal;
mod service;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = cli::Options::parse();
    cli::log_to_stderr(&options.log);
    executor::keep_runtime_panics_quiet();
    match service::run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("weir-devnet: {error}");
            error.exit_code()
        }
    }
}
