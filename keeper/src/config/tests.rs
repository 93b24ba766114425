#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it finds a fault"
)]

use super::*;

const LEAST: &str = "[chain]\nendpoint = \"ws://127.0.0.1:9944\"\ndeployment = \"d.json\"\n";

fn parse(text: &str) -> Result<Config, Faults> {
    Config::parse("keeper.toml", text, [], Path::new("/etc/weir"))
}

fn parse_with(text: &str, variables: &[(&str, &str)]) -> Result<Config, Faults> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::parse("keeper.toml", text, variables, Path::new("/etc/weir"))
}

#[test]
fn the_example_parses_and_shows_the_defaults() {
    let example = parse(EXAMPLE).unwrap();
    let least = parse(&LEAST.replace("d.json", "deployment.json")).unwrap();
    assert_eq!(example.key, Some(KeySource::Dev("alice".to_owned())));
    assert_eq!(Config { key: None, ..example }, least);
}

#[test]
fn paths_start_from_the_folder_of_the_file() {
    let config = parse(LEAST).unwrap();
    assert_eq!(config.chain.deployment, Path::new("/etc/weir/d.json"));
    assert_eq!(config.audit, Path::new("/etc/weir/keeper-audit.jsonl"));
}

#[test]
fn the_environment_wins_over_the_file() {
    let text = format!("{LEAST}[http]\nport = 1\n");
    let config = parse_with(
        &text,
        &[
            ("WEIR_KEEPER__CHAIN__ENDPOINT", "wss://node.example:443"),
            ("WEIR_KEEPER__HTTP__PORT", "0"),
            ("WEIR_KEEPER__STRATEGY__ACCEPT_SHARES", "false"),
            ("WEIR_KEEPER_KEY", "not a setting: one underscore"),
        ],
    )
    .unwrap();
    assert_eq!(config.chain.endpoint.expose(), "wss://node.example:443");
    assert_eq!(config.http_port, 0);
    assert!(!config.strategy.accept_shares);
}

#[test]
fn all_faults_are_told_at_once_with_key_value_and_place() {
    let text = "[chain]\nendpoint = \"http://x\"\nreconnect_min_ms = 500\nreconnect_max_ms = 100\n\
                [http]\nport = 70000\n[log]\nformat = \"xml\"\n[strategy]\nmin_profit_usd = \"-1\"\n\
                max_legs = \"3\"\n[submiter]\nparallel = 1\n";
    let faults = parse_with(text, &[("WEIR_KEEPER__SUBMITTER__PARALLEL", "many")]).unwrap_err();
    let lines = faults.to_string();
    for wanted in [
        "keeper.toml:2: chain.endpoint = \"http://x\": must begin with ws:// or wss://",
        "keeper.toml: chain.deployment: is missing",
        "chain.reconnect_max_ms = \"100\": is less than chain.reconnect_min_ms",
        "keeper.toml:6: http.port = \"70000\": must be a whole number from 0 to 65535",
        "keeper.toml:8: log.format = \"xml\": must be \"text\" or \"json\"",
        "keeper.toml:10: strategy.min_profit_usd = \"-1\": must be from 0 to 1000000000",
        "keeper.toml:11: strategy.max_legs = \"3\": a whole number without quotes is wanted, not a text",
        "keeper.toml:13: submiter.parallel = \"1\": is not a setting of the keeper",
        "environment variable WEIR_KEEPER__SUBMITTER__PARALLEL: submitter.parallel = \"many\": \
         must be a whole number from 1 to 1024",
    ] {
        assert!(lines.contains(wanted), "missing: {wanted}\nin:\n{lines}");
    }
    assert_eq!(faults.0.len(), 9, "{lines}");
}

#[test]
fn faults_of_the_grammar_carry_their_line() {
    let faults = parse(&format!("{LEAST}[http\nport = 1\n")).unwrap_err();
    assert!(faults.0.iter().any(|fault| fault.place == "keeper.toml:4"), "{faults}");
}

#[test]
fn only_one_key_may_be_named() {
    let both = format!("{LEAST}[key]\ndev = \"alice\"\nenv = \"KEY\"\n");
    assert!(parse(&both).unwrap_err().to_string().contains("only one of"));
    let half = format!("{LEAST}[key]\nkeystore = \"k.json\"\n");
    assert!(parse(&half).unwrap_err().to_string().contains("belong together"));
    assert_eq!(parse(LEAST).unwrap().key, None);
}

#[test]
fn nothing_secret_is_shown() {
    let text =
        LEAST.replace("ws://127.0.0.1:9944", "wss://user:hunter2@node.example/v1?key=hunter2");
    let config = parse(&text).unwrap();
    let shown = format!("{config:?} {}", config.chain.endpoint);
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("wss://***@node.example/v1?***"), "{shown}");

    let misplaced =
        format!("{LEAST}[key]\nenv = \"bottom drive obey\"\nseed = \"bottom drive obey\"\n");
    let faults = parse(&misplaced).unwrap_err();
    assert_eq!(faults.0.len(), 2, "{faults}");
    assert!(!faults.to_string().contains("drive"), "{faults}");

    let refused = LEAST.replace("ws://127.0.0.1:9944", "https://user:hunter2@node.example");
    assert!(!parse(&refused).unwrap_err().to_string().contains("hunter2"));
}
