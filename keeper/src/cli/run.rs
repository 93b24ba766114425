//! `run`: the keeper until a signal.

use super::exit::Failure;
use super::{RunArguments, print};
use crate::config::Config;
use crate::keeper::Keeper;
use tokio::signal::unix::{SignalKind, signal};
use tracing::info;

pub(super) async fn run(config: Config, arguments: &RunArguments) -> Result<(), Failure> {
    // Before the start: a signal during it must not kill a half-made transaction.
    let failed = |error| Failure::other(format!("cannot listen for signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let keeper = Keeper::start(config, arguments.execute).await?;
    let address = keeper.http_address();
    if arguments.json {
        let line = serde_json::json!({
            "http": address.to_string(),
            "execute": arguments.execute,
            "account": keeper.account().map(|account| account.to_string()),
        });
        print(&line.to_string())?;
    } else {
        print(&format!("http://{address}/readyz  /livez  /metrics"))?;
    }
    let stopper = keeper.stopper();
    let mut ended = std::pin::pin!(keeper.ended());
    let name = tokio::select! {
        ended = &mut ended => return Ok(ended?),
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    };
    info!(signal = name, "stops");
    stopper.stop();
    Ok(ended.await?)
}
