//! I-HF-05, I-HF-06: the ways out, tried on a copy after each step.

use super::scene::{Scene, ensure};
use crate::{
    snapshot::{Snapshot, worth},
    wide::wide,
    world::World,
};
use weir_core::{
    address::Address,
    state::pause::operation,
    submit::{ALL, Action, Kind, Request, submit},
};

type Checked = Result<(), String>;

fn act(
    world: &mut World,
    who: Address,
    kind: Kind,
    asset: Address,
    amount: u128,
) -> Result<u128, weir_core::error::Refusal> {
    let root = world.root;
    let request = Request { caller: who, account: who, to: who };
    let moved = submit(&mut world.host, &root, &request, &[Action::new(kind, asset, amount)])?;
    Ok(moved.iter().next().map_or(0, |transfer| transfer.amount.0))
}

/// A copy in which everybody's prices are long out of date.
fn later(scene: &Scene<'_>, who: &Address) -> Result<(World, bool), String> {
    let mut world = scene.new.clone();
    let paused = |world: &World| -> Result<bool, String> {
        let at = Snapshot::take(world)?;
        let holds =
            |pause: &weir_core::state::pause::Pause| pause.holds(operation::WITHDRAW, at.now);
        Ok(holds(&at.root.pause) || at.reserves.iter().any(|reserve| holds(&reserve.pause)))
    };
    let stands = paused(&world)?;
    if who.0[0].is_multiple_of(2) {
        world.host.advance(1_000_000);
    }
    let stands = stands && !who.0[0].is_multiple_of(2);
    Ok((world, stands))
}

pub(super) fn repay(scene: &Scene<'_>) -> Checked {
    let Some((who, account)) = scene.chosen() else { return Ok(()) };
    let (mut world, _) = later(scene, &who)?;
    for leg in account.debts() {
        let asset = scene.after.reserves[usize::from(leg.reserve.0)].token;
        let repaid = act(&mut world, who, Kind::Repay, asset, ALL.0);
        ensure!(repaid.is_ok(), "{who:?} in {asset:?}: {repaid:?}");
    }
    let left = world.host.account(&who).map_err(|_| "corrupt")?;
    ensure!(!left.has_debt(), "{who:?} still owes {left:?}");
    Ok(())
}

pub(super) fn leave(scene: &Scene<'_>) -> Checked {
    let Some((who, account)) = scene.chosen() else { return Ok(()) };
    let (mut world, paused) = later(scene, &who)?;
    for leg in account.debts() {
        let asset = scene.after.reserves[usize::from(leg.reserve.0)].token;
        act(&mut world, who, Kind::Repay, asset, ALL.0)
            .map_err(|refusal| format!("{refusal:?}"))?;
    }
    for leg in account.supplies() {
        let asset = scene.after.reserves[usize::from(leg.reserve.0)].token;
        if !leg.protected.is_zero() {
            let left = act(&mut world, who, Kind::Unprotect, asset, ALL.0);
            ensure!(left == Ok(leg.protected.0), "{who:?} unprotects {asset:?}: {left:?}");
        }
        let ripe = Snapshot::take(&world)?.accrued(world.host.time());
        let reserve = &ripe[usize::from(leg.reserve.0)];
        let amount = worth(reserve, leg.shares).min(wide(reserve.balances.cash.0));
        if paused || amount.is_zero() {
            continue;
        }
        let amount: u128 = amount.try_into().map_err(|_| "too much")?;
        let left = act(&mut world, who, Kind::Withdraw, asset, amount);
        ensure!(left == Ok(amount), "{who:?} withdraws {amount} of {asset:?}: {left:?}");
    }
    Ok(())
}
