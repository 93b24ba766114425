//! The feed's rounds as the feeder sees them.

use std::collections::BTreeMap;

use weir_chain::{Address, B256, BlockRef, FeedHandle, abi::PriceFeed};

use crate::{
    assets::AssetBook,
    error::OracleError,
    price::Price,
    reporter::{Outcome, Reported},
    symbol::Symbol,
    trigger::RoundStatus,
};

/// The state of an asset's round on chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct RoundView {
    /// Its number; every evaluated round has one, accepted or not.
    pub round: u32,
    /// The last accepted median, if there is one.
    pub median: Option<Price>,
    /// The time of the round, chain time in seconds.
    pub time: u32,
    /// How far it is believed.
    pub status: RoundStatus,
    /// The median that waits to be confirmed, if there is one.
    pub candidate: Option<Price>,
}

/// A round that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AcceptedRound {
    /// The asset.
    pub asset: Symbol,
    /// Its number.
    pub round: u32,
    /// The median.
    pub median: Price,
    /// Its time, chain time in seconds.
    pub time: u32,
    /// How far it is believed.
    pub status: RoundStatus,
    /// Number of the block in which it was accepted.
    pub block: u64,
}

/// Reads the rounds of all assets at a block.
pub(super) async fn read(
    feed: &FeedHandle,
    at: B256,
    book: &AssetBook,
) -> Result<BTreeMap<Symbol, RoundView>, OracleError> {
    let reads = book.iter().map(|(asset, address)| async move {
        let round = feed.round(at, address).await?;
        Ok::<_, OracleError>((asset.clone(), view(asset, &round)?))
    });
    Ok(futures::future::try_join_all(reads).await?.into_iter().collect())
}

fn view(asset: &Symbol, round: &PriceFeed::Round) -> Result<RoundView, OracleError> {
    let bad = |reason| OracleError::BadRound { asset: asset.clone(), reason };
    let price = |wad: u128| match wad {
        0 => Ok(None),
        wad => Price::from_wad(wad).map(Some).map_err(|error| bad(error.to_string())),
    };
    let status = RoundStatus::from_code(round.status);
    Ok(RoundView {
        round: round.round,
        median: price(round.median)?,
        time: round.time,
        status: status.ok_or_else(|| bad(format!("unknown status {}", round.status)))?,
        candidate: price(round.candidate)?,
    })
}

/// The rounds that the reports completed, from the events of their transactions.
pub(super) fn accepted(
    reported: &[Reported],
    feed: Address,
    book: &AssetBook,
) -> Vec<AcceptedRound> {
    let landed = reported.iter().filter_map(|reported| match &reported.outcome {
        Outcome::Included { block, events, .. } => Some((*block, events)),
        _ => None,
    });
    let rounds = landed.flat_map(|(block, events)| {
        let events = events.iter().filter(|event| event.contract == feed);
        let rounds = events.filter_map(|event| event.decode::<PriceFeed::RoundAccepted>());
        rounds.filter_map(move |round| accepted_round(&round, block, book))
    });
    let mut rounds: Vec<_> = rounds.collect();
    rounds.sort_by(|a, b| (&a.asset, a.round).cmp(&(&b.asset, b.round)));
    rounds
}

fn accepted_round(
    event: &PriceFeed::RoundAccepted,
    block: BlockRef,
    book: &AssetBook,
) -> Option<AcceptedRound> {
    Some(AcceptedRound {
        asset: book.symbol(event.asset)?.clone(),
        round: event.round,
        median: Price::from_wad(event.median).ok()?,
        time: event.time,
        status: RoundStatus::from_code(event.status)?,
        block: block.number,
    })
}
