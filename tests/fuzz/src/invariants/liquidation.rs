//! I-LQ, I-DEF: liquidations and what is written off.

use super::scene::{Scene, ensure};
use crate::{
    message::Message,
    snapshot::{Values, View, cost, leg_value, values, worth},
    wide::{Wide, ten, wide},
};
use weir_core::{
    event::{BadDebt, Event, Liquidated},
    feed::Status,
    state::{Reserve, pause::operation},
    units::WAD,
};

type Checked = Result<(), String>;

/// The liquidation with the two reserves before it, interest booked.
fn sale<'a>(
    scene: &Scene<'a>,
) -> Result<Option<(&'a Liquidated, &'a Reserve, &'a Reserve)>, String> {
    match scene.liquidation() {
        Some(sold) => Ok(Some((sold, scene.was(&sold.debt)?, scene.was(&sold.collateral)?))),
        None => Ok(None),
    }
}

fn usable(scene: &Scene<'_>, reserve: &Reserve) -> bool {
    let price = &reserve.price;
    let known = matches!(price.status, Status::Ok | Status::Confirmed) && !price.median.is_zero();
    known && scene.after.now.0 - price.time.0 <= u32::from(reserve.ages.long)
}

/// The account's totals with the benefit of the doubt for every leg without a usable price.
fn doubted(scene: &Scene<'_>, sold: &Liquidated) -> Values {
    let account = scene.before.account(&sold.borrower);
    let reserves: Vec<Reserve> = scene.accrued.to_vec();
    let mut totals = Values::default();
    for leg in account.supplies().iter().filter(|leg| !leg.opted_out) {
        let reserve = &reserves[usize::from(leg.reserve.0)];
        let ratio = reserve.risk.threshold_at(account.category, scene.after.now);
        let price = if usable(scene, reserve) {
            wide(reserve.price.median.0)
        } else {
            crate::snapshot::high(reserve) * wide(2)
        };
        if !ratio.is_zero() {
            let value = leg_value(reserve, leg, price);
            totals.collateral += value;
            totals.weighted += value * wide(ratio.0.into());
        }
    }
    for leg in account.debts() {
        let reserve = &reserves[usize::from(leg.reserve.0)];
        let price = if usable(scene, reserve) {
            wide(reserve.price.median.0)
        } else {
            crate::snapshot::low(reserve) / wide(2)
        };
        totals.debt += crate::wide::up(cost(reserve, leg.shares), price, ten(reserve.decimals));
    }
    totals
}

pub(super) fn unhealthy(scene: &Scene<'_>) -> Checked {
    let Some((sold, debt, collateral)) = sale(scene)? else { return Ok(()) };
    ensure!(usable(scene, debt) && usable(scene, collateral), "a price that is not usable");
    ensure!(!doubted(scene, sold).covers(), "a healthy account: {:?}", doubted(scene, sold));
    ensure!(sold.borrower != sold.caller, "himself");
    Ok(())
}

/// The value of one unit at its median, up.
fn unit(reserve: &Reserve) -> Wide {
    wide(reserve.price.median.0) / ten(reserve.decimals) + wide(1)
}

/// Whether the cash of the collateral does not reach for all that is held: then what is within reach is a side.
fn is_short(scene: &Scene<'_>, sold: &Liquidated, collateral: &Reserve) -> bool {
    let account = scene.before.account(&sold.borrower);
    let leg = scene
        .before
        .id(&sold.collateral)
        .and_then(|id| account.supply(id).copied())
        .unwrap_or_default();
    !sold.receive_shares && worth(collateral, leg.shares) > wide(collateral.balances.cash.0)
}

pub(super) fn heals(scene: &Scene<'_>) -> Checked {
    let Some((sold, debt, collateral)) = sale(scene)? else { return Ok(()) };
    if scene.written_off() {
        return Ok(());
    }
    let was =
        values(&scene.before.account(&sold.borrower), scene.accrued, scene.after.now, View::Median);
    let after = scene.after.account(&sold.borrower);
    let is = values(&after, scene.ripe, scene.after.now, View::Median);
    // One unit of each side is lost in rounding.
    let slack = (unit(debt) + unit(collateral)) * wide(40_000);
    // What is seized takes threshold·(1 + b) of each unit repaid from the weighted collateral: while that is no more
    // than the health factor, health cannot fall. Where every collateral has one threshold, it is just LTV < 1/(1 + b).
    let account = scene.before.account(&sold.borrower);
    let threshold = collateral.risk.threshold_at(account.category, scene.after.now);
    let opted_out = scene
        .before
        .id(&sold.collateral)
        .and_then(|id| account.supply(id))
        .is_some_and(|leg| leg.opted_out);
    let taken =
        if opted_out { wide(0) } else { wide(threshold.0.into()) * wide(WAD + sold.bonus.0) };
    if taken * was.debt <= was.weighted * wide(WAD)
        && scene.accrued.iter().all(|reserve| usable(scene, reserve))
    {
        let rose = (is.weighted + slack) * was.debt >= was.weighted * is.debt;
        ensure!(rose, "health fell: {was:?} {is:?}");
    }
    // A cut for which no shares fit is the suppliers' gain, the borrower's too where he supplies.
    if sold.insurance_shares.is_zero() && !sold.insurance_assets.is_zero() {
        return Ok(());
    }
    let target = wide(scene.before.root.target_health.0.into());
    let id = scene.before.id(&sold.debt).ok_or("not listed")?;
    let place = scene.before.id(&sold.collateral).ok_or("not listed")?;
    let emptied = after.debt(id).is_zero()
        || after.supply(place).is_none()
        || is_short(scene, sold, collateral);
    // Ratios have 18 places: what a repayment is off by that grows with it, and with how near the target is to what the
    // collateral takes away; less than 10^-15 of the debt.
    let slack = slack + was.debt * wide(10_000_000) / wide(WAD);
    let above = is.weighted > (is.debt + unit(debt) * wide(4)) * target + slack;
    let left = after.supply(place);
    ensure!(emptied || !above, "above {target}: {was:?} {is:?} {left:?} {sold:?}");
    Ok(())
}

/// Values of what was repaid and of what was seized, at medians.
fn sides(sold: &Liquidated, debt: &Reserve, collateral: &Reserve) -> (Wide, Wide) {
    let repaid = wide(sold.repaid.0) * wide(debt.price.median.0) * ten(collateral.decimals);
    let seized = wide(sold.seized_assets.0) + wide(sold.seized_protected.0);
    (repaid, seized * wide(collateral.price.median.0) * ten(debt.decimals))
}

pub(super) fn bounded(scene: &Scene<'_>) -> Checked {
    let Some((sold, debt, collateral)) = sale(scene)? else { return Ok(()) };
    let (repaid, seized) = sides(sold, debt, collateral);
    ensure!(seized * wide(WAD) <= repaid * wide(WAD + sold.bonus.0), "{sold:?}");
    Ok(())
}

pub(super) fn no_more_than_there_is(scene: &Scene<'_>) -> Checked {
    let Some((sold, debt, collateral)) = sale(scene)? else { return Ok(()) };
    let account = scene.before.account(&sold.borrower);
    let id = |asset| scene.before.id(asset).ok_or("not listed");
    let owed = account.debt(id(&sold.debt)?);
    ensure!(sold.repaid_shares <= owed, "{sold:?}");
    ensure!(wide(sold.repaid.0) <= cost(debt, owed), "{sold:?}");
    let leg = account.supply(id(&sold.collateral)?).copied().unwrap_or_default();
    ensure!(sold.seized_shares <= leg.shares && sold.seized_protected <= leg.protected, "{sold:?}");
    ensure!(wide(sold.seized_assets.0) <= worth(collateral, leg.shares), "{sold:?}");
    if let Message::Liquidate { most, .. } = scene.message {
        ensure!(sold.repaid.0 <= *most, "{sold:?}: more than {most}");
    }
    Ok(())
}

pub(super) fn no_dust(scene: &Scene<'_>) -> Checked {
    let Some((sold, debt, collateral)) = sale(scene)? else { return Ok(()) };
    let account = scene.after.account(&sold.borrower);
    let dust = wide(scene.before.root.dust.0);
    let id = |asset| scene.before.id(asset).ok_or("not listed");
    let (from, to) = (id(&sold.debt)?, id(&sold.collateral)?);
    let now = |id: weir_core::state::ReserveId| &scene.ripe[usize::from(id.0)];
    let owed = cost(now(from), account.debt(from)) * wide(debt.price.median.0) / ten(debt.decimals);
    // What was below dust before may still be, and cash that is not there leaves what it leaves.
    let rounding = unit(debt) * wide(2);
    // Where one side is taken whole the other is what it is: no more can be paid, or seized, for it.
    let short = is_short(scene, sold, collateral);
    let seized_all = short || account.supply(to).is_none();
    ensure!(owed.is_zero() || seized_all || owed + rounding >= dust, "a debt of {owed} is left");
    if let Some(leg) = account.supply(to) {
        let value = leg_value(now(to), leg, wide(collateral.price.median.0));
        let rounding = unit(collateral) * wide(2) + unit(debt) * wide(2);
        ensure!(
            value + rounding >= dust || short || owed.is_zero(),
            "a collateral of {value} is left"
        );
    }
    Ok(())
}

pub(super) fn drained(scene: &Scene<'_>) -> Checked {
    let Some((sold, ..)) = sale(scene)? else { return Ok(()) };
    let account = scene.after.account(&sold.borrower);
    ensure!(!account.supplies().is_empty() || !account.has_debt(), "{account:?}");
    ensure!(
        !scene.written_off() || (account.supplies().is_empty() && !account.has_debt()),
        "{account:?}"
    );
    Ok(())
}

pub(super) fn cut(scene: &Scene<'_>) -> Checked {
    let Some((sold, _, collateral)) = sale(scene)? else { return Ok(()) };
    let seized = wide(sold.seized_assets.0) + wide(sold.seized_protected.0);
    let without = seized * wide(WAD) / wide(WAD + sold.bonus.0);
    let part = wide(collateral.liquidation.insurance_cut.0.into());
    let most = ((seized - without) * part + wide(9_999)) / wide(10_000);
    ensure!(
        wide(sold.insurance_assets.0) == most.min(seized - without),
        "{sold:?}: {most} at most"
    );
    Ok(())
}

pub(super) fn tokens(scene: &Scene<'_>) -> Checked {
    let (Some(sold), Some(applied)) = (scene.liquidation(), scene.accepted()) else {
        return Ok(());
    };
    let two = |token| token == sold.debt || token == sold.collateral;
    ensure!(applied.transfers.iter().all(|moved| two(moved.token)), "{:?}", applied.transfers);
    Ok(())
}

pub(super) fn grace(scene: &Scene<'_>) -> Checked {
    let Some((_, debt, collateral)) = sale(scene)? else { return Ok(()) };
    for pause in [&scene.before.root.pause, &debt.pause, &collateral.pause] {
        if pause.operations & operation::LIQUIDATE == 0 {
            continue;
        }
        let now = scene.after.now.0;
        ensure!(now < pause.from.0 || now >= pause.until.0, "in a pause: {pause:?}");
        let grace = (pause.until.0 - pause.from.0).min(14_400);
        ensure!(now >= pause.until.0.saturating_add(grace), "in the grace of {pause:?}");
    }
    Ok(())
}

pub(super) fn bonus(scene: &Scene<'_>) -> Checked {
    let Some((sold, _, collateral)) = sale(scene)? else { return Ok(()) };
    let least = u128::from(collateral.liquidation.bonus_min.0) * (WAD / 10_000);
    let account = scene.before.account(&sold.borrower);
    let most = collateral.risk.bonus_max(account.category, collateral.liquidation.bonus_max);
    let most = u128::from(most.0.max(collateral.liquidation.bonus_min.0)) * (WAD / 10_000);
    ensure!((least..=most).contains(&sold.bonus.0), "{} is not in {least}..{most}", sold.bonus.0);
    Ok(())
}

pub(super) fn collusion(scene: &Scene<'_>) -> Checked {
    let Some((sold, _, collateral)) = sale(scene)? else { return Ok(()) };
    // What the collateral does not bear comes from the suppliers: no more than bonus_min of what is repaid.
    let totals = doubted(scene, sold);
    let least = wide(u128::from(collateral.liquidation.bonus_min.0) * (WAD / 10_000));
    let spare = totals.collateral.saturating_sub(totals.debt);
    let bearable = if totals.debt.is_zero() { wide(0) } else { spare * wide(WAD) / totals.debt };
    ensure!(wide(sold.bonus.0) <= least.max(bearable), "{} and {bearable}", sold.bonus.0);
    Ok(())
}

pub(super) fn after_borrow(scene: &Scene<'_>) -> Checked {
    for event in scene.events() {
        if let Event::Borrowed { party, .. } = event {
            let account = scene.after.account(&party.account);
            let was = scene.before.account(&party.account);
            // Who repays more in the same submission than he borrows is not refused, whatever his health.
            if !account.debts().iter().any(|leg| leg.shares > was.debt(leg.reserve)) {
                continue;
            }
            let is = values(&account, scene.ripe, scene.after.now, View::Median);
            ensure!(is.covers(), "{:?}: {is:?}", party.account);
        }
    }
    Ok(())
}

fn bad_debts<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a BadDebt> {
    scene.events().iter().filter_map(|event| match event {
        Event::BadDebt(bad) => Some(bad),
        _ => None,
    })
}

pub(super) fn who_writes_off(scene: &Scene<'_>) -> Checked {
    let may = matches!(scene.message, Message::Liquidate { .. } | Message::WriteOff { .. });
    ensure!(may || bad_debts(scene).next().is_none(), "a debt was written off");
    if let (Message::WriteOff { account, .. }, Some(_)) = (scene.message, scene.accepted()) {
        let who = scene.new.stage.who(*account);
        let was = values(&scene.before.account(&who), scene.accrued, scene.after.now, View::Median);
        ensure!(bad_debts(scene).next().is_some(), "nothing was written off");
        ensure!(
            !was.covers() || !scene.accrued.iter().all(|reserve| usable(scene, reserve)),
            "{was:?}"
        );
        let left = scene.after.account(&who);
        ensure!(left.supplies().is_empty() && !left.has_debt(), "{left:?}");
    }
    Ok(())
}

pub(super) fn written_off(scene: &Scene<'_>) -> Checked {
    for bad in bad_debts(scene) {
        ensure!(bad.insured.0 + bad.socialised.0 == bad.assets.0, "{bad:?}");
        let is = scene.is(&bad.asset)?;
        let exhausted = is.balances.insurance.is_zero() || bad.socialised.is_zero();
        // Forfeited collateral may fill the insurance again after a write-off; never before its own is spent.
        ensure!(exhausted, "{bad:?}: the insurance still holds {:?}", is.balances.insurance);
        let claims = worth(is, is.balances.supply.shares);
        ensure!(claims <= wide(is.balances.supply.assets.0), "{bad:?}: claims of {claims}");
    }
    Ok(())
}

pub(super) fn separate(scene: &Scene<'_>) -> Checked {
    for (was, is) in scene.accrued.iter().zip(&scene.after.reserves) {
        let spent = is.balances.insurance < was.balances.insurance;
        let touched = is.last_accrual == was.last_accrual;
        let own = bad_debts(scene).any(|bad| bad.asset == is.token);
        ensure!(!spent || own || !touched, "{:?} paid for another", is.token);
    }
    Ok(())
}
