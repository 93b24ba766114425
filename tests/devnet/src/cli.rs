//! The command line.

use crate::{
    clock::MINIMUM_STEP,
    seal::{Finality, Mode},
};
use clap::Parser;
use std::{io, path::PathBuf};
use tracing_subscriber::EnvFilter;

/// Weir's development chain: a real node with funded accounts, a clock that can be moved, and blocks on command.
#[derive(Clone, Debug, Parser)]
#[command(name = "weir-devnet", version)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes any free one. The real address is in the first line of output.
    #[arg(long, default_value_t = 9944)]
    pub port: u16,
    /// When blocks are made: `instant` (as transactions arrive), `interval=<ms>` (empty ones too) or `manual` (`dev_seal`).
    #[arg(long, default_value_t = Mode::Instant)]
    pub seal: Mode,
    /// Blocks that the finalized one stays behind the best, or `never` (then only `dev_finalize` finalizes). Forks are
    /// possible above the finalized block only.
    #[arg(long, default_value_t = Finality::Lag(0))]
    pub finality_lag: Finality,
    /// Keep the chain in this folder. Without it the chain lives in memory and ends with the node.
    #[arg(long, value_name = "DIR")]
    pub base_path: Option<PathBuf>,
    /// Seconds by which the chain's clock starts ahead of the wall clock (negative: behind).
    #[arg(long, default_value_t = 0, allow_negative_numbers = true, value_name = "SECONDS")]
    pub time_offset: i64,
    /// Least chain time between two blocks in milliseconds.
    #[arg(
        long,
        default_value_t = MINIMUM_STEP,
        value_parser = clap::value_parser!(u64).range(MINIMUM_STEP..=86_400_000),
        value_name = "MS"
    )]
    pub block_time: u64,
    /// What to log to stderr, for example `info` or `warn,txpool=debug`.
    // The task manager calls every task that ends with the node an essential one that failed; one that fails before
    // stops the node, and that is told without the log.
    #[arg(long, default_value = "error,sc_service::task_manager=off", env = "WEIR_DEVNET_LOG")]
    pub log: EnvFilterText,
    /// Stop when stdin closes: the node then never outlives the program that started it.
    #[arg(long)]
    pub exit_with_parent: bool,
}

/// A log filter that has been checked.
#[derive(Clone, Debug)]
pub struct EnvFilterText(String);

impl std::str::FromStr for EnvFilterText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        EnvFilter::try_new(text).map_err(|error| error.to_string())?;
        Ok(Self(text.to_owned()))
    }
}

/// Sends the log to stderr: stdout belongs to the first line, which programs read.
pub fn log_to_stderr(filter: &EnvFilterText) {
    let filter = EnvFilter::new(&filter.0);
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn defaults_are_the_documented_ones() {
        let options = Options::try_parse_from(["weir-devnet"]).unwrap();
        assert_eq!((options.port, options.seal), (9944, Mode::Instant));
        assert_eq!((options.finality_lag, options.block_time), (Finality::Lag(0), 1_000));
    }

    #[test]
    fn nonsense_is_refused() {
        for arguments in [
            ["weir-devnet", "--seal=sometimes"],
            ["weir-devnet", "--seal=interval=0"],
            ["weir-devnet", "--seal=interval=soon"],
            ["weir-devnet", "--finality-lag=-1"],
            ["weir-devnet", "--block-time=999"],
            ["weir-devnet", "--port=65536"],
            ["weir-devnet", "--log=a=b=c"],
        ] {
            assert!(Options::try_parse_from(arguments).is_err(), "{arguments:?}");
        }
    }

    #[test]
    fn time_may_start_behind_the_wall() {
        let options = Options::try_parse_from(["weir-devnet", "--time-offset", "-30"]).unwrap();
        assert_eq!(options.time_offset, -30);
    }
}
