//! The tests that there are: functions with a test attribute in the sources.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The names of all test functions below a folder, without build folders.
///
/// # Errors
///
/// A folder or file that cannot be read.
pub fn tests(root: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for path in rust_files(root)? {
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        names.extend(in_source(&text));
    }
    Ok(names)
}

/// All Rust sources below a folder, without build folders and hidden ones.
///
/// # Errors
///
/// A folder that cannot be read.
pub fn rust_files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let cannot = || format!("cannot read {}", folder.display());
        for entry in fs::read_dir(&folder).with_context(cannot)? {
            let entry = entry.with_context(cannot)?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type().with_context(cannot)?.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The test functions of one source: the function after `#[test]` or `#[tokio::test…]`, other attributes between them.
#[must_use]
pub fn in_source(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in text.lines().map(str::trim) {
        if line == "#[test]" || line.starts_with("#[tokio::test") {
            marked = true;
        } else if marked && !line.starts_with("#[") && !line.starts_with("//") && !line.is_empty() {
            if let Some(name) = function(line) {
                names.push(name);
                marked = false;
            } else if line.ends_with(';') || line.ends_with('}') {
                // The attribute belonged to something else.
                marked = false;
            }
        }
    }
    names
}

/// The name in `fn name(…`, with what may stand before it.
fn function(line: &str) -> Option<String> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    let name = line.strip_prefix("fn ")?.split(['(', '<']).next()?;
    Some(name.trim().to_owned())
}
