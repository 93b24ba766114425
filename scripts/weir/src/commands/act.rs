//! `supply`, `protect`, `repay`, `withdraw`, `unprotect`, `borrow`: the messages that move a user's money.
//!
//! Each looks first (what would happen, and what limits it), sets the allowance where the pool has to pull, acts, and
//! ends with a receipt.

use crate::commands::allowance::{Allowance, own_balance};
use crate::context::{Context, Global, Key, account_or};
use crate::exit::Failure;
use crate::output::{receipt, receipt_line};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use weir_abi::{ContractError, Lens};
use weir_chain::amount::{format_health, format_units, parse_amount};
use weir_chain::deployment::Asset;
use weir_chain::{Address, ContractCall, Included, PoolHandle};

/// What is done with the asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Lend it to the pool; it earns and counts as collateral.
    Supply,
    /// Hold it apart as collateral: it earns nothing and is never lent.
    Protect,
    /// Pay back debt.
    Repay,
    /// Take back what was supplied.
    Withdraw,
    /// Take back what was protected.
    Unprotect,
    /// Draw against collateral.
    Borrow,
}

impl Kind {
    /// The action's code in `submit`.
    pub const fn code(self) -> u8 {
        match self {
            Self::Supply => 0,
            Self::Protect => 1,
            Self::Repay => 2,
            Self::Withdraw => 3,
            Self::Unprotect => 4,
            Self::Borrow => 5,
        }
    }

    /// Whether the pool takes tokens from the caller.
    pub const fn pulls(self) -> bool {
        matches!(self, Self::Supply | Self::Protect | Self::Repay)
    }

    /// The command's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Supply => "supply",
            Self::Protect => "protect",
            Self::Repay => "repay",
            Self::Withdraw => "withdraw",
            Self::Unprotect => "unprotect",
            Self::Borrow => "borrow",
        }
    }

    fn call(
        self,
        pool: &PoolHandle,
        asset: Address,
        amount: u128,
        account: Address,
        to: Address,
    ) -> ContractCall {
        match self {
            Self::Supply => pool.supply(asset, amount, account),
            Self::Protect => pool.protect(asset, amount, account),
            Self::Repay => pool.repay(asset, amount, account),
            Self::Withdraw => pool.withdraw(asset, amount, account, to),
            Self::Unprotect => pool.unprotect(asset, amount, account, to),
            Self::Borrow => pool.borrow(asset, amount, account, to),
        }
    }
}

/// Arguments of the six commands.
#[derive(Args, Clone, Debug)]
pub struct Act {
    /// Symbol or token address, for example USDC.
    pub asset: String,
    /// Whole tokens, for example 1000.5, or `max` for everything.
    #[arg(allow_hyphen_values = true)]
    pub amount: String,
    #[command(flatten)]
    pub key: Key,
    /// The account it is done for, if not the key's own: 0x…, SS58, or a development name.
    #[arg(long, value_name = "ACCOUNT")]
    pub account: Option<String>,
    /// Who receives the tokens, if not the account itself.
    #[arg(long, value_name = "ACCOUNT")]
    pub to: Option<String>,
    /// Show what would happen and send nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Looks, approves where needed, acts.
pub async fn run(global: &Global, kind: Kind, act: &Act) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let asset = context.asset(&act.asset)?.clone();
    let sender = context.sender(&act.key)?;
    let amount = match (parse_amount(&act.amount, asset.decimals)?, kind) {
        // The pool never reads a balance on its hot paths: whoever wants to bring all he has says how much that is.
        (u128::MAX, Kind::Supply | Kind::Protect) => {
            own_balance(&context, sender.address(), &asset).await?
        }
        (amount, _) => amount,
    };
    let account = account_or(act.account.as_deref(), sender.address())?;
    let to = account_or(act.to.as_deref(), account)?;

    let wanted = Lens::Action { kind: kind.code(), asset: asset.token, amount };
    let preview = preview(&context, sender.address(), account, vec![wanted], to).await?;
    let allowance = if kind.pulls() {
        Allowance::look(&context, sender.address(), &asset, amount, account).await?
    } else {
        Allowance::NONE
    };
    if act.dry_run {
        return finish_dry_run(&context, kind, &asset, &preview, &allowance);
    }
    if let Some(refusal) = refusal(&preview) {
        return Err(Failure::refused(refusal, Some(&asset)));
    }
    allowance.set(&context, &sender, &asset).await?;
    let progress =
        context.output.progress(format!("{} {} {}", kind.name(), act.amount, asset.symbol));
    let call = kind.call(&context.pool()?, asset.token, amount, account, to);
    let transaction = sender.prepare(call).await.map_err(Failure::about(&asset))?;
    let included = sender.execute(transaction).await.map_err(Failure::about(&asset))?;
    drop(progress);
    finish(&context, kind, &asset, &preview, &included);
    Ok(())
}

/// What the actions would do in the best block.
///
/// # Errors
/// If the node does not answer; a refusal is an answer.
pub async fn preview(
    context: &Context,
    caller: Address,
    account: Address,
    actions: Vec<Lens::Action>,
    to: Address,
) -> Result<Lens::Preview, Failure> {
    let at = context.client.best().await?.hash;
    let pool = context.pool()?.address();
    Ok(context.lens()?.preview(at, pool, caller, account, actions, to).await?)
}

/// The error that a preview ran into, if it did.
pub fn refusal(preview: &Lens::Preview) -> Option<ContractError> {
    if preview.allowed {
        return None;
    }
    decode_refusal(preview.refusal.0, preview.a, preview.b)
}

/// An error from its selector and its two words.
pub fn decode_refusal(
    selector: [u8; 4],
    a: weir_chain::U256,
    b: weir_chain::U256,
) -> Option<ContractError> {
    let mut revert = selector.to_vec();
    revert.extend_from_slice(&a.to_be_bytes::<32>());
    revert.extend_from_slice(&b.to_be_bytes::<32>());
    ContractError::decode(&revert)
}

fn finish_dry_run(
    context: &Context,
    kind: Kind,
    asset: &Asset,
    preview: &Lens::Preview,
    allowance: &Allowance,
) -> Result<(), Failure> {
    let refusal = refusal(preview);
    let value = json!({
        "dry_run": true,
        "action": kind.name(),
        "asset": asset.symbol,
        "allowed": preview.allowed,
        "refusal": refusal.as_ref().map(|refusal| crate::words::explain(refusal, Some(asset))),
        "health_before": format_health(preview.healthBefore),
        "health_after": format_health(preview.healthAfter),
        "allowance": format_units(allowance.have, asset.decimals),
        "allowance_missing": allowance.missing().is_some(),
        "balance": format_units(allowance.balance, asset.decimals),
    });
    context.output.end(&value, || {
        let health = health_line(preview);
        let allowance = match allowance.missing() {
            Some(need) => format!(
                "\nallowance: {} {} now, {} would be set first",
                format_units(allowance.have, asset.decimals),
                asset.symbol,
                format_units(need, asset.decimals)
            ),
            None => String::new(),
        };
        match &refusal {
            Some(refusal) => {
                format!(
                    "would be refused: {}{allowance}",
                    crate::words::explain(refusal, Some(asset))
                )
            }
            None => format!("would be done; {health}{allowance}"),
        }
    });
    if preview.allowed { Ok(()) } else { Err(Failure::told()) }
}

/// The health factor before and after.
pub fn health_line(preview: &Lens::Preview) -> String {
    format!(
        "health factor {} → {} (below 1 the account can be liquidated)",
        format_health(preview.healthBefore),
        format_health(preview.healthAfter)
    )
}

fn finish(
    context: &Context,
    kind: Kind,
    asset: &Asset,
    preview: &Lens::Preview,
    included: &Included,
) {
    let mut value = receipt(included);
    if let Value::Object(fields) = &mut value {
        fields.insert("action".into(), kind.name().into());
        fields.insert("asset".into(), asset.symbol.clone().into());
        fields.insert("amount".into(), moved(included, asset).into());
        fields.insert("health_before".into(), format_health(preview.healthBefore).into());
        fields.insert("health_after".into(), format_health(preview.healthAfter).into());
    }
    context.output.end(&value, || {
        let amount = moved(included, asset).unwrap_or_default();
        format!(
            "{}: {amount} {}; {}\n{}",
            kind.name(),
            asset.symbol,
            health_line(preview),
            receipt_line(included)
        )
    });
}

/// The amount that the pool's own event names.
fn moved(included: &Included, asset: &Asset) -> Option<String> {
    use weir_abi::Pool::{Borrowed, Protected, Repaid, Supplied, Unprotected, Withdrawn};
    let assets = included
        .event::<Supplied>()
        .map(|event| event.assets)
        .or_else(|| included.event::<Withdrawn>().map(|event| event.assets))
        .or_else(|| included.event::<Borrowed>().map(|event| event.assets))
        .or_else(|| included.event::<Repaid>().map(|event| event.assets))
        .or_else(|| included.event::<Protected>().map(|event| event.assets))
        .or_else(|| included.event::<Unprotected>().map(|event| event.assets))?;
    Some(format_units(assets, asset.decimals))
}
