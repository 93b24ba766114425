//! `wrap` and `unwrap`: native money as a token that the pool lists, and back.

use crate::context::{Context, Global, Key};
use crate::exit::Failure;
use crate::output::{NATIVE_DECIMALS, receipt, receipt_line};
use clap::Args;
use serde_json::Value;
use weir_chain::amount::{format_units, parse_amount, parse_units};
use weir_chain::deployment::Asset;

/// Arguments of `wrap`.
#[derive(Args, Clone, Debug)]
pub struct Wrap {
    /// Whole native tokens. Keep some for fees.
    #[arg(allow_hyphen_values = true)]
    pub amount: String,
    #[command(flatten)]
    pub key: Key,
}

/// Arguments of `unwrap`.
#[derive(Args, Clone, Debug)]
pub struct Unwrap {
    /// Whole tokens, or `max` for all.
    #[arg(allow_hyphen_values = true)]
    pub amount: String,
    #[command(flatten)]
    pub key: Key,
}

/// Wraps.
pub async fn run(global: &Global, args: &Wrap) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let wrapper = context.deployment.wrapped(&context.client)?;
    let amount = parse_units(&args.amount, NATIVE_DECIMALS)?;
    send(&context, &args.key, wrapper.deposit(amount), "wrap", amount).await
}

/// Unwraps.
pub async fn run_unwrap(global: &Global, args: &Unwrap) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let wrapper = context.deployment.wrapped(&context.client)?;
    let mut amount = parse_amount(&args.amount, NATIVE_DECIMALS)?;
    if amount == u128::MAX {
        let asset = context.deployment.asset_of(wrapper.address());
        let asset =
            asset.ok_or_else(|| Failure::usage("say how much: the pool does not list it"))?;
        let owner = args.key.signer()?.address();
        amount = super::allowance::own_balance(&context, owner, asset).await?;
    }
    send(&context, &args.key, wrapper.withdraw(amount), "unwrap", amount).await
}

async fn send(
    context: &Context,
    key: &Key,
    call: weir_chain::ContractCall,
    what: &str,
    amount: u128,
) -> Result<(), Failure> {
    let asset: Option<&Asset> = context.deployment.asset_of(call.to);
    let symbol = asset.map_or("tokens", |asset| asset.symbol.as_str());
    let told = |error| match asset {
        Some(asset) => Failure::about(asset)(error),
        None => Failure::from(error),
    };
    let shown = format_units(amount, NATIVE_DECIMALS);
    let sender = context.sender(key)?;
    let progress = context.output.progress(format!("{what} {shown}"));
    let transaction = sender.prepare(call).await.map_err(&told)?;
    let included = sender.execute(transaction).await.map_err(&told)?;
    drop(progress);
    let mut value = receipt(&included);
    if let Value::Object(fields) = &mut value {
        fields.insert("action".into(), what.into());
        fields.insert("amount".into(), shown.clone().into());
    }
    context.output.end(&value, || {
        let (from, to) = if what == "wrap" { ("native", symbol) } else { (symbol, "native") };
        format!("{shown} {from} became {shown} {to}\n{}", receipt_line(&included))
    });
    Ok(())
}
