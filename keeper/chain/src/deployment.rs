//! The deployment file: where the contracts of one deployment are, on which chain, of which build.

#[cfg(test)]
mod tests;

use crate::{
    client::Client,
    contracts::{
        AdminHandle, FeedHandle, GovernorHandle, LensHandle, PoolHandle, TokenHandle, WrappedHandle,
    },
    error::ChainError,
};
use alloy_primitives::{Address, B256};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Version of the file's shape.
pub const VERSION: u32 = 1;

/// Name of the pool in a deployment.
pub const POOL: &str = "pool";
/// Name of the lens in a deployment.
pub const LENS: &str = "lens";
/// Name of the price feed in a deployment.
pub const FEED: &str = "feed";
/// Name of the code that the price feed runs for rare messages, in a deployment.
pub const FEED_ADMIN: &str = "feed-admin";
/// Name of the admin contract in a deployment.
pub const ADMIN: &str = "admin";
/// Name of the governor in a deployment.
pub const GOVERNOR: &str = "governor";
/// The native token as an ERC-20, in [`Deployment::contracts`].
pub const WRAPPED: &str = "wrapped";

/// A deployment file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// The file is not there.
    #[error("there is no deployment file {}: run `weir deploy` first", .0.display())]
    Missing(PathBuf),
    /// The file could not be read or written.
    #[error("cannot {action} {}: {reason}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: io::Error,
    },
    /// The file has another shape.
    #[error("{} is no deployment file: {reason}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        reason: String,
    },
    /// The file is of another version of Weir.
    #[error("{} has version {found}, this program reads version {VERSION}", .path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
    /// The file is of another chain.
    #[error("the deployment is on another chain: its genesis is {expected}, the node's is {found}")]
    OtherChain {
        /// Genesis in the file.
        expected: B256,
        /// Genesis of the node.
        found: B256,
    },
    /// A contract is not there.
    #[error("the deployment does not fit this chain: there is no contract `{name}` at {address}")]
    NotDeployed {
        /// The contract's name.
        name: String,
        /// Where it should be.
        address: Address,
    },
    /// A contract is of another build.
    #[error(
        "the deployment is of another build: the code of `{name}` at {address} is {found}, expected {expected}"
    )]
    OtherBuild {
        /// The contract's name.
        name: String,
        /// Where it is.
        address: Address,
        /// Code hash in the file.
        expected: B256,
        /// Code hash on the chain.
        found: B256,
    },
    /// The file does not name a contract.
    #[error("the deployment has no contract `{0}`")]
    NoContract(String),
    /// The file does not name an asset.
    #[error("the deployment has no asset `{given}`: it has {known}")]
    UnknownAsset {
        /// What was asked for.
        given: String,
        /// The symbols there are.
        known: String,
    },
}

impl DeploymentError {
    /// Whether the file is fine but the chain is another one, or has other contracts on it.
    #[must_use]
    pub fn is_mismatch(&self) -> bool {
        matches!(self, Self::OtherChain { .. } | Self::NotDeployed { .. } | Self::OtherBuild { .. })
    }
}

/// A deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Version of the file's shape.
    pub version: u32,
    /// Hash of the chain's first block.
    pub genesis: B256,
    /// The endpoint it was deployed through: a hint, others may be given.
    pub endpoint: String,
    /// The block after which everything was there.
    pub block: u64,
    /// Who deployed.
    pub deployer: Address,
    /// Hash of the artifacts it was deployed from.
    pub build: String,
    /// The contracts by name.
    pub contracts: BTreeMap<String, Contract>,
    /// The assets, in the order of their reserves.
    pub assets: Vec<Asset>,
}

/// A contract of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Where it is.
    pub address: Address,
    /// Hash of its code.
    pub code_hash: B256,
}

/// An asset of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// The token's symbol.
    pub symbol: String,
    /// The token.
    pub token: Address,
    /// The token's digits after the point.
    pub decimals: u8,
    /// Index of the reserve in the pool.
    pub reserve: u8,
}

impl Deployment {
    /// Reads a deployment file.
    ///
    /// # Errors
    /// If it is missing, malformed or of another version.
    pub fn load(path: &Path) -> Result<Self, DeploymentError> {
        /// Read first, so that a newer file is called newer, not malformed.
        #[derive(Deserialize)]
        struct Version {
            version: u64,
        }
        let text = fs::read_to_string(path).map_err(|reason| match reason.kind() {
            io::ErrorKind::NotFound => DeploymentError::Missing(path.to_owned()),
            _ => DeploymentError::Io { action: "read", path: path.to_owned(), reason },
        })?;
        let malformed = |error: serde_json::Error| DeploymentError::Malformed {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let Version { version } = serde_json::from_str(&text).map_err(malformed)?;
        if version != u64::from(VERSION) {
            return Err(DeploymentError::Version { path: path.to_owned(), found: version });
        }
        serde_json::from_str(&text).map_err(malformed)
    }

    /// Writes the file: whole or not at all, and on the disk when this returns.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn save(&self, path: &Path) -> Result<(), DeploymentError> {
        let failed =
            |reason| DeploymentError::Io { action: "write", path: path.to_owned(), reason };
        let mut text = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        text.push('\n');
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        // The process id keeps two writers from each other's half-written file.
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary = path.with_file_name(name);
        let written =
            write_through(&temporary, text.as_bytes()).and_then(|()| fs::rename(&temporary, path));
        written.map_err(|reason| {
            // What is left of a failed attempt; if this fails too, the first reason is the one that helps.
            let _ = fs::remove_file(&temporary);
            failed(reason)
        })
    }

    /// Checks that the chain is the right one and that every contract on it is of this deployment's build.
    ///
    /// # Errors
    /// If the genesis or a code hash differs, a contract is missing, or the node does not answer.
    pub async fn verify(&self, client: &Client) -> Result<(), ChainError> {
        let found = client.genesis();
        if found != self.genesis {
            return Err(DeploymentError::OtherChain { expected: self.genesis, found }.into());
        }
        let best = client.best().await?.hash;
        for (name, contract) in &self.contracts {
            let (name, address) = (name.clone(), contract.address);
            match client.code_hash(best, address).await {
                Ok(found) if found == contract.code_hash => {}
                Ok(found) => {
                    let expected = contract.code_hash;
                    return Err(
                        DeploymentError::OtherBuild { name, address, expected, found }.into()
                    );
                }
                Err(ChainError::NoContract(_)) => {
                    return Err(DeploymentError::NotDeployed { name, address }.into());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A contract's address.
    ///
    /// # Errors
    /// If the deployment does not name it.
    pub fn contract(&self, name: &str) -> Result<Address, DeploymentError> {
        let found = self.contracts.get(name).map(|contract| contract.address);
        found.ok_or_else(|| DeploymentError::NoContract(name.to_owned()))
    }

    /// An asset by symbol (in any case) or by the token's address.
    ///
    /// # Errors
    /// If there is none; the error names those there are.
    pub fn asset(&self, given: &str) -> Result<&Asset, DeploymentError> {
        let address: Option<Address> = given.parse().ok();
        let fits = |asset: &&Asset| {
            asset.symbol.eq_ignore_ascii_case(given) || Some(asset.token) == address
        };
        self.assets.iter().find(fits).ok_or_else(|| {
            let known: Vec<&str> = self.assets.iter().map(|asset| asset.symbol.as_str()).collect();
            DeploymentError::UnknownAsset { given: given.to_owned(), known: known.join(", ") }
        })
    }

    /// The asset of a token.
    #[must_use]
    pub fn asset_of(&self, token: Address) -> Option<&Asset> {
        self.assets.iter().find(|asset| asset.token == token)
    }

    /// The asset of a reserve.
    #[must_use]
    pub fn asset_at(&self, reserve: u8) -> Option<&Asset> {
        self.assets.iter().find(|asset| asset.reserve == reserve)
    }

    /// The pool.
    ///
    /// # Errors
    /// If the deployment has none.
    pub fn pool(&self, client: &Client) -> Result<PoolHandle, DeploymentError> {
        Ok(PoolHandle::new(client.clone(), self.contract(POOL)?))
    }

    /// The lens.
    ///
    /// # Errors
    /// If the deployment has none.
    pub fn lens(&self, client: &Client) -> Result<LensHandle, DeploymentError> {
        Ok(LensHandle::new(client.clone(), self.contract(LENS)?))
    }

    /// The price feed.
    ///
    /// # Errors
    /// If the deployment has none.
    pub fn feed(&self, client: &Client) -> Result<FeedHandle, DeploymentError> {
        Ok(FeedHandle::new(client.clone(), self.contract(FEED)?))
    }

    /// The governor.
    ///
    /// # Errors
    /// If the deployment has none.
    pub fn governor(&self, client: &Client) -> Result<GovernorHandle, DeploymentError> {
        Ok(GovernorHandle::new(client.clone(), self.contract(GOVERNOR)?))
    }

    /// The native token as an ERC-20.
    ///
    /// # Errors
    /// If the deployment has none.
    pub fn wrapped(&self, client: &Client) -> Result<WrappedHandle, DeploymentError> {
        Ok(WrappedHandle::new(client.clone(), self.contract(WRAPPED)?))
    }

    /// The governor's side of the pool.
    ///
    /// # Errors
    /// If the deployment has no pool.
    pub fn admin(&self, client: &Client) -> Result<AdminHandle, DeploymentError> {
        Ok(AdminHandle::new(client.clone(), self.contract(POOL)?))
    }
}

impl Asset {
    /// The asset's token.
    #[must_use]
    pub fn handle(&self, client: &Client) -> TokenHandle {
        TokenHandle::new(client.clone(), self.token)
    }
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
