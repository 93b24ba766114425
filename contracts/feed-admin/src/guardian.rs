//! What the guardian may do: freeze an asset for a while.

use crate::events;
use weir_core::feed::{FeedRoot, FreezeRefused};
use weir_shell::chain;
use weir_shell::feed::arguments::Freeze;
use weir_shell::feed::items;
use weir_shell::feed::push::Prices;
use weir_shell::feed::refuse::{Refusal, refuse, refuse_one};

/// Freezes an asset for some seconds and tells the pools. The governor may as well, on the same account of time.
pub fn freeze(root: &FeedRoot, input: &Freeze) {
    let caller = chain::caller();
    if caller != root.guardian && caller != root.governor {
        refuse(Refusal::NotGuardian, (&caller).into(), (&root.guardian).into());
    }
    let now = items::now();
    let mut state = items::load(&input.asset);
    let mut control = items::control();
    let frozen = control.freezes.take(input.duration, now).map_err(FreezeRefused::from);
    let frozen = frozen.and_then(|until| Ok((until, state.freeze(until, now)?)));
    let (until, push) = match frozen {
        Ok(frozen) => frozen,
        Err(FreezeRefused::Duration(left)) => {
            refuse(Refusal::BadFreeze, input.duration.into(), left.into())
        }
        Err(FreezeRefused::Frozen) => refuse_one(Refusal::AlreadyFrozen, &input.asset),
    };
    items::store_control(&control);
    items::store(&input.asset, &state);
    events::frozen(&input.asset, until);
    let mut prices = Prices::new();
    if let Some(push) = push {
        prices.add(&input.asset, &push);
    }
    prices.tell(root.subscribers());
}
