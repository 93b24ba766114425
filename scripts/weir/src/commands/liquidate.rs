//! `liquidate`: repays a part of an unhealthy account's debt and takes collateral for it, with a bonus.

use crate::commands::act::decode_refusal;
use crate::context::{Context, Global, Key, parse_account};
use crate::exit::Failure;
use crate::output::{receipt, receipt_line};
use clap::Args;
use serde_json::{Value, json};
use weir_abi::{Lens, Pool};
use weir_chain::amount::{format_health, format_percent, format_units, format_wad, parse_amount};
use weir_chain::deployment::Asset;
use weir_chain::{Included, Liquidation, Sender};

/// Arguments of `liquidate`.
#[derive(Args, Clone, Debug)]
pub struct Liquidate {
    /// The account to liquidate: 0x…, SS58, or a development name.
    pub borrower: String,
    /// The asset of its debt that is repaid.
    #[arg(long, value_name = "ASSET")]
    pub debt: String,
    /// The asset of its collateral that is taken.
    #[arg(long, value_name = "ASSET")]
    pub collateral: String,
    /// Most that is repaid, in whole tokens of the debt.
    #[arg(long, default_value = "max", value_name = "AMOUNT")]
    pub max_repay: String,
    /// Least collateral for `--max-repay` (pro rata for less), in whole tokens.
    #[arg(long, default_value = "0", value_name = "AMOUNT")]
    pub min_seized: String,
    /// Take the collateral as shares of the pool: also possible when its cash is lent out.
    #[arg(long)]
    pub receive_shares: bool,
    #[command(flatten)]
    pub key: Key,
    /// Show what would happen and send nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Looks, approves what is needed, liquidates.
pub async fn run(global: &Global, args: &Liquidate) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let debt = context.asset(&args.debt)?.clone();
    let collateral = context.asset(&args.collateral)?.clone();
    let sender = context.sender(&args.key)?;
    let liquidation = Liquidation {
        borrower: parse_account(&args.borrower)?,
        debt: debt.token,
        collateral: collateral.token,
        max_repay: parse_amount(&args.max_repay, debt.decimals)?,
        min_seized: weir_chain::amount::parse_units_or_zero(&args.min_seized, collateral.decimals)?,
        receive_shares: args.receive_shares,
        data: weir_chain::Bytes::new(),
    };
    let at = context.client.best().await?.hash;
    let pool = context.pool()?;
    let preview = context
        .lens()?
        .preview_liquidation(at, pool.address(), sender.address(), &liquidation)
        .await?;
    if !preview.allowed {
        let refusal = decode_refusal(preview.refusal.0, preview.a, preview.b);
        return Err(refusal.map_or_else(
            || Failure::new(crate::exit::Code::Refused, "the liquidation would be refused"),
            |refusal| Failure::refused(refusal, Some(&debt)),
        ));
    }
    if args.dry_run {
        context.output.end(&preview_json(&preview, &debt, &collateral), || {
            format!("would be done: {}", preview_words(&preview, &debt, &collateral))
        });
        return Ok(());
    }
    approve(&context, &sender, &debt, preview.repaid).await?;
    let progress = context.output.progress("liquidate");
    let transaction =
        sender.prepare(pool.liquidate(liquidation)).await.map_err(Failure::about(&debt))?;
    let included = sender.execute(transaction).await.map_err(Failure::about(&debt))?;
    drop(progress);
    finish(&context, &included, &debt, &collateral);
    Ok(())
}

/// Interest goes on until the transaction is in a block, so a thousandth more than previewed may be taken.
async fn approve(
    context: &Context,
    sender: &Sender,
    debt: &Asset,
    repaid: u128,
) -> Result<(), Failure> {
    let at = context.client.best().await?.hash;
    let pool = context.pool()?.address();
    let token = context.token(debt);
    let need = repaid.saturating_add(repaid / 1_000).saturating_add(1);
    if token.allowance(at, sender.address(), pool).await? >= need {
        return Ok(());
    }
    let transaction =
        sender.prepare(token.approve(pool, need)).await.map_err(Failure::about(debt))?;
    let included = sender.execute(transaction).await.map_err(Failure::about(debt))?;
    context.output.say(&format!(
        "allowed the pool to take {} {}: {}",
        format_units(need, debt.decimals),
        debt.symbol,
        receipt_line(&included)
    ));
    Ok(())
}

fn preview_json(preview: &Lens::LiquidationPreview, debt: &Asset, collateral: &Asset) -> Value {
    json!({
        "dry_run": true,
        "repaid": format_units(preview.repaid, debt.decimals),
        "seized": format_units(preview.seizedAssets, collateral.decimals),
        "seized_protected": format_units(preview.seizedProtected, collateral.decimals),
        "bonus": format_wad(preview.bonus, 18),
        "health_before": format_health(preview.healthBefore),
        "health_after": format_health(preview.healthAfter),
    })
}

fn preview_words(preview: &Lens::LiquidationPreview, debt: &Asset, collateral: &Asset) -> String {
    format!(
        "repay {} {}, receive {} {} (of it {} protected), bonus {}; the borrower's health factor {} → {}",
        format_units(preview.repaid, debt.decimals),
        debt.symbol,
        format_units(
            preview.seizedAssets.saturating_add(preview.seizedProtected),
            collateral.decimals
        ),
        collateral.symbol,
        format_units(preview.seizedProtected, collateral.decimals),
        format_percent(preview.bonus),
        format_health(preview.healthBefore),
        format_health(preview.healthAfter)
    )
}

fn finish(context: &Context, included: &Included, debt: &Asset, collateral: &Asset) {
    let event = included.event::<Pool::Liquidated>();
    let mut value = receipt(included);
    if let (Value::Object(fields), Some(event)) = (&mut value, &event) {
        fields.insert("repaid".into(), format_units(event.repaid, debt.decimals).into());
        fields
            .insert("seized".into(), format_units(event.seizedAssets, collateral.decimals).into());
        fields.insert(
            "seized_protected".into(),
            format_units(event.seizedProtected, collateral.decimals).into(),
        );
        fields.insert("bonus".into(), format_wad(event.bonus, 18).into());
    }
    context.output.end(&value, || {
        let done = event.map_or_else(String::new, |event| {
            format!(
                "repaid {} {}, received {} {}\n",
                format_units(event.repaid, debt.decimals),
                debt.symbol,
                format_units(
                    event.seizedAssets.saturating_add(event.seizedProtected),
                    collateral.decimals
                ),
                collateral.symbol
            )
        });
        format!("{done}{}", receipt_line(included))
    });
}
