//! How the tests ended, by the output of `cargo test`.

use std::collections::BTreeMap;

/// How a test ended. Several tests of one name count as one, which passed if all did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It ran and passed.
    Passed,
    /// The output does not have it, or it was ignored.
    NotRun,
    /// It ran and failed.
    Failed,
}

/// Test names, without their modules, with their endings.
#[derive(Clone, Debug, Default)]
pub struct Results(BTreeMap<String, Ending>);

impl Results {
    /// Reads lines `test path::name ... ok`. A test may print between its name and its ending: then the ending stands
    /// at the end of a later line, before the next test's.
    #[must_use]
    pub fn parse(output: &str) -> Self {
        let mut results = Self::default();
        let mut open: Option<String> = None;
        for line in output.lines() {
            let ending = ending(line);
            if let Some(rest) = line.strip_prefix("test ")
                && let Some((path, _)) = rest.split_once(" ... ").or(rest.split_once(" ..."))
            {
                let path = path.split(" - should panic").next().unwrap_or(path);
                open = path.rsplit("::").next().map(str::to_owned);
            } else if line.starts_with("test result:") || line.starts_with("     Running") {
                open = None;
                continue;
            }
            if let Some(ending) = ending
                && let Some(name) = open.take()
            {
                let entry = results.0.entry(name).or_insert(ending);
                *entry = (*entry).max(ending);
            }
        }
        results
    }

    /// How a test of this name ended.
    #[must_use]
    pub fn of(&self, name: &str) -> Ending {
        self.0.get(name).copied().unwrap_or(Ending::NotRun)
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// No test at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn ending(line: &str) -> Option<Ending> {
    let last = line.rsplit(' ').next()?;
    match last {
        "ok" => Some(Ending::Passed),
        "FAILED" => Some(Ending::Failed),
        "ignored" => Some(Ending::NotRun),
        _ => None,
    }
}
