//! Results of `scripts/mutants`, held against the files as they are now.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What became of the mutants of all files in scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mutants {
    /// Noticed by a test, those that made a test hang included.
    pub caught: u64,
    /// Not noticed, and explained as no difference in `mutants.md`.
    pub explained: u64,
    /// Not noticed.
    pub survived: Vec<String>,
    /// Files that are not what was tested, or never were.
    pub stale: Vec<String>,
    /// Caught among those that make a difference, in a hundredth of a per cent, rounded down.
    pub caught_bps: u64,
}

/// Reads `mutants.txt` and the explanations of `mutants.md`. `scope` are the files that must have a result.
///
/// # Errors
///
/// A file that cannot be read, or a line of the record that makes no sense.
pub fn read(root: &Path, scope: &[String]) -> Result<Mutants> {
    let text = |path: &str| {
        fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))
    };
    let record = text("audits/mutants.txt")?;
    let explanations = text("audits/mutants.md")?;
    let mut hashes = BTreeMap::new();
    for file in scope {
        hashes.insert(file.clone(), hash(text(file)?.as_bytes()));
    }
    judge(&record, &explanations, &hashes)
}

/// The SHA-256 of a file, in hexadecimals.
#[must_use]
pub fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Holds a record against the hashes of the files in scope.
///
/// # Errors
///
/// A line of the record that makes no sense.
pub fn judge(
    record: &str,
    explanations: &str,
    hashes: &BTreeMap<String, String>,
) -> Result<Mutants> {
    let mut mutants = Mutants::default();
    let mut fresh = Vec::new();
    for line in record.lines().filter(|line| !line.is_empty()) {
        let Some((file, rest)) = line.split_once(' ') else { bail!("mutants.txt: {line}") };
        if !hashes.contains_key(file) {
            continue;
        }
        if let Some(survivor) = rest.strip_prefix("survivor ") {
            if explanations.contains(&format!("`{survivor}`")) {
                mutants.explained += 1;
            } else {
                mutants.survived.push(format!("{file}: {survivor}"));
            }
            continue;
        }
        let words: Vec<&str> = rest.split(' ').collect();
        let [hash, "caught", caught, "timeout", timeout, "unviable", _, "missed", _] =
            words.as_slice()
        else {
            bail!("mutants.txt: {line}")
        };
        let number = |word: &str| -> Result<u64> {
            word.parse().with_context(|| format!("mutants.txt: {line}"))
        };
        mutants.caught += number(caught)? + number(timeout)?;
        if hashes.get(file).is_some_and(|now| now == hash) {
            fresh.push(file.to_owned());
        }
    }
    mutants.stale = hashes.keys().filter(|file| !fresh.contains(file)).cloned().collect();
    let survived = u64::try_from(mutants.survived.len())?;
    mutants.caught_bps =
        (mutants.caught * 10_000).checked_div(mutants.caught + survived).unwrap_or_default();
    Ok(mutants)
}
