//! Files with faults: each is named with file and line.

use crate::support::{CONFIG, run_in};

/// File name, text, program, arguments, exit code, and what has to be said.
type Row<'a> = (&'a str, String, &'a str, Vec<&'a str>, i32, Vec<&'a str>);

#[test]
fn faults_are_named_with_file_and_line() {
    let scenario = "name = \"x\"\ndescription = \"y\"\nseed = 1\nstep_seconds = 12\n[assets.DOT]\nstart = \"-7\"\n\
                    [[phases]]\nlabel = \"a\"\nseconds = 12\n";
    let rows: Vec<Row> = vec![
        (
            "bad.csv",
            "time,price\n1700000000,7.5\n1700000060,seven\n".to_owned(),
            "weir-oracle",
            vec!["replay", "bad.csv", "--asset", "DOT"],
            2,
            vec!["bad.csv:3", "seven"],
        ),
        (
            "bad-scenario.toml",
            scenario.to_owned(),
            "weir-oracle",
            vec!["scenario", "check", "bad-scenario.toml"],
            2,
            vec!["bad-scenario.toml:6", "negative"],
        ),
        (
            "bad-oracle.toml",
            "[chain]\ndeployment = \"deployment.json\"\nendpoint = \"http://x\"\ncolour = 1\n".to_owned(),
            "weir-oracle",
            vec!["run", "--config", "bad-oracle.toml"],
            2,
            vec!["bad-oracle.toml:4", "colour"],
        ),
        (
            "bad-keeper.toml",
            "[chain]\nendpoint = \"ws://127.0.0.1:1\"\ndeployment = \"d.json\"\n[strategy]\nmax_legs = \"many\"\n".to_owned(),
            "weir-keeper",
            vec!["run", "--config", "bad-keeper.toml"],
            3,
            vec!["bad-keeper.toml:5", "max_legs"],
        ),
        (
            "bad-devnet.toml",
            CONFIG.replacen("quorum = 2", "quorum = \"two\"", 1),
            "weir",
            vec!["deploy", "bad-devnet.toml", "--dev", "alice"],
            2,
            vec!["bad-devnet.toml", "line", "quorum"],
        ),
        (
            "bad-deployment.json",
            "{\n\"version\": 1,\n\"genesis\": 7\n}".to_owned(),
            "weir",
            vec!["reserves", "--deployment", "bad-deployment.json"],
            2,
            vec!["bad-deployment.json", "line 3"],
        ),
        (
            "newer-deployment.json",
            "{\"version\": 99}".to_owned(),
            "weir",
            vec!["reserves", "--deployment", "newer-deployment.json"],
            2,
            vec!["newer-deployment.json", "version 99"],
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, text, program, arguments, code, words) in rows {
        std::fs::write(folder.path().join(name), text).unwrap();
        run_in(folder.path(), program, &arguments).refused(code, &words);
    }
}

#[test]
fn files_that_are_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let run = |program: &str, arguments: &[&str], code: i32| {
        run_in(folder.path(), program, arguments).refused(code, &["none"]);
    };
    run("weir", &["deploy", "none.toml", "--dev", "alice"], 2);
    run("weir", &["reserves", "--deployment", "none.json"], 2);
    run("weir-oracle", &["run", "--config", "none.toml"], 2);
    run("weir-oracle", &["replay", "none.csv"], 2);
    run("weir-keeper", &["run", "--config", "none.toml"], 3);
}
