//! Letting a supply count as collateral or not.

use crate::{
    error::{Code, Refusal, Word, refuse, refuse_one},
    event::Event,
    host::Host,
    state::{ReserveId, pause::operation, permission},
    submit::Session,
    units::Assets,
};

/// Switches the leg on (1) or off (0).
pub(crate) fn set_collateral<H: Host>(
    session: &mut Session<'_, H>,
    id: ReserveId,
    switch: Assets,
) -> Result<(), Refusal> {
    session.running(id, operation::COLLATERAL)?;
    session.authorised(permission::SETTINGS)?;
    let on = match switch.0 {
        0 => false,
        1 => true,
        other => return Err(refuse(Code::BadParameter, Word::from(6u8), Word::from(other))),
    };
    let category = session.account.category;
    if on && session.reserve(id)?.risk.threshold_of(category).target.is_zero() {
        return Err(refuse_one(Code::NotCollateral, Word::from(id)));
    }
    let Some(leg) = session.account.supply_mut(id) else {
        return Err(refuse_one(Code::NoLeg, Word::from(id)));
    };
    let was_out = leg.opted_out;
    leg.opted_out = !on;
    if on {
        session.pending.collateral = true;
    } else {
        session.less_collateral(id, was_out)?;
    }
    let party = session.party(id)?;
    session.emit(&Event::CollateralSet { party, on });
    Ok(())
}
