//! `deploy`: tokens, feed, pool and reserves from one TOML file. Writes the deployment file that all tools read.

mod config;
mod steps;

use crate::context::{DEFAULT_NODE, Global, Key};
use crate::exit::Failure;
use crate::output::{Output, table};
use clap::Args;
use config::Config;
use serde_json::json;
use std::path::PathBuf;
use steps::Deployer;
use weir_chain::deployment::Deployment;
use weir_chain::{Client, Sender};

/// Arguments of `deploy`.
#[derive(Args, Clone, Debug)]
pub struct Deploy {
    /// What to deploy; `scripts/weir/devnet.toml` is an example that explains every line.
    pub config: PathBuf,
    #[command(flatten)]
    pub key: Key,
    /// Check the file and the contracts' build, and send nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Replace the deployment file if there is one.
    #[arg(long)]
    pub force: bool,
}

/// Deploys everything, step by step.
pub async fn run(global: &Global, args: &Deploy) -> Result<(), Failure> {
    let output = Output { json: global.json };
    let config = Config::load(&args.config)?;
    if global.deployment.exists() && !args.force && !args.dry_run {
        return Err(Failure::usage(format!(
            "{} is there already: name another with --deployment, or replace it with --force",
            global.deployment.display()
        )));
    }
    let artifacts = steps::Artifacts::load()?;
    if args.dry_run {
        output.end(&json!({ "dry_run": true, "assets": config.assets.len() }), || {
            format!("{} is in order: {} assets", args.config.display(), config.assets.len())
        });
        return Ok(());
    }
    let url = global.node.clone().unwrap_or_else(|| DEFAULT_NODE.into());
    let client = Client::connect(&url).await?;
    let sender = Sender::new(client, args.key.signer()?);
    let deployment = Deployer::new(&output, sender, artifacts).deploy(&config).await?;
    deployment.save(&global.deployment)?;
    output.end(&deployment, || words(&deployment, global));
    Ok(())
}

fn words(deployment: &Deployment, global: &Global) -> String {
    let contracts = deployment
        .contracts
        .iter()
        .map(|(name, contract)| vec![name.clone(), contract.address.to_string()]);
    let assets =
        deployment.assets.iter().map(|asset| vec![asset.symbol.clone(), asset.token.to_string()]);
    format!(
        "{}\nwritten to {}",
        table(&["deployed", "address"], 9, contracts.chain(assets).collect()),
        global.deployment.display()
    )
}
