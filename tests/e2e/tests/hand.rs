//! Lending and borrowing by hand.

use crate::support::Site;
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_str().unwrap().replace(',', "").parse().unwrap()
}

fn leg<'a>(account: &'a Value, asset: &str) -> &'a Value {
    let legs = account["legs"].as_array().unwrap();
    legs.iter()
        .find(|leg| leg["asset"] == asset)
        .unwrap_or_else(|| panic!("no {asset} in {account}"))
}

/// Supply, borrow, repay, withdraw, each with what it says before and after.
#[test]
fn from_supply_to_withdrawal() {
    let site = Site::shared();
    site.weir(&["faucet", "ETH", "10", "--dev", "bob"]).done();

    let nonce = site.nonce("bob");
    let dry = site.json(&["supply", "ETH", "10", "--dev", "bob", "--dry-run"]);
    assert_eq!(
        (&dry["allowed"], &dry["allowance_missing"]),
        (&Value::Bool(true), &Value::Bool(true))
    );
    assert_eq!(site.nonce("bob"), nonce, "a dry run sends nothing");

    let supplied = site.json(&["supply", "ETH", "10", "--dev", "bob"]);
    assert_eq!(supplied["amount"], "10");
    for field in ["transaction", "block", "block_hash", "fee"] {
        assert!(!supplied[field].is_null(), "{field} is missing in {supplied}");
    }
    assert_eq!(site.nonce("bob"), nonce + 2, "the allowance and the supply");

    // The scenario's ether costs 3 000 USD: at an ltv of 75 % and a price read a little low, 22 400 are carried.
    let dry = site.json(&["borrow", "USDC", "20000", "--dev", "bob", "--dry-run"]);
    assert_eq!(dry["allowed"], true);
    // 10 · 3 000 · 80 % / 20 000 = 1.2.
    let health = number(&dry["health_after"]);
    assert!((1.19..1.21).contains(&health), "{dry}");
    let borrowed = site.json(&["borrow", "USDC", "20000", "--dev", "bob"]);
    assert_eq!(borrowed["amount"], "20000");

    let account = site.json(&["account", "bob"]);
    assert!((1.19..1.21).contains(&number(&account["health_factor"])), "{account}");
    assert_eq!(account["liquidatable"], false);
    assert!((9.999_999..=10.0).contains(&number(&leg(&account, "ETH")["supplied"])));
    assert!((20_000.0..20_000.1).contains(&number(&leg(&account, "USDC")["owed"])));
    // 20 000 / (10 · 80 %) = 2 500.
    let price = number(&leg(&account, "ETH")["liquidation_price_usd"]);
    assert!((2_499.0..2_501.0).contains(&price), "{account}");

    // What is owed has grown by a little interest, which the borrowed amount alone does not pay.
    site.weir(&["faucet", "USDC", "10", "--dev", "bob"]).done();
    let repaid = site.json(&["repay", "USDC", "max", "--dev", "bob"]);
    assert!((20_000.0..20_000.1).contains(&number(&repaid["amount"])), "{repaid}");
    let withdrawn = site.json(&["withdraw", "ETH", "max", "--dev", "bob"]);
    assert!((9.999_999..=10.0).contains(&number(&withdrawn["amount"])), "{withdrawn}");
    let account = site.json(&["account", "bob"]);
    assert_eq!(account["legs"], Value::Array(Vec::new()), "nothing is left");
}

/// Protected collateral goes in and out whatever is lent.
#[test]
fn protected_collateral_comes_back_to_the_unit() {
    let site = Site::shared();
    site.weir(&["faucet", "DOT", "1000.5", "--dev", "charlie"]).done();
    assert_eq!(site.json(&["protect", "DOT", "1000.5", "--dev", "charlie"])["amount"], "1000.5");
    let account = site.json(&["account", "charlie"]);
    assert_eq!(leg(&account, "DOT")["protected"].as_str(), Some("1000.5"));
    assert_eq!(site.json(&["unprotect", "DOT", "max", "--dev", "charlie"])["amount"], "1000.5");
}

/// Native money is wrapped, lent, taken back and unwrapped.
#[test]
fn native_money_is_lent_wrapped() {
    let site = Site::shared();
    site.weir(&["faucet", "native", "100", "--to", "ferdie", "--dev", "alice"]).done();
    let wrapped = site.json(&["wrap", "12.5", "--dev", "ferdie"]);
    assert_eq!(wrapped["amount"], "12.5");
    assert_eq!(site.json(&["supply", "WDOT", "max", "--dev", "ferdie"])["amount"], "12.5");
    let refused = site.weir(&["unwrap", "1", "--dev", "ferdie"]);
    refused.refused(1, &["the balance is 0 WDOT and 1 WDOT are needed"]);
    assert_eq!(site.json(&["withdraw", "WDOT", "12.5", "--dev", "ferdie"])["amount"], "12.5");
    assert_eq!(site.json(&["unwrap", "max", "--dev", "ferdie"])["amount"], "12.5");
    site.weir(&["wrap", "0.00000000001", "--dev", "ferdie"]).refused(2, &["10 decimals"]);
}

#[test]
fn people_get_tables_and_a_receipt() {
    let site = Site::shared();
    let given = site.weir(&["faucet", "USDC", "5", "--dev", "dave"]).done();
    for word in ["transaction 0x", "in block", "fee"] {
        assert!(given.out.contains(word), "`{word}` is not in {}", given.out);
    }
    for (command, word) in [("reserves", "supplied"), ("prices", "status"), ("history", "account")]
    {
        let shown = site.weir(&[command]).done();
        assert!(shown.out.contains(word) && shown.out.contains("ETH"), "{}", shown.out);
        // With --json the same is one value.
        site.json(&[command]);
    }
    let reserves = site.json(&["reserves"]);
    let decimals: Vec<u64> = reserves["reserves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["decimals"].as_u64().unwrap())
        .collect();
    assert_eq!(decimals, [6, 10, 18, 10]);
}

#[test]
fn a_dry_run_says_what_limits_and_sends_nothing() {
    let site = Site::shared();
    site.weir(&["faucet", "ETH", "1", "--dev", "eve"]).done();
    site.weir(&["supply", "ETH", "1", "--dev", "eve"]).done();
    let nonce = site.nonce("eve");
    // One ether carries 2 250 USD.
    let refused = site.weir(&["borrow", "USDC", "5000", "--dev", "eve", "--dry-run"]);
    assert_eq!(refused.code, 1, "{}{}", refused.out, refused.err);
    let said = refused.out.contains("would be refused: the collateral supports a debt of");
    assert!(said && refused.out.contains("[InsufficientCollateral]"), "{}", refused.out);
    let refused = site.weir(&["borrow", "USDC", "5000", "--dev", "eve", "--dry-run", "--json"]);
    assert_eq!((refused.code, &refused.json()["allowed"]), (1, &Value::Bool(false)));
    // And so does the command itself.
    site.weir(&["borrow", "USDC", "5000", "--dev", "eve"])
        .refused(1, &["[InsufficientCollateral]"]);
    // Nobody is liquidated who is healthy.
    site.weir(&["liquidate", "eve", "--debt", "USDC", "--collateral", "ETH", "--dev", "alice"])
        .refused(1, &["["]);
    assert_eq!(site.nonce("eve"), nonce);
}
