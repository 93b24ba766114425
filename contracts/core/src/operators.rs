//! Naming those who may act for an account.

use crate::{
    address::Address,
    error::{Code, Refusal, Word, refuse, refuse_one},
    event::Event,
    host::Host,
    state::{Grant, permission},
    units::Timestamp,
};

/// Lets `operator` do things for `account`, who called, while now < `expiry` (seconds); no permission takes back what
/// was granted before, whatever the expiry. There is no other way to name one: an operator cannot name operators.
///
/// # Errors
/// `ZeroAddress` for nobody; `BadParameter` with the place of the argument for an account that names itself (0), for
/// bits that mean nothing (1), and for an expiry that has passed (2).
pub fn set_operator<H: Host>(
    host: &mut H,
    account: &Address,
    operator: &Address,
    permissions: u8,
    expiry: Timestamp,
) -> Result<(), Refusal> {
    if operator.is_zero() {
        return Err(refuse_one(Code::ZeroAddress, Word::from(0_u8)));
    }
    if operator == account {
        return Err(refuse(Code::BadParameter, Word::from(0_u8), Word::from(operator)));
    }
    if permissions & !permission::ALL != 0 {
        return Err(refuse(Code::BadParameter, Word::from(1_u8), Word::from(permissions)));
    }
    let grant = if permissions == 0 { Grant::default() } else { Grant { permissions, expiry } };
    if permissions != 0 && expiry <= host.now() {
        return Err(refuse(Code::BadParameter, Word::from(2_u8), Word::from(expiry.0)));
    }
    host.store_grant(account, operator, &grant);
    host.emit(&Event::OperatorSet { account: *account, operator: *operator, grant });
    Ok(())
}

#[cfg(test)]
mod tests;
