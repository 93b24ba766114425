//! Caps and flow limits. They refuse new risk only and never hold an exit back.
//!
//! The last tenth of a supply cap, a protected cap and an inflow limit is open to accounts with debt only, so that
//! nobody can keep a borrower from topping up.

use crate::{
    error::{Code, Refusal, Word, refuse},
    state::limits::{Bucket, Cap},
    units::Assets,
};

/// Refuses a total above its cap.
pub(super) fn check_cap(
    code: Code,
    total: Assets,
    cap: Cap,
    has_debt: bool,
) -> Result<(), Refusal> {
    let most = if has_debt { cap.assets() } else { cap.open_part() };
    if total > most {
        return Err(refuse(code, Word::from(total), Word::from(most)));
    }
    Ok(())
}

/// Counts what flows in, or refuses it.
pub(super) fn flow_in(bucket: &mut Bucket, amount: Assets, has_debt: bool) -> Result<(), Refusal> {
    let most = if has_debt { bucket.cap.assets() } else { bucket.cap.open_part() };
    flow(bucket, amount, most, Code::InflowLimit)
}

/// Counts what flows out, or refuses it.
pub(super) fn flow_out(bucket: &mut Bucket, amount: Assets) -> Result<(), Refusal> {
    let most = bucket.cap.assets();
    flow(bucket, amount, most, Code::OutflowLimit)
}

fn flow(bucket: &mut Bucket, amount: Assets, most: Assets, code: Code) -> Result<(), Refusal> {
    if let Some(room) = bucket.room(most) {
        if amount > room {
            return Err(refuse(code, Word::from(amount), Word::from(room)));
        }
        bucket.add(amount);
    }
    Ok(())
}
