//! `history`: what happened to an account, or to everybody, from the pool's events.

use crate::context::{Context, Global, parse_account};
use crate::exit::Failure;
use crate::output::table;
use clap::Args;
use serde_json::{Value, json};
use weir_abi::Pool::PoolEvents;
use weir_abi::alloy_sol_types::SolEventInterface as _;
use weir_chain::amount::{format_percent, format_units, format_wad};
use weir_chain::deployment::Deployment;
use weir_chain::{Address, Block, ContractEvent};

/// Arguments of `history`.
#[derive(Args, Clone, Debug)]
pub struct History {
    /// Only this account: 0x…, SS58, or a development name.
    pub account: Option<String>,
    /// First block; by default the deployment's.
    #[arg(long, value_name = "BLOCK")]
    pub from: Option<u64>,
    /// Most lines, the newest ones.
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub limit: usize,
}

/// One line of history.
struct Line {
    block: u64,
    time: u64,
    what: &'static str,
    account: Option<Address>,
    asset: Option<Address>,
    details: String,
}

/// Shows the newest events first.
pub async fn run(global: &Global, args: &History) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let wanted = args.account.as_deref().map(parse_account).transpose()?;
    let from = args.from.unwrap_or(context.deployment.block);
    let pool = context.pool()?.address();
    let best = context.client.best().await?.number;
    if from > best {
        return Err(Failure::usage(format!("block {from} is not there yet: the newest is {best}")));
    }
    let progress = context.output.progress(format!("read blocks {from} to {best}"));
    let mut lines = Vec::new();
    let mut number = best;
    loop {
        let block = context.client.block(number).await?;
        let ours = block.events.iter().rev().filter(|event| event.contract == pool);
        lines.extend(
            ours.filter_map(|event| line(&context.deployment, &block, event))
                .filter(|line| wanted.is_none_or(|account| line.account == Some(account))),
        );
        if number == from || lines.len() >= args.limit {
            break;
        }
        number -= 1;
    }
    lines.truncate(args.limit);
    drop(progress);
    let value = lines.iter().map(|line| line_json(&context.deployment, line)).collect::<Vec<_>>();
    context.output.end(&value, || words(&context.deployment, &lines));
    Ok(())
}

fn symbol(deployment: &Deployment, token: Option<Address>) -> String {
    let Some(token) = token else { return String::new() };
    deployment.asset_of(token).map_or_else(|| token.to_string(), |asset| asset.symbol.clone())
}

fn units(deployment: &Deployment, token: Address, amount: u128) -> String {
    deployment.asset_of(token).map_or_else(
        || format!("{amount} units"),
        |asset| format!("{} {}", format_units(amount, asset.decimals), asset.symbol),
    )
}

fn line(deployment: &Deployment, block: &Block, event: &ContractEvent) -> Option<Line> {
    let decoded = PoolEvents::decode_raw_log(&event.topics, &event.data).ok()?;
    let amount = |asset, amount| units(deployment, asset, amount);
    let (what, account, asset, details) = match decoded {
        PoolEvents::Supplied(e) => {
            ("supplied", Some(e.account), Some(e.asset), amount(e.asset, e.assets))
        }
        PoolEvents::Protected(e) => {
            ("protected", Some(e.account), Some(e.asset), amount(e.asset, e.assets))
        }
        PoolEvents::Repaid(e) => {
            ("repaid", Some(e.account), Some(e.asset), amount(e.asset, e.assets))
        }
        PoolEvents::Withdrawn(e) => {
            ("withdrawn", Some(e.account), Some(e.asset), amount(e.asset, e.assets))
        }
        PoolEvents::Unprotected(e) => {
            ("unprotected", Some(e.account), Some(e.asset), amount(e.asset, e.assets))
        }
        PoolEvents::Borrowed(e) => {
            ("borrowed", Some(e.account), Some(e.asset), amount(e.asset, e.assets))
        }
        PoolEvents::CollateralSet(e) => {
            let on = if e.on { "counts as collateral" } else { "no longer counts as collateral" };
            ("collateral", Some(e.account), Some(e.asset), on.into())
        }
        PoolEvents::CategorySet(e) => ("category", Some(e.account), None, e.category.to_string()),
        PoolEvents::Liquidated(e) => {
            let seized = e.seizedAssets.saturating_add(e.seizedProtected);
            let details = format!(
                "{} repaid by {}, {} seized, bonus {}",
                amount(e.debt, e.repaid),
                e.caller,
                amount(e.collateral, seized),
                format_percent(e.bonus)
            );
            ("liquidated", Some(e.borrower), Some(e.debt), details)
        }
        PoolEvents::BadDebt(e) => {
            let details = format!(
                "{} written off: {} by the insurance, {} by the suppliers",
                amount(e.asset, e.assets),
                amount(e.asset, e.insured),
                amount(e.asset, e.socialised)
            );
            ("bad debt", Some(e.account), Some(e.asset), details)
        }
        PoolEvents::PriceAccepted(e) => {
            ("price", None, Some(e.asset), format!("{} USD", format_wad(e.median, 6)))
        }
        _ => return None,
    };
    Some(Line { block: block.number, time: block.timestamp_secs, what, account, asset, details })
}

fn line_json(deployment: &Deployment, line: &Line) -> Value {
    json!({
        "block": line.block,
        "time": line.time,
        "what": line.what,
        "account": line.account,
        "asset": symbol(deployment, line.asset),
        "details": line.details,
    })
}

fn words(deployment: &Deployment, lines: &[Line]) -> String {
    if lines.is_empty() {
        return "nothing happened in these blocks".into();
    }
    let rows = lines
        .iter()
        .map(|line| {
            vec![
                line.block.to_string(),
                line.what.into(),
                symbol(deployment, line.asset),
                line.account.map(|account| account.to_string()).unwrap_or_default(),
                line.details.clone(),
            ]
        })
        .collect();
    table(&["block", "what", "asset", "account", "details"], 9, rows)
}
