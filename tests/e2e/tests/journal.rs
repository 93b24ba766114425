//! The keeper is killed with a liquidation under way: the next one finishes it, and pays once.

use crate::support::{Background, Site, eventually, oracle_config, wait_for};
use serde_json::Value;
use weir_chain::{B256, Bytes, Client, Liquidation, PoolHandle, Seal, Sender, Signer};
use weir_keeper::journal::{Entry, Journal, SavedLeg, SavedPlan, SavedTransaction, State};
use weir_keeper::outcome::{Amounts, PriceSource};

/// Ether falls by 12 % in the second step, less than what the feed holds back.
const SCENARIO: &str = "name = \"fall\"\ndescription = \"one step down\"\nseed = 5\nstep_seconds = 12\n\
    [assets.USDC]\nstart = \"1\"\ndecimals = 6\n[assets.DOT]\nstart = \"7.5\"\ndecimals = 6\n\
    [assets.ETH]\nstart = \"3000\"\ndecimals = 6\n\
    [[phases]]\nlabel = \"calm\"\nseconds = 12\n\
    [[phases]]\nlabel = \"fall\"\nseconds = 12\nmoves.ETH = { kind = \"gap\", factor = \"0.88\" }\n";

pub const KEEPER: [&str; 5] = ["run", "--execute", "--json", "--config", "keeper.toml"];

pub fn seal(site: &Site, seal: Seal) {
    wait_for(async {
        let client = Client::connect(&site.node.url).await.unwrap();
        client.dev().set_seal(seal).await.unwrap();
    });
}

pub const BLOCKS: Seal = Seal::Interval(200);

/// Bob's 10 ether carry 22 000 dollars at 3 000 and not at 2 640. Charlie, who keeps, has allowed the pool to take his
/// dollars. No block is made any more.
pub fn stage() -> Site {
    let site = Site::new("instant");
    site.write("fall.toml", SCENARIO);
    site.write("oracle.toml", &oracle_config("fall.toml"));
    site.write(
        "keeper.toml",
        &format!(
            "[chain]\nendpoint = \"{}\"\ndeployment = \".weir/deployment.json\"\n[key]\ndev = \"charlie\"\n[audit]\n\
             file = \"audit.jsonl\"\n[journal]\nfile = \"journal.redb\"\n[http]\nport = 0\n",
            site.node.url
        ),
    );
    let report = |step| {
        let arguments =
            ["run", "--config", "oracle.toml", "--steps", "--from", step, "--count", "1"];
        site.run("weir-oracle", &arguments).done();
    };
    report("0");
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
    // It sets its allowances before it says that it has started.
    drop(Background::start(site.folder.path(), "weir-keeper", &KEEPER).0);
    report("2");
    assert_eq!(site.json(&["account", "bob"])["liquidatable"], true);
    seal(&site, Seal::Manual);
    site
}

fn waiting(site: &Site) -> usize {
    wait_for(async {
        let client = Client::connect(&site.node.url).await.unwrap();
        client.dev().status().await.unwrap().ready
    })
}

/// A field of each liquidation in the audit log.
pub fn told(site: &Site, field: &str) -> Vec<String> {
    let text = std::fs::read_to_string(site.path("audit.jsonl")).unwrap_or_default();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let ended = lines.filter(|line| line["kind"] == "ended");
    ended.map(|line| line[field].as_str().unwrap_or_default().to_owned()).collect()
}

pub fn ends(site: &Site) -> Vec<String> {
    told(site, "outcome")
}

/// Bob is healthy, by one liquidation; a second try would have left a line of its own, whatever its end.
fn paid_once(site: &Site) {
    eventually("bob is liquidated", || site.json(&["account", "bob"])["liquidatable"] == false);
    eventually("the end is written down", || ends(site).contains(&"liquidated".to_owned()));
    let history = site.json(&["history", "bob"]);
    let liquidations =
        history.as_array().unwrap().iter().filter(|line| line["what"] == "liquidated").count();
    assert_eq!(liquidations, 1, "{history}");
    assert_eq!(ends(site), ["liquidated"]);
    let log = weir_keeper::audit::verify(&site.path("audit.jsonl"), None).unwrap();
    assert!(log.is_ok(), "{log:?}");
}

/// `kill -9` after the broadcast, before any block: the transaction waits in the node's pool.
#[test]
fn killed_after_the_broadcast() {
    let site = stage();
    let (first, _) = Background::start(site.folder.path(), "weir-keeper", &KEEPER);
    eventually("the liquidation is in the pool", || waiting(&site) == 1);
    // Dropping kills it.
    drop(first);
    assert_eq!(ends(&site), [""; 0]);
    let (second, _) = Background::start(site.folder.path(), "weir-keeper", &KEEPER);
    seal(&site, BLOCKS);
    paid_once(&site);
    // No block is sealed any more: what was sent beside it would wait for ever.
    eventually("nothing was sent beside it", || waiting(&site) == 0);
    drop(second);
    // A third has nothing left to do, and tells nothing again.
    let (third, _) = Background::start(site.folder.path(), "weir-keeper", &KEEPER);
    paid_once(&site);
    drop(third);
}

/// `kill -9` between the journal and the broadcast: nobody but the journal knows the transaction.
#[test]
fn killed_before_the_broadcast() {
    let site = stage();
    let nonce = site.nonce("charlie");
    let signed = wait_for(sign_and_die(&site));
    assert_eq!((waiting(&site), site.nonce("charlie")), (0, nonce));
    let (keeper, _) = Background::start(site.folder.path(), "weir-keeper", &KEEPER);
    eventually("the liquidation is in the pool", || waiting(&site) == 1);
    seal(&site, BLOCKS);
    paid_once(&site);
    assert_eq!(told(&site, "transaction"), [signed.to_string()], "the very same transaction");
    drop(keeper);
}

/// What a keeper does up to the moment before it broadcasts.
async fn sign_and_die(site: &Site) -> B256 {
    let deployment = site.deployment();
    let client = Client::connect(&site.node.url).await.unwrap();
    let (keeper, bob) = (Signer::dev("charlie").unwrap(), Signer::dev("bob").unwrap().address());
    let pool: PoolHandle = deployment.pool(&client).unwrap();
    let lens = deployment.lens(&client).unwrap();
    let token = |symbol| deployment.asset(symbol).unwrap().token;
    let best = client.best().await.unwrap();
    let version = lens.account(best.hash, pool.address(), bob).await.unwrap().version;
    let sender = Sender::new(client.clone(), keeper.clone());
    let order = Liquidation {
        borrower: bob,
        debt: token("USDC"),
        collateral: token("ETH"),
        max_repay: 20_000_000_000,
        min_seized: 0,
        receive_shares: false,
        data: Bytes::new(),
    };
    let transaction = sender.prepare(pool.liquidate(order)).await.unwrap().mortal(16);
    let signed = sender.sign(transaction).await.unwrap();
    let path = site.path("journal.redb");
    let (journal, open) = Journal::open(&path, client.genesis(), keeper.address()).unwrap();
    assert!(open.is_empty());
    let entry = Entry {
        state: State::Signed,
        plan: SavedPlan {
            borrower: bob,
            version,
            block: best.number,
            block_hash: best.hash,
            block_time: best.timestamp_secs,
            since: best.number,
            price: PriceSource { round: 2, block: None },
        },
        leg: SavedLeg {
            debt: token("USDC"),
            collateral: token("ETH"),
            debt_price: 10_u128.pow(18),
            collateral_price: 2_640 * 10_u128.pow(18),
            max_repay: 20_000_000_000,
            min_seized: 0,
            shares: false,
            predicted: Amounts { repaid: 0, seized: 0, profit_usd: Default::default() },
        },
        transaction: SavedTransaction::from(&signed),
    };
    journal.enter(entry).await.unwrap();
    drop(journal);
    // The thread that owns the file lets go of it a moment later.
    eventually("the journal is closed", || {
        Journal::open(&path, client.genesis(), keeper.address()).is_ok()
    });
    signed.tx_hash()
}
