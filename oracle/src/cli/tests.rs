#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use clap::{CommandFactory as _, Parser as _};

use super::{Cli, Failure, dispatch};
use crate::{error::OracleError, scenario::Scenario};

/// What a command line prints, or how it fails.
fn run(line: &[&str]) -> Result<String, Failure> {
    let cli = Cli::try_parse_from(std::iter::once(&"weir-oracle").chain(line));
    let cli = cli.map_err(|error| Failure::Usage(error.to_string()))?;
    let mut out = Vec::new();
    dispatch(cli.command, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn the_printed_market_is_golden() {
    // FNV-1a of the bytes, as an independent model in another language gives them too: the same file and seed give
    // these bytes on every machine.
    let market = run(&["scenario", "print", "crash", "--csv"]).unwrap();
    let views = run(&["scenario", "print", "crash", "--csv", "--reporters", "3"]).unwrap();
    let first = "time,asset,price\n0,DOT,7.5\n0,ETH,3000\n0,USDC,1\n0,WDOT,7.5\n12,DOT,7.";
    assert!(market.starts_with(first));
    assert_eq!(market, run(&["scenario", "print", "crash", "--csv"]).unwrap());
    // The model knows three assets; each has a stream of its own, so that a fourth changes nothing of theirs.
    let of_three = |text: String| -> String {
        text.split_inclusive('\n').filter(|line| !line.contains("WDOT")).collect()
    };
    let hashes = [market, views].map(|text| crate::random::fnv1a(of_three(text).as_bytes()));
    assert_eq!(hashes, [0x6F1C_6C6F_2E5B_EC00, 0x3800_CB03_4459_7E23], "{hashes:#x?}");
}

#[test]
fn scenarios_are_checked_and_listed() {
    let text = run(&["scenario", "check", "crash", "depeg"]).unwrap();
    assert!(text.contains("14 steps of 12 s in 8 phases"), "{text}");
    let json = run(&["scenario", "check", "crash", "--json"]).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["assets"][0]["asset"], "DOT");
    assert_eq!(json["assets"][0]["start"], "7.5");
    assert!(json["assets"][0]["largest_fall_bps"].as_u64().unwrap() > 4_000);
    let list = run(&["scenario", "list"]).unwrap();
    assert_eq!(list.lines().count(), Scenario::names().count());
    let failure = run(&["scenario", "check", "moon.toml", "crash"]).unwrap_err();
    assert!(failure.to_string().starts_with("moon.toml: cannot be read"), "{failure}");
    assert_eq!(failure.number(), 2);
}

#[test]
fn faults_of_files_end_with_code_2_and_their_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.csv");
    std::fs::write(&file, "time,asset,price\n1,DOT,7\n1,DOT,NaN\n").unwrap();
    let failure = run(&["replay", file.to_str().unwrap()]).unwrap_err();
    assert!(failure.to_string().ends_with("bad.csv:3: price: `NaN` is not a plain decimal number"));
    assert_eq!(failure.number(), 2);
    for line in [
        &["replay", "crash", "--asset", "DOT"][..],
        &["replay", "a.csv", "crash"],
        &["replay", "crash", "--speed", "0"],
        &["replay", "crash", "--reporters", "10"],
        &["scenario", "print", "crash", "--reporters", "3"],
        &["run"],
    ] {
        assert_eq!(run(line).unwrap_err().number(), 2, "{line:?}");
    }
}

#[test]
fn a_replay_prints_what_would_be_reported() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.csv");
    std::fs::write(&file, "time,price\n100,7\n160,7.01\n220,7.5\n4000,7.5\n").unwrap();
    let file = file.to_str().unwrap();
    let text = run(&["replay", file, "--asset", "DOT"]).unwrap();
    let lines: Vec<String> =
        text.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    // 7.01 is 14 bps away and not reported; 7.5 is 714 bps away; 3900 − 120 = 3780 s later the heartbeat.
    assert_eq!(
        lines,
        [
            "0 reporter 1 DOT 7 first report",
            "120 reporter 1 DOT 7.5 moved 714 bps",
            "3900 reporter 1 DOT 7.5 3780 s after the last",
            "3 reports over 3900 s of the source",
        ]
    );
    // Ten times as fast, looked at every 12 s of the chain, the same move comes at 12 s.
    let args = ["replay", file, "--asset", "DOT", "--speed", "10", "--poll", "12", "--json"];
    let json = run(&args).unwrap();
    let lines: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&lines[1]["time"], &lines[1]["price"], &lines[1]["due"]),
        (&12.into(), &"7.5".into(), &"deviation".into())
    );
    assert_eq!(lines[1]["used"][0][0], "replay");
}

#[test]
fn configurations_are_checked_with_the_files_they_name() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("oracle.toml");
    std::fs::write(&config, run(&["config", "example"]).unwrap()).unwrap();
    let check = ["config", "check", "--config", config.to_str().unwrap()];
    let failure = run(&check).unwrap_err();
    assert!(failure.to_string().contains("scenarios/crash.toml: cannot be read"), "{failure}");
    std::fs::create_dir(folder.path().join("scenarios")).unwrap();
    let crash = include_str!("../../scenarios/crash.toml");
    std::fs::write(folder.path().join("scenarios/crash.toml"), crash).unwrap();
    assert!(run(&check).unwrap().ends_with("oracle.toml: no faults\n"));
}

#[test]
fn a_run_without_a_node_or_a_deployment_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("oracle.toml");
    std::fs::write(&config, run(&["config", "example"]).unwrap().replace("scenarios/", ""))
        .unwrap();
    std::fs::write(folder.path().join("crash.toml"), include_str!("../../scenarios/crash.toml"))
        .unwrap();
    let failure = run(&["run", "--config", config.to_str().unwrap()]).unwrap_err();
    assert!(failure.to_string().contains("there is no deployment file"), "{failure}");
    assert_eq!(failure.number(), 2);
}

#[test]
fn exit_codes_are_those_of_the_help() {
    let oracle = |error: OracleError| Failure::from(error).number();
    let unreachable =
        weir_chain::ChainError::Unreachable { url: "ws://x".into(), reason: "no".into() };
    assert_eq!(Failure::from(unreachable).number(), 3);
    assert_eq!(oracle(OracleError::NoReporters), 2);
    assert_eq!(oracle(OracleError::NotListed { asset: "DOT".parse().unwrap() }), 1);
    assert_eq!(oracle(OracleError::ClockStands { now: 1, last: 1 }), 5);
    let other = weir_chain::deployment::DeploymentError::OtherChain {
        expected: weir_chain::B256::ZERO,
        found: weir_chain::B256::repeat_byte(1),
    };
    assert_eq!(Failure::from(weir_chain::ChainError::from(other)).number(), 4);
}
