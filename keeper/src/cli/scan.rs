//! `scan`: one look at all accounts with debt.

use super::exit::Failure;
use super::print;
use crate::book::{AccountFigures, Book, State};
use crate::config::Config;
use crate::intent::Plan;
use crate::keeper::fee_model;
use crate::ledger::{Budget, Ledger};
use crate::metrics::Metrics;
use crate::profit::{WAD_DECIMALS, whole};
use crate::site::Site;
use crate::strategy::{Decision, Planner};
use serde::Serialize;
use std::fmt::Write as _;
use std::sync::Arc;
use tokio::time::Instant;
use weir_chain::Address;

/// What `scan --json` prints.
#[derive(Serialize)]
struct Report {
    block: u64,
    keeper: Option<Address>,
    funds: Vec<FundsLine>,
    accounts: Vec<AccountLine>,
    plans: Vec<PlanLine>,
    skipped: Vec<SkipLine>,
}

#[derive(Serialize)]
struct FundsLine {
    asset: String,
    balance: String,
    allowance: String,
}

#[derive(Serialize)]
struct AccountLine {
    account: Address,
    health: Option<String>,
    collateral_usd: String,
    debt_usd: String,
    liquidatable: bool,
}

#[derive(Serialize)]
struct SkipLine {
    account: Address,
    reason: &'static str,
    detail: String,
}

#[derive(Serialize)]
struct PlanLine {
    account: Address,
    intent: String,
    debt: String,
    collateral: String,
    repay: String,
    seize: String,
    shares: bool,
    profit_usd: String,
}

pub(super) async fn scan(config: &Config, json: bool) -> Result<(), Failure> {
    let site = Site::open(config).await?;
    let block = site.client.best().await?;
    let metrics = Arc::new(Metrics::new());
    let budget = if site.signer.is_some() { Budget::Balance } else { Budget::Unlimited };
    let ledger = Ledger::new(budget);
    let funds = site.funds(&ledger, &metrics);
    if let Some(funds) = &funds {
        funds.refresh(block).await?;
    }
    let own = funds.as_ref().map(|funds| funds.own);
    let state = State::load(&site.client, site.pool, own, block).await?;
    let mut book = Book::new(state, block);
    let work = book.evaluate(Instant::now());
    let fee_usd = fee_model(config).expected_usd().ok_or_else(|| {
        Failure::other("the expected fee does not fit a decimal number".to_owned())
    })?;
    let planner = Planner {
        pool: site.pool,
        own,
        assets: &site.assets,
        config: &config.strategy,
        fee_usd,
        ledger: &ledger,
        metrics: &metrics,
    };
    let Decision { plans, skipped } = planner.plan(&work);
    let report = Report {
        block: block.number,
        keeper: own,
        funds: own.map_or_else(Vec::new, |_| funds_lines(&site, &ledger)),
        accounts: account_lines(&book.state().at(block.timestamp_secs)),
        plans: plans.iter().flat_map(plan_lines).collect(),
        skipped: skipped
            .into_iter()
            .map(|one| SkipLine { account: one.borrower, reason: one.reason, detail: one.detail })
            .collect(),
    };
    if json {
        let line =
            serde_json::to_string(&report).map_err(|error| Failure::other(error.to_string()))?;
        print(&line)
    } else {
        print(&table(&report))
    }
}

fn shown(amount: u128, decimals: u32) -> String {
    whole(amount, decimals)
        .map_or_else(|| amount.to_string(), |value| value.normalize().to_string())
}

fn usd(wad: u128) -> String {
    whole(wad, WAD_DECIMALS).map_or_else(|| wad.to_string(), |value| value.round_dp(2).to_string())
}

fn funds_lines(site: &Site, ledger: &Ledger) -> Vec<FundsLine> {
    let line = |asset: &Arc<crate::intent::Asset>| {
        let holding = ledger.holding(asset.token);
        FundsLine {
            asset: asset.symbol.clone(),
            balance: shown(holding.balance, asset.decimals),
            allowance: shown(holding.allowance, asset.decimals),
        }
    };
    site.assets.iter().map(line).collect()
}

fn account_lines(state: &State) -> Vec<AccountLine> {
    let mut figures: Vec<(Address, AccountFigures)> = state
        .indebted()
        .into_iter()
        .filter_map(|account| state.figures(account).map(|figures| (account, figures)))
        .collect();
    // The least healthy first.
    figures.sort_by_key(|(account, figures)| (figures.health, *account));
    let line = |(account, figures): (Address, AccountFigures)| AccountLine {
        account,
        health: whole(figures.health, WAD_DECIMALS).map(|health| health.round_dp(6).to_string()),
        collateral_usd: usd(figures.collateral),
        debt_usd: usd(figures.debt),
        liquidatable: figures.liquidatable,
    };
    figures.into_iter().map(line).collect()
}

fn plan_lines(plan: &Plan) -> Vec<PlanLine> {
    let line = |leg: &crate::intent::Intent| PlanLine {
        account: plan.borrower,
        intent: leg.id.to_string(),
        debt: leg.debt.symbol.clone(),
        collateral: leg.collateral.symbol.clone(),
        repay: shown(leg.predicted.repaid, leg.debt.decimals),
        seize: shown(leg.predicted.seized, leg.collateral.decimals),
        shares: leg.shares,
        profit_usd: leg.predicted.profit_usd.round_dp(2).to_string(),
    };
    plan.legs.iter().map(line).collect()
}

fn table(report: &Report) -> String {
    let mut text = format!("block {}\n", report.block);
    // Writing into a `String` does not fail.
    if let Some(keeper) = report.keeper {
        let _ = writeln!(text, "keeper {keeper}");
        for funds in &report.funds {
            let _ = writeln!(
                text,
                "  {:<8} balance {:>24}  allowance {:>24}",
                funds.asset, funds.balance, funds.allowance
            );
        }
    }
    let _ = writeln!(
        text,
        "\n{:<42}  {:>12}  {:>16}  {:>16}",
        "account", "health", "collateral USD", "debt USD"
    );
    for account in &report.accounts {
        let mark = if account.liquidatable { "  liquidatable" } else { "" };
        let health = account.health.as_deref().unwrap_or("-");
        let (collateral, debt) = (&account.collateral_usd, &account.debt_usd);
        let _ = writeln!(
            text,
            "{:<42}  {health:>12}  {collateral:>16}  {debt:>16}{mark}",
            account.account.to_string()
        );
    }
    if report.accounts.is_empty() {
        text.push_str("no account owes anything\n");
    }
    for plan in &report.plans {
        let _ = writeln!(
            text,
            "\n{}: repay {} {}, take {} {}{}, profit {} USD",
            plan.account,
            plan.repay,
            plan.debt,
            plan.seize,
            plan.collateral,
            if plan.shares { " as supply shares" } else { "" },
            plan.profit_usd
        );
    }
    for one in &report.skipped {
        let _ = writeln!(text, "\n{}: left alone ({}): {}", one.account, one.reason, one.detail);
    }
    text.trim_end().to_owned()
}
