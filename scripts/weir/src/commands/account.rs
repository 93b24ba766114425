//! `account`: what an account has, what it owes, and how close it is to liquidation.

use crate::context::{Context, Global, Key, parse_account};
use crate::exit::Failure;
use crate::output::table;
use clap::Args;
use serde_json::{Value, json};
use weir_abi::Lens;
use weir_chain::amount::{format_health, format_units, format_wad};
use weir_chain::deployment::Deployment;

/// Arguments of `account`.
#[derive(Args, Clone, Debug)]
pub struct Account {
    /// 0x…, SS58, or a development name; the key's own account without it.
    pub account: Option<String>,
    #[command(flatten)]
    pub key: Key,
}

/// Shows an account.
pub async fn run(global: &Global, args: &Account) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let account = match &args.account {
        Some(text) => parse_account(text)?,
        None => args.key.signer()?.address(),
    };
    let best = context.client.best().await?;
    let data = context.lens()?.account(best.hash, context.pool()?.address(), account).await?;
    let value = json!({
        "account": account,
        "block": best.number,
        "collateral_usd": format_wad(data.collateralValue, 18),
        "debt_usd": format_wad(data.debtValue, 18),
        "borrow_capacity_usd": format_wad(data.borrowCapacity, 18),
        "health_factor": format_health(data.healthFactor),
        "liquidatable": data.liquidatable,
        "version": data.version,
        "legs": data.legs.iter().map(|leg| leg_json(&context.deployment, leg)).collect::<Vec<_>>(),
    });
    context
        .output
        .end(&value, || words(&context.deployment, &data, &format!("{account}"), best.number));
    Ok(())
}

fn leg_json(deployment: &Deployment, leg: &Lens::LegData) -> Value {
    let (symbol, decimals) = name_of(deployment, leg);
    json!({
        "asset": symbol,
        "supplied": format_units(leg.supplied, decimals),
        "protected": format_units(leg.protectedAssets, decimals),
        "owed": format_units(leg.owed, decimals),
        "collateral": leg.collateral,
        "liquidation_price_usd": (leg.liquidationPrice != 0).then(|| format_wad(leg.liquidationPrice, 18)),
    })
}

fn name_of(deployment: &Deployment, leg: &Lens::LegData) -> (String, u8) {
    deployment
        .asset_of(leg.token)
        .map_or_else(|| (leg.token.to_string(), 0), |asset| (asset.symbol.clone(), asset.decimals))
}

fn words(deployment: &Deployment, data: &Lens::AccountData, account: &str, block: u64) -> String {
    let rows = data
        .legs
        .iter()
        .map(|leg| {
            let (symbol, decimals) = name_of(deployment, leg);
            let price = leg.liquidationPrice;
            vec![
                symbol,
                if leg.collateral { "yes" } else { "no" }.into(),
                format_units(leg.supplied, decimals),
                format_units(leg.protectedAssets, decimals),
                format_units(leg.owed, decimals),
                if price == 0 { "–".into() } else { format_wad(price, 6) },
            ]
        })
        .collect();
    let header = ["asset", "collateral", "supplied", "protected", "owed", "liquidation at USD"];
    let warning = if data.liquidatable { " – CAN BE LIQUIDATED NOW" } else { "" };
    format!(
        "{account} at block {block}\n{}\ncollateral {} USD, debt {} USD, can owe up to {} USD\nhealth factor {}{warning}",
        table(&header, 2, rows),
        format_wad(data.collateralValue, 2),
        format_wad(data.debtValue, 2),
        format_wad(data.borrowCapacity, 2),
        format_health(data.healthFactor),
    )
}
