//! What a pool says of a message: the events of the rules, and those of the shell around them.

use crate::{
    message::{Coin, Message},
    world::{Applied, World},
};
use weir_core::{
    address::Address,
    control::Skimmed,
    event::Event,
    state::{Reserve, pause::Pause},
};

/// An event as the pool's log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the Solidity interface")]
pub enum Told {
    /// One of the rules.
    Of(Event),
    Listed {
        asset: Address,
        reserve: u8,
        decimals: u8,
        seed: u128,
        floor: u128,
    },
    ParametersSet {
        asset: Address,
        reserve: Vec<u8>,
    },
    GovernorOffered {
        holder: Address,
    },
    RoleSet {
        role: u8,
        holder: Address,
        previous: Address,
    },
    PauseSet {
        asset: Address,
        operations: u16,
        from: u32,
        until: u32,
    },
    LimitsSet {
        dust: u128,
        min_debt: u128,
        target: u16,
    },
    Skimmed {
        asset: Address,
        assets: u128,
        shares: u128,
    },
    Shortfall {
        asset: Address,
        balance: u128,
        owed: u128,
    },
}

/// All that is said of an accepted message, in order: the shell speaks after the rules.
#[must_use]
pub fn told(message: &Message, applied: &Applied, before: &World, after: &World) -> Vec<Told> {
    let of_rules = applied.events.iter().map(|event| Told::Of(*event));
    of_rules.chain(of_shell(message, applied, before, after)).collect()
}

fn of_shell(message: &Message, applied: &Applied, before: &World, after: &World) -> Vec<Told> {
    let stage = &after.stage;
    let asset = |coin: Coin| stage.coin(coin);
    match message {
        Message::List { coin, seed, floor, .. } => {
            let (asset, reserve) = (asset(*coin), after.root.count() - 1);
            let (decimals, seed, floor) = (stage.decimals(*coin), *seed, *floor);
            let listed = Told::Listed { asset, reserve, decimals, seed, floor };
            vec![listed, parameters(*coin, after)]
        }
        Message::Parameters { coin, .. } => vec![parameters(*coin, after)],
        Message::Role { role, holder, .. } => {
            let root = &before.root;
            let roles = [root.governor, root.guardian, root.steward, root.feed, root.admin];
            let (holder, previous) = (stage.who(*holder), roles[usize::from(*role)]);
            if *role == 0 {
                return vec![Told::GovernorOffered { holder }];
            }
            vec![Told::RoleSet { role: *role, holder, previous }]
        }
        Message::Pause { coin, .. } | Message::Unpause { coin, .. } => {
            let pause: Pause = match coin {
                None => after.root.pause,
                Some(coin) => reserve(*coin, after).pause,
            };
            vec![Told::PauseSet {
                asset: coin.map_or(Address::ZERO, asset),
                operations: pause.operations,
                from: pause.from.0,
                until: pause.until.0,
            }]
        }
        Message::Limits { dust, min_debt, target, .. } => {
            vec![Told::LimitsSet { dust: *dust, min_debt: *min_debt, target: *target }]
        }
        Message::Skim { coin, .. } => match applied.skimmed {
            Some(Skimmed::Surplus { assets, shares }) => {
                let (asset, assets, shares) = (asset(*coin), assets.0, shares.0);
                vec![Told::Skimmed { asset, assets, shares }]
            }
            _ => vec![shortfall(*coin, after)],
        },
        Message::Reconcile { coin, .. } => vec![shortfall(*coin, after)],
        _ => Vec::new(),
    }
}

fn reserve(coin: Coin, world: &World) -> Reserve {
    let id = world.root.find(&world.stage.coin(coin)).expect("it is listed");
    world.host.reserve(id).expect("it can be read")
}

fn parameters(coin: Coin, world: &World) -> Told {
    let reserve = reserve(coin, world);
    Told::ParametersSet { asset: reserve.token, reserve: reserve.encode().to_vec() }
}

fn shortfall(coin: Coin, world: &World) -> Told {
    let books = reserve(coin, world).balances;
    Told::Shortfall {
        asset: world.stage.coin(coin),
        balance: world.held[usize::from(coin)],
        owed: books.cash.0 + books.protected.0,
    }
}
