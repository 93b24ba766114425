//! `propose`, `sign`, `unsign`, `execute`, `veto`, `cancel`, `proposals`: what the signers of the governor do.

use crate::calls;
use crate::context::{Context, Global, Key};
use crate::exit::Failure;
use crate::output::{receipt, receipt_line, table};
use clap::Args;
use serde_json::{Value, json};
use weir_abi::Governor;
use weir_chain::{B256, ContractCall, GovernorHandle, Included};

/// Arguments of `propose`.
#[derive(Args, Clone, Debug)]
pub struct Propose {
    /// Calls, each a word TARGET.MESSAGE and its arguments as NAME=VALUE: `pool.unpause asset=USDC operations=1`. A target
    /// is pool, feed, governor or an asset; values are numbers, names or addresses, lists and structures in JSON.
    #[arg(required = true, value_name = "CALL")]
    pub calls: Vec<String>,
    #[command(flatten)]
    pub key: Key,
    /// Show the calls and send nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `sign`, `unsign`, `execute`, `veto` and `cancel`.
#[derive(Args, Clone, Debug)]
pub struct One {
    /// The proposal's id, or its first digits.
    pub id: String,
    #[command(flatten)]
    pub key: Key,
}

/// What is done with a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Sign,
    Unsign,
    Execute,
    Veto,
    Cancel,
}

impl Deed {
    const fn name(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Unsign => "unsign",
            Self::Execute => "execute",
            Self::Veto => "veto",
            Self::Cancel => "cancel",
        }
    }

    fn call(self, governor: &GovernorHandle, proposal: &Governor::Proposed) -> ContractCall {
        let id = proposal.id;
        match self {
            Self::Sign => governor.sign(id),
            Self::Unsign => governor.unsign(id),
            Self::Execute => governor.execute(id, proposal.calls.clone()),
            Self::Veto => governor.veto(id),
            Self::Cancel => governor.cancel(id),
        }
    }
}

/// Proposes, and signs with it.
pub async fn run_propose(global: &Global, args: &Propose) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let governor = context.deployment.governor(&context.client)?;
    let calls = calls::parse(&context, &args.calls)?;
    let words: Vec<_> = calls.iter().map(|call| calls::words(&context.deployment, call)).collect();
    if args.dry_run {
        context.output.end(&json!({ "dry_run": true, "calls": words }), || words.join("\n"));
        return Ok(());
    }
    let included = send(&context, &args.key, governor.propose(calls), "propose").await?;
    let id = included.event::<Governor::Proposed>().map(|event| event.id);
    let mut value = receipt(&included);
    if let Value::Object(fields) = &mut value {
        fields.insert("id".into(), json!(id));
        fields.insert("calls".into(), json!(words));
    }
    context.output.end(&value, || {
        let id = id.map_or_else(String::new, |id| id.to_string());
        format!("proposed {id}\n{}\n{}", words.join("\n"), receipt_line(&included))
    });
    Ok(())
}

/// Does something with one proposal, and tells its calls.
pub async fn run(global: &Global, deed: Deed, args: &One) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let governor = context.deployment.governor(&context.client)?;
    let proposal = find(&context, &governor, &args.id).await?;
    let words = told(&context, &proposal);
    let call = deed.call(&governor, &proposal);
    let included = send(&context, &args.key, call, deed.name()).await?;
    let ready = included.event::<Governor::Signed>().map(|event| event.ready);
    let mut value = receipt(&included);
    if let Value::Object(fields) = &mut value {
        fields.insert("action".into(), deed.name().into());
        fields.insert("id".into(), json!(proposal.id));
        fields.insert("calls".into(), json!(words));
        fields.insert("ready".into(), json!(ready.filter(|ready| *ready != 0)));
    }
    context.output.end(&value, || {
        let ready = match ready {
            Some(0) => "; more signatures are needed".into(),
            Some(ready) => format!("; it can be executed from {ready} on (chain time in seconds)"),
            None => String::new(),
        };
        let (what, calls) = (deed.name(), words.join("\n"));
        format!("{what} {}{ready}\n{calls}\n{}", proposal.id, receipt_line(&included))
    });
    Ok(())
}

/// Lists the proposals, the newest first.
pub async fn run_proposals(global: &Global) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let governor = context.deployment.governor(&context.client)?;
    let at = context.client.best().await?.hash;
    let council = governor.council(at).await?;
    let proposed = proposed(&context, &governor).await?;
    let (mut values, mut rows) = (Vec::new(), Vec::new());
    for event in proposed.iter().rev() {
        let now = governor.proposal(at, event.id).await?;
        let (state, calls) = (state(now.state), told(&context, event));
        let when = match now.ready {
            0 => String::new(),
            ready => ready.to_string(),
        };
        values.push(json!({
            "id": event.id,
            "state": state,
            "long": now.long,
            "proposer": now.proposer,
            "signers": now.signers,
            "needed": council.threshold,
            "ready": (now.ready != 0).then_some(now.ready),
            "expires": now.expires,
            "calls": calls,
        }));
        let signed = format!("{} of {}", now.signers.len(), council.threshold);
        let id = event.id.to_string().chars().take(10).collect();
        rows.push(vec![id, state.into(), signed, when, calls.join("\n")]);
    }
    context.output.end(&values, || {
        if rows.is_empty() {
            return "nothing was proposed yet".into();
        }
        table(&["id", "state", "signed", "ready at", "calls"], 9, rows)
    });
    Ok(())
}

/// The state of a proposal in words.
const fn state(code: u8) -> &'static str {
    match code {
        1 => "needs signatures",
        2 => "waits for its delay",
        3 => "ready",
        4 => "executed",
        5 => "cancelled",
        6 => "vetoed",
        7 => "expired",
        8 => "stale",
        _ => "unknown",
    }
}

fn told(context: &Context, proposal: &Governor::Proposed) -> Vec<String> {
    proposal.calls.iter().map(|call| calls::words(&context.deployment, call)).collect()
}

/// Every proposal that was made since the deployment: the governor keeps no calls, its events do.
async fn proposed(
    context: &Context,
    governor: &GovernorHandle,
) -> Result<Vec<Governor::Proposed>, Failure> {
    let best = context.client.best().await?.number;
    let first = context.deployment.block;
    let _progress = context.output.progress(format!("read blocks {first} to {best}"));
    let mut found = Vec::new();
    for number in first..=best {
        let block = context.client.block(number).await?;
        let ours = block.events.iter().filter(|event| event.contract == governor.address());
        found.extend(ours.filter_map(|event| {
            use weir_abi::alloy_sol_types::SolEvent as _;
            Governor::Proposed::decode_raw_log(event.topics.iter().copied(), &event.data).ok()
        }));
    }
    Ok(found)
}

async fn find(
    context: &Context,
    governor: &GovernorHandle,
    id: &str,
) -> Result<Governor::Proposed, Failure> {
    let wanted = id.strip_prefix("0x").unwrap_or(id).to_lowercase();
    let begins = |id: &B256| id.to_string().starts_with(&format!("0x{wanted}"));
    let proposed = proposed(context, governor).await?;
    let mut fitting = proposed.into_iter().filter(|event| begins(&event.id));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => {
            Err(Failure::usage(format!("{id} are the first digits of more than one proposal")))
        }
        (None, _) => {
            Err(Failure::usage(format!("there is no proposal {id}: see `weir proposals`")))
        }
    }
}

async fn send(
    context: &Context,
    key: &Key,
    call: ContractCall,
    what: &str,
) -> Result<Included, Failure> {
    let sender = context.sender(key)?;
    let _progress = context.output.progress(what);
    let transaction = sender.prepare(call).await?;
    Ok(sender.execute(transaction).await?)
}
