//! The events that a message must leave on the chain: those of the rules, and those of the shell around them.

use alloy_primitives::{Address, B256};
use alloy_sol_types::SolEvent;
use weir_abi::Admin;
use weir_core::{control::Skimmed, state::pause::Pause};
use weir_fuzz::{
    message::{Coin, Message},
    world::{Applied, World},
};

/// Topics and data.
pub type Log = (Vec<B256>, Vec<u8>);

fn log(event: &impl SolEvent) -> Log {
    let data = event.encode_log_data();
    (data.topics().to_vec(), data.data.to_vec())
}

/// All of them, in order: the shell speaks after the rules.
#[must_use]
pub fn expected(message: &Message, applied: &Applied, before: &World, after: &World) -> Vec<Log> {
    let of_rules = applied.events.iter().map(|event| {
        let encoded = event.encode();
        (encoded.topics().iter().map(|topic| B256::from(*topic)).collect(), encoded.data().to_vec())
    });
    of_rules.chain(of_shell(message, applied, before, after)).collect()
}

fn of_shell(message: &Message, applied: &Applied, before: &World, after: &World) -> Vec<Log> {
    let stage = &after.stage;
    let asset = |coin: Coin| Address::from(stage.coin(coin).0);
    match message {
        Message::List { coin, seed, floor, .. } => {
            let listed = Admin::Listed {
                asset: asset(*coin),
                reserve: after.root.count() - 1,
                decimals: stage.decimals(*coin),
                seed: *seed,
                floor: *floor,
            };
            vec![log(&listed), parameters(*coin, after)]
        }
        Message::Parameters { coin, .. } => vec![parameters(*coin, after)],
        Message::Role { role, holder, .. } => {
            let root = &before.root;
            let roles = [root.governor, root.guardian, root.steward, root.feed, root.admin];
            let previous = Address::from(roles[usize::from(*role)].0);
            let holder = Address::from(stage.who(*holder).0);
            vec![log(&Admin::RoleSet { role: *role, holder, previous })]
        }
        Message::Pause { coin, .. } | Message::Unpause { coin, .. } => {
            let pause: Pause = match coin {
                None => after.root.pause,
                Some(coin) => reserve(*coin, after).pause,
            };
            vec![log(&Admin::PauseSet {
                asset: coin.map_or(Address::ZERO, asset),
                operations: pause.operations,
                from: pause.from.0,
                until: pause.until.0,
            })]
        }
        Message::Limits { dust, min_debt, target, .. } => {
            let (dust, min) = (*dust, *min_debt);
            vec![log(&Admin::LimitsSet { dust, minDebt: min, targetHealthBps: *target })]
        }
        Message::Skim { coin, .. } => match applied.skimmed {
            Some(Skimmed::Surplus { assets, shares }) => {
                let (asset, assets, shares) = (asset(*coin), assets.0, shares.0);
                vec![log(&Admin::Skimmed { asset, assets, shares })]
            }
            _ => vec![shortfall(*coin, after)],
        },
        Message::Reconcile { coin, .. } => vec![shortfall(*coin, after)],
        _ => Vec::new(),
    }
}

fn reserve(coin: Coin, world: &World) -> weir_core::state::Reserve {
    let id = world.root.find(&world.stage.coin(coin)).expect("it is listed");
    world.host.reserve(id).expect("it can be read")
}

fn parameters(coin: Coin, world: &World) -> Log {
    let reserve = reserve(coin, world);
    let asset = Address::from(reserve.token.0);
    log(&Admin::ParametersSet { asset, reserve: reserve.encode().to_vec().into() })
}

fn shortfall(coin: Coin, world: &World) -> Log {
    let books = reserve(coin, world).balances;
    log(&Admin::Shortfall {
        asset: Address::from(world.stage.coin(coin).0),
        balance: world.held[usize::from(coin)],
        owed: books.cash.0 + books.protected.0,
    })
}
