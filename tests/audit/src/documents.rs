//! The ids: rows of the tables in `audits/*.md`.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// A row of a table whose first cell is an id. Its last cell names tests in backticks, or begins with `n/a` where the id
/// does not apply, or with `open` where nothing shows it yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `I-LQ-03`, `S-POOL-07`, `INCIDENT-26`.
    pub id: String,
    /// File name of the document.
    pub document: String,
    /// The cells between the id and the last one.
    pub text: String,
    /// Tests named in the last cell.
    pub named: Vec<String>,
    /// Why the id does not apply.
    pub not_applicable: Option<String>,
}

/// The rows of all documents of a folder, in the order of file names and lines.
///
/// # Errors
///
/// A folder or file that cannot be read.
pub fn read(folder: &Path) -> Result<Vec<Row>> {
    let cannot = || format!("cannot read {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let path = entry.with_context(cannot)?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    files.sort();
    let mut rows = Vec::new();
    for path in files {
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        rows.extend(parse(&name.unwrap_or_default(), &text));
    }
    Ok(rows)
}

/// The rows of one document.
#[must_use]
pub fn parse(document: &str, text: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [first, middle @ .., last] = cells.as_slice() else { continue };
        for id in ids(first, document) {
            let lower = last.to_lowercase();
            let open = lower.starts_with("open");
            let exempt = ["n/a", "does not apply"].iter().any(|mark| lower.starts_with(mark));
            // "does not apply" needs a reason, which may stand in the cell before.
            let reason = middle.last().map_or_else(
                || (*last).to_owned(),
                |cell| {
                    if lower == "does not apply" { (*cell).to_owned() } else { (*last).to_owned() }
                },
            );
            rows.push(Row {
                id,
                document: document.to_owned(),
                text: middle.join(" · "),
                named: if open || exempt { Vec::new() } else { in_backticks(last) },
                not_applicable: exempt.then_some(reason),
            });
        }
    }
    rows
}

/// The ids of a first cell: one id, or in the table of incidents its numbers before the colon.
fn ids(cell: &str, document: &str) -> Vec<String> {
    let cell = cell.trim_matches('`').trim_matches('*');
    if is_id(cell) {
        return vec![cell.to_owned()];
    }
    if document != "incidents.md" {
        return Vec::new();
    }
    let numbers = cell.split(':').next().unwrap_or_default();
    let parsed: Option<Vec<u32>> =
        numbers.split(',').map(|part| part.trim().parse().ok()).collect();
    parsed.unwrap_or_default().iter().map(|number| format!("INCIDENT-{number:02}")).collect()
}

/// `X-YYY-00`: a letter, two to five letters, two digits.
fn is_id(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let upper = |part: &str| part.bytes().all(|byte| byte.is_ascii_uppercase());
    match parts.as_slice() {
        [kind, group, number] => {
            kind.len() == 1
                && upper(kind)
                && (2..=5).contains(&group.len())
                && upper(group)
                && number.len() == 2
                && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// What stands in backticks; of a path, its last part.
fn in_backticks(cell: &str) -> Vec<String> {
    let names = cell.split('`').skip(1).step_by(2);
    names.map(|name| name.rsplit("::").next().unwrap_or(name).to_owned()).collect()
}
