//! `devnet`: starts the development chain, a program of its own, so that nobody else links Substrate.

use crate::exit::{Code, Failure};
use clap::Args;
use std::ffi::OsString;
use std::process::Command;
use weir_chain::devnet::find_binary;

/// Arguments of `devnet`: handed on as they are.
#[derive(Args, Clone, Debug)]
pub struct Devnet {
    /// Options of the node; `weir devnet -- --help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    pub options: Vec<OsString>,
}

/// Becomes the node, or says how to build it.
#[cfg(unix)]
pub fn run(args: &Devnet) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt as _;
    let binary = find_binary()?;
    let error = Command::new(&binary).args(&args.options).exec();
    Err(Failure::new(Code::Failed, format!("{} cannot be started: {error}", binary.display())))
}
