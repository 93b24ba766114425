//! `limits`: how much of each operation is left to an account, what stops more, and when that ends.

use crate::commands::act::decode_refusal;
use crate::context::{Context, Global, Key, parse_account};
use crate::exit::Failure;
use crate::output::table;
use crate::words::explain;
use clap::Args;
use serde_json::{Value, json};
use weir_abi::Lens;
use weir_chain::amount::format_units;
use weir_chain::deployment::Asset;

/// Names of the operations that have a room, by their codes.
const OPERATIONS: [&str; 6] = ["supply", "protect", "repay", "withdraw", "unprotect", "borrow"];

/// Arguments of `limits`.
#[derive(Args, Clone, Debug)]
pub struct Limits {
    /// Symbol or address of the asset.
    pub asset: String,
    /// 0x…, SS58, or a development name; the key's own account without it.
    pub account: Option<String>,
    #[command(flatten)]
    pub key: Key,
}

/// Shows the limits of an account in a reserve.
pub async fn run(global: &Global, args: &Limits) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let asset = context.asset(&args.asset)?;
    let account = match &args.account {
        Some(text) => parse_account(text)?,
        None => args.key.signer()?.address(),
    };
    let best = context.client.best().await?;
    let pool = context.pool()?.address();
    let limits = context.lens()?.limits(best.hash, pool, account, asset.token).await?;
    let value = json!({
        "account": account,
        "asset": asset.symbol,
        "block": best.number,
        "limits": limits.iter().map(|limit| limit_json(limit, asset)).collect::<Vec<_>>(),
    });
    context.output.end(&value, || {
        let rows = limits.iter().map(|limit| row(limit, asset)).collect();
        let header = ["operation", "what stops more", "until", "room"];
        format!(
            "{account} in {} at block {}\n{}",
            asset.symbol,
            best.number,
            table(&header, 3, rows)
        )
    });
    Ok(())
}

fn name(limit: &Lens::Limit) -> &'static str {
    OPERATIONS.get(usize::from(limit.operation)).copied().unwrap_or("?")
}

/// What a unit more would be refused for, in words.
fn reason(limit: &Lens::Limit, asset: &Asset) -> Option<String> {
    if limit.binding.is_zero() {
        return None;
    }
    let error = decode_refusal(limit.binding.0, limit.a, limit.b);
    Some(error.map_or_else(
        || format!("an error that is not known here: {}", limit.binding),
        |error| explain(&error, Some(asset)),
    ))
}

fn limit_json(limit: &Lens::Limit, asset: &Asset) -> Value {
    let error = decode_refusal(limit.binding.0, limit.a, limit.b);
    json!({
        "operation": name(limit),
        "room": format_units(limit.room, asset.decimals),
        "error": error.map(|error| error.to_string()),
        "reason": reason(limit, asset),
        "frees": (limit.frees != 0).then_some(limit.frees),
    })
}

fn row(limit: &Lens::Limit, asset: &Asset) -> Vec<String> {
    vec![
        name(limit).into(),
        reason(limit, asset).unwrap_or_else(|| "nothing: more is taken as all there is".into()),
        if limit.frees == 0 { "–".into() } else { limit.frees.to_string() },
        format_units(limit.room, asset.decimals),
    ]
}
