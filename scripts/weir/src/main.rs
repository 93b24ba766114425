//! `weir`: the command line for the people who build, deploy, lend, borrow and liquidate.

#![forbid(unsafe_code)]

mod build;
mod calls;
mod commands;
mod context;
mod exit;
mod output;
mod words;

use clap::{Parser, Subcommand};
use commands::act::{Act, Kind};
use commands::govern::Deed;
use commands::{
    account, act, deploy, devnet, faucet, govern, history, limits, liquidate, pause, prices,
    reserves, submit, weights, wrap,
};
use context::Global;
use exit::Failure;
use serde_json::json;
use std::process::ExitCode;

/// Builds, deploys and uses the Weir lending protocol.
#[derive(Parser, Debug)]
#[command(name = "weir", version, after_help = exit::HELP)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Compile the contracts to PolkaVM.
    Build(build::Build),
    /// Start a development chain.
    Devnet(devnet::Devnet),
    /// Deploy tokens, feed, pool and reserves from a TOML file.
    Deploy(deploy::Deploy),
    /// Lend an asset to the pool: it earns, and counts as collateral.
    Supply(Act),
    /// Hold an asset apart as collateral: it earns nothing and is never lent.
    Protect(Act),
    /// Take back what was supplied.
    Withdraw(Act),
    /// Take back what was protected.
    Unprotect(Act),
    /// Draw an asset against collateral.
    Borrow(Act),
    /// Pay back debt.
    Repay(Act),
    /// Several actions in one call, with one health check at the end.
    Submit(submit::Submit),
    /// What actions would do, and why they would be refused. Sends nothing and needs no key.
    Preview(submit::Preview),
    /// Repay an unhealthy account's debt for its collateral and a bonus.
    Liquidate(liquidate::Liquidate),
    /// What an account has and owes, and how close it is to liquidation.
    Account(account::Account),
    /// How much of each operation is left to an account, what stops more, and when that ends.
    Limits(limits::Limits),
    /// What the pool holds, and on which terms.
    Reserves,
    /// What the feed last accepted, how old it is, how far it is believed.
    Prices,
    /// What happened, from the pool's events.
    History(history::History),
    /// Stop operations for a while, as the guardian or the governor; it ends by itself.
    Pause(pause::Pause),
    /// End a pause before its time.
    Unpause(pause::Unpause),
    /// Propose calls to the governor, and sign them.
    Propose(govern::Propose),
    /// Sign a proposal.
    Sign(govern::One),
    /// Take a signature back.
    Unsign(govern::One),
    /// Carry a proposal out once its delay is over.
    Execute(govern::One),
    /// Stop a proposal, as the holder of the veto.
    Veto(govern::One),
    /// Take one's own proposal back.
    Cancel(govern::One),
    /// What was proposed, who signed, and from when on it can be executed.
    Proposals,
    /// What every message costs on the real pallet: execution time, proof and deposit.
    Weights(weights::Weights),
    /// Turn native tokens into an ERC-20 that the pool lists.
    Wrap(wrap::Wrap),
    /// Turn wrapped tokens back into native ones.
    Unwrap(wrap::Unwrap),
    /// Test tokens, or native ones for fees.
    Faucet(faucet::Faucet),
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let json = cli.global.json;
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report(&failure, json);
            ExitCode::from(failure.code as u8)
        }
    }
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::Build(args) => build::run(args, global.json),
        Command::Devnet(args) => devnet::run(args),
        Command::Deploy(args) => deploy::run(global, args).await,
        Command::Supply(args) => act::run(global, Kind::Supply, args).await,
        Command::Protect(args) => act::run(global, Kind::Protect, args).await,
        Command::Withdraw(args) => act::run(global, Kind::Withdraw, args).await,
        Command::Unprotect(args) => act::run(global, Kind::Unprotect, args).await,
        Command::Borrow(args) => act::run(global, Kind::Borrow, args).await,
        Command::Repay(args) => act::run(global, Kind::Repay, args).await,
        Command::Submit(args) => submit::run(global, args).await,
        Command::Preview(args) => submit::run_preview(global, args).await,
        Command::Liquidate(args) => liquidate::run(global, args).await,
        Command::Account(args) => account::run(global, args).await,
        Command::Limits(args) => limits::run(global, args).await,
        Command::Reserves => reserves::run(global).await,
        Command::Prices => prices::run(global).await,
        Command::History(args) => history::run(global, args).await,
        Command::Pause(args) => pause::run(global, args).await,
        Command::Unpause(args) => pause::run_unpause(global, args).await,
        Command::Propose(args) => govern::run_propose(global, args).await,
        Command::Sign(args) => govern::run(global, Deed::Sign, args).await,
        Command::Unsign(args) => govern::run(global, Deed::Unsign, args).await,
        Command::Execute(args) => govern::run(global, Deed::Execute, args).await,
        Command::Veto(args) => govern::run(global, Deed::Veto, args).await,
        Command::Cancel(args) => govern::run(global, Deed::Cancel, args).await,
        Command::Proposals => govern::run_proposals(global).await,
        Command::Weights(args) => weights::run(args, global.json),
        Command::Wrap(args) => wrap::run(global, args).await,
        Command::Unwrap(args) => wrap::run_unwrap(global, args).await,
        Command::Faucet(args) => faucet::run(global, args).await,
    }
}

/// One sentence on standard error, or one JSON value on standard output.
fn report(failure: &Failure, json: bool) {
    if failure.message.is_empty() {
        return;
    }
    if json {
        let refusal = failure.refusal.as_ref().map(|refusal| &refusal.name);
        println!(
            "{}",
            json!({ "error": failure.message, "refusal": refusal, "exit_code": failure.code as u8 })
        );
    } else {
        eprintln!("weir: {}", failure.message);
    }
}
