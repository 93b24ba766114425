//! A node that is not there, or goes away, or whose port is taken.

use crate::support::{
    CONFIG, Node, Site, eventually, oracle_config, request, run_in, start_in, wait_until_ended,
};
use std::net::TcpListener;

const NO_NODE: i32 = 3;

/// Nobody but the system's administrator could listen there.
const NOWHERE: &str = "ws://127.0.0.1:1";

#[test]
fn nobody_answers() {
    let site = Site::shared();
    site.weir(&["reserves", "--node", NOWHERE]).refused(NO_NODE, &["no node answers", NOWHERE]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("devnet.toml"), CONFIG).unwrap();
    let deploy = ["deploy", "devnet.toml", "--dev", "alice", "--node", NOWHERE];
    run_in(folder.path(), "weir", &deploy).refused(NO_NODE, &["no node answers"]);
    assert!(!folder.path().join(".weir").exists(), "nothing was written");

    site.write("keeper-nowhere.toml", &format!(
        "[chain]\nendpoint = \"{NOWHERE}\"\ndeployment = \".weir/deployment.json\"\n[http]\nport = 0\n"
    ));
    site.run("weir-keeper", &["run", "--config", "keeper-nowhere.toml"]).refused(4, &[NOWHERE]);
    let config = oracle_config("calm.toml")
        .replace("[chain]\n", &format!("[chain]\nendpoint = \"{NOWHERE}\"\n"));
    site.write("oracle-nowhere.toml", &config);
    site.run("weir-oracle", &["run", "--config", "oracle-nowhere.toml"])
        .refused(NO_NODE, &[NOWHERE]);
}

#[test]
fn an_endpoint_that_is_no_endpoint() {
    let site = Site::shared();
    site.weir(&["reserves", "--node", "not a url"])
        .refused(2, &["`not a url` is not the address of a node"]);
}

/// The node dies while a deployment waits for a block: the command says so, and leaves no deployment file that would
/// name half a pool.
#[test]
fn the_node_dies_in_the_middle_of_a_deployment() {
    let node = Node::start("manual");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("devnet.toml"), CONFIG).unwrap();
    let deploy = ["deploy", "devnet.toml", "--dev", "alice", "--node", &node.url];
    let child = start_in(folder.path(), "weir", &deploy);
    eventually("the first transaction waits in the pool", || {
        request(&node.url, "dev_status")["result"]["ready"].as_u64() > Some(0)
    });
    node.kill();
    let ended = wait_until_ended(child);
    assert_eq!(ended.code, NO_NODE, "{}{}", ended.out, ended.err);
    assert!(!folder.path().join(".weir/deployment.json").exists());
}

#[test]
fn a_port_that_is_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    run_in(folder.path(), "weir-devnet", &["--port", &port]).refused(2, &[&port, "in use"]);
    run_in(folder.path(), "weir", &["devnet", "--", "--port", &port])
        .refused(2, &[&port, "in use"]);

    let site = Site::shared();
    site.write("keeper-port.toml", &format!(
        "[chain]\nendpoint = \"{}\"\ndeployment = \".weir/deployment.json\"\n[http]\nport = {port}\n",
        site.node.url
    ));
    site.run("weir-keeper", &["run", "--config", "keeper-port.toml"])
        .refused(6, &[&port, "in use"]);
}
