//! A deployment file that does not belong to the chain: every program says so and does nothing.

use crate::support::{CALM, Node, Site, oracle_config, run_in};
use std::path::Path;

/// Exit codes for it: of `weir` and the feeder, and of the keeper, whose codes are its own.
const WEIR: i32 = 4;
const KEEPER: i32 = 5;

/// Copies the shared site's deployment with a change; the folder also has configurations for feeder and keeper.
fn folder_with(change: impl FnOnce(&mut serde_json::Value)) -> tempfile::TempDir {
    let site = Site::shared();
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(site.path(".weir/deployment.json")).unwrap();
    let mut value = serde_json::from_str(&text).unwrap();
    change(&mut value);
    std::fs::create_dir(folder.path().join(".weir")).unwrap();
    std::fs::write(folder.path().join(".weir/deployment.json"), value.to_string()).unwrap();
    std::fs::write(folder.path().join("calm.toml"), CALM).unwrap();
    std::fs::write(folder.path().join("oracle.toml"), oracle_config("calm.toml")).unwrap();
    let url = &value["endpoint"].as_str().unwrap();
    std::fs::write(folder.path().join("keeper.toml"), keeper_config(url)).unwrap();
    folder
}

fn keeper_config(url: &str) -> String {
    format!(
        "[chain]\nendpoint = \"{url}\"\ndeployment = \".weir/deployment.json\"\n[key]\ndev = \"bob\"\n[http]\nport = 0\n"
    )
}

/// What each of the three programs says about the deployment in a folder.
fn everybody_refuses(folder: &Path, words: &[&str]) {
    let nonce = Site::shared().nonce("//Mismatch");
    for arguments in [&["reserves"][..], &["supply", "ETH", "1", "--dev", "//Mismatch"]] {
        run_in(folder, "weir", arguments).refused(WEIR, words);
    }
    run_in(folder, "weir-oracle", &["run", "--config", "oracle.toml", "--steps"])
        .refused(WEIR, words);
    run_in(folder, "weir-keeper", &["run", "--execute", "--config", "keeper.toml"])
        .refused(KEEPER, words);
    assert_eq!(Site::shared().nonce("//Mismatch"), nonce);
}

#[test]
fn of_another_chain() {
    let folder = folder_with(|value| value["genesis"] = format!("0x{}", "ab".repeat(32)).into());
    everybody_refuses(folder.path(), &["another chain", "0xabab"]);
}

#[test]
fn of_another_build() {
    let folder = folder_with(|value| {
        value["contracts"]["pool"]["code_hash"] = format!("0x{}", "cd".repeat(32)).into();
    });
    everybody_refuses(folder.path(), &["another build", "`pool`", "0xcdcd"]);
}

/// The same genesis, but nothing is deployed there: a chain that was started anew.
#[test]
fn of_a_chain_that_was_started_anew() {
    let node = Node::start("instant");
    let url = node.url.clone();
    let folder = folder_with(|value| value["endpoint"] = url.into());
    everybody_refuses(folder.path(), &["there is no contract"]);
}

/// A second deployment does not silently replace the first.
#[test]
fn an_existing_file_is_not_overwritten() {
    let site = Site::shared();
    let before = std::fs::read(site.path(".weir/deployment.json")).unwrap();
    let nonce = site.nonce("alice");
    let url = site.node.url.clone();
    site.weir(&["deploy", "devnet.toml", "--dev", "alice", "--node", &url])
        .refused(2, &["is there already", "--force"]);
    assert_eq!(std::fs::read(site.path(".weir/deployment.json")).unwrap(), before);
    assert_eq!(site.nonce("alice"), nonce);
}
