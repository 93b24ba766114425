//! The report: each id with its tests and their endings.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    documents::Row,
    mutants::Mutants,
    results::{Ending, Results},
};

/// What is known of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every test of it passed.
    Passed,
    /// A test of it failed, did not run, or is named and does not exist.
    Failed,
    /// Nothing shows it.
    WithoutTest,
    /// It does not apply to this protocol; the document says why.
    NotApplicable,
}

/// A test of an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The function's name.
    pub name: String,
    /// How it ended; nothing where no such test exists.
    pub ending: Option<Ending>,
}

/// An id with its tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The id.
    pub id: String,
    /// The document that has it.
    pub document: String,
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub status: Status,
    /// Why it does not apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its tests.
    pub tests: Vec<Shown>,
}

/// The whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Every id, in the order of the documents.
    pub ids: Vec<Entry>,
    /// Ids that nothing shows.
    pub without_test: Vec<String>,
    /// Ids with a test that failed, did not run, or does not exist.
    pub failed: Vec<String>,
    /// Ids that do not apply.
    pub not_applicable: Vec<String>,
    /// Ids that stand in two rows.
    pub twice: Vec<String>,
    /// The sources are newer than the results.
    pub stale_results: bool,
    /// The mutants of the core.
    pub mutants: Mutants,
}

impl Report {
    /// Puts together what the documents ask for, the tests that exist, and how they ended.
    #[must_use]
    pub fn new(
        rows: Vec<Row>,
        tests: &BTreeSet<String>,
        results: &Results,
        mutants: Mutants,
    ) -> Self {
        let mut seen = BTreeSet::new();
        let mut twice = Vec::new();
        let mut ids = Vec::new();
        for row in rows {
            // One incident may stand in several rows; any other id is one rule.
            if !seen.insert(row.id.clone()) && !row.id.starts_with("INCIDENT") {
                twice.push(row.id.clone());
            }
            ids.push(entry(row, tests, results));
        }
        let of = |status| -> Vec<String> {
            let with = ids.iter().filter(|entry| entry.status == status);
            with.map(|entry| entry.id.clone()).collect()
        };
        Self {
            without_test: of(Status::WithoutTest),
            failed: of(Status::Failed),
            not_applicable: of(Status::NotApplicable),
            twice,
            stale_results: false,
            mutants,
            ids,
        }
    }

    /// Nothing is missing, failed or out of date.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.without_test.is_empty()
            && self.failed.is_empty()
            && self.twice.is_empty()
            && !self.stale_results
            && self.mutants.stale.is_empty()
            && !self.ids.is_empty()
    }
}

fn entry(row: Row, tests: &BTreeSet<String>, results: &Results) -> Entry {
    let mut names: BTreeSet<String> =
        tests.iter().filter(|name| carries(name, &row.id)).cloned().collect();
    names.extend(row.named);
    let shown: Vec<Shown> = names
        .into_iter()
        .map(|name| Shown { ending: tests.contains(&name).then(|| results.of(&name)), name })
        .collect();
    let good = shown.iter().all(|test| test.ending == Some(Ending::Passed));
    let status = match (&row.not_applicable, shown.is_empty()) {
        (Some(_), true) => Status::NotApplicable,
        (None, true) => Status::WithoutTest,
        (_, false) if good => Status::Passed,
        (_, false) => Status::Failed,
    };
    Entry {
        id: row.id,
        document: row.document,
        text: row.text,
        status,
        reason: row.not_applicable,
        tests: shown,
    }
}

/// A test carries the id in its name: `i_lq_03_…` for `I-LQ-03`, `incident_26_…` or `incident_25_26_…` for `INCIDENT-26`.
#[must_use]
pub fn carries(name: &str, id: &str) -> bool {
    if let Some(number) = id.strip_prefix("INCIDENT-") {
        let Some(rest) = name.strip_prefix("incident_") else { return false };
        let numbers = rest.split('_').take_while(|part| part.bytes().all(|b| b.is_ascii_digit()));
        return numbers.into_iter().any(|part| part == number);
    }
    let mark = id.to_lowercase().replace('-', "_");
    // Whole words only: `i_lq_1` is not in `i_lq_13`, and `s_pool_01` not in `its_pool_01`.
    format!("_{name}_").contains(&format!("_{mark}_"))
}
