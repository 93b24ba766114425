#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use super::{Section, convert, read_file, read_text};
use crate::price::Ratio;

/// What a small document is read into.
#[derive(Debug, PartialEq)]
struct Sample {
    count: u32,
    factor: Ratio,
    names: Vec<String>,
}

fn sample(root: &Section<'_>) -> Option<Sample> {
    let count = root.required("count", convert::integer(1..=10_u32));
    let factor = root.or("factor", Ratio::ONE, convert::decimal);
    let mut names = Vec::new();
    for section in root.tables("items") {
        names.extend(section.required("name", convert::name));
        section.refuse_unknown();
    }
    Some(Sample { count: count?, factor, names })
}

fn faults(text: &str) -> Vec<String> {
    let faults = read_text(Path::new("sample.toml"), text, sample).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_document_is_read() {
    let text = "count = 3\nfactor = 0.82\n[[items]]\nname = \"a\"\n[[items]]\nname = \"b\"\n";
    let read = read_text(Path::new("sample.toml"), text, sample).unwrap();
    let factor = Ratio::from_parts_per_billion(820_000_000).unwrap();
    assert_eq!(read, Sample { count: 3, factor, names: vec!["a".into(), "b".into()] });
}

#[test]
fn all_faults_come_at_once_with_their_lines() {
    let text =
        "count = 11\nfactor = \"1e3\"\nfoo = 1\n\n[[items]]\n[[items]]\nname = \"\"\nbar = 2\n";
    assert_eq!(
        faults(text),
        [
            "sample.toml:1: count: `11` is not between 1 and 10",
            "sample.toml:2: factor: `1e3` is not a plain decimal number",
            "sample.toml:3: foo: unknown key; known here: count, factor, items",
            "sample.toml:5: items[0].name: is missing",
            "sample.toml:7: items[1].name: is empty",
            "sample.toml:8: items[1].bar: unknown key; known here: name",
        ]
    );
}

#[test]
fn types_are_not_guessed() {
    assert_eq!(
        faults("count = \"3\""),
        ["sample.toml:1: count: must be a whole number, not a value of type string"]
    );
    assert_eq!(
        faults("count = 3\nitems = 4"),
        ["sample.toml:2: items: must be an array of tables"]
    );
    assert_eq!(faults("count = 3\nitems = [4]"), ["sample.toml:2: items[0]: must be a table"]);
    assert_eq!(
        faults("count = 3\nfactor = nan"),
        ["sample.toml:2: factor: `nan` is not a plain decimal number"]
    );
    assert_eq!(
        faults("count = 99999999999999999999999"),
        ["sample.toml:1: count: `99999999999999999999999` is not between 1 and 10"]
    );
}

#[test]
fn broken_toml_is_named_by_line() {
    for (text, line) in [("count = 1\ncount = 2\n", 2), ("count = \n", 1), ("\n\n[items\n", 3)] {
        let found = faults(text);
        let prefix = format!("sample.toml:{line}: ");
        assert!(found.iter().any(|fault| fault.starts_with(&prefix)), "{text:?} gave {found:?}");
    }
}

#[test]
fn what_is_not_a_text_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.toml");
    let faults = read_file(&missing, sample).unwrap_err();
    assert!(faults.to_string().contains("missing.toml: cannot be read"), "{faults}");
    let binary = folder.path().join("binary.toml");
    std::fs::write(&binary, b"count = 1\n# \xFF\n").unwrap();
    let faults = read_file(&binary, sample).unwrap_err();
    assert!(faults.to_string().ends_with("binary.toml:2: is not UTF-8 text"), "{faults}");
    assert_eq!(faults.count(), 1);
}
