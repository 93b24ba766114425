//! Calls of the governor in words: `pool.unpause asset=USDC operations=1` to bytes, and back for whoever has to sign.

mod decode;
mod encode;

use crate::context::{Context, parse_account};
use crate::exit::Failure;
use weir_abi::alloy_sol_types::SolCall as _;
use weir_abi::{Governor, Pool, abi};
use weir_chain::Address;
use weir_chain::deployment::{Deployment, FEED, GOVERNOR, POOL};

/// What a name stands for in front of the point of a call.
struct Target {
    address: Address,
    /// Which interface it answers, by the name of the contract.
    interface: &'static str,
    /// Whether the call goes through the pool's `administer`.
    administered: bool,
}

impl Target {
    /// `pool` are the rare operations of the pool, `feed` and `governor` what they are, anything else is a token.
    fn find(context: &Context, name: &str) -> Result<Self, Failure> {
        let deployment = &context.deployment;
        let (address, interface) = match name {
            POOL => (deployment.contract(POOL)?, "admin"),
            FEED => (deployment.contract(FEED)?, "price-feed"),
            GOVERNOR => (deployment.contract(GOVERNOR)?, "governor"),
            token => (deployment.asset(token)?.token, "token"),
        };
        Ok(Self { address, interface, administered: name == POOL })
    }
}

/// Reads calls: a word such as `pool.setLimits` begins one, and words such as `dust=1` are its arguments.
pub fn parse(context: &Context, words: &[String]) -> Result<Vec<Governor::Call>, Failure> {
    let mut calls: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    for word in words {
        match (word.split_once('='), calls.last_mut()) {
            (None, _) => calls.push((word, Vec::new())),
            (Some(argument), Some((_, arguments))) => arguments.push(argument),
            (Some(_), None) => {
                let fault = format!("{word} belongs to no call: begin with one such as pool.pause");
                return Err(Failure::usage(fault));
            }
        }
    }
    calls.iter().map(|(call, arguments)| parse_one(context, call, arguments)).collect()
}

fn parse_one(
    context: &Context,
    call: &str,
    arguments: &[(&str, &str)],
) -> Result<Governor::Call, Failure> {
    let Some((target, message)) = call.split_once('.') else {
        let fault = format!("{call} is no call: expected TARGET.MESSAGE, for example feed.rearm");
        return Err(Failure::usage(fault));
    };
    let target = Target::find(context, target)?;
    let functions = abi(target.interface).map(|abi| abi.functions).unwrap_or_default();
    let Some(function) = functions.get(message).and_then(|overloads| overloads.first()) else {
        let known = functions.into_keys().collect::<Vec<_>>().join(", ");
        return Err(Failure::usage(format!("there is no {call}; known are {known}")));
    };
    let resolve = |text: &str| address(context, text);
    let mut data = function.selector().to_vec();
    let encoded = encode::arguments(&function.inputs, arguments, &resolve);
    data.extend(encoded.map_err(|fault| Failure::usage(format!("{call}: {fault}")))?);
    if target.administered {
        data = Pool::administerCall { call: data.into() }.abi_encode();
    }
    Ok(Governor::Call { target: target.address, data: data.into() })
}

/// An address by any of its names: `none`, a contract or an asset of the deployment, an account.
fn address(context: &Context, text: &str) -> Result<Address, Failure> {
    if text == "none" {
        return Ok(Address::ZERO);
    }
    let deployment = &context.deployment;
    if let Ok(address) = deployment.contract(text) {
        return Ok(address);
    }
    match deployment.asset(text) {
        Ok(asset) => Ok(asset.token),
        // Any word is some development account: a mistyped asset must not become one.
        Err(unknown) if is_plain(text) && !WELL_KNOWN.contains(&text) => Err(unknown.into()),
        Err(_) => parse_account(text),
    }
}

/// The development accounts that go by a plain name.
const WELL_KNOWN: [&str; 6] = ["alice", "bob", "charlie", "dave", "eve", "ferdie"];

/// Whether it is a short word: no address, no account, no derivation path.
fn is_plain(text: &str) -> bool {
    text.len() < 32 && !text.contains('/') && !text.starts_with("0x")
}

/// The name of an address in this deployment, or the address itself.
pub fn name(deployment: &Deployment, address: Address) -> String {
    if address == Address::ZERO {
        return "none".into();
    }
    if let Some(asset) = deployment.asset_of(address) {
        return asset.symbol.clone();
    }
    let contract = deployment.contracts.iter().find(|(_, contract)| contract.address == address);
    contract.map_or_else(|| address.to_string(), |(name, _)| name.clone())
}

/// A call in words, arguments with their names; as bytes where it is none of this deployment's.
pub fn words(deployment: &Deployment, call: &Governor::Call) -> String {
    let target = name(deployment, call.target);
    let (interface, data) = match target.as_str() {
        POOL => match Pool::administerCall::abi_decode(&call.data) {
            Ok(inner) => ("admin", inner.call.to_vec()),
            Err(_) => ("pool", call.data.to_vec()),
        },
        FEED => ("price-feed", call.data.to_vec()),
        GOVERNOR => ("governor", call.data.to_vec()),
        _ => ("token", call.data.to_vec()),
    };
    let shown = |address| name(deployment, address);
    match decode::call(interface, &data, &shown) {
        Some(words) => format!("{target}.{words}"),
        None => format!("{target}: unknown call {}", call.data),
    }
}
