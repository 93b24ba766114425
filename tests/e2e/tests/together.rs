//! Several actions in one call, previews without a key, and pauses by hand.

use crate::support::Site;
use serde_json::Value;

const WHO: &str = "//Together";

fn number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

/// Supply and borrow in one call: neither is refused for what the other has not done yet.
#[test]
fn one_call_one_health_check() {
    let site = Site::shared();
    site.weir(&["faucet", "native", "100", "--dev", WHO]).done();
    site.weir(&["faucet", "ETH", "2", "--dev", WHO]).done();
    let nonce = site.nonce(WHO);

    // Two ether at 3 000 USD carry 4 500.
    let both = ["supply ETH max", "borrow USDC 4000"];
    let preview = site.json(&[&["preview", WHO], &both[..]].concat());
    assert_eq!(preview["allowed"], true, "{preview}");
    // 2 · 3 000 · 80 % / 4 000 = 1.2.
    assert!((1.19..1.21).contains(&number(&preview["health_after"])), "{preview}");
    let alone = site.weir(&["preview", WHO, "borrow USDC 4000"]);
    assert_eq!(alone.code, 1);
    assert!(alone.out.contains("[InsufficientCollateral]"), "{}", alone.out);
    assert_eq!(site.nonce(WHO), nonce, "a preview sends nothing");

    let key = ["--dev", WHO];
    let done = site.json(&[&["submit"], &both[..], &key].concat());
    assert!((1.19..1.21).contains(&number(&done["health_after"])), "{done}");
    assert_eq!(site.nonce(WHO), nonce + 2, "one allowance and one submission");
    let account = site.json(&["account", WHO]);
    assert!((1.19..1.21).contains(&number(&account["health_factor"])), "{account}");

    // What would leave too little is refused as a whole.
    let greedy = ["submit", "repay USDC 1", "withdraw ETH 1.5", "--dev", WHO];
    site.weir(&greedy).refused(1, &["[InsufficientCollateral]"]);
    assert_eq!(site.nonce(WHO), nonce + 2, "no allowance was set for it");
}

#[test]
fn actions_that_are_none() {
    let site = Site::shared();
    for (action, words) in [
        ("lend ETH 1", &["there is no action lend", "supply ETH 10"][..]),
        ("supply ETH", &["expected an action, an asset and an amount"]),
        ("supply KSM 1", &["no asset `KSM`"]),
        ("supply ETH much", &["`much` is no amount"]),
        ("collateral ETH maybe", &["neither on nor off"]),
        ("category 256", &["256 is no number of a category"]),
    ] {
        site.weir(&["preview", WHO, action]).refused(2, words);
        site.weir(&["submit", action, "--dev", "ferdie"]).refused(2, words);
    }
}

/// Flash loans are paused here, which disturbs nobody.
#[test]
fn who_guards_pauses_and_nobody_else() {
    let site = Site::shared();
    let pause = ["pause", "flash", "--asset", "DOT", "--hours", "0.5"];
    site.weir(&[&pause[..], &["--dev", "ferdie"]].concat()).refused(1, &["only the governor"]);
    let paused = site.json(&[&pause[..], &["--dev", "alice"]].concat());
    assert!(paused["until"].as_u64().unwrap() > 0, "{paused}");
    site.weir(&["unpause", "flash", "--asset", "DOT", "--dev", "alice"]).done();
    site.weir(&["pause", "flash", "--hours", "-1", "--dev", "alice"]).refused(2, &["-1"]);
    site.weir(&["pause", "repay", "--dev", "alice"]).refused(2, &["repay"]);
}
