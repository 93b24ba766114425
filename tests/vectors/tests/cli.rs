//! The program as people and scripts call it: its output and its exit codes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

fn run(files: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weir-vectors")).args(files).output().expect("it starts")
}

fn last_line(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().last().unwrap_or_default().to_owned()
}

/// A copy of the public file with one thing replaced, in the folder that cargo gives to tests.
fn changed(name: &str, from: &str, to: &str) -> PathBuf {
    let text = std::fs::read_to_string(data("public.json")).unwrap();
    assert!(text.contains(from), "the public file does not hold {from}");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    path
}

#[test]
fn a_line_per_vector_and_a_closing_count() {
    let output = run(&[&data("public.json"), &data("further.json")]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(last_line(&output), "174 passed, 0 failed, 4 skipped");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 161 + 17 + 1);
    assert!(text.contains("\nok LQ-01.860 lif\n"));
    assert!(text.contains("\nskipped IR-08 scenario: "));
}

#[test]
fn a_mismatch_is_not_a_success() {
    let file = changed("mismatch.json", "\"1043841336116910229\"", "\"1043841336116910230\"");
    let output = run(&[&file]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(last_line(&output), "156 passed, 1 failed, 4 skipped");
    let text = String::from_utf8(output.stdout).unwrap();
    let line =
        "\nFAIL LQ-01.860 lif: lif_wad: expected 1043841336116910230, got 1043841336116910229\n";
    assert!(text.contains(line));
}

#[test]
fn an_unknown_function_is_not_a_success() {
    let output = run(&[&changed("unknown.json", "\"fn\": \"lif\"", "\"fn\": \"lief\"")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(last_line(&output), "156 passed, 1 failed, 4 skipped");
}

#[test]
fn a_malformed_file_is_named_with_its_field() {
    let file = changed("malformed.json", "\"schema\": 1", "\"schema\": 9");
    // The other file is replayed all the same.
    let output = run(&[&file, &data("further.json")]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(last_line(&output), "17 passed, 0 failed, 0 skipped");
    let errors = String::from_utf8(output.stderr).unwrap();
    let reason = "is not a file of vectors: field `schema` is 9, this program reads schema 1";
    assert_eq!(errors.trim_end(), format!("error: {} {reason}", file.display()));
}

#[test]
fn a_missing_file_and_no_file_are_errors() {
    let output = run(&[Path::new("nowhere.json")]);
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.starts_with("error: nowhere.json cannot be read: "));
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap().trim_end(),
        "usage: weir-vectors FILE.json…"
    );
}
