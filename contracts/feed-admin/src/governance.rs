//! What only the governor may do.

use crate::events;
use weir_core::address::Address;
use weir_core::feed::{
    BOND_DELAY, BadSettings, FeedAsset, FeedRoot, MAX_STEP, Rate, RootRefused, Settings, Subscriber,
};
use weir_core::units::{Bps, Price, Timestamp};
use weir_shell::chain;
use weir_shell::feed::arguments::{Bounds, SetRate, SetReporters, Subscribe};
use weir_shell::feed::refuse::{Refusal, refuse, refuse_one, refuse_plain, refuse_root};
use weir_shell::feed::{items, rate};

/// Refuses everybody but the governor.
pub fn only_governor(root: &FeedRoot) {
    let caller = chain::caller();
    if caller != root.governor {
        refuse(Refusal::NotGovernor, (&caller).into(), (&root.governor).into());
    }
}

/// The bounds of an asset; refuses those that cannot be.
fn settings(input: &Bounds) -> Settings {
    match Settings::new(Bps(input.max_step), Price(input.low), Price(input.high)) {
        Ok(settings) => settings,
        Err(BadSettings::Step) => {
            refuse(Refusal::BadStep, input.max_step.into(), MAX_STEP.0.into())
        }
        Err(BadSettings::Bounds) => refuse(Refusal::BadBounds, input.low.into(), input.high.into()),
    }
}

/// Lists an asset.
pub fn add_asset(root: &mut FeedRoot, input: &Bounds) {
    if items::find(&input.asset).is_some() {
        refuse_one(Refusal::AlreadyListed, &input.asset);
    }
    let settings = settings(input);
    items::append_listed(root.asset_count, &input.asset);
    items::store(&input.asset, &FeedAsset::new(settings));
    match root.asset_count.checked_add(1) {
        Some(count) => root.asset_count = count,
        None => refuse_plain(Refusal::Overflow),
    }
    events::asset_added(&input.asset, &settings);
}

/// Replaces the bounds of an asset. What was accepted stays; the next round is judged by the new ones.
pub fn set_bounds(input: &Bounds) {
    let mut state = items::load(&input.asset);
    state.settings = settings(input);
    items::store(&input.asset, &state);
    events::bounds_set(&input.asset, &state.settings);
}

/// Replaces where the asset's rate is read and how it may grow, from now on; the zero address: it has none.
pub fn set_rate(input: &SetRate) {
    let SetRate { asset, source, selector, start, growth } = input;
    let mut state = items::load(asset);
    state.rate = None;
    if !source.is_zero() {
        let new = Rate::new(*source, *selector, *start, Bps(*growth), items::now());
        let Some(new) = new else {
            refuse(Refusal::BadRate, (*start).into(), (*growth).into());
        };
        if rate::read(&new).is_none() {
            refuse(Refusal::RateUnread, asset.into(), source.into());
        }
        state.rate = Some(new);
    }
    items::store(asset, &state);
    events::rate_set(asset, state.rate.as_ref());
}

/// Tells a pool from now on.
pub fn subscribe(root: &mut FeedRoot, input: &Subscribe) {
    if !chain::has_code(&input.pool) {
        refuse_one(Refusal::NotContract, &input.pool);
    }
    let subscriber =
        Subscriber { pool: input.pool, ref_time: input.ref_time, proof_size: input.proof_size };
    if let Err(refused) = root.subscribe(subscriber) {
        refuse_root(refused, &input.pool, root.subscribers().len(), 0);
    }
    events::subscribed(&input.pool);
}

/// Tells a pool no longer.
pub fn unsubscribe(root: &mut FeedRoot, pool: &Address) {
    if root.unsubscribe(pool).is_err() {
        refuse_one(Refusal::NotSubscribed, pool);
    }
    events::unsubscribed(pool);
}

/// Replaces the reporters and forgets their reports, which belong to the old places in the list. Each must have lodged
/// his bond; nobody is suspended then. Who reported before has his bond back after [`BOND_DELAY`].
pub fn set_reporters(root: &mut FeedRoot, input: &SetReporters) {
    let given = input.reporters.given;
    let refuse_list = |refused| refuse_root(refused, &Address::ZERO, given, input.quorum);
    let Some(reporters) = input.reporters.get() else { refuse_list(RootRefused::Reporters) };
    let before = *root;
    if let Err(refused) = root.set_reporters(reporters, input.quorum) {
        refuse_list(refused);
    }
    let bonds = items::control().bonds;
    for reporter in reporters {
        if let Err(refused) = bonds.admit(reporter, &items::bond(reporter)) {
            refuse_list(refused);
        }
    }
    let released = Timestamp(items::now().0.saturating_add(BOND_DELAY));
    for reporter in before.reporters().iter().filter(|old| root.reporter(old).is_none()) {
        let mut bond = items::bond(reporter);
        if bond.amount != 0 {
            bond.released = released;
            items::store_bond(reporter, &bond);
        }
    }
    items::each_listed(root.asset_count, |asset| {
        let mut state = items::load(&asset);
        state.forget_reports();
        items::store(&asset, &state);
    });
    events::reporters_set(reporters, input.quorum);
}

/// Names who may freeze assets.
pub fn set_guardian(root: &mut FeedRoot, guardian: &Address) {
    require_somebody(guardian);
    root.guardian = *guardian;
    events::guardian_set(guardian);
}

/// Offers the role; the one before stays until it is accepted. The zero address takes an offer back.
pub fn offer_governor(to: &Address) {
    let mut control = items::control();
    control.offered = *to;
    items::store_control(&control);
    events::governor_offered(to);
}

/// Takes the role over.
pub fn accept_governor(root: &mut FeedRoot) {
    let caller = chain::caller();
    let mut control = items::control();
    match control.accept(&caller) {
        Ok(governor) => root.governor = governor,
        Err(offered) => refuse(Refusal::NotOffered, (&caller).into(), (&offered).into()),
    }
    items::store_control(&control);
    events::governor_set(&caller);
}

/// Lets a frozen asset take rounds again.
pub fn rearm(asset: &Address) {
    let mut state = items::load(asset);
    if !state.rearm() {
        refuse_one(Refusal::NotFrozen, asset);
    }
    items::store(asset, &state);
    events::rearmed(asset);
}

fn require_somebody(address: &Address) {
    if address.is_zero() {
        refuse_plain(Refusal::ZeroAddress);
    }
}
