//! A small crash: the feeder reports, the keeper liquidates, the checker finds the books in order.

use crate::support::{Background, Site, oracle_config, request, wait_for};
use serde_json::Value;
use tokio::sync::mpsc;
use weir_chain::{Client, Signer};
use weir_scenarios::checker::{Checker, Follower};

/// Ether falls by 12 % in the second step, less than what the feed holds back.
const SCENARIO: &str = "name = \"fall\"\ndescription = \"one step down\"\nseed = 5\nstep_seconds = 12\n\
    [assets.USDC]\nstart = \"1\"\ndecimals = 6\n[assets.DOT]\nstart = \"7.5\"\ndecimals = 6\n\
    [assets.ETH]\nstart = \"3000\"\ndecimals = 6\n\
    [[phases]]\nlabel = \"calm\"\nseconds = 12\n\
    [[phases]]\nlabel = \"fall\"\nseconds = 12\nmoves.ETH = { kind = \"gap\", factor = \"0.88\" }\n";

/// Bob borrows 22 000 against 10 ether of 3 000: his health factor is 24 000 / 22 000 = 1.09, and 0.96 after the fall.
fn open(site: &Site) {
    for arguments in [
        &["faucet", "USDC", "200000", "--dev", "alice"][..],
        &["supply", "USDC", "100000", "--dev", "alice"],
        &["faucet", "ETH", "10", "--dev", "bob"],
        &["supply", "ETH", "10", "--dev", "bob"],
        &["borrow", "USDC", "22000", "--dev", "bob"],
        &["faucet", "USDC", "50000", "--dev", "charlie"],
    ] {
        site.weir(arguments).done();
    }
}

fn report(site: &Site, step: &str) -> Value {
    let arguments =
        ["run", "--config", "oracle.toml", "--steps", "--from", step, "--count", "1", "--json"];
    site.run("weir-oracle", &arguments).done().json()
}

#[test]
fn the_keeper_liquidates_and_the_books_balance() {
    let site = Site::new("interval=400");
    site.write("fall.toml", SCENARIO);
    site.write("oracle.toml", &oracle_config("fall.toml"));
    site.write("keeper.toml", &format!(
        "[chain]\nendpoint = \"{}\"\ndeployment = \".weir/deployment.json\"\n[key]\ndev = \"charlie\"\n[audit]\n\
         file = \"audit.jsonl\"\n[http]\nport = 0\n",
        site.node.url
    ));
    report(&site, "0");
    open(&site);
    let arguments = ["run", "--execute", "--json", "--config", "keeper.toml"];
    let (keeper, line) = Background::start(site.folder.path(), "weir-keeper", &arguments);
    assert!(line.contains("\"execute\":true"), "{line}");

    let last = report(&site, "2");
    let price =
        last["accepted"].as_array().unwrap().iter().find(|round| round["asset"] == "ETH").unwrap();
    let price_block = price["block"].as_u64().unwrap();
    let checker = wait_for(check_until_quiet(&site, price_block));
    drop(keeper);

    let found = checker.findings();
    assert_eq!(found.problems, []);
    assert_eq!((found.left_liquidatable, found.unbalanced.len()), (0, 0));
    assert_eq!((found.bad_debt, found.bad_debt_unexplained), (0, 0));
    assert_eq!(found.liquidations.len(), 1, "{:?}", found.liquidations);
    let liquidation = &found.liquidations[0];
    assert_eq!(liquidation.borrower, Signer::dev("bob").unwrap().address());
    assert_eq!(liquidation.liquidator, Signer::dev("charlie").unwrap().address());
    // The command line shows the same, and Bob is healthy again: the target is 1.05.
    let account = site.json(&["account", "bob"]);
    let health: f64 = account["health_factor"].as_str().unwrap().parse().unwrap();
    assert!((1.04..1.06).contains(&health), "{account}");
    let history = site.json(&["history", "bob"]);
    assert!(
        history.as_array().unwrap().iter().any(|line| line["what"] == "liquidated"),
        "{history}"
    );
}

/// Follows the chain from the deployment until nobody is liquidatable any more after the price.
async fn check_until_quiet(site: &Site, price_block: u64) -> Checker {
    let client = Client::connect(&site.node.url).await.unwrap();
    let (notes, mut heard) = mpsc::unbounded_channel();
    let follower = Follower::start(client, site.deployment(), notes).unwrap();
    let mut liquidated = false;
    loop {
        let note = heard.recv().await.expect("the checker goes on");
        liquidated |= !note.liquidations.is_empty();
        if liquidated && note.block.number > price_block && note.liquidatable == 0 {
            return follower.finish(note.block.number).await.unwrap();
        }
    }
}

/// The chain's clock is the node's; the two agree that time passes.
#[test]
fn the_node_answers_plain_http_too() {
    let status = request(&Site::shared().node.url, "dev_status");
    assert!(status["result"]["best"]["number"].as_u64() > Some(0), "{status}");
}
