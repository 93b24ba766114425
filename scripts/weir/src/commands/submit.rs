//! `preview` and `submit`: several actions of one account, in order, with one health check at the end.

use crate::commands::act::{self, Kind, health_line, preview};
use crate::commands::allowance::{Allowance, own_balance};
use crate::context::{Context, Global, Key, account_or, parse_account};
use crate::exit::Failure;
use crate::output::{receipt, receipt_line};
use clap::Args;
use serde_json::{Value, json};
use weir_abi::{Lens, Pool};
use weir_chain::Address;
use weir_chain::amount::{format_health, parse_amount};
use weir_chain::deployment::Asset;

/// Arguments of `preview`.
#[derive(Args, Clone, Debug)]
pub struct Preview {
    /// The account: 0x…, SS58, or a development name.
    pub account: String,
    /// Actions in order, each one argument: "supply ETH 10", "protect …", "repay USDC max", "withdraw …",
    /// "unprotect …", "borrow …", "collateral ETH off", "category 2".
    #[arg(required = true, value_name = "ACTION")]
    pub actions: Vec<String>,
    /// Who would call, if not the account itself.
    #[arg(long, value_name = "ACCOUNT")]
    pub caller: Option<String>,
    /// Who would receive the tokens, if not the account itself.
    #[arg(long, value_name = "ACCOUNT")]
    pub to: Option<String>,
}

/// Arguments of `submit`.
#[derive(Args, Clone, Debug)]
pub struct Submit {
    /// Actions in order, each one argument: "supply ETH 10", "protect …", "repay USDC max", "withdraw …",
    /// "unprotect …", "borrow …", "collateral ETH off", "category 2".
    #[arg(required = true, value_name = "ACTION")]
    pub actions: Vec<String>,
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

/// What one action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Money(Kind),
    Collateral,
    Category,
}

/// One action as the command line gave it.
#[derive(Clone, Debug)]
struct Step {
    what: What,
    asset: Option<Asset>,
    amount: u128,
}

impl Step {
    fn parse(context: &Context, text: &str) -> Result<Self, Failure> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["collateral", asset, state] => {
                let amount = match *state {
                    "on" => 1,
                    "off" => 0,
                    other => return Err(unclear(text, &format!("{other} is neither on nor off"))),
                };
                let asset = Some(context.asset(asset)?.clone());
                Ok(Self { what: What::Collateral, asset, amount })
            }
            ["category", id] => {
                let id: u8 = id
                    .parse()
                    .map_err(|_| unclear(text, &format!("{id} is no number of a category")))?;
                Ok(Self { what: What::Category, asset: None, amount: id.into() })
            }
            [kind, asset, amount] => {
                let kind = money(kind)
                    .ok_or_else(|| unclear(text, &format!("there is no action {kind}")))?;
                let asset = context.asset(asset)?.clone();
                let amount = parse_amount(amount, asset.decimals)?;
                Ok(Self { what: What::Money(kind), asset: Some(asset), amount })
            }
            _ => Err(unclear(text, "expected an action, an asset and an amount")),
        }
    }

    const fn code(&self) -> u8 {
        match self.what {
            What::Money(kind) => kind.code(),
            What::Collateral => 6,
            What::Category => 7,
        }
    }

    fn token(&self) -> Address {
        self.asset.as_ref().map_or(Address::ZERO, |asset| asset.token)
    }

    /// The asset and the amount that the pool pulls for this step.
    fn pulled(&self) -> Option<(&Asset, u128)> {
        match (&self.what, &self.asset) {
            (What::Money(kind), Some(asset)) if kind.pulls() => Some((asset, self.amount)),
            _ => None,
        }
    }
}

fn unclear(text: &str, why: &str) -> Failure {
    Failure::usage(format!(
        "\"{text}\": {why}; write for example \"supply ETH 10\", \"collateral ETH off\" or \"category 2\""
    ))
}

fn money(name: &str) -> Option<Kind> {
    [Kind::Supply, Kind::Protect, Kind::Repay, Kind::Withdraw, Kind::Unprotect, Kind::Borrow]
        .into_iter()
        .find(|kind| kind.name() == name)
}

fn parse(context: &Context, actions: &[String]) -> Result<Vec<Step>, Failure> {
    actions.iter().map(|text| Step::parse(context, text)).collect()
}

fn seen(steps: &[Step]) -> Vec<Lens::Action> {
    steps
        .iter()
        .map(|step| Lens::Action { kind: step.code(), asset: step.token(), amount: step.amount })
        .collect()
}

/// Shows what the actions would do; nothing is sent and no key is needed.
pub async fn run_preview(global: &Global, args: &Preview) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let account = parse_account(&args.account)?;
    let caller = account_or(args.caller.as_deref(), account)?;
    let to = account_or(args.to.as_deref(), account)?;
    let mut steps = parse(&context, &args.actions)?;
    bring_all(&context, caller, &mut steps).await?;
    show(&context, &preview(&context, caller, account, seen(&steps), to).await?, &steps)
}

/// Looks, approves where needed, submits.
pub async fn run(global: &Global, args: &Submit) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let sender = context.sender(&args.key)?;
    let account = account_or(args.account.as_deref(), sender.address())?;
    let to = account_or(args.to.as_deref(), account)?;
    let mut steps = parse(&context, &args.actions)?;
    bring_all(&context, sender.address(), &mut steps).await?;
    let preview = preview(&context, sender.address(), account, seen(&steps), to).await?;
    if args.dry_run {
        return show(&context, &preview, &steps);
    }
    if let Some(refusal) = act::refusal(&preview) {
        return Err(Failure::refused(refusal, only_asset(&steps)));
    }
    for (asset, need) in pulls(&steps) {
        let allowance = Allowance::look(&context, sender.address(), asset, need, account).await?;
        allowance.set(&context, &sender, asset).await?;
    }
    let progress = context.output.progress(format!("submit {} actions", steps.len()));
    let actions = steps
        .iter()
        .map(|step| Pool::Action { kind: step.code(), asset: step.token(), amount: step.amount })
        .collect();
    let call = context.pool()?.submit(account, actions, to);
    let transaction = sender.prepare(call).await?;
    let included = sender.execute(transaction).await?;
    drop(progress);
    let mut value = receipt(&included);
    if let Value::Object(fields) = &mut value {
        fields.insert("actions".into(), args.actions.clone().into());
        fields.insert("health_before".into(), format_health(preview.healthBefore).into());
        fields.insert("health_after".into(), format_health(preview.healthAfter).into());
    }
    context.output.end(&value, || {
        format!(
            "{}; {}\n{}",
            args.actions.join(", "),
            health_line(&preview),
            receipt_line(&included)
        )
    });
    Ok(())
}

/// Puts the payer's balance where "all" is to be paid in: the pool reads no balances.
async fn bring_all(context: &Context, payer: Address, steps: &mut [Step]) -> Result<(), Failure> {
    for step in steps {
        let all = matches!(step.what, What::Money(Kind::Supply | Kind::Protect))
            && step.amount == u128::MAX;
        if let (true, Some(asset)) = (all, &step.asset) {
            step.amount = own_balance(context, payer, asset).await?;
        }
    }
    Ok(())
}

/// The most that can be pulled of each asset; what is paid out in the same call only makes it less.
fn pulls(steps: &[Step]) -> Vec<(&Asset, u128)> {
    let mut pulls: Vec<(&Asset, u128)> = Vec::new();
    for (asset, amount) in steps.iter().filter_map(Step::pulled) {
        match pulls.iter_mut().find(|(other, _)| other.token == asset.token) {
            Some((_, sum)) => *sum = sum.saturating_add(amount),
            None => pulls.push((asset, amount)),
        }
    }
    pulls
}

/// The one asset that all steps are about, so that a refusal can be told in its units.
fn only_asset(steps: &[Step]) -> Option<&Asset> {
    let mut assets = steps.iter().filter_map(|step| step.asset.as_ref());
    let first = assets.next()?;
    assets.all(|asset| asset.token == first.token).then_some(first)
}

fn show(context: &Context, preview: &Lens::Preview, steps: &[Step]) -> Result<(), Failure> {
    let refusal =
        act::refusal(preview).map(|refusal| crate::words::explain(&refusal, only_asset(steps)));
    let value = json!({
        "dry_run": true,
        "allowed": preview.allowed,
        "refusal": refusal,
        "health_before": format_health(preview.healthBefore),
        "health_after": format_health(preview.healthAfter),
    });
    context.output.end(&value, || match &refusal {
        Some(refusal) => format!("would be refused: {refusal}"),
        None => format!("would be done; {}", health_line(preview)),
    });
    if preview.allowed { Ok(()) } else { Err(Failure::told()) }
}
