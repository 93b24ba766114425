//! `weir-oracle run`

use std::io::Write;

use tokio_util::sync::CancellationToken;
use weir_chain::{Client, Deployment, KeyError, Signer};

use super::{RunArguments, exit::Failure, start_logs};
use crate::{
    config::Config,
    error::OracleError,
    feeder::{Feeder, Setup, Tick, setup::assets_of},
};

/// Reports to the feed until told to stop, or to the end of the steps.
pub(super) fn run(arguments: &RunArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let config = Config::read(&arguments.config)?;
    start_logs(&config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let cancel = CancellationToken::new();
        stop_on_signal(cancel.clone());
        let Some(feeder) = cancel.run_until_cancelled(connect(&config)).await else {
            return Ok(());
        };
        let mut feeder = feeder?;
        if arguments.steps {
            return steps(&mut feeder, arguments, &cancel, out).await;
        }
        let summary = feeder.run(config.run, &cancel).await?;
        if arguments.json {
            let summary = serde_json::to_value(summary).map_err(std::io::Error::from)?;
            writeln!(out, "{summary}")?;
        }
        Ok(())
    })
}

/// Reads what the configuration names, connects, and compares the deployment with the chain.
async fn connect(config: &Config) -> Result<Feeder, OracleError> {
    let inputs = config.open_sources()?;
    let deployment = Deployment::load(&config.deployment).map_err(weir_chain::ChainError::from)?;
    let mut signers = Vec::with_capacity(config.reporters.len());
    for reporter in &config.reporters {
        let name = reporter.name.clone();
        let signer = Signer::load(&reporter.key, || {
            Err(KeyError::NoPassphrase("the configuration names no passphrase_file".to_owned()))
        });
        match signer {
            Ok(signer) => signers.push((name, signer)),
            Err(error) => return Err(OracleError::Key { name, error }),
        }
    }
    let endpoint = config.endpoint.as_deref().unwrap_or(&deployment.endpoint);
    let client = Client::connect(endpoint).await?;
    deployment.verify(&client).await?;
    let feed = deployment.feed(&client).map_err(weir_chain::ChainError::from)?.address();
    let feeder = Feeder::start(Setup {
        client,
        feed,
        assets: assets_of(&deployment),
        signers,
        inputs,
        rules: config.rules.clone(),
        trigger: config.trigger,
    })
    .await?;
    for reporter in feeder.reporters() {
        tracing::info!(reporter = reporter.name(), address = %reporter.address(), "feeder: ready");
    }
    Ok(feeder)
}

/// Reports the steps one after the other.
async fn steps(
    feeder: &mut Feeder,
    arguments: &RunArguments,
    cancel: &CancellationToken,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let all = feeder.steps();
    if arguments.from >= all {
        return Err(OracleError::NoSuchStep { step: arguments.from, steps: all }.into());
    }
    let end = arguments.count.map_or(all, |count| arguments.from.saturating_add(count).min(all));
    let mut unsettled = Vec::new();
    for step in arguments.from..end {
        let Some(tick) = cancel.run_until_cancelled(feeder.tick(step)).await else { break };
        let tick = tick?;
        if !tick.is_settled() {
            unsettled.push(step.to_string());
        }
        match arguments.json {
            true => writeln!(out, "{}", tick.to_json())?,
            false => write_tick(&tick, out)?,
        }
        out.flush()?;
    }
    match unsettled.is_empty() {
        true => Ok(()),
        false => {
            let steps = unsettled.join(", ");
            Err(Failure::Unsettled(format!(
                "the feed accepted no round of some asset at step {steps}"
            )))
        }
    }
}

fn write_tick(tick: &Tick, out: &mut dyn Write) -> Result<(), Failure> {
    let Tick { step, label, before, after, .. } = tick;
    let label = label.as_deref().unwrap_or("start");
    writeln!(out, "step {step}: {label} (blocks {} to {})", before.number, after.number)?;
    for quote in &tick.market {
        let asset = &quote.asset;
        let median = tick.median(asset).map_or("none".to_owned(), |median| median.to_string());
        let status =
            tick.rounds.get(asset).map(|round| format!("{:?}", round.status).to_lowercase());
        let status = status.unwrap_or_default();
        writeln!(out, "  {asset:<8}  market {:>14}  feed {median:>14}  {status}", quote.price)?;
    }
    for reported in &tick.reported {
        if let Some(error) = reported.outcome.error() {
            writeln!(out, "  {} {}: {error}", reported.name, reported.outcome.word())?;
        }
    }
    Ok(())
}

/// Cancels with the first interrupt or termination.
fn stop_on_signal(cancel: CancellationToken) {
    tokio::spawn(async move {
        match terminated() {
            Ok(mut terminated) => tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            },
            // Without a handler for termination the interrupt still works.
            Err(_) => drop(tokio::signal::ctrl_c().await),
        }
        tracing::info!("feeder: stopping");
        cancel.cancel();
    });
}

fn terminated() -> std::io::Result<tokio::signal::unix::Signal> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
}
