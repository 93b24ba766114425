//! The binary with bad input: one clear sentence and the right exit code, no panic, nothing begun.
#![allow(clippy::unwrap_used, reason = "a test may stop where it finds a fault")]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

const KEEPER: &str = env!("CARGO_BIN_EXE_weir-keeper");

/// A configuration in `folder`: a node that is not there, a deployment file that is.
fn write_config(folder: &Path, more: &str) {
    let zero = format!("0x{}", "00".repeat(32));
    let pool = format!("0x{}", "11".repeat(20));
    let deployment = format!(
        r#"{{"version":1,"genesis":"{zero}","endpoint":"ws://127.0.0.1:1","block":1,"deployer":"{pool}","build":"{zero}",
            "contracts":{{"pool":{{"address":"{pool}","code_hash":"{zero}"}}}},"assets":[]}}"#
    );
    std::fs::write(folder.join("deployment.json"), deployment).unwrap();
    // Port 1 of the loopback address: nobody but the system's administrator could listen there.
    let config = format!(
        "[chain]\nendpoint = \"ws://127.0.0.1:1\"\ndeployment = \"deployment.json\"\n[http]\nport = 0\n{more}"
    );
    std::fs::write(folder.join("keeper.toml"), config).unwrap();
}

fn keeper(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(KEEPER);
    command.current_dir(folder).args(arguments).envs(variables.iter().copied());
    command.output().unwrap()
}

/// Exit code, and what stands on standard error.
fn failure(output: &Output) -> (i32, String) {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    (output.status.code().unwrap(), text)
}

const RUN: [&str; 3] = ["run", "--config", "keeper.toml"];

#[test]
fn the_example_is_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let example = keeper(folder.path(), &["config", "example"], &[]);
    std::fs::write(folder.path().join("example.toml"), &example.stdout).unwrap();
    let check = keeper(folder.path(), &["config", "check", "--config", "example.toml"], &[]);
    assert!(check.status.success(), "{check:?}");
    assert!(String::from_utf8(check.stdout).unwrap().starts_with("example.toml is in order"));
}

#[test]
fn faults_of_the_configuration_are_told_together() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "[strategy]\nmax_legs = 0\n[speed]\nfast = true\n");
    let (code, text) = failure(&keeper(folder.path(), &RUN, &[]));
    assert_eq!(code, 3, "{text}");
    assert!(
        text.contains(
            "keeper.toml:7: strategy.max_legs = \"0\": must be a whole number from 1 to 32"
        ),
        "{text}"
    );
    assert!(
        text.contains("keeper.toml:9: speed.fast = \"true\": is not a setting of the keeper"),
        "{text}"
    );
    let (code, text) = failure(&keeper(folder.path(), &["scan", "--config", "other.toml"], &[]));
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("cannot read the configuration other.toml"), "{text}");
}

#[test]
fn a_missing_or_broken_deployment_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "");
    let file = folder.path().join("deployment.json");
    std::fs::write(&file, "{").unwrap();
    let (code, text) = failure(&keeper(folder.path(), &RUN, &[]));
    assert!(code == 3 && text.contains("deployment.json"), "{code}: {text}");
    std::fs::remove_file(&file).unwrap();
    let (code, text) = failure(&keeper(folder.path(), &RUN, &[]));
    assert!(code == 3 && text.contains("deployment.json"), "{code}: {text}");
}

#[test]
fn a_node_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "");
    for command in ["run", "scan"] {
        let (code, text) =
            failure(&keeper(folder.path(), &[command, "--config", "keeper.toml"], &[]));
        assert_eq!(code, 4, "{text}");
        assert!(text.contains("no node answers at ws://127.0.0.1:1"), "{text}");
    }
}

#[test]
fn execution_needs_a_key_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "");
    let execute = ["run", "--config", "keeper.toml", "--execute"];
    let (code, text) = failure(&keeper(folder.path(), &execute, &[]));
    assert!(code == 3 && text.contains("--execute needs a key"), "{code}: {text}");
    let unset = [("WEIR_KEEPER__KEY__ENV", "WEIR_TEST_KEY_THAT_NOBODY_SET")];
    let (code, text) = failure(&keeper(folder.path(), &execute, &unset));
    assert!(code == 3 && text.contains("WEIR_TEST_KEY_THAT_NOBODY_SET"), "{code}: {text}");
    let secret = "correct horse battery staple";
    let bad = [("WEIR_KEEPER__KEY__ENV", "WEIR_TEST_KEY"), ("WEIR_TEST_KEY", secret)];
    let (code, text) = failure(&keeper(folder.path(), &execute, &bad));
    assert!(code == 3 && !text.contains("horse"), "{code}: {text}");
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "");
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port().to_string();
    let (code, text) = failure(&keeper(folder.path(), &RUN, &[("WEIR_KEEPER__HTTP__PORT", &port)]));
    assert_eq!(code, 6, "{text}");
    assert!(text.contains(&format!("port {port} of 127.0.0.1 is in use")), "{text}");
}

#[test]
fn a_foreign_file_in_place_of_the_audit_log_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    write_config(folder.path(), "");
    let path = folder.path().join("keeper-audit.jsonl");
    std::fs::write(&path, "dear diary\n").unwrap();
    let (code, text) = failure(&keeper(folder.path(), &RUN, &[]));
    assert!(
        code == 3 && text.contains("begins with something else than an audit log"),
        "{code}: {text}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "dear diary\n");
}

#[test]
fn a_log_that_was_tampered_with_has_its_own_code() {
    let folder = tempfile::tempdir().unwrap();
    let verify = ["audit", "verify", "--file", "audit.jsonl"];
    let (code, text) = failure(&keeper(folder.path(), &verify, &[]));
    assert!(code == 3 && text.contains("audit.jsonl: No such file"), "{code}: {text}");
    std::fs::write(folder.path().join("audit.jsonl"), "").unwrap();
    let output = keeper(folder.path(), &verify, &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && text.contains("0 lines, intact"), "{text}");
    std::fs::write(folder.path().join("audit.jsonl"), "{\"seq\":0}\n").unwrap();
    let (code, text) = failure(&keeper(folder.path(), &verify, &[]));
    assert!(code == 7 && text.contains("line 1: is not a line of an audit log"), "{code}: {text}");
    let bad = ["audit", "verify", "--file", "audit.jsonl", "--head", "7"];
    assert_eq!(failure(&keeper(folder.path(), &bad, &[])).0, 2);
}

#[test]
fn wrong_usage_has_its_own_code() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(failure(&keeper(folder.path(), &["run"], &[])).0, 2);
    assert_eq!(failure(&keeper(folder.path(), &["fly"], &[])).0, 2);
}
