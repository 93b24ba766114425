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
