//! I-CTL, I-OR, I-GRF: roles, pauses, parameters, prices.

use super::scene::{Scene, ensure};
use crate::message::{Message, Step};
use weir_core::{
    address::Address,
    error::Code,
    event::Event,
    feed::Status,
    state::{Account, Flags, Reserve, Root, pause::operation},
};

type Checked = Result<(), String>;

/// Which bit stops what an event tells, and the reserve in which it does.
fn bit_of(event: &Event) -> Option<(u16, Option<Address>)> {
    Some(match event {
        Event::Supplied { party, .. } => (operation::SUPPLY, Some(party.asset)),
        Event::Withdrawn { party, .. } => (operation::WITHDRAW, Some(party.asset)),
        Event::Borrowed { party, .. } => (operation::BORROW, Some(party.asset)),
        Event::CollateralSet { party, .. } => (operation::COLLATERAL, Some(party.asset)),
        Event::CategorySet { .. } => (operation::CATEGORY, None),
        Event::FlashLoaned { asset, .. } => (operation::FLASH, Some(*asset)),
        _ => return None,
    })
}

pub(super) fn paused(scene: &Scene<'_>) -> Checked {
    let now = scene.after.now;
    if matches!(scene.message, Message::Submit { .. } | Message::Flash { .. }) {
        for event in scene.events() {
            let Some((bit, asset)) = bit_of(event) else { continue };
            ensure!(!scene.before.root.pause.holds(bit, now), "{event:?} in a pause");
            if let Some(reserve) = asset.and_then(|asset| scene.before.reserve(&asset)) {
                ensure!(!reserve.pause.holds(bit, now), "{event:?} in a pause");
            }
        }
    }
    // What cannot be paused is never refused for that.
    if let (Message::Submit { steps, .. }, Err(refusal)) = (scene.message, scene.result) {
        let free = |(kind, ..): &Step| matches!(kind, 1 | 2 | 4);
        ensure!(refusal.code() != Code::Paused || !steps.iter().all(free), "{:?}", scene.message);
    }
    if matches!(scene.message, Message::Accrue { .. }) {
        let refused = scene.result.as_ref().err().map(|refusal| refusal.code());
        ensure!(matches!(refused, None | Some(Code::UnknownAsset)), "{refused:?}");
    }
    Ok(())
}

pub(super) fn guardian(scene: &Scene<'_>) -> Checked {
    let Message::Pause { caller, .. } = scene.message else { return Ok(()) };
    let who = scene.new.stage.who(*caller);
    let root = &scene.before.root;
    ensure!(
        scene.accepted().is_none() || who == root.guardian || who == root.governor,
        "a pause of {who:?}"
    );
    let stricter = |was: &weir_core::state::pause::Pause, is: &weir_core::state::pause::Pause| {
        let held = if was.holds(operation::ALL, scene.after.now) { was.operations } else { 0 };
        is.operations & held == held && (held == 0 || is.until >= was.until)
    };
    ensure!(stricter(&root.pause, &scene.after.root.pause), "{root:?}");
    for (was, is) in scene.accrued.iter().zip(scene.ripe) {
        ensure!(stricter(&was.pause, &is.pause), "{:?} {:?}", was.pause, is.pause);
        let rest = Reserve { pause: was.pause, ..*is };
        ensure!(rest == *was, "a pause changed something else: {was:?} {is:?}");
    }
    let mut rest = scene.after.root;
    rest.pause = root.pause;
    ensure!(rest == *root, "a pause changed something else");
    ensure!(scene.before.accounts == scene.after.accounts, "a pause changed an account");
    Ok(())
}

pub(super) fn caps(scene: &Scene<'_>) -> Checked {
    let (Message::Submit { account, steps, .. }, Err(refusal)) = (scene.message, scene.result)
    else {
        return Ok(());
    };
    let capped = matches!(
        refusal.code(),
        Code::SupplyCap | Code::BorrowCap | Code::ProtectedCap | Code::InflowLimit
    );
    let exit = |(kind, ..): &Step| matches!(kind, 2..=4);
    ensure!(!capped || !steps.iter().all(exit), "{refusal:?} of an exit");
    let free = !scene.before.account(&scene.new.stage.who(*account)).has_debt();
    let counted = refusal.code() == Code::OutflowLimit && free && steps.iter().all(exit);
    ensure!(!counted, "{refusal:?} of somebody without debt");
    Ok(())
}

pub(super) fn relations(scene: &Scene<'_>) -> Checked {
    let root = &scene.after.root;
    ensure!(
        root.dust <= root.min_debt && (10_001..=15_000).contains(&root.target_health.0),
        "{root:?}"
    );
    for reserve in &scene.after.reserves {
        let risk = &reserve.risk;
        let bonus = u64::from(reserve.liquidation.bonus_max.0);
        let threshold = u64::from(risk.threshold.target.0);
        let counts = reserve.flags.has(Flags::COLLATERAL);
        ensure!(!counts || risk.ltv < risk.threshold.target, "{risk:?}");
        ensure!(counts || (risk.ltv.is_zero() && threshold == 0), "{risk:?}");
        let seized = threshold * (10_000 + bonus);
        ensure!(seized < 100_000_000, "{risk:?}: {bonus}");
        ensure!(u64::from(root.target_health.0) * 10_000 > seized, "{risk:?}: {root:?}");
        ensure!(
            reserve.liquidation.bonus_min <= reserve.liquidation.bonus_max,
            "{:?}",
            reserve.liquidation
        );
        ensure!(
            reserve.fees.fee.0 <= 5_000 && reserve.fees.flash_fee.0 <= 1_000,
            "{:?}",
            reserve.fees
        );
        ensure!(
            reserve.ages.strict > 0 && reserve.ages.strict <= reserve.ages.long,
            "{:?}",
            reserve.ages
        );
        if let weir_core::rates::Rates::Kinked(model) = reserve.rates {
            ensure!((1..10_000).contains(&model.optimal().0), "{model:?}");
            ensure!(model.slope1() <= model.slope2(), "{model:?}");
        }
        let now = risk.threshold_at(0, scene.after.now);
        ensure!(reserve.ltv_at(0, scene.after.now) <= now, "{risk:?} at {now:?}");
    }
    Ok(())
}

pub(super) fn governor(scene: &Scene<'_>) -> Checked {
    let (was, is) = (&scene.before.root, &scene.after.root);
    for holder in [is.governor, is.guardian, is.steward, is.feed, is.admin] {
        ensure!(!holder.is_zero(), "nobody holds a role: {is:?}");
    }
    let same = was.governor == is.governor && was.guardian == is.guardian && was.feed == is.feed;
    ensure!(same || matches!(scene.message, Message::Role { .. }), "{:?}", scene.message);
    if let (true, Some(_)) = (scene.message.is_administration(), scene.accepted()) {
        let caller = match scene.message {
            Message::Unpause { caller, .. }
            | Message::Parameters { caller, .. }
            | Message::Limits { caller, .. }
            | Message::Role { caller, .. }
            | Message::Collect { caller, .. }
            | Message::List { caller, .. } => *caller,
            _ => return Ok(()),
        };
        ensure!(scene.new.stage.who(caller) == was.governor, "{:?}", scene.message);
    }
    Ok(())
}

pub(super) fn decodes(scene: &Scene<'_>) -> Checked {
    for (key, item) in scene.new.host.items() {
        ensure!(item.len() <= weir_core::state::MAX_ITEM, "{} bytes", item.len());
        let same = match key.first() {
            Some(b'r') => Reserve::decode(item).map(|reserve| reserve.encode()[..] == item[..]),
            Some(b'a') => {
                Account::decode(item).map(|account| account.encode().as_slice() == &item[..])
            }
            Some(0) => Root::decode(item).map(|root| root.encode()[..] == item[..]),
            _ => Ok(true),
        };
        ensure!(same == Ok(true), "the item under {key:?}");
    }
    Ok(())
}

/// Whether a price will do for new risk.
fn fit(scene: &Scene<'_>, reserve: &Reserve) -> bool {
    let price = &reserve.price;
    let young = scene.after.now.0.saturating_sub(price.time.0) <= u32::from(reserve.ages.strict);
    price.status == Status::Ok && !price.median.is_zero() && young
}

pub(super) fn prices(scene: &Scene<'_>) -> Checked {
    let Message::Submit { account, steps, .. } = scene.message else { return Ok(()) };
    let who = scene.new.stage.who(*account);
    for event in scene.events() {
        if let Event::Borrowed { party, .. } = event {
            let account = scene.after.account(&party.account);
            for leg in account.debts() {
                let reserve = &scene.after.reserves[usize::from(leg.reserve.0)];
                ensure!(fit(scene, reserve), "borrowed at {:?}", reserve.price);
            }
        }
    }
    if let Err(refusal) = scene.result {
        let of_price =
            matches!(refusal.code(), Code::PriceMissing | Code::PriceStale | Code::PriceNotUsable);
        let paying_in = |(kind, ..): &Step| matches!(kind, 0..=2);
        let leaving = |(kind, ..): &Step| matches!(kind, 0..=4 | 6 | 7);
        let free = !scene.before.account(&who).has_debt();
        ensure!(!of_price || !steps.iter().all(paying_in), "{refusal:?} of {steps:?}");
        ensure!(!of_price || !free || !steps.iter().all(leaving), "{refusal:?} of {steps:?}");
        let id = refusal.a().as_u128().and_then(|id| usize::try_from(id).ok());
        if let (true, Some(reserve)) = (of_price, id.and_then(|id| scene.accrued.get(id))) {
            ensure!(!fit(scene, reserve), "{refusal:?} of a fit price");
        }
    }
    Ok(())
}

pub(super) fn one_price(scene: &Scene<'_>) -> Checked {
    if matches!(scene.message, Message::Prices { .. }) {
        return Ok(());
    }
    for (was, is) in scene.before.reserves.iter().zip(&scene.after.reserves) {
        ensure!(was.price == is.price, "{:?}: the price moved", is.token);
    }
    Ok(())
}

pub(super) fn price_time(scene: &Scene<'_>) -> Checked {
    for (was, is) in scene.before.reserves.iter().zip(&scene.after.reserves) {
        ensure!(is.price.time <= scene.after.now, "{:?} is of the future", is.token);
        let later = (is.price.time, is.price.round) > (was.price.time, was.price.round);
        ensure!(was.price == is.price || later, "{:?} went back", is.token);
    }
    Ok(())
}

pub(super) fn strangers(scene: &Scene<'_>) -> Checked {
    let (Message::Submit { caller, account, .. }, Some(_)) = (scene.message, scene.accepted())
    else {
        return Ok(());
    };
    if caller == account {
        return Ok(());
    }
    let (caller, owner) = (scene.new.stage.who(*caller), scene.new.stage.who(*account));
    let (was, is) = (scene.before.account(&owner), scene.after.account(&owner));
    let granted = scene
        .old
        .host
        .items()
        .get(&weir_core::state::keys::operator(&owner, &caller)[..])
        .and_then(|item| weir_core::state::Grant::decode(item).ok())
        .map_or(0, |grant| grant.at(scene.after.now));
    if granted == 0 {
        let opened = is.supplies().iter().any(|leg| was.supply(leg.reserve).is_none());
        ensure!(!opened && was.category == is.category, "{owner:?} by {caller:?}");
        let worse = is.debts().iter().any(|leg| leg.shares > was.debt(leg.reserve));
        ensure!(!worse, "{owner:?} owes more by {caller:?}");
        for leg in was.supplies() {
            let kept = is.supply(leg.reserve).copied().unwrap_or_default();
            let same = kept.opted_out == leg.opted_out;
            ensure!(
                same && kept.shares >= leg.shares && kept.protected >= leg.protected,
                "{owner:?}"
            );
        }
    }
    Ok(())
}
