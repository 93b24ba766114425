//! Roles, pauses and limits: `weir-core` decides, here the root is stored and the event emitted.

use crate::{
    arguments::{Pause, SetLimits, SetRole, Unpause},
    events,
    reserves::store_root,
};
use weir_core::{
    control::{self, Role},
    error::{Code, Refusal, Word, refuse_one},
    state::Root,
    units::{Bps, Value},
};
use weir_shell::{chain, host::Chain};

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
    let previous = control::set_role(chain, root, &caller, role, input.holder)?;
    if role == Role::Governor {
        events::governor_offered(&input.holder);
        return Ok(());
    }
    store_root(root);
    events::role_set(input.role, &input.holder, &previous);
    Ok(())
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
