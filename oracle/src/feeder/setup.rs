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

/// The most assets that the feed takes in one report.
pub const MAX_ASSETS: usize = 32;

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
    if priced.len() > MAX_ASSETS {
        return Err(OracleError::TooManyAssets { given: priced.len(), allowed: MAX_ASSETS });
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::collections::BTreeSet;

    use weir_chain::{Address, Signer};

    use super::{book, check_signers};
    use crate::{error::OracleError, symbol::Symbol};

    fn symbols(names: &[&str]) -> BTreeSet<Symbol> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn sources_and_deployment_meet_by_symbol() {
        let assets = [("DOT", 1), ("ETH", 2)].map(|(s, a)| (s.to_owned(), Address::repeat_byte(a)));
        let known = book(symbols(&["ETH"]), &assets).unwrap();
        assert_eq!(known.address(&"ETH".parse().unwrap()), Some(Address::repeat_byte(2)));
        let error = book(symbols(&["ETH", "KSM"]), &assets).unwrap_err();
        let text = "KSM has a price but is not in the deployment, which has DOT, ETH";
        assert_eq!(error.to_string(), text);
        let many: Vec<String> = (0..33).map(|number| format!("A{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let error = book(symbols(&many), &assets).unwrap_err();
        assert_eq!(error.to_string(), "33 assets, but one report holds at most 32");
    }

    #[test]
    fn reporters_are_one_to_nine_with_keys_of_their_own() {
        let signer = |number: u32| {
            let signer = Signer::dev(&format!("//Reporter//{number}")).unwrap();
            (format!("r{number}"), signer)
        };
        let signers = |numbers: &[u32]| numbers.iter().map(|n| signer(*n)).collect::<Vec<_>>();
        assert!(check_signers(&signers(&[1, 2, 3, 4, 5, 6, 7, 8, 9])).is_ok());
        assert!(matches!(check_signers(&[]), Err(OracleError::NoReporters)));
        let error = check_signers(&signers(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).unwrap_err();
        assert_eq!(error.to_string(), "10 reporters, but a feed accepts at most 9");
        let mut twice = signers(&[1, 2]);
        twice.push(("again".to_owned(), signer(1).1));
        let error = check_signers(&twice).unwrap_err();
        assert_eq!(error.to_string(), "reporters r1 and again have the same key");
    }
}
