//! Replays numeric vectors against `weir-core`, without a chain.
//!
//! A vector names a function, its inputs and the results to expect. Functions that Weir shares with a public protocol
//! (`applies: direct`) are computed by `weir-core`, module [`direct`]; functions of other protocols (`anchor`) by
//! independent models in big rationals, module [`models`]. A function that is not known fails the run.

#![forbid(unsafe_code)]

mod compare;
mod direct;
mod file;
mod inputs;
mod models;
mod number;
mod report;

pub use report::{Count, Line, Outcome, Report};

use std::path::Path;

use anyhow::{Context, Result};

use crate::{
    compare::Output,
    file::{Applies, Vector},
    inputs::{Fault, Inputs},
};

/// What a function computes: its results by the names that vectors expect.
type Outputs = Vec<(&'static str, Output)>;
/// A function that vectors may name.
type Function = fn(&Inputs<'_>) -> std::result::Result<Outputs, Fault>;

/// Replays a file.
///
/// # Errors
/// If the file cannot be read or is not of the schema; the message names file and field.
pub fn replay_file(path: &Path) -> Result<Report> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{name} cannot be read"))?;
    replay_text(&text).with_context(|| format!("{name} is not a file of vectors"))
}

/// Replays the text of a file.
///
/// # Errors
/// If the text is not of the schema; the message names the field.
pub fn replay_text(text: &str) -> Result<Report> {
    let vectors = file::parse(text)?;
    let lines = vectors
        .iter()
        .map(|vector| Line {
            id: vector.id.clone(),
            function: vector.function.clone(),
            outcome: replay(vector),
        })
        .collect();
    Ok(Report { lines })
}

fn replay(vector: &Vector) -> Outcome {
    if vector.function == "scenario" {
        let reason = "a recorded test whose inputs are words, there is no function to call";
        return Outcome::Skipped(reason.to_owned());
    }
    let known = match vector.applies {
        Applies::Direct => {
            direct::find(&vector.function).or_else(|| models::find(&vector.function))
        }
        Applies::Anchor => {
            models::find(&vector.function).or_else(|| direct::find(&vector.function))
        }
    };
    let Some(function) = known else {
        return Outcome::Failed(format!("unknown function `{}`", vector.function));
    };
    match function(&Inputs::new(&vector.input)) {
        Ok(outputs) => match compare::compare(vector, &outputs) {
            Ok(()) => Outcome::Passed,
            Err(mismatch) => Outcome::Failed(mismatch),
        },
        Err(Fault::OutOfRange(reason)) => Outcome::Skipped(reason),
        Err(Fault::Malformed(reason) | Fault::Refused(reason)) => Outcome::Failed(reason),
    }
}

#[cfg(test)]
mod tests;
