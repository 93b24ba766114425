//! Arbitrary bytes on what reads bytes, and on arithmetic: targets in the form that libfuzzer takes, and a driver of
//! their own that mutates a corpus, so that they run with a stable compiler.

mod mutate;
mod seeds;
mod targets;

use mutate::Mutator;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

pub use targets::TARGETS;

/// Looks at some bytes; says what is wrong.
pub type Look = fn(&[u8]) -> Result<(), String>;

/// Bytes that a target does not bear.
#[derive(Clone, Debug, Serialize)]
pub struct Broken {
    /// The target.
    pub target: &'static str,
    /// What was found.
    pub found: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What a run of all targets did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Inputs, all targets together.
    pub inputs: u64,
    /// Of how many targets.
    pub targets: usize,
    /// What was found.
    pub failures: Vec<Broken>,
}

/// One target on some bytes; a panic is found, too.
///
/// # Errors
/// What is wrong.
pub fn look(look: Look, bytes: &[u8]) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| look(bytes))).unwrap_or_else(|_| Err("panic".to_owned()))
}

/// Runs every target in turn until so many inputs were looked at, or the time is over.
#[must_use]
pub fn run(seed: u64, inputs: u64, longest: Duration) -> Report {
    let started = Instant::now();
    let mut report = Report { targets: TARGETS.len(), ..Report::default() };
    let corpora: Vec<Vec<Vec<u8>>> = TARGETS.iter().map(|(name, _)| seeds::of(name)).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    while report.inputs < inputs && started.elapsed() < longest && report.failures.is_empty() {
        for ((name, target), corpus) in TARGETS.iter().zip(&corpora) {
            for _ in 0..100 {
                let bytes = Mutator { rng: &mut rng, corpus }.next();
                report.inputs += 1;
                if let Err(found) = look(*target, &bytes) {
                    report.failures.push(Broken { target: name, found, bytes });
                    break;
                }
            }
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arbitrary_bytes_are_read_or_refused_and_arithmetic_is_exact() {
        let report = run(7, 300_000, Duration::MAX);
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        assert!(report.inputs >= 300_000);
    }

    /// What a seed is decodes, so that mutation begins behind the first check of a length.
    #[test]
    fn every_seed_is_borne() {
        for (name, target) in TARGETS {
            for seed in seeds::of(name) {
                assert_eq!(look(*target, &seed), Ok(()), "{name}");
            }
        }
    }
}
