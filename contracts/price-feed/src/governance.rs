//! What only the governor may do.

use crate::arguments::{AddAsset, SetReporters, Subscribe};
use crate::refuse::{Refusal, refuse, refuse_one, refuse_plain};
use crate::{events, items};
use weir_core::address::Address;
use weir_core::error::Word;
use weir_core::feed::{
    FeedAsset, FeedRoot, MAX_REPORTERS, MAX_SUBSCRIBERS, RootRefused, Settings, Subscriber,
};
use weir_core::units::{Bps, Price};
use weir_shell::chain;

/// Refuses everybody but the governor.
pub fn only_governor(root: &FeedRoot) {
    let caller = chain::caller();
    if caller != root.governor {
        refuse(Refusal::NotGovernor, (&caller).into(), (&root.governor).into());
    }
}

/// Lists an asset.
pub fn add_asset(root: &mut FeedRoot, input: &AddAsset) {
    if items::find(&input.asset).is_some() {
        refuse_one(Refusal::AlreadyListed, &input.asset);
    }
    let Some(settings) = Settings::new(Bps(input.max_step), Price(input.low), Price(input.high))
    else {
        refuse(Refusal::BadParameter, 0u8.into(), input.max_step.into());
    };
    items::append_listed(root.asset_count, &input.asset);
    items::store(&input.asset, &FeedAsset::new(settings));
    match root.asset_count.checked_add(1) {
        Some(count) => root.asset_count = count,
        None => refuse_plain(Refusal::Overflow),
    }
    events::asset_added(&input.asset, &settings);
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

/// Replaces the reporters and forgets their reports, which belong to the old places in the list.
pub fn set_reporters(root: &mut FeedRoot, input: &SetReporters) {
    let given = input.reporters.given;
    let reporters = input.reporters.get().unwrap_or_else(|| {
        refuse_root(RootRefused::Reporters, &Address::ZERO, given, input.quorum)
    });
    if let Err(refused) = root.set_reporters(reporters, input.quorum) {
        refuse_root(refused, &Address::ZERO, given, input.quorum);
    }
    items::each_listed(root.asset_count, |asset| {
        let mut state = items::load(&asset);
        state.forget_reports();
        items::store(&asset, &state);
    });
    events::reporters_set(reporters, input.quorum);
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

/// Names what is wrong with a change of the root.
pub fn refuse_root(refused: RootRefused, pool: &Address, given: usize, quorum: u8) -> ! {
    let given = count(given);
    match refused {
        RootRefused::Reporters => refuse(Refusal::TooManyReporters, given, count(MAX_REPORTERS)),
        RootRefused::Quorum => refuse(Refusal::BadQuorum, quorum.into(), given),
        RootRefused::Subscribers => {
            refuse(Refusal::TooManySubscribers, given, count(MAX_SUBSCRIBERS))
        }
        RootRefused::Pool => refuse_one(Refusal::AlreadyListed, pool),
    }
}

/// A count as a word of an error.
pub fn count(value: usize) -> Word {
    u128::try_from(value).unwrap_or(u128::MAX).into()
}
