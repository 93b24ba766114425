#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use weir_chain::KeySource;

use super::{Config, EXAMPLE, SourceKind, build};
use crate::{document::read_text, fault::Faults, source::CsvFile};

fn read(text: &str) -> Result<Config, Faults> {
    read_text(Path::new("etc/o.toml"), text, build)
}

fn faults(text: &str) -> Vec<String> {
    read(text).unwrap_err().iter().map(ToString::to_string).collect()
}

const SMALL: &str = r#"[chain]
deployment = "d.json"
[[reporters]]
env = "KEY"
[[sources]]
name = "s"
scenario = "s.toml"
"#;

#[test]
fn the_example_is_read() {
    let config = read(EXAMPLE).unwrap();
    assert_eq!(config.deployment, PathBuf::from("etc/deployment.json"));
    assert_eq!(config.endpoint.as_deref(), Some("ws://127.0.0.1:9944"));
    let keys: Vec<_> = config.reporters.iter().map(|r| (r.name.as_str(), r.key.clone())).collect();
    let dev = |number| KeySource::Dev(format!("//Reporter//{number}"));
    assert_eq!(keys, [("one", dev(1)), ("two", dev(2)), ("three", dev(3))]);
    let scenario = SourceKind::Scenario(PathBuf::from("etc/scenarios/crash.toml"));
    assert_eq!(config.sources[0].kind, scenario);
    assert_eq!(config.trigger.heartbeat_seconds.get(), 60);
    assert_eq!(config.rules.assets.len(), 1);
}

#[test]
fn defaults_are_those_of_the_documentation() {
    let config = read(SMALL).unwrap();
    assert_eq!(config.reporters[0].name, "reporter-1");
    assert_eq!(config.reporters[0].key, KeySource::Env("KEY".into()));
    assert_eq!(
        (config.trigger.deviation_bps.get(), config.trigger.heartbeat_seconds.get()),
        (50, 3_600)
    );
    assert_eq!(
        (config.run.poll.as_millis(), config.run.begin, config.run.stop_after),
        (1_000, None, None)
    );
    assert_eq!(config.rules.policy.minimum_sources.get(), 1);
    assert_eq!(config.endpoint, None);
}

#[test]
fn csv_sources_and_keystores_are_relative_to_the_file() {
    let text = SMALL
        .replace("env = \"KEY\"", "keystore = \"k.json\"\npassphrase_file = \"/run/pass\"")
        .replace(
            "scenario = \"s.toml\"",
            "csv = [{ file = \"p.csv\", asset = \"DOT\", delay_seconds = 300 }]",
        );
    let config = read(&text).unwrap();
    let (path, passphrase_file) = ("etc/k.json".into(), Some("/run/pass".into()));
    assert_eq!(config.reporters[0].key, KeySource::Keystore { path, passphrase_file });
    let asset = Some("DOT".parse().unwrap());
    let file = CsvFile { path: "etc/p.csv".into(), asset, delay_seconds: 300 };
    assert_eq!(config.sources[0].kind, SourceKind::Csv(vec![file]));
}

#[test]
fn all_faults_come_at_once() {
    let text = r#"[chain]
endpoint = "http://localhost"
[[reporters]]
name = "a"
dev = "alice"
env = "KEY"
[[reporters]]
name = "a"
[[sources]]
scenario = "s.toml"
speed = 0
[report]
deviation_bps = 0
heartbeats = 1
[sanity]
minimum_sources = 2
[assets.DOT]
low = "2"
high = "1"
"#;
    assert_eq!(
        faults(text),
        [
            "etc/o.toml:1: chain.deployment: is missing",
            "etc/o.toml:2: chain.endpoint: `http://localhost` does not begin with ws:// or wss://",
            "etc/o.toml:3: reporters[0]: needs exactly one of dev, env and keystore",
            "etc/o.toml:7: reporters[1]: needs exactly one of dev, env and keystore",
            "etc/o.toml:9: sources[0].name: is missing",
            "etc/o.toml:11: sources[0].speed: is zero",
            "etc/o.toml:13: report.deviation_bps: `0` is not between 1 and 10000",
            "etc/o.toml:14: report.heartbeats: unknown key; known here: begin, deviation_bps, heartbeat_seconds, \
             poll_milliseconds, stop_after_seconds",
            "etc/o.toml:16: sanity.minimum_sources: 2 is more than there are sources",
            "etc/o.toml:19: assets.DOT.high: is not above low",
        ]
    );
}

#[test]
fn single_faults_are_named() {
    for (from, to, fault) in [
        ("[chain]\ndeployment = \"d.json\"", "", "etc/o.toml:1: chain: is missing"),
        (
            "[[reporters]]\nenv = \"KEY\"",
            "",
            "etc/o.toml:1: reporters: at least one reporter is needed: [[reporters]] with its key",
        ),
        ("[[reporters]]", "[reporters]", "etc/o.toml:3: reporters: must be an array of tables"),
        (
            "env = \"KEY\"",
            "env = \"KEY\"\npassphrase_file = \"p\"",
            "etc/o.toml:5: reporters[0].passphrase_file: goes with keystore only",
        ),
        (
            "env = \"KEY\"",
            "env = \"KEY\"\n[[reporters]]\nenv = \"KEY\"",
            "etc/o.toml:5: reporters[1]: another reporter has the same key",
        ),
        (
            "scenario = \"s.toml\"",
            "",
            "etc/o.toml:5: sources[0]: needs exactly one of scenario and csv",
        ),
        (
            "scenario = \"s.toml\"",
            "scenario = \"s.toml\"\n[[sources]]\nname = \"s\"\nscenario = \"t.toml\"",
            "etc/o.toml:9: sources[1].name: `s` is there already",
        ),
        (
            "scenario = \"s.toml\"",
            "scenario = \"s.toml\"\n[log]\nformat = \"xml\"",
            "etc/o.toml:9: log.format: `xml` is not a format: text or json",
        ),
        (
            "scenario = \"s.toml\"",
            "scenario = \"s.toml\"\nweight = 0",
            "etc/o.toml:8: sources[0].weight: `0` is not between 1 and 1000000",
        ),
    ] {
        let found = faults(&SMALL.replace(from, to));
        assert!(found.contains(&fault.to_owned()), "{fault} not in {found:?}");
    }
}
