//! Choosing the category in which an account borrows.

use crate::{
    error::{Code, Refusal, Word, refuse},
    event::Event,
    host::Host,
    state::{pause::operation, permission},
    submit::{Request, Session, check_running},
    units::Assets,
};

/// Sets the category; 0 is none. Every debt must belong to it, and the collateral must carry the debt by its ratios.
pub(crate) fn set_category<H: Host>(
    session: &mut Session<'_, H>,
    category: Assets,
) -> Result<(), Refusal> {
    check_running(&session.root.pause, operation::CATEGORY, session.now)?;
    session.authorised(permission::SETTINGS)?;
    let Ok(category) = u8::try_from(category.0) else {
        return Err(refuse(Code::BadParameter, Word::from(7u8), Word::from(category)));
    };
    session.account.category = category;
    session.pending.category = true;
    session.pending.risk = true;
    session.pending.collateral = true;
    let Request { caller, account, .. } = *session.request;
    session.emit(&Event::CategorySet { account, caller, category });
    Ok(())
}
