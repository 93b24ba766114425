//! I-RND, I-LIM and the ledgers.

use super::scene::{Scene, ensure};
use crate::{exact::Ledger, wide::wide};
use weir_core::{
    control::Skimmed,
    event::Event,
    state::Balances,
    units::{Assets, Shares},
};

type Checked = Result<(), String>;

/// An amount between one unit and about all that there is, another one in each step.
fn some_amount(scene: &Scene<'_>, books: &Balances) -> u128 {
    let shift = u32::try_from(scene.turn % 40).unwrap_or(0);
    ((books.supply.assets.0 >> shift) ^ u128::from(scene.turn % 97)).clamp(1, 1 << 100)
}

/// Supplies and takes everything back, on a copy.
fn supplied(
    books: &Balances,
    amounts: &[u128],
) -> Result<(Balances, Shares), weir_core::units::Overflow> {
    let (mut books, mut all) = (*books, Shares(0));
    for amount in amounts {
        let shares = books.supply.to_shares_floor(Assets(*amount))?;
        books.pay_in(Assets(*amount), shares)?;
        all = all.checked_add(shares)?;
    }
    Ok((books, all))
}

pub(super) fn round_trip(scene: &Scene<'_>) -> Checked {
    let Some(reserve) = scene.turned() else { return Ok(()) };
    let amount = some_amount(scene, &reserve.balances);
    if let Ok((mut books, shares)) = supplied(&reserve.balances, &[amount]) {
        let back = books.supply.to_assets_floor(shares).map_err(|_| "overflow")?;
        ensure!(back.0 <= amount, "{:?}: {amount} came back as {back:?}", reserve.token);
        ensure!(books.pay_out(back, shares).is_ok(), "{:?}: {back:?} cannot leave", reserve.token);
    }
    let mut books = reserve.balances;
    if let Ok(shares) = books.debt.to_shares_ceil(Assets(amount)) {
        let Ok(debt) = books.debt.checked_add(Assets(amount), shares) else { return Ok(()) };
        books.debt = debt;
        let cost = books.debt_cost(shares).map_err(|_| "overflow")?;
        ensure!(cost.paid.0 >= amount, "{:?}: {amount} costs {cost:?}", reserve.token);
    }
    Ok(())
}

pub(super) fn nothing(scene: &Scene<'_>) -> Checked {
    for event in scene.events() {
        let pair = match event {
            Event::Supplied { assets, shares, .. }
            | Event::Withdrawn { assets, shares, .. }
            | Event::Borrowed { assets, shares, .. }
            | Event::Repaid { assets, shares, .. }
            | Event::InsuranceFunded { assets, shares, .. }
            | Event::Collected { assets, shares, .. } => (assets.0, shares.0),
            Event::Liquidated(sold) => (sold.repaid.0, sold.repaid_shares.0),
            _ => continue,
        };
        // A withdrawal of worthless shares gives nothing for something: to the pool's favour.
        let gift = matches!(event, Event::Withdrawn { .. }) && pair.0 == 0;
        ensure!(gift || (pair.0 != 0 && pair.1 != 0), "{event:?}");
    }
    Ok(())
}

pub(super) fn split(scene: &Scene<'_>) -> Checked {
    let Some(reserve) = scene.turned() else { return Ok(()) };
    let amount = some_amount(scene, &reserve.balances).max(3);
    let (part, rest) = (amount / 3, amount - amount / 3);
    let (Ok((_, once)), Ok((_, twice))) =
        (supplied(&reserve.balances, &[amount]), supplied(&reserve.balances, &[part, rest]))
    else {
        return Ok(());
    };
    ensure!(twice <= once, "{:?}: supplying {amount} in two parts gives more", reserve.token);
    let debt = &reserve.balances.debt;
    if let (Ok(once), Ok(one)) =
        (debt.to_shares_ceil(Assets(amount)), debt.to_shares_ceil(Assets(part)))
        && let Ok(then) = debt.checked_add(Assets(part), one)
        && let Ok(other) = then.to_shares_ceil(Assets(rest))
    {
        ensure!(
            one.0 + other.0 >= once.0,
            "{:?}: borrowing {amount} in two parts costs less",
            reserve.token
        );
    }
    Ok(())
}

pub(super) fn conversion(scene: &Scene<'_>) -> Checked {
    let Some(reserve) = scene.turned() else { return Ok(()) };
    for totals in [reserve.balances.supply, reserve.balances.debt] {
        let amount = some_amount(scene, &reserve.balances);
        let Ok(shares) = totals.to_shares_floor(Assets(amount)) else { continue };
        let back = totals.to_assets_floor(shares).map_err(|_| "overflow")?.0;
        ensure!(back <= amount, "{amount} became {back}");
        // One share is worth (A + 1)/(S + 10^6) units, rounded up here, and a unit is lost on the way back.
        let share =
            (wide(totals.assets.0) + wide(1)) / (wide(totals.shares.0) + wide(1_000_000)) + wide(2);
        ensure!(wide(amount - back) <= share, "{amount} became {back}");
    }
    Ok(())
}

/// Every event of the step against the exact result, anchored on the integers before the step.
fn exact_ledger<'a>(scene: &'a Scene<'a>) -> Result<Ledger<'a>, String> {
    let mut ledger = Ledger::new(scene.before);
    for event in scene.events() {
        ledger.hear(event)?;
    }
    if let Some(skimmed) = scene.accepted().and_then(|applied| applied.skimmed.as_ref())
        && let crate::message::Message::Skim { coin, .. } = scene.message
    {
        ledger.skimmed(scene.new.stage.coin(*coin), skimmed)?;
    }
    Ok(ledger)
}

pub(super) fn exact(scene: &Scene<'_>) -> Checked {
    exact_ledger(scene).map(drop)
}

pub(super) fn ledger(scene: &Scene<'_>) -> Checked {
    exact_ledger(scene)?.compare(scene.after)?;
    // What a shortfall says is what is missing.
    if let Some(Skimmed::Shortfall { owed }) =
        scene.accepted().and_then(|applied| applied.skimmed.as_ref())
    {
        ensure!(scene.after.held.iter().any(|held| *held < owed.0), "nothing is missing");
    }
    Ok(())
}

pub(super) fn long_run(scene: &Scene<'_>) -> Checked {
    scene.long.compare(scene.after)
}

pub(super) fn buckets(scene: &Scene<'_>) -> Checked {
    let Some(reserve) = scene.turned() else { return Ok(()) };
    let limits = &reserve.limits;
    let amount = some_amount(scene, &reserve.balances);
    for bucket in [limits.inflow, limits.outflow] {
        let room = bucket.room(bucket.cap.assets()).unwrap_or(Assets(0)).0;
        let amount = Assets(amount.min(room));
        let mut cycled = bucket;
        cycled.add(amount);
        cycled.remove(amount);
        ensure!(cycled == bucket, "{bucket:?} and {cycled:?}");
        let cap = i128::try_from(bucket.cap.assets().0).unwrap_or(i128::MAX);
        ensure!(bucket.cap.bits() == 0 || bucket.level >= -cap, "{bucket:?} is below its floor");
    }
    Ok(())
}
