//! Bad input to the command line: one sentence, the right exit code, nothing sent.

use crate::support::{Site, wait_for};
use weir_abi::Erc20;
use weir_chain::{ChainError, Client, Sender, Signer};

const USAGE: i32 = 2;
const REFUSED: i32 = 1;

/// Each is refused before anything is sent.
#[test]
fn amounts_assets_and_addresses_that_cannot_be() {
    let site = Site::shared();
    let too_large = "999999999999999999999999999999999999999";
    let short = ["supply", "ETH", "1", "--account", "0x12"];
    let stranger = format!("0x{}", "42".repeat(20));
    let unknown_token = ["supply", &stranger, "1"];
    let rows: [(&[&str], &[&str]); 12] = [
        (&["supply", "KSM", "1"], &["no asset `KSM`", "USDC, DOT, ETH"]),
        (&unknown_token, &["no asset `0x4242"]),
        (&short, &["0x12 is not an address"]),
        (&["supply", "ETH", "1", "--account", "nobody?"], &["nobody?"]),
        (&["supply", "ETH", "0"], &["the amount is zero"]),
        (&["supply", "ETH", "-5"], &["negative"]),
        (&["supply", "ETH", "ten"], &["`ten` is no amount"]),
        (&["supply", "USDC", "0.0000001"], &["too precise", "6 decimals"]),
        (&["supply", "DOT", "0.00000000001"], &["too precise", "10 decimals"]),
        (&["supply", "ETH", too_large], &["too large", "128 bits"]),
        (&["borrow", "ETH", "1e3"], &["is no amount"]),
        (&["account", "0xzz"], &["is not an address"]),
    ];
    let nonce = site.nonce("ferdie");
    for (arguments, words) in rows {
        let ended = site.weir(&[arguments, &["--dev", "ferdie"]].concat()).refused(USAGE, words);
        assert_eq!(ended.err.trim().lines().count(), 1, "one sentence: {}", ended.err);
    }
    assert_eq!(site.nonce("ferdie"), nonce);
}

#[test]
fn what_the_account_does_not_have() {
    let site = Site::shared();
    let ferdie = ["--dev", "ferdie"];
    let nonce = site.nonce("ferdie");
    let with = |arguments: &[&str]| site.weir(&[arguments, &ferdie].concat());
    with(&["supply", "ETH", "1000"]).refused(USAGE, &["the balance is 0 ETH", "1000"]);
    with(&["withdraw", "ETH", "1"]).refused(REFUSED, &["["]);
    with(&["repay", "USDC", "1"]).refused(USAGE, &["the balance is 0 USDC"]);
    with(&["borrow", "USDC", "500"]).refused(REFUSED, &["[InsufficientCollateral]"]);
    with(&["borrow", "USDC", "100000000"]).refused(REFUSED, &["["]);
    assert_eq!(site.nonce("ferdie"), nonce, "nothing was sent, no allowance was set");
}

/// With `--json` a failure is one object, too.
#[test]
fn a_refusal_in_json_has_its_name_and_code() {
    let site = Site::shared();
    let refused = site.weir(&["borrow", "USDC", "500", "--dev", "ferdie", "--json"]);
    assert_eq!(refused.code, REFUSED);
    let value = refused.json();
    assert_eq!(value["refusal"], "InsufficientCollateral");
    assert_eq!(value["exit_code"], REFUSED);
    assert!(value["error"].as_str().unwrap().contains("supports a debt of"));
}

#[test]
fn keys_that_are_not_there() {
    let site = Site::shared();
    site.weir(&["supply", "ETH", "1"]).refused(USAGE, &["no key", "WEIR_KEY"]);
    site.weir(&["supply", "ETH", "1", "--keystore", "none.json"]).refused(USAGE, &["none.json"]);
    // A key is never an argument: a path of a development key is derived from the well-known phrase.
    site.weir(&["supply", "ETH", "1", "--dev", "two words"]).refused(USAGE, &["two words"]);
}

/// The command line sets every allowance itself; whoever calls the pool directly without one is told so by the token.
#[test]
fn without_an_allowance_the_token_says_no() {
    let site = Site::shared();
    let deployment = site.deployment();
    let token = deployment.asset("USDC").unwrap().token;
    let refusal = wait_for(async {
        let client = Client::connect(&site.node.url).await.unwrap();
        let owner = Sender::new(client.clone(), Signer::dev("//user//1").unwrap());
        let pool = deployment.pool(&client).unwrap();
        let minted = deployment.asset("USDC").unwrap().handle(&client).mint(owner.address(), 1_000);
        owner.run(minted).await.unwrap();
        let supplied = owner.prepare(pool.supply(token, 1_000, owner.address())).await;
        match supplied {
            Err(ChainError::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    });
    let names = [
        "TokenFailed",
        <Erc20::ERC20InsufficientAllowance as weir_abi::alloy_sol_types::SolError>::SIGNATURE,
    ];
    assert!(names.iter().any(|name| name.starts_with(refusal.name.as_str())), "{refusal}");
}
