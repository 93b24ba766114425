//! The chain, the deployment and the key, looked at and found in order: the same for `run` and `scan`.

use crate::config::Config;
use crate::funds::Funds;
use crate::intent::Asset;
use crate::keeper::StartError;
use crate::ledger::Ledger;
use crate::metrics::Metrics;
use std::sync::Arc;
use weir_chain::{Address, ChainError, Client, Deployment, KeyError, Signer, Timeouts};

/// What is known once the chain has been looked at: the same for `run` and `scan`.
pub struct Site {
    /// The node.
    pub client: Client,
    /// The deployment file, verified.
    pub deployment: Arc<Deployment>,
    /// Address of the pool.
    pub pool: Address,
    /// The pool's assets.
    pub assets: Vec<Arc<Asset>>,
    /// The keeper's key, if one is configured.
    pub signer: Option<Signer>,
}

impl Site {
    /// Reads the deployment file and the key, connects, and checks that chain and contracts are the deployed ones.
    ///
    /// # Errors
    /// [`StartError`]: file, key, node, genesis or code hash.
    pub async fn open(config: &Config) -> Result<Self, StartError> {
        let deployment = Deployment::load(&config.chain.deployment).map_err(ChainError::from)?;
        let signer = config.key.as_ref().map(load_key).transpose()?;
        let client = Client::connect_any(&config.chain.endpoints(), Timeouts::default()).await?;
        deployment.verify(&client).await?;
        let pool = deployment.contract(weir_chain::deployment::POOL).map_err(ChainError::from)?;
        let assets = deployment
            .assets
            .iter()
            .map(|asset| {
                Arc::new(Asset {
                    symbol: asset.symbol.clone(),
                    token: asset.token,
                    decimals: u32::from(asset.decimals),
                    reserve: asset.reserve,
                })
            })
            .collect();
        Ok(Self { client, deployment: Arc::new(deployment), pool, assets, signer })
    }

    /// The funds of the own account, if there is one.
    #[must_use]
    pub fn funds(&self, ledger: &Ledger, metrics: &Arc<Metrics>) -> Option<Funds> {
        self.signer.as_ref().map(|signer| Funds {
            client: self.client.clone(),
            pool: self.pool,
            own: signer.address(),
            assets: self.assets.clone(),
            ledger: ledger.clone(),
            metrics: Arc::clone(metrics),
        })
    }
}

fn load_key(source: &weir_chain::KeySource) -> Result<Signer, KeyError> {
    // The configuration names a file for every passphrase: a service has nobody to ask.
    Signer::load(source, || {
        Err(KeyError::NoPassphrase("no passphrase_file is configured".to_owned()))
    })
}
