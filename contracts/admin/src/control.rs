//! Roles, pauses and limits: `weir-core` decides, here the root is stored and the event emitted.

use crate::{
    arguments::{Pause, SetLimits, SetRole, Unpause},
    events,
    reserves::store_root,
};
use weir_core::{
    address::Address,
    control::{self, Role},
    error::{Code, Refusal, Word, refuse_one},
    feed::{Push, Status},
    state::Root,
    units::{Bps, Price, Timestamp, Value},
};
use weir_shell::{
    chain::{self, Entry},
    host::Chain,
    reader::Reader,
};

const ROUND: [u8; 4] = ink::codegen::sol::selector_bytes("round(address)");

/// Hands a role over, or offers it where it is the governor's own.
///
/// # Errors
/// Those of [`control::set_role`], `BadParameter`; `NotContract` for code that is not there, which would succeed with
/// nothing done.
pub fn set_role(chain: &mut Chain, root: &mut Root, input: &SetRole) -> Result<(), Refusal> {
    let caller = chain::caller();
    root.govern(&caller)?;
    let role = Role::from_code(input.role)?;
    if role == Role::Admin && !chain::has_code(&input.holder) {
        return Err(refuse_one(Code::NotContract, Word::from(&input.holder)));
    }
    let previous = control::set_role(chain, root, &caller, role, input.holder, ask(&input.holder))?;
    if role == Role::Governor {
        events::governor_offered(&input.holder);
        return Ok(());
    }
    store_root(root);
    events::role_set(input.role, &input.holder, &previous);
    Ok(())
}

/// How a feed is asked for the price of a token; whoever answers something else than a round has none.
fn ask(feed: &Address) -> impl Fn(&Address) -> Option<Push> {
    move |asset| {
        let (mut input, mut output) = ([0; 4 + 32], [0; 10 * 32]);
        let (selector, word) = input.split_at_mut(4);
        selector.copy_from_slice(&ROUND);
        word.copy_from_slice(&Word::from(asset).to_be_bytes());
        let (answered, round) = chain::call(Entry::ReadOnly, feed, &input, &mut output);
        let mut round = Reader::new(round, 0);
        let (median, time) = (Price(round.u128()), Timestamp(round.u32()));
        let (round_number, status) = (round.u32(), Status::from_code(round.u8()));
        let sound = answered.is_ok() && round.is_sound();
        let price = Push { median, time, round: round_number, status: status?, ..Push::default() };
        sound.then_some(price)
    }
}

/// The caller takes the governor's role that he was offered.
///
/// # Errors
/// Those of [`control::accept`].
pub fn accept_governor(chain: &mut Chain, root: &mut Root) -> Result<(), Refusal> {
    let caller = chain::caller();
    let previous = control::accept(chain, root, &caller)?;
    store_root(root);
    events::role_set(0, &caller, &previous);
    Ok(())
}

/// Pauses operations of a reserve, or everywhere.
///
/// # Errors
/// Those of [`control::pause`].
pub fn pause(chain: &mut Chain, root: &mut Root, input: &Pause) -> Result<(), Refusal> {
    let Pause { asset, operations, duration } = input;
    let pause = control::pause(chain, root, &chain::caller(), asset, *operations, *duration)?;
    store_root(root);
    events::pause_set(asset, &pause);
    Ok(())
}

/// Lifts a pause.
///
/// # Errors
/// Those of [`control::unpause`].
pub fn unpause(chain: &mut Chain, root: &mut Root, input: &Unpause) -> Result<(), Refusal> {
    let Unpause { asset, operations } = input;
    let pause = control::unpause(chain, root, &chain::caller(), asset, *operations)?;
    store_root(root);
    events::pause_set(asset, &pause);
    Ok(())
}

/// Sets what holds everywhere.
///
/// # Errors
/// `NotGovernor`, `BadParameter`.
pub fn set_limits(root: &mut Root, input: &SetLimits) -> Result<(), Refusal> {
    let governor = root.govern(&chain::caller())?;
    let target_health = Bps(input.target_health);
    root.set_limits(governor, Value(input.dust), Value(input.min_debt), target_health)?;
    store_root(root);
    events::limits_set(root);
    Ok(())
}
