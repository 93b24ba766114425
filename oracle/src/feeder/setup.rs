//! What a feeder needs, and whether it fits together.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::{NonZeroU32, NonZeroUsize},
    sync::Arc,
};

use weir_chain::{Address, B256, Client, Deployment, FeedHandle, Signer};

use crate::{
    aggregate::Policy,
    assets::AssetBook,
    error::OracleError,
    pipeline::{Input, Rules},
    source::{ReporterNumber, Source, Speed},
    symbol::Symbol,
    trigger::Trigger,
};

/// Everything a [`super::Feeder`] is made of.
pub struct Setup {
    /// The node.
    pub client: Client,
    /// The feed.
    pub feed: Address,
    /// The assets of the deployment, by the names under which sources know them.
    pub assets: Vec<(String, Address)>,
    /// The reporters in the order of their numbers, with their names.
    pub signers: Vec<(String, Signer)>,
    /// The sources; the steps of the first are counted.
    pub inputs: Vec<Input>,
    /// What is asked of their prices.
    pub rules: Rules,
    /// When to report by the clock.
    pub trigger: Trigger,
}

impl Setup {
    /// Reporters that play one source against a deployment as it is: every price is believed, whatever its age or
    /// jump, and reported on a move of half a percent or after a minute.
    ///
    /// # Errors
    ///
    /// If the deployment has no feed.
    pub fn replay(
        client: Client,
        deployment: &Deployment,
        source: Source,
        signers: Vec<Signer>,
    ) -> Result<Self, OracleError> {
        let feed = deployment.feed(&client).map_err(weir_chain::ChainError::from)?.address();
        let input = Input {
            name: "replay".into(),
            weight: NonZeroU32::MIN,
            speed: Speed::ONE,
            source: Arc::new(source),
        };
        let named = (1..).map(|number: u32| format!("reporter-{number}"));
        Ok(Self {
            client,
            feed,
            assets: assets_of(deployment),
            signers: named.zip(signers).collect(),
            inputs: vec![input],
            rules: Rules { policy: believe_all(), assets: BTreeMap::new(), max_jump_bps: None },
            trigger: Trigger {
                deviation_bps: NonZeroU32::MIN.saturating_add(49),
                heartbeat_seconds: NonZeroU32::MIN.saturating_add(59),
            },
        })
    }
}

fn believe_all() -> Policy {
    Policy {
        minimum_sources: NonZeroUsize::MIN,
        max_age_seconds: u64::MAX,
        low: None,
        high: None,
        outlier_bps: None,
    }
}

/// The assets of a deployment as [`Setup::assets`] has them.
#[must_use]
pub fn assets_of(deployment: &Deployment) -> Vec<(String, Address)> {
    deployment.assets.iter().map(|asset| (asset.symbol.clone(), asset.token)).collect()
}

/// At least one reporter, no more than a feed accepts, each with a key of its own.
pub(super) fn check_signers(signers: &[(String, Signer)]) -> Result<(), OracleError> {
    if signers.is_empty() {
        return Err(OracleError::NoReporters);
    }
    if signers.len() > usize::from(ReporterNumber::MAX) {
        let (given, allowed) = (signers.len(), ReporterNumber::MAX);
        return Err(OracleError::TooManyReporters { given, allowed });
    }
    let mut seen: BTreeMap<Address, &str> = BTreeMap::new();
    for (name, signer) in signers {
        if let Some(first) = seen.insert(signer.address(), name) {
            let (first, second) = (first.to_owned(), name.clone());
            return Err(OracleError::SameKey { first, second });
        }
    }
    Ok(())
}

/// The addresses of the assets that the sources price.
pub(super) fn book(
    priced: BTreeSet<Symbol>,
    assets: &[(String, Address)],
) -> Result<AssetBook, OracleError> {
    let find = |asset: Symbol| match assets.iter().find(|(name, _)| name == asset.as_str()) {
        Some((_, address)) => Ok((asset, *address)),
        None => {
            let known = assets.iter().map(|(name, _)| name.clone()).collect();
            Err(OracleError::UnknownAsset { asset, known })
        }
    };
    priced.into_iter().map(find).collect()
}

/// The feed lists every asset and knows every reporter.
pub(super) async fn check_feed(
    feed: &FeedHandle,
    at: B256,
    book: &AssetBook,
    signers: &[(String, Signer)],
) -> Result<(), OracleError> {
    let (reporters, listed) = futures::try_join!(feed.reporters(at), feed.assets(at))?;
    for (name, signer) in signers {
        let address = signer.address();
        if !reporters.contains(&address) {
            return Err(OracleError::NotAReporter { name: name.clone(), address });
        }
    }
    match book.iter().find(|(_, address)| !listed.contains(address)) {
        Some((asset, _)) => Err(OracleError::NotListed { asset: asset.clone() }),
        None => Ok(()),
    }
}
