//! `weights`: runs the measuring program, which links the runtime, so that this one does not.

use crate::exit::{Code, Failure};
use clap::Args;
use std::{env, ffi::OsString, process::Command};

const PROGRAM: &str = "weir-bench";

/// Arguments of `weights`: handed on as they are.
#[derive(Args, Clone, Debug)]
pub struct Weights {
    /// Options of the measurement; `weir weights -- --help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    pub options: Vec<OsString>,
}

/// Runs the program beside this one, or says how to build it. Its JSON is what `--json` asks for here.
pub fn run(args: &Weights, json: bool) -> Result<(), Failure> {
    let failed = |why: String| Failure::new(Code::Failed, why);
    let own = env::current_exe().map_err(|error| failed(error.to_string()))?;
    let program = own.with_file_name(format!("{PROGRAM}{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        let path = program.display();
        let build = format!("cargo build --workspace --bin {PROGRAM}");
        return Err(failed(format!("{path} is not there: build it with `{build}`")));
    }
    let mut command = Command::new(&program);
    if json {
        command.arg("--json");
    }
    let status = command.args(&args.options).status();
    let status = status.map_err(|error| failed(format!("{}: {error}", program.display())))?;
    if status.success() { Ok(()) } else { Err(Failure::new(Code::Failed, String::new())) }
}
