//! `prices`: what the feed last accepted for each asset, how old it is, and how far it is believed.

use crate::context::{Context, Global};
use crate::exit::Failure;
use crate::output::table;
use serde_json::{Value, json};
use weir_abi::PriceFeed;
use weir_chain::amount::{format_bps, format_wad};
use weir_chain::deployment::Asset;
use weir_core::feed::Push;
use weir_core::pricing;
use weir_core::units::{Bps, Price};

/// Shows the last round of every asset.
pub async fn run(global: &Global) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let best = context.client.best().await?;
    let feed = context.feed()?;
    let mut rounds = Vec::new();
    for asset in &context.deployment.assets {
        rounds.push((asset, feed.round(best.hash, asset.token).await?));
    }
    let age = |round: &PriceFeed::Round| best.timestamp_secs.saturating_sub(round.time.into());
    let value = json!({
        "block": best.number,
        "prices": rounds.iter().map(|(asset, round)| round_json(asset, round, age(round))).collect::<Vec<_>>(),
    });
    context.output.end(&value, || {
        let rows = rounds.iter().map(|(asset, round)| row(asset, round, age(round))).collect();
        let header =
            ["asset", "status", "price USD", "low", "high", "volatility", "round", "age s"];
        table(&header, 2, rows)
    });
    Ok(())
}

/// What a status code of the feed means.
pub const fn status_name(status: u8) -> &'static str {
    match status {
        0 => "none yet",
        1 => "ok",
        2 => "suspect",
        3 => "confirmed",
        4 => "frozen",
        _ => "unknown",
    }
}

/// The lowest and the highest price that the round allows for, USD WAD.
fn sides(round: &PriceFeed::Round) -> (u128, u128) {
    let price = Push {
        median: Price(round.median),
        down: Bps(round.downBps),
        up: Bps(round.upBps),
        ..Push::default()
    };
    (pricing::low(&price).0, pricing::high(&price).0)
}

fn round_json(asset: &Asset, round: &PriceFeed::Round, age: u64) -> Value {
    let (low, high) = sides(round);
    json!({
        "asset": asset.symbol,
        "status": status_name(round.status),
        "price_usd": (round.round != 0).then(|| format_wad(round.median, 18)),
        "low_usd": format_wad(low, 18),
        "high_usd": format_wad(high, 18),
        "candidate_usd": (round.candidate != 0).then(|| format_wad(round.candidate, 18)),
        "volatility_bps": round.volatilityBps,
        "round": round.round,
        "time": round.time,
        "age_seconds": (round.round != 0).then_some(age),
    })
}

fn row(asset: &Asset, round: &PriceFeed::Round, age: u64) -> Vec<String> {
    if round.round == 0 {
        let none = || "–".to_string();
        return vec![
            asset.symbol.clone(),
            status_name(0).into(),
            none(),
            none(),
            none(),
            none(),
            none(),
            none(),
        ];
    }
    let (low, high) = sides(round);
    vec![
        asset.symbol.clone(),
        status_name(round.status).into(),
        format_wad(round.median, 6),
        format_wad(low, 6),
        format_wad(high, 6),
        format_bps(round.volatilityBps),
        round.round.to_string(),
        age.to_string(),
    ]
}
