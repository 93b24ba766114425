//! I-HF, I-CTL-05: who is healthy, before and after.

use super::scene::{Scene, ensure};
use crate::{
    message::Message,
    snapshot::{Values, View, values},
    wide::{Wide, wide},
};
use weir_core::{
    address::Address,
    error::Code,
    event::Event,
    liquidate::write_off,
    state::{Account, MAX_DEBTS, MAX_SUPPLIES, ReserveId},
};

type Checked = Result<(), String>;

/// Everybody who owes, with his totals before and after at the same moment and the same view.
fn everybody(scene: &Scene<'_>, view: View) -> Vec<(Address, Account, Values, Values)> {
    let now = scene.after.now;
    let owing = scene.before.accounts.iter().filter(|(_, account)| account.has_debt());
    owing
        .map(|(who, account)| {
            let was = values(account, scene.accrued, now, view);
            let is = values(&scene.after.account(who), scene.ripe, now, view);
            (*who, account.clone(), was, is)
        })
        .collect()
}

fn moves_prices(message: &Message) -> bool {
    matches!(message, Message::Prices { .. } | Message::Wait { .. })
}

/// What rounding moves at most in each reserve that the account is in: one unit for each event, and in a debt what the
/// 10^6 virtual shares stand for, which falls to whoever is the last to owe.
fn rounding(scene: &Scene<'_>, account: &Account) -> Wide {
    let events = wide(2 + u128::try_from(scene.events().len()).unwrap_or(0));
    let value = |id: ReserveId, units: Wide| {
        let reserve = &scene.ripe[usize::from(id.0)];
        (wide(reserve.price.median.0) * units / crate::wide::ten(reserve.decimals) + wide(1))
            * wide(10_000)
    };
    let supplies = account.supplies().iter().map(|leg| value(leg.reserve, events));
    let debts = account.debts().iter().map(|leg| {
        let debt = &scene.accrued[usize::from(leg.reserve.0)].balances.debt;
        let all = wide(debt.assets.0) + wide(1);
        value(leg.reserve, events + all * wide(1_000_000) / (wide(debt.shares.0) + wide(1_000_000)))
    });
    supplies.chain(debts).fold(wide(0), |sum, value| sum + value)
}

/// Whether suppliers of a reserve in which the account is bore a bad debt: the one thing that may take from it.
fn bore_bad_debt(scene: &Scene<'_>, account: &Account) -> bool {
    scene.events().iter().any(|event| match event {
        Event::BadDebt(bad) => account
            .supplies()
            .iter()
            .any(|leg| scene.ripe[usize::from(leg.reserve.0)].token == bad.asset),
        _ => false,
    })
}

pub(super) fn stays_healthy(scene: &Scene<'_>) -> Checked {
    if moves_prices(scene.message) || scene.message.is_administration() {
        return Ok(());
    }
    for (who, account, was, is) in everybody(scene, View::Median) {
        let exempt = bore_bad_debt(scene, &account);
        // A unit of rounding at the very edge is the pool's.
        let edge = is.weighted + rounding(scene, &account) >= is.debt * wide(10_000);
        let by_rounding = edge && !scene.involved.contains(&who);
        ensure!(!was.covers() || is.covers() || exempt || by_rounding, "{who:?}: {was:?} {is:?}");
    }
    Ok(())
}

pub(super) fn parameters(scene: &Scene<'_>) -> Checked {
    if !scene.message.is_administration() {
        return Ok(());
    }
    for (who, _, was, is) in everybody(scene, View::Median) {
        ensure!(!was.covers() || is.covers(), "{who:?}: {was:?} {is:?}");
        ensure!(is.weighted >= was.weighted, "{who:?}: a threshold fell at once");
    }
    Ok(())
}

pub(super) fn bystanders(scene: &Scene<'_>) -> Checked {
    for (who, is) in &scene.after.accounts {
        if scene.involved.contains(who) {
            continue;
        }
        let was = scene.before.account(who);
        let seed = matches!(scene.message, Message::List { .. }) && was.supplies().is_empty();
        ensure!(was == *is || seed, "{who:?}: {was:?} {is:?}");
    }
    if moves_prices(scene.message) || scene.message.is_administration() {
        return Ok(());
    }
    for (who, account, was, is) in everybody(scene, View::Median) {
        if scene.involved.contains(&who) || bore_bad_debt(scene, &account) {
            continue;
        }
        let slack = rounding(scene, &account);
        let (less, more) = (is.weighted + slack, is.debt * wide(10_000));
        ensure!(less >= was.weighted, "{who:?} lost: {was:?} {is:?}");
        ensure!(more <= was.debt * wide(10_000) + slack, "{who:?} owes more: {was:?} {is:?}");
    }
    Ok(())
}

pub(super) fn new_risk(scene: &Scene<'_>) -> Checked {
    let (Message::Submit { .. }, Some(_)) = (scene.message, scene.accepted()) else {
        return Ok(());
    };
    let now = scene.after.now;
    for who in scene.involved {
        let (was, is) = (scene.before.account(who), scene.after.account(who));
        let risky = scene.events().iter().any(|event| match event {
            Event::Borrowed { .. } => true,
            Event::Withdrawn { party, .. } | Event::Unprotected { party, .. } => {
                counts(scene, &was, &party.asset)
            }
            Event::CollateralSet { party, on } => !on && counts(scene, &was, &party.asset),
            Event::CategorySet { .. } => was.category != is.category,
            _ => false,
        });
        if !risky || !is.has_debt() {
            continue;
        }
        let now_at = |account: &Account, reserves, view| values(account, reserves, now, view);
        if now_at(&is, scene.ripe, View::Ltv).covers() {
            continue;
        }
        let grew = is.debts().iter().any(|leg| leg.shares > was.debt(leg.reserve));
        let before = now_at(&was, scene.accrued, View::Threshold);
        let after = now_at(&is, scene.ripe, View::Threshold);
        let fell = after.weighted * before.debt < before.weighted * after.debt;
        ensure!(!grew && !fell, "{who:?}: {before:?} {after:?}");
    }
    Ok(())
}

/// Whether a token was collateral of the account: it counted by its threshold, now or at the end of a ramp.
fn counts(scene: &Scene<'_>, account: &Account, asset: &Address) -> bool {
    let Some(id) = scene.before.id(asset) else { return false };
    let Some(leg) = account.supply(id) else { return false };
    let risk = &scene.before.reserves[usize::from(id.0)].risk;
    let target = risk.threshold_of(account.category).target;
    !leg.opted_out
        && (!target.is_zero() || !risk.threshold_at(account.category, scene.after.now).is_zero())
}

/// Nobody owes and has nothing: the last collateral takes the rest of the debt with it in the same call, and what does
/// not count as collateral cannot leave before. Only shares of a reserve that a loss wiped out, which are worth nothing,
/// can leave a debt behind; anyone can write that off at once, unless it is paused.
pub(super) fn no_naked_debt(scene: &Scene<'_>) -> Checked {
    let bare = |account: &Account| account.has_debt() && account.supplies().is_empty();
    for (who, _) in scene.after.accounts.iter().filter(|(_, account)| bare(account)) {
        let took = scene.events().iter().any(|event| match event {
            Event::Withdrawn { party, assets, .. } | Event::Unprotected { party, assets, .. } => {
                party.account == *who && !assets.is_zero()
            }
            _ => false,
        });
        ensure!(!took, "{who:?} owes and took out the last that he had");
        let written_off = write_off(&mut scene.new.host.clone(), &scene.after.root, who);
        let code = written_off.err().map(|refusal| refusal.code());
        let waits = matches!(code, None | Some(Code::Paused | Code::Grace));
        ensure!(waits, "{who:?} owes and has nothing: {code:?}");
    }
    Ok(())
}

pub(super) fn legs(scene: &Scene<'_>) -> Checked {
    for (who, account) in &scene.after.accounts {
        let (supplies, debts) = (account.supplies(), account.debts());
        ensure!(supplies.len() <= MAX_SUPPLIES && debts.len() <= MAX_DEBTS, "{who:?}");
        for (place, leg) in supplies.iter().enumerate() {
            ensure!(!leg.shares.is_zero() || !leg.protected.is_zero(), "{who:?}: an empty leg");
            ensure!(
                supplies[..place].iter().all(|other| other.reserve != leg.reserve),
                "{who:?}: twice"
            );
        }
        for (place, leg) in debts.iter().enumerate() {
            ensure!(!leg.shares.is_zero(), "{who:?}: an empty debt");
            ensure!(
                debts[..place].iter().all(|other| other.reserve != leg.reserve),
                "{who:?}: twice"
            );
        }
    }
    Ok(())
}
