//! A keeper whose breaker is open spends nothing, says why, and goes on when its operator tells it to.

use crate::journal::{BLOCKS, KEEPER, ends, seal, stage};
use crate::support::{Background, Site, eventually, post};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;

const WORD: &str = "only operators know";

fn skipped(site: &Site) -> Vec<String> {
    let text = std::fs::read_to_string(site.path("audit.jsonl")).unwrap_or_default();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let skipped = lines.filter(|line| line["kind"] == "skipped");
    skipped.map(|line| line["reason"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_breaker_stops_the_spending_and_an_operator_overrides_it() {
    let site = stage();
    site.write("token", WORD);
    std::fs::set_permissions(site.path("token"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let config = std::fs::read_to_string(site.path("keeper.toml")).unwrap();
    // More than Charlie was given at genesis.
    let dear = "[breakers]\nmin_native = \"900000000\"\n";
    let config = config.replace("port = 0\n", "port = 0\ntoken_file = \"token\"\n") + dear;
    site.write("keeper.toml", &config);
    let nonce = site.nonce("charlie");
    let (keeper, line) = Background::start(site.folder.path(), "weir-keeper", &KEEPER);
    let address =
        serde_json::from_str::<Value>(&line).unwrap()["http"].as_str().unwrap().to_owned();
    let bearer = format!("Authorization: Bearer {WORD}");
    seal(&site, BLOCKS);
    eventually("the balance is the reason", || skipped(&site).contains(&"low_balance".to_owned()));
    assert_eq!((site.nonce("charlie"), ends(&site)), (nonce, Vec::new()));
    assert_eq!(site.json(&["account", "bob"])["liquidatable"], true);
    assert!(post(&address, "/pause", &bearer, "").contains("paused by an operator"));
    assert!(!post(&address, "/breakers/low_balance/override", &bearer, "").contains("low_balance"));
    eventually("the pause is the reason", || skipped(&site).contains(&"paused".to_owned()));
    assert_eq!(site.nonce("charlie"), nonce);
    assert_eq!(post(&address, "/resume", &bearer, ""), "[]");
    eventually("bob is liquidated", || site.json(&["account", "bob"])["liquidatable"] == false);
    eventually("the end is written down", || ends(&site) == ["liquidated"]);
    drop(keeper);
}
