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

/// Hands a role over.
///
/// # Errors
/// `NotGovernor`, `BadParameter`, `ZeroAddress`; `NotContract` for code that is not there, which would succeed with
/// nothing done.
pub fn set_role(root: &mut Root, input: &SetRole) -> Result<(), Refusal> {
    let governor = root.govern(&chain::caller())?;
    let role = Role::from_code(input.role)?;
    if role == Role::Admin && !chain::has_code(&input.holder) {
        return Err(refuse_one(Code::NotContract, Word::from(&input.holder)));
    }
    let previous = root.set_role(governor, role, input.holder)?;
    store_root(root);
    events::role_set(input.role, &input.holder, &previous);
    Ok(())
}

/// Pauses operations of a reserve, or everywhere.
///
/// # Errors
/// Those of [`weir_core::state::pause::Pause::extended`], `NotGovernor`, `UnknownAsset`.
pub fn pause(chain: &mut Chain, root: &mut Root, input: &Pause) -> Result<(), Refusal> {
    let guard = root.guard(&chain::caller())?;
    let pause = control::change_pause(chain, root, &input.asset, |pause, now| {
        pause.extended(guard, input.operations, input.duration, now)
    })?;
    store_root(root);
    events::pause_set(&input.asset, &pause);
    Ok(())
}

/// Lifts a pause.
///
/// # Errors
/// Those of [`weir_core::state::pause::Pause::lifted`], `NotGovernor`, `UnknownAsset`.
pub fn unpause(chain: &mut Chain, root: &mut Root, input: &Unpause) -> Result<(), Refusal> {
    let governor = root.govern(&chain::caller())?;
    let pause = control::change_pause(chain, root, &input.asset, |pause, now| {
        pause.lifted(governor, input.operations, now)
    })?;
    store_root(root);
    events::pause_set(&input.asset, &pause);
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
