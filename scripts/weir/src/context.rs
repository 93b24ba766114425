//! What every command shares: the node, the deployment, the key, the way it speaks.

use crate::exit::Failure;
use crate::output::Output;
use clap::Args;
use std::path::PathBuf;
use weir_chain::deployment::{Asset, Deployment};
use weir_chain::keys::{KEY_VARIABLE, KeyError, KeySource, Passphrase, Signer};
use weir_chain::{Address, Client, FeedHandle, LensHandle, PoolHandle, Sender, TokenHandle};

/// Where the node of `weir devnet` listens unless told otherwise.
pub const DEFAULT_NODE: &str = "ws://127.0.0.1:9944";

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// One JSON value on standard output instead of a table.
    #[arg(long, global = true)]
    pub json: bool,
    /// The node's WebSocket address; by default the deployment file's, else ws://127.0.0.1:9944.
    #[arg(long, global = true, env = "WEIR_NODE", value_name = "URL")]
    pub node: Option<String>,
    /// The file that `weir deploy` wrote.
    #[arg(
        long,
        global = true,
        env = "WEIR_DEPLOYMENT",
        default_value = ".weir/deployment.json",
        value_name = "FILE"
    )]
    pub deployment: PathBuf,
}

/// Where the key comes from. Never the key itself: arguments end in the shell's history and in the process list.
#[derive(Args, Clone, Debug)]
pub struct Key {
    /// A well-known development account: alice, bob, charlie, dave, eve, ferdie, or a path such as //Reporter//1.
    #[arg(long, value_name = "NAME", conflicts_with = "keystore")]
    pub dev: Option<String>,
    /// A keystore file in the polkadot-js format, readable by its owner only. Asks for the passphrase.
    #[arg(long, value_name = "FILE", env = "WEIR_KEYSTORE")]
    pub keystore: Option<PathBuf>,
    /// A file that holds the keystore's passphrase, instead of being asked.
    #[arg(long, value_name = "FILE", requires = "keystore")]
    pub passphrase_file: Option<PathBuf>,
}

impl Key {
    /// The signer; without an option the secret URI in the environment variable `WEIR_KEY`.
    pub fn signer(&self) -> Result<Signer, Failure> {
        let source = match (&self.dev, &self.keystore) {
            (Some(name), _) => KeySource::Dev(name.clone()),
            (None, Some(path)) => KeySource::Keystore {
                path: path.clone(),
                passphrase_file: self.passphrase_file.clone(),
            },
            (None, None) => KeySource::Env(KEY_VARIABLE.into()),
        };
        Signer::load(&source, ask_passphrase).map_err(|error| match error {
            KeyError::Missing(_) => Failure::usage(format!(
                "no key: give --dev NAME, --keystore FILE, or a secret URI in {KEY_VARIABLE}"
            )),
            other => other.into(),
        })
    }
}

fn ask_passphrase() -> Result<Passphrase, KeyError> {
    rpassword::prompt_password("passphrase of the keystore: ")
        .map(Passphrase::new)
        .map_err(|error| KeyError::NoPassphrase(error.to_string()))
}

/// A connected node and the deployment on it, checked against each other.
pub struct Context {
    /// How the command speaks.
    pub output: Output,
    /// The node.
    pub client: Client,
    /// What is deployed there.
    pub deployment: Deployment,
}

impl Context {
    /// Reads the deployment file, connects, and refuses a chain or contracts other than the file's.
    pub async fn open(global: &Global) -> Result<Self, Failure> {
        let deployment = Deployment::load(&global.deployment)?;
        let url = global.node.clone().unwrap_or_else(|| deployment.endpoint.clone());
        let client = Client::connect(&url).await?;
        deployment.verify(&client).await?;
        Ok(Self { output: Output { json: global.json }, client, deployment })
    }

    /// A sender for the key.
    pub fn sender(&self, key: &Key) -> Result<Sender, Failure> {
        Ok(Sender::new(self.client.clone(), key.signer()?))
    }

    /// The asset of that symbol or address.
    pub fn asset(&self, name: &str) -> Result<&Asset, Failure> {
        Ok(self.deployment.asset(name)?)
    }

    /// The pool.
    pub fn pool(&self) -> Result<PoolHandle, Failure> {
        Ok(self.deployment.pool(&self.client)?)
    }

    /// The lens.
    pub fn lens(&self) -> Result<LensHandle, Failure> {
        Ok(self.deployment.lens(&self.client)?)
    }

    /// The price feed.
    pub fn feed(&self) -> Result<FeedHandle, Failure> {
        Ok(self.deployment.feed(&self.client)?)
    }

    /// An asset's token.
    pub fn token(&self, asset: &Asset) -> TokenHandle {
        TokenHandle::new(self.client.clone(), asset.token)
    }
}

/// An account given as 0x…, as an SS58 account, or as a development name; the signer's own without one.
pub fn account_or(text: Option<&str>, own: Address) -> Result<Address, Failure> {
    let Some(text) = text else { return Ok(own) };
    parse_account(text)
}

/// An account given as 0x…, as an SS58 account, or as a development name such as `alice`.
pub fn parse_account(text: &str) -> Result<Address, Failure> {
    if text.starts_with("0x") {
        return text.parse().map_err(|_| {
            Failure::usage(format!(
                "{text} is not an address: expected 0x and 40 hexadecimal digits"
            ))
        });
    }
    if let Ok(account) = text.parse::<weir_chain::AccountId>() {
        return Ok(account.address());
    }
    Signer::dev(text).map(|signer| signer.address()).map_err(|_| {
        Failure::usage(format!(
            "{text} is neither an address (0x…), an account (SS58) nor a development name"
        ))
    })
}
