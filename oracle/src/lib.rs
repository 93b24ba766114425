//! The oracle feeder: from price sources to reports on the feed.
//!
//! ```text
//! source (CSV replay, scenario) ──view──▶ pipeline (sanity, outliers, weighted median) ──▶ planner (triggers)
//!                                                    one transaction per reporter ◀── reporter ◀──┘
//! ```
//!
//! Everything up to the [`planner`] is pure and knows no chain. All prices are integers ([`price`]); a scenario with
//! the same seed gives the same bytes on every machine. Input files are read strictly, and all their faults are told
//! at once with file and line ([`fault`]).

#![forbid(unsafe_code)]

pub mod aggregate;
pub mod assets;
pub mod cli;
pub mod config;
pub mod document;
pub mod error;
pub mod fault;
pub mod feeder;
pub mod pipeline;
pub mod planner;
pub mod price;
pub mod random;
pub mod reporter;
pub mod scenario;
pub mod source;
pub mod symbol;
pub mod trigger;

pub use config::Config;
pub use error::OracleError;
pub use fault::{Fault, Faults};
pub use feeder::{Feeder, Setup, Tick};
pub use price::{Price, Ratio};
pub use scenario::Scenario;
pub use source::Source;
pub use symbol::Symbol;
