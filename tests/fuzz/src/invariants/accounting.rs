//! I-ACC, I-FL: sums, books, tokens.

use super::scene::{Scene, ensure};
use crate::{message::Message, wide::wide};
use weir_core::{
    address::Address,
    event::Event,
    state::{Account, ReserveId, SupplyLeg},
};

type Checked = Result<(), String>;

fn sums(scene: &Scene<'_>, part: impl Fn(&Account, ReserveId) -> u128) -> Vec<u128> {
    let mut sums = vec![0; scene.after.reserves.len()];
    for (_, account) in &scene.after.accounts {
        for (id, sum) in (0..).zip(&mut sums) {
            *sum += part(account, ReserveId(id));
        }
    }
    sums
}

fn of_leg(part: fn(&SupplyLeg) -> u128) -> impl Fn(&Account, ReserveId) -> u128 {
    move |account, id| account.supply(id).map_or(0, part)
}

pub(super) fn supply_shares(scene: &Scene<'_>) -> Checked {
    for (reserve, sum) in scene.after.reserves.iter().zip(sums(scene, of_leg(|leg| leg.shares.0))) {
        let books = &reserve.balances;
        let all = sum + books.insurance.0 + books.treasury.0;
        ensure!(all == books.supply.shares.0, "{:?}: {all} and {books:?}", reserve.token);
    }
    Ok(())
}

pub(super) fn debt_shares(scene: &Scene<'_>) -> Checked {
    let sums = sums(scene, |account, id| account.debt(id).0);
    for (reserve, sum) in scene.after.reserves.iter().zip(sums) {
        ensure!(sum == reserve.balances.debt.shares.0, "{:?}: {sum}", reserve.token);
    }
    Ok(())
}

pub(super) fn protected(scene: &Scene<'_>) -> Checked {
    for (reserve, sum) in
        scene.after.reserves.iter().zip(sums(scene, of_leg(|leg| leg.protected.0)))
    {
        ensure!(sum == reserve.balances.protected.0, "{:?}: {sum}", reserve.token);
    }
    Ok(())
}

pub(super) fn claims(scene: &Scene<'_>) -> Checked {
    for reserve in scene.ripe {
        let books = &reserve.balances;
        ensure!(books.supply.assets >= books.debt.assets, "{:?}: {books:?}", reserve.token);
    }
    Ok(())
}

pub(super) fn tokens(scene: &Scene<'_>) -> Checked {
    for (place, token) in scene.new.stage.tokens.iter().enumerate() {
        let (gifts, took) = scene.gifts[place];
        let books =
            scene.after.reserve(&token.address).map(|reserve| reserve.balances).unwrap_or_default();
        let (held, owed) = (scene.after.held[place], books.cash.0 + books.protected.0);
        ensure!(
            took || held == owed + gifts,
            "{:?}: {held}, {owed} and {gifts} unasked",
            token.address
        );
    }
    Ok(())
}

pub(super) fn books(scene: &Scene<'_>) -> Checked {
    for reserve in scene.after.reserves.iter().chain(scene.ripe) {
        let books = &reserve.balances;
        let all = books.cash.0 + books.debt.assets.0;
        ensure!(all == books.supply.assets.0, "{:?}: {books:?}", reserve.token);
    }
    Ok(())
}

pub(super) fn empty(scene: &Scene<'_>) -> Checked {
    for reserve in &scene.after.reserves {
        let books = &reserve.balances;
        let debt = books.debt.assets.is_zero() == books.debt.shares.is_zero();
        let supply = !books.supply.shares.is_zero() || books.supply.assets.0 <= 1;
        ensure!(debt && supply, "{:?}: {books:?}", reserve.token);
    }
    Ok(())
}

pub(super) fn donation(scene: &Scene<'_>) -> Checked {
    if let Message::Donate { .. } | Message::Lose { .. } = scene.message {
        ensure!(scene.old.host.items() == scene.new.host.items(), "the state changed");
        ensure!(scene.events().is_empty(), "something was said");
    }
    Ok(())
}

pub(super) fn unlisted(scene: &Scene<'_>) -> Checked {
    let count = scene.after.root.count();
    for key in scene.new.host.items().keys() {
        if let [b'r', id] = key.as_slice() {
            ensure!(*id < count, "reserve {id} of {count}");
        }
    }
    for (who, account) in &scene.after.accounts {
        let debts = account.debts().iter().map(|leg| leg.reserve);
        for id in account.supplies().iter().map(|leg| leg.reserve).chain(debts) {
            ensure!(id.0 < count, "{who:?} is in reserve {id:?} of {count}");
        }
    }
    Ok(())
}

pub(super) fn floor(scene: &Scene<'_>) -> Checked {
    for id in 0..scene.after.root.count() {
        let holder = Address::seed_holder(id);
        let (was, is) = (scene.before.account(&holder), scene.after.account(&holder));
        ensure!(is.supplies().len() == 1 && !is.has_debt(), "the seed of {id}: {is:?}");
        ensure!(was.supplies().is_empty() || was == is, "the seed of {id} moved");
    }
    Ok(())
}

pub(super) fn flash(scene: &Scene<'_>) -> Checked {
    let (Message::Flash { .. }, Some(applied)) = (scene.message, scene.accepted()) else {
        return Ok(());
    };
    if !applied.within.is_empty() {
        return Ok(());
    }
    for (was, is) in scene.accrued.iter().zip(&scene.after.reserves) {
        let fees: u128 = scene
            .events()
            .iter()
            .map(|event| match event {
                Event::FlashLoaned { asset, fee, .. } if *asset == is.token => fee.0,
                _ => 0,
            })
            .sum();
        if is.last_accrual != was.last_accrual {
            ensure!(fees == 0, "{:?}: a fee without accrual", is.token);
            continue;
        }
        let shares = is.balances.insurance.0.checked_sub(was.balances.insurance.0);
        let mut told = was.balances;
        told.cash.0 += fees;
        told.supply.assets.0 += fees;
        told.supply.shares.0 += shares.ok_or("the insurance lost")?;
        told.insurance = is.balances.insurance;
        ensure!(told == is.balances, "{:?}: {told:?} and {:?}", is.token, is.balances);
    }
    ensure!(scene.before.accounts == scene.after.accounts, "an account changed");
    Ok(())
}

pub(super) fn initiator(scene: &Scene<'_>) -> Checked {
    let Message::Flash { caller, receiver: taker, .. } = scene.message else { return Ok(()) };
    for event in scene.events() {
        if let Event::FlashLoaned { initiator, receiver, .. } = event {
            let stage = &scene.new.stage;
            ensure!(
                *initiator == stage.who(*caller) && *receiver == stage.who(*taker),
                "{initiator:?}"
            );
        }
    }
    Ok(())
}

pub(super) fn refusal(scene: &Scene<'_>) -> Checked {
    if scene.result.is_err() {
        ensure!(scene.old.host.items() == scene.new.host.items(), "the state changed");
        ensure!(scene.old.held == scene.new.held, "tokens moved");
    }
    Ok(())
}

pub(super) fn replayed(scene: &Scene<'_>) -> Checked {
    scene.replay.compare(&scene.new.host)
}

pub(super) fn indebted(scene: &Scene<'_>) -> Checked {
    let list = scene.new.host.indebted().map_err(|_| "the list cannot be read")?;
    for (who, account) in &scene.after.accounts {
        let listed = list.iter().filter(|held| *held == who).count();
        ensure!(listed == usize::from(account.listed), "{who:?} stands there {listed} times");
        ensure!(account.listed || !account.has_debt(), "{who:?} owes and is not listed");
    }
    // Nobody's debt share is worth more than it cost at the start of a debt, nor less.
    for reserve in scene.ripe {
        let debt = &reserve.balances.debt;
        let least = wide(debt.assets.0) * wide(1_000_000);
        ensure!(
            wide(debt.shares.0) <= least,
            "a debt share of {:?} costs too little",
            reserve.token
        );
    }
    Ok(())
}
