//! `reserves`: what the pool holds of each asset, and on which terms.

use crate::context::{Context, Global};
use crate::exit::Failure;
use crate::output::table;
use serde_json::{Value, json};
use weir_abi::Lens;
use weir_chain::amount::{format_bps, format_grouped, format_percent, format_units, format_wad};
use weir_chain::deployment::Asset;

/// Shows every reserve.
pub async fn run(global: &Global) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let best = context.client.best().await?;
    let (lens, pool) = (context.lens()?, context.pool()?.address());
    let mut reserves = Vec::new();
    for asset in &context.deployment.assets {
        reserves.push((asset, lens.reserve(best.hash, pool, asset.token).await?));
    }
    let value = json!({
        "block": best.number,
        "reserves": reserves.iter().map(|(asset, data)| reserve_json(asset, data)).collect::<Vec<_>>(),
    });
    context.output.end(&value, || words(&reserves));
    Ok(())
}

fn reserve_json(asset: &Asset, data: &Lens::ReserveData) -> Value {
    let units = |amount| format_units(amount, asset.decimals);
    json!({
        "asset": asset.symbol,
        "token": asset.token,
        "decimals": asset.decimals,
        "supplied": units(data.supplyAssets),
        "borrowed": units(data.debtAssets),
        "protected": units(data.protectedAssets),
        "cash": units(data.cash),
        "utilisation": format_wad(data.utilisation, 18),
        "borrow_rate": format_wad(data.borrowRate, 18),
        "supply_rate": format_wad(data.supplyRate, 18),
        "ltv_bps": data.ltv,
        "threshold_bps": data.threshold,
        "price_usd": (data.price != 0).then(|| format_wad(data.price, 18)),
        "price_time": data.priceTime,
        "flags": data.flags,
    })
}

fn words(reserves: &[(&Asset, Lens::ReserveData)]) -> String {
    let rows = reserves
        .iter()
        .map(|(asset, data)| {
            let units = |amount| format_grouped(amount, asset.decimals, 2);
            vec![
                asset.symbol.clone(),
                units(data.supplyAssets),
                units(data.debtAssets),
                units(data.protectedAssets),
                units(data.cash),
                format_percent(data.utilisation),
                format_percent(data.supplyRate),
                format_percent(data.borrowRate),
                format_bps(data.ltv),
                format_bps(data.threshold),
                if data.price == 0 { "none".into() } else { format_wad(data.price, 4) },
            ]
        })
        .collect();
    let header = [
        "asset",
        "supplied",
        "borrowed",
        "protected",
        "cash",
        "used",
        "earns",
        "costs",
        "ltv",
        "threshold",
        "price USD",
    ];
    table(&header, 1, rows)
}
