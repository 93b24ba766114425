//! Answers to questions about the network, of which there is none.

use crate::service::Client;
use futures::StreamExt;
use sc_rpc::system::{Health, NodeRole, Request, SyncState, error::Error};
use sc_service::SpawnTaskHandle;
use sc_utils::mpsc::{TracingUnboundedSender, tracing_unbounded};
use sp_blockchain::HeaderBackend;
use std::sync::Arc;
use weir_runtime::Block;

/// Requests that may wait before the log mentions it.
const QUEUE_WARNING: usize = 10_000;

/// Starts whoever answers; returns the way to him.
pub fn answer(
    client: Arc<Client>,
    spawner: &SpawnTaskHandle,
) -> TracingUnboundedSender<Request<Block>> {
    let (sender, mut requests) = tracing_unbounded("system-rpc", QUEUE_WARNING);
    spawner.spawn("system-rpc", Some("rpc"), async move {
        while let Some(request) = requests.next().await {
            reply(request, &client);
        }
    });
    sender
}

/// Whoever asked may have gone: then nobody wants the answer.
fn reply(request: Request<Block>, client: &Client) {
    match request {
        Request::Health(to) => {
            let health = Health { peers: 0, is_syncing: false, should_have_peers: false };
            drop(to.send(health));
        }
        Request::LocalPeerId(to) => drop(to.send(String::new())),
        Request::LocalListenAddresses(to) | Request::NetworkReservedPeers(to) => {
            drop(to.send(Vec::new()));
        }
        Request::Peers(to) => drop(to.send(Vec::new())),
        Request::NetworkState(to) => drop(to.send(serde_json::Value::Null)),
        Request::NetworkAddReservedPeer(_, to) | Request::NetworkRemoveReservedPeer(_, to) => {
            let refusal = "a development node stands alone: it has no peers";
            drop(to.send(Err(Error::MalformattedPeerArg(refusal.into()))));
        }
        Request::NodeRoles(to) => drop(to.send(vec![NodeRole::Authority])),
        Request::SyncState(to) => {
            let best = client.info().best_number;
            let state = SyncState { starting_block: 0, current_block: best, highest_block: best };
            drop(to.send(state));
        }
    }
}
