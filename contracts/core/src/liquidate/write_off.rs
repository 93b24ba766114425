//! Writing off an account that no liquidation would pay for: what is left of its collateral is worth less than dust.

use super::{bad_debt::Estate, check_liquidations};
use crate::{
    address::Address,
    book::Book,
    error::{Code, Refusal, Word, refuse, refuse_one, refuse_plain},
    health::{View, collateral_price, leg_value, values},
    host::Host,
    state::{Account, Root},
    units::{Timestamp, Value},
};

/// Gives what is left of the account's collateral to the insurance of its reserves and writes all its debt off, each in
/// its own reserve. Anyone may ask for it. Every price that is not fit for a liquidation is counted in favour of the
/// account.
///
/// # Errors
/// `NothingOwed`; `Paused` and `Grace` of liquidations anywhere the account is; `Healthy`; `PriceMissing` for something
/// held that never had a price; `StillCovered` unless all that is held, collateral or not, is worth less than the debt
/// and less than dust.
pub fn write_off<H: Host>(host: &mut H, root: &Root, owner: &Address) -> Result<(), Refusal> {
    let now = host.now();
    let mut account = host.load_account(owner)?;
    if !account.has_debt() {
        return Err(refuse_plain(Code::NothingOwed));
    }
    let mut book = Book::new();
    book.load_all(host, &account)?;
    check_pauses(root, &account, &book, now)?;
    let totals = values(&account, &book, now, View::WriteOff)?;
    if totals.covers() {
        return Err(refuse_one(Code::Healthy, Word::from(totals.health_factor())));
    }
    let held = held(&account, &book, now)?;
    let most = totals.debt.min(root.dust);
    if held >= most {
        return Err(refuse(Code::StillCovered, Word::from(held), Word::from(most)));
    }
    Estate { host, book: &mut book, account: &mut account, owner: *owner }.close()?;
    book.store(host);
    host.store_account(owner, &account);
    Ok(())
}

fn check_pauses(
    root: &Root,
    account: &Account,
    book: &Book,
    now: Timestamp,
) -> Result<(), Refusal> {
    check_liquidations(&root.pause, now)?;
    let debts = account.debts().iter().map(|leg| leg.reserve);
    for id in account.supplies().iter().map(|leg| leg.reserve).chain(debts) {
        check_liquidations(&book.get(id)?.pause, now)?;
    }
    Ok(())
}

/// All that the account holds, whether it counts as collateral or not.
fn held(account: &Account, book: &Book, now: Timestamp) -> Result<Value, Refusal> {
    let mut held = Value::ZERO;
    for leg in account.supplies() {
        let reserve = book.get(leg.reserve)?;
        if reserve.price.median.is_zero() {
            return Err(refuse_one(Code::PriceMissing, Word::from(leg.reserve)));
        }
        let price = collateral_price(reserve, leg.reserve, now, View::WriteOff)?;
        held = held.checked_add(leg_value(reserve, leg, price)?)?;
    }
    Ok(held)
}
