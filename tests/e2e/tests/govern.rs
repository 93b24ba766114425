//! The governor by its commands: proposed, signed, waited for, done.

use crate::support::{CONFIG, Node, Site, wait_for};
use weir_chain::Client;

/// A site whose pool obeys the governor alone.
fn governed() -> Site {
    let site = Site { node: Node::start("instant"), folder: tempfile::tempdir().unwrap() };
    site.write("devnet.toml", &CONFIG.replacen("hand_over = false", "hand_over = true", 1));
    let url = site.node.url.clone();
    site.weir(&["deploy", "devnet.toml", "--dev", "alice", "--node", &url]).done();
    // The signers accept the pool.
    let given = site.json(&["propose", "pool.acceptGovernor", "--dev", "alice"]);
    let id = given["id"].as_str().unwrap().to_owned();
    site.weir(&["sign", &id, "--dev", "bob"]).done();
    advance(&site, 86_400);
    site.weir(&["execute", &id, "--dev", "bob"]).done();
    site
}

fn advance(site: &Site, seconds: u64) {
    wait_for(async {
        let client = Client::connect(&site.node.url).await.unwrap();
        client.dev().advance_time(seconds).await.unwrap();
        client.dev().seal().await.unwrap();
    });
}

#[test]
fn two_of_three_change_the_pool() {
    let site = governed();
    // Whoever deployed it rules no more.
    site.weir(&["unpause", "supply", "--dev", "alice"]).refused(1, &["only the governor"]);
    let limits = ["dust=10_000_000_000_000_000_000", "minDebt=200000000000000000000"];
    let propose = ["propose", "pool.setLimits", limits[0], limits[1], "targetHealthBps=10600"];
    site.weir(&[&propose[..], &["--dev", "eve"]].concat()).refused(1, &["[NotSigner]"]);
    let shown = site.json(&[&propose[..], &["--dev", "alice", "--dry-run"]].concat());
    let words = "pool.setLimits(dust 10000000000000000000, minDebt 200000000000000000000, \
                 targetHealthBps 10600)";
    assert_eq!(shown["calls"][0].as_str(), Some(words));
    let proposed = site.json(&[&propose[..], &["--dev", "alice"]].concat());
    let id = proposed["id"].as_str().unwrap().to_owned();
    let listed = site.json(&["proposals"]);
    assert_eq!(listed[0]["calls"][0].as_str(), Some(words));
    assert_eq!(listed[0]["state"].as_str(), Some("needs signatures"));
    // The first digits are enough.
    let signed = site.json(&["sign", &id[..10], "--dev", "bob"]);
    assert!(signed["ready"].as_u64().is_some(), "{signed}");
    site.weir(&["sign", &id, "--dev", "bob"]).refused(1, &["[AlreadySigned]"]);
    site.weir(&["execute", &id, "--dev", "bob"])
        .refused(1, &["can be executed from", "[TooEarly]"]);
    advance(&site, 86_400);
    let table = site.weir(&["proposals"]).done();
    assert!(table.out.contains("ready") && table.out.contains("2 of 2"), "{}", table.out);
    site.weir(&["execute", &id, "--dev", "bob"]).done();
    site.weir(&["execute", &id, "--dev", "bob"]).refused(1, &["[ProposalClosed]"]);
    assert_eq!(site.json(&["proposals"])[0]["state"].as_str(), Some("executed"));
}

/// The feed is offered by the deployment; it obeys the governor once the signers have accepted it.
#[test]
fn the_feed_obeys_the_governor_that_accepted_it() {
    let site = governed();
    let decide = |calls: &[&str], delay: u64| {
        let given = site.json(&[&["propose"], calls, &["--dev", "alice"]].concat());
        let id = given["id"].as_str().unwrap().to_owned();
        site.weir(&["sign", &id, "--dev", "bob"]).done();
        advance(&site, delay);
        site.weir(&["execute", &id, "--dev", "bob"])
    };
    let bounds = ["feed.setBounds", "asset=DOT", "maxStepBps=900", "low=1000", "high=2000"];
    decide(&bounds, 3_600).refused(1, &["only the governor", "[NotGovernor]"]);
    decide(&["feed.acceptGovernor"], 86_400).done();
    // New bounds wait for the short delay only.
    decide(&bounds, 3_600).done();
    decide(&["feed.acceptGovernor"], 86_400).refused(1, &["was not offered", "[NotOffered]"]);
}

#[test]
fn a_veto_stops_it_and_the_proposer_takes_it_back() {
    let site = governed();
    let propose = ["propose", "governor.setDelays", "shortDelay=3600", "longDelay=7200"];
    let feed =
        ["feed.rearm", "asset=DOT", "pool.pause", "asset=none", "operations=1", "duration=60"];
    let given = site.json(&[&propose[..], &feed, &["--dev", "charlie"]].concat());
    let id = given["id"].as_str().unwrap().to_owned();
    let words: Vec<_> =
        given["calls"].as_array().unwrap().iter().filter_map(|w| w.as_str()).collect();
    assert_eq!(
        words,
        [
            "governor.setDelays(shortDelay 3600, longDelay 7200)",
            "feed.rearm(asset DOT)",
            "pool.pause(asset none, operations 1, duration 60)",
        ]
    );
    site.weir(&["veto", &id, "--dev", "bob"]).refused(1, &["[NotVetoHolder]"]);
    site.weir(&["veto", &id, "--dev", "dave"]).done();
    assert_eq!(site.json(&["proposals"])[0]["state"].as_str(), Some("vetoed"));
    site.weir(&["cancel", &id, "--dev", "bob"]).refused(1, &["[NotProposer]"]);
    site.weir(&["unsign", &id, "--dev", "charlie"]).done();
    site.weir(&["cancel", &id, "--dev", "charlie"]).done();
    site.weir(&["sign", &id, "--dev", "bob"]).refused(1, &["[ProposalClosed]"]);
}

#[test]
fn calls_that_are_none_are_told() {
    let site = Site::shared();
    let propose = |calls: &[&str], words: &[&str]| {
        site.weir(&[&["propose"], calls, &["--dev", "alice"]].concat()).refused(2, words);
    };
    propose(&["asset=DOT"], &["belongs to no call"]);
    propose(&["pause"], &["is no call"]);
    propose(&["pool.fly"], &["there is no pool.fly", "setLimits"]);
    propose(&["moon.fly"], &["moon"]);
    propose(&["feed.rearm"], &["feed.rearm: give each of asset=address once"]);
    propose(&["feed.rearm", "asset=moon"], &["moon"]);
    site.weir(&["sign", "0x12", "--dev", "alice"]).refused(2, &["there is no proposal 0x12"]);
}
