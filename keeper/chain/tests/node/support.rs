//! A node, accounts, and a small contract for the tests.

use alloy_sol_types::{SolEvent as _, sol};
use std::{future::Future, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};
use weir_chain::{
    Address, Client, ContractCall, Devnet, DevnetOptions, Seal, Sender, Signer, Transaction, Weight,
};

sol! {
    /// What the counter emits.
    event Counted(uint256 value);
}

/// Nothing that a test waits for takes longer.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// An EVM contract with a number in slot 0. By the first byte of the call:
/// - 1: adds one, emits the number with the topic in bytes 2 to 34, returns it;
/// - 2: reverts with the bytes after the first;
/// - 3: as 1, if the number is the second byte, else reverts without a word;
/// - anything else: returns the number.
///
/// Assembled by hand; the first eleven bytes copy the rest into the new account.
const COUNTER: &str = "606280600b6000396000f360003560f81c80600114603957806002146054578060031460265760005460005260206000f3\
    5b60013560f81c6000541460395760006000fd5b6000546001018060005560005260023560206000a160206000f35b600136038060016000376000fd";

pub struct World {
    pub node: Devnet,
    pub client: Client,
    pub alice: Sender,
}

impl World {
    pub async fn start(options: DevnetOptions) -> Self {
        let node = Devnet::start(options).await.unwrap_or_else(|error| panic!("{error}"));
        let client = node.client().await.unwrap();
        let alice = Sender::new(client.clone(), Signer::dev("alice").unwrap());
        Self { node, client, alice }
    }

    /// A node that makes a block for each transaction.
    pub async fn instant() -> Self {
        Self::start(DevnetOptions::default()).await
    }

    /// A node that makes blocks when told to.
    pub async fn manual() -> Self {
        Self::start(DevnetOptions { seal: Seal::Manual, ..DevnetOptions::default() }).await
    }

    pub fn sender(&self, name: &str) -> Sender {
        Sender::new(self.client.clone(), Signer::dev(name).unwrap())
    }

    /// Makes a counter; on a node with manual seal too.
    pub async fn counter(&self) -> Address {
        let transaction =
            self.alice.prepare_instantiate(counter_code(), Vec::new(), None).await.unwrap();
        let mut pending = self.alice.submit(transaction).await.unwrap();
        self.seal_if_manual().await;
        let included = within(pending.in_block()).await.unwrap().ok().unwrap();
        included.instantiated[0].contract
    }

    pub async fn seal_if_manual(&self) {
        let status = self.client.dev().status().await.unwrap();
        if status.ready + status.future > 0 {
            self.client.dev().seal().await.unwrap();
        }
    }

    pub async fn number(&self, counter: Address) -> u8 {
        let best = self.client.best().await.unwrap().hash;
        let answer =
            self.client.dry_run(best, &call(counter, &[0]), self.alice.address()).await.unwrap();
        answer.ok().unwrap()[31]
    }
}

pub fn counter_code() -> Vec<u8> {
    let digits: String = COUNTER.chars().filter(char::is_ascii_hexdigit).collect();
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

pub fn call(to: Address, data: &[u8]) -> ContractCall {
    ContractCall { to, value: 0, data: data.to_vec() }
}

/// Adds one and emits `Counted`.
pub fn count(counter: Address) -> ContractCall {
    call(counter, &[&[1, 0][..], Counted::SIGNATURE_HASH.as_slice()].concat())
}

/// Adds one if the number is `expected`.
pub fn count_from(counter: Address, expected: u8) -> ContractCall {
    call(counter, &[3, expected])
}

/// Reverts with those bytes.
pub fn revert_with(counter: Address, data: &[u8]) -> ContractCall {
    call(counter, &[&[2][..], data].concat())
}

/// Sends a call without a dry run, which would refuse it.
pub fn unchecked(sender: &Sender, call: ContractCall) -> Transaction {
    sender.prepared(
        call,
        Weight { ref_time: 20_000_000_000, proof_size: 500_000 },
        1_000_000_000_000,
    )
}

/// Fails the test instead of waiting for ever.
pub async fn within<F: Future>(work: F) -> F::Output {
    tokio::time::timeout(DEADLINE, work).await.expect("the deadline of a test has passed")
}

/// What a proxy does to its connections.
#[derive(Clone, Copy)]
enum Disturb {
    Silence,
    Cut,
}

/// Passes everything on between a port of its own and a node, until it is disturbed.
pub struct Proxy {
    pub url: String,
    disturb: watch::Sender<Option<Disturb>>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    pub async fn before(node: &Devnet) -> Self {
        let target = node.url().trim_start_matches("ws://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}", listener.local_addr().unwrap());
        let (disturb, disturbed) = watch::channel(None);
        let accepting = tokio::spawn(async move {
            loop {
                let (near, _) = listener.accept().await.unwrap();
                let far = TcpStream::connect(&target).await.unwrap();
                let mut disturbed = disturbed.clone();
                disturbed.mark_unchanged();
                tokio::spawn(pass(near, far, disturbed));
            }
        });
        Self { url, disturb, accepting }
    }

    /// Swallows from now on what runs on the connections that are open: to both ends they look alive.
    pub fn fall_silent(&self) {
        self.disturb.send_replace(Some(Disturb::Silence));
    }

    /// Closes all connections, and takes no new ones.
    pub async fn close(mut self) {
        self.accepting.abort();
        let _ = (&mut self.accepting).await;
        self.disturb.send_replace(Some(Disturb::Cut));
    }
}

async fn pass(
    mut near: TcpStream,
    mut far: TcpStream,
    mut disturbed: watch::Receiver<Option<Disturb>>,
) {
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        _ = disturbed.changed() => {
            let disturb = *disturbed.borrow();
            if let Some(Disturb::Silence) = disturb {
                // Both ends stay open.
                std::future::pending::<()>().await;
            }
        }
    }
}
