//! I-IDX: interest.

use super::scene::{Scene, ensure};
use crate::{
    message::Message,
    wide::{Wide, wide},
    world::World,
};
use weir_core::{
    accrual::AccruedReserve,
    event::Event,
    interest::growth_taylor3,
    rates::{RateModel as _, Rates},
    reserves::accrue,
    shares::Totals,
    units::{Seconds, Timestamp, WAD, Wad, YEAR},
};

type Checked = Result<(), String>;

/// The two sides of price(is) ≥ price(was), with the virtual parts and `slack` shares forgiven.
fn prices(was: &Totals, is: &Totals, slack: u128) -> (Wide, Wide) {
    let all = |totals: &Totals| wide(totals.assets.0) + wide(1);
    let shares = |totals: &Totals| wide(totals.shares.0) + wide(1_000_000);
    (all(is) * shares(was), all(was) * shares(is).saturating_sub(wide(slack)))
}

pub(super) fn never_falls(scene: &Scene<'_>) -> Checked {
    // Each borrow rounds its debt shares up: they are more than was paid for by less than one share.
    let borrows =
        scene.events().iter().filter(|event| matches!(event, Event::Borrowed { .. })).count();
    let slack = u128::try_from(borrows).unwrap_or(0);
    for (was, is) in scene.before.reserves.iter().zip(&scene.after.reserves) {
        if was.balances == is.balances {
            continue;
        }
        let socialised = scene.events().iter().any(|event| {
            matches!(event, Event::BadDebt(bad) if bad.asset == is.token && !bad.socialised.is_zero())
        });
        let (higher, lower) = prices(&was.balances.supply, &is.balances.supply, 0);
        ensure!(socialised || higher >= lower, "supply {:?}: {was:?} {is:?}", is.token);
        // Once nothing is owed a debt begins again at its first price.
        let cleared = is.balances.debt.shares.is_zero()
            || scene.events().iter().any(|event| match event {
                Event::Repaid { party, .. } => party.asset == is.token,
                Event::Liquidated(sold) => sold.debt == is.token,
                _ => false,
            }) && borrows > 0;
        // What a first borrow rounded is carried on by a second one, to a larger total.
        let shares = |totals: &Totals| totals.shares.0 + 1_000_000;
        let grown = shares(&is.balances.debt) / shares(&was.balances.debt) + 1;
        let slack = if borrows > 1 { slack * grown } else { slack };
        let (higher, lower) = prices(&was.balances.debt, &is.balances.debt, slack);
        ensure!(cleared || higher >= lower, "debt {:?}: {was:?} {is:?}", is.token);
    }
    Ok(())
}

pub(super) fn who_raises(scene: &Scene<'_>) -> Checked {
    for (was, is) in scene.accrued.iter().zip(&scene.after.reserves) {
        if is.last_accrual != was.last_accrual || is.balances.debt.shares.is_zero() {
            continue;
        }
        // Beside accrual the debt share rises by rounding only: less than a unit for an event. A second event of the
        // same step would carry that on to a total of another size.
        let events = scene.events().iter().filter(|event| changes_debt(event, &is.token)).count();
        if events > 1 {
            continue;
        }
        let events = u128::try_from(events).unwrap_or(0);
        let mut most = is.balances.debt;
        most.assets.0 = most.assets.0.saturating_sub(events);
        let (higher, lower) = prices(&was.balances.debt, &most, 0);
        ensure!(
            higher <= lower || was.balances.debt.shares.is_zero(),
            "debt {:?}: {was:?} {is:?}",
            is.token
        );
    }
    Ok(())
}

fn changes_debt(event: &Event, token: &weir_core::address::Address) -> bool {
    match event {
        Event::Borrowed { party, .. } | Event::Repaid { party, .. } => party.asset == *token,
        Event::Liquidated(sold) => sold.debt == *token,
        Event::BadDebt(bad) => bad.asset == *token,
        _ => false,
    }
}

pub(super) fn second_accrual(scene: &Scene<'_>) -> Checked {
    for reserve in scene.ripe {
        let again = *AccruedReserve::new(*reserve, scene.after.now);
        ensure!(again == *reserve, "{:?} changed", reserve.token);
    }
    Ok(())
}

fn accrue_all(world: &mut World) -> Checked {
    let root = world.root;
    for id in 0..root.count() {
        let token =
            world.host.reserve(weir_core::state::ReserveId(id)).map_err(|_| "corrupt")?.token;
        accrue(&mut world.host, &root, &token).map_err(|refusal| format!("{refusal:?}"))?;
    }
    world.host.take_events();
    Ok(())
}

pub(super) fn accrued_before(scene: &Scene<'_>) -> Checked {
    if !matches!(
        scene.message,
        Message::Submit { .. } | Message::Liquidate { .. } | Message::WriteOff { .. }
    ) {
        return Ok(());
    }
    let mut first = scene.old.clone();
    accrue_all(&mut first)?;
    let result = first.apply(scene.message);
    let moved = |result: &Result<crate::world::Applied, _>| {
        result.as_ref().map(|applied| applied.transfers.clone()).map_err(|refusal| *refusal)
    };
    ensure!(moved(&result) == moved(scene.result), "{result:?} and {:?}", scene.result);
    let mut then = scene.new.clone();
    accrue_all(&mut then)?;
    ensure!(then.host.items() == first.host.items(), "another state");
    Ok(())
}

pub(super) fn clock(scene: &Scene<'_>) -> Checked {
    for (was, is) in scene.before.reserves.iter().zip(&scene.after.reserves) {
        ensure!(is.last_accrual >= was.last_accrual, "{:?} went back", is.token);
    }
    for is in &scene.after.reserves {
        ensure!(is.last_accrual <= scene.after.now, "{:?} is ahead", is.token);
    }
    Ok(())
}

pub(super) fn charged(scene: &Scene<'_>) -> Checked {
    for (was, ripe) in scene.after.reserves.iter().zip(scene.ripe) {
        let charged = ripe.balances.debt.assets.0 - was.balances.debt.assets.0;
        let credited = ripe.balances.supply.assets.0 - was.balances.supply.assets.0;
        ensure!(charged == credited, "{:?}: {charged} and {credited}", ripe.token);
    }
    Ok(())
}

pub(super) fn split(scene: &Scene<'_>) -> Checked {
    let Some(reserve) = scene.turned() else { return Ok(()) };
    let Rates::Kinked(_) = reserve.rates else { return Ok(()) };
    let debt = wide(reserve.balances.debt.assets.0);
    let elapsed = u32::try_from(scene.turn * 7_919 % 3_000_000).unwrap_or(0) + 2;
    let books = &reserve.balances;
    let used = weir_core::rates::utilisation(books.debt.assets, books.cash);
    let rate = reserve.rates.rate_now(used);
    let at = |seconds| Timestamp(reserve.last_accrual.0.saturating_add(seconds));
    let once = AccruedReserve::new(*reserve, at(elapsed));
    let half = AccruedReserve::new(*reserve, at(elapsed / 2));
    let twice = AccruedReserve::new(*half, at(elapsed));
    let interest = |later: &AccruedReserve| wide(later.balances.debt.assets.0) - debt;
    // One unit is lost by truncation, at most.
    let simple = debt * wide(rate.0) * wide(elapsed.into()) / wide(WAD);
    ensure!(interest(&once) + wide(1) >= simple, "{:?}: below simple interest", reserve.token);
    // Utilisation rises with the interest, and the rate with it: more often is never less, but for the truncations.
    let truncated = debt * wide(8) / wide(WAD) + wide(2);
    ensure!(
        interest(&twice) + truncated >= interest(&once),
        "{:?}: less by splitting",
        reserve.token
    );
    // e^x < 1 + x + x²/2 + x³/6 + x⁴/12 for x < 1; the growth stays below the exponential.
    let growth = growth_taylor3(rate, Seconds(elapsed));
    let x = wide(rate.0) * wide(elapsed.into());
    let one = wide(WAD);
    if x < one {
        let exponential = x
            + x * x / (one * wide(2))
            + x * x / one * x / (one * wide(6))
            + x * x / one * x / one * x / (one * wide(24));
        ensure!(wide(growth.0) <= exponential + wide(3), "above the exponential");
        ensure!(wide(growth.0) >= x, "below simple growth");
    }
    Ok(())
}

pub(super) fn ages(scene: &Scene<'_>) -> Checked {
    let Some(reserve) = scene.turned() else { return Ok(()) };
    // As far as a 32-bit clock goes at once, and as often as 10 000 years take.
    let mut old = *reserve;
    for _ in 0..74 {
        old.last_accrual = Timestamp(0);
        old = *AccruedReserve::new(old, Timestamp(u32::MAX));
        ensure!(
            old.balances.supply.assets >= reserve.balances.supply.assets,
            "{:?} shrank",
            reserve.token
        );
    }
    ensure!(74 * u64::from(u32::MAX) > 10_000 * u64::from(YEAR), "too short");
    Ok(())
}

pub(super) fn monotone(scene: &Scene<'_>) -> Checked {
    let Some(reserve) = scene.turned() else { return Ok(()) };
    let step = |turn: u64| Wad(u128::from(turn * 104_729 % 1_000_001) * (WAD / 1_000_000));
    let (one, other) = (step(scene.turn), step(scene.turn + 1));
    let rate = |used| reserve.rates.rate_now(used);
    ensure!(
        (one <= other) == (rate(one) <= rate(other)) || rate(one) == rate(other),
        "{:?}",
        reserve.rates
    );
    // 800 % a year at most, or four times the highest rate at target.
    let most = Wad(8 * WAD / u128::from(YEAR) + 1);
    ensure!(rate(Wad(WAD)) <= most, "{:?}: {:?}", reserve.rates, rate(Wad(WAD)));
    Ok(())
}

pub(super) fn adaptive(scene: &Scene<'_>) -> Checked {
    for (was, is) in scene.before.reserves.iter().zip(scene.ripe) {
        let (Rates::Adaptive(from), Rates::Adaptive(to)) = (was.rates, is.rates) else { continue };
        if from.rate_at_target() == 0
            || was.last_accrual == is.last_accrual
            || was.balances != before_of(is, scene)
        {
            continue;
        }
        let books = &was.balances;
        let all = wide(books.cash.0) + wide(books.debt.assets.0);
        let (used, target) = (wide(books.debt.assets.0) * wide(10), all * wide(9));
        let (from, to) = (from.rate_at_target(), to.rate_at_target());
        let right = if used > target { to >= from } else { to <= from };
        ensure!(right, "{:?}: {from} to {to}", is.token);
    }
    Ok(())
}

/// The books of the same reserve as they are stored after the step: interest of one period only is looked at.
fn before_of(is: &weir_core::state::Reserve, scene: &Scene<'_>) -> weir_core::state::Balances {
    scene.after.reserve(&is.token).map(|reserve| reserve.balances).unwrap_or_default()
}
