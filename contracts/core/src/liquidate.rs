//! Liquidation: somebody repays a debt that its collateral no longer covers, and takes collateral with a bonus.
//!
//! Everything is stored when [`liquidate`] returns: the shell pushes the collateral, lets the liquidator work with it if
//! he asked for that, and pulls the repayment. No check is pending around his callback.

mod bad_debt;
mod quote;
mod seize;
mod write_off;

pub use write_off::write_off;

use crate::{
    address::Address,
    book::Book,
    error::{Code, Refusal, Word, refuse_one, refuse_plain},
    event::{Event, Liquidated},
    host::Host,
    state::{
        Account, ReserveId, Root,
        pause::{Pause, operation},
    },
    submit::{check_running, touch_token},
    units::{Assets, Timestamp},
};

/// What a liquidator wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Whom to liquidate.
    pub borrower: Address,
    /// Token to repay.
    pub debt: Address,
    /// Token to seize.
    pub collateral: Address,
    /// Most that he pays; the maximum is no bound.
    pub max_repay: Assets,
    /// Least that he takes for `max_repay`; for a smaller repayment in proportion.
    pub min_seized: Assets,
    /// Supply shares instead of tokens; protected collateral is paid out as tokens in any case.
    pub receive_shares: bool,
}

/// What a liquidation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Collateral tokens for the caller, to be pushed first.
    pub pay_out: Assets,
    /// Debt tokens from the caller, to be pulled afterwards.
    pub repay: Assets,
    /// All of it, as the log has it.
    pub event: Liquidated,
}

/// A liquidation under way.
struct Case<'a, H> {
    host: &'a mut H,
    root: &'a Root,
    caller: Address,
    order: Order,
    now: Timestamp,
    account: Account,
    book: &'a mut Book,
    debt: ReserveId,
    collateral: ReserveId,
}

/// Liquidates, writes off what nothing is left to pay for, and stores everything.
///
/// # Errors
/// Why not, by name: a pause or its grace, a price that is not fit, a healthy account, nothing to seize, an amount that
/// would leave dust or is too small, or less collateral than the caller wants.
pub fn liquidate<H: Host>(
    host: &mut H,
    root: &Root,
    caller: &Address,
    order: &Order,
) -> Result<Outcome, Refusal> {
    if *caller == order.borrower {
        return Err(refuse_plain(Code::SelfLiquidation));
    }
    if order.max_repay.is_zero() {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    let mut book = Book::new();
    let mut case = Case::open(host, root, caller, order, &mut book)?;
    let quote = case.quote()?;
    let (outcome, shares) = case.seize(&quote)?;
    case.host.emit(&Event::Liquidated(outcome.event));
    case.hand_over(shares)?;
    case.write_off()?;
    case.store();
    Ok(outcome)
}

impl<'a, H: Host> Case<'a, H> {
    fn open(
        host: &'a mut H,
        root: &'a Root,
        caller: &Address,
        order: &Order,
        book: &'a mut Book,
    ) -> Result<Self, Refusal> {
        let now = host.now();
        let account = host.load_account(&order.borrower)?;
        let debt = touch_token(book, host, root, &order.debt)?;
        let collateral = touch_token(book, host, root, &order.collateral)?;
        for pause in [&root.pause, &book.get(debt)?.pause, &book.get(collateral)?.pause] {
            check_liquidations(pause, now)?;
        }
        if account.debt(debt).is_zero() {
            return Err(refuse_one(Code::NothingOwed, Word::from(debt)));
        }
        if account.supply(collateral).is_none() {
            return Err(refuse_one(Code::NothingToSeize, Word::from(collateral)));
        }
        book.load_all(host, &account)?;
        Ok(Self {
            host,
            root,
            caller: *caller,
            order: *order,
            now,
            account,
            book,
            debt,
            collateral,
        })
    }

    fn store(&mut self) {
        self.book.store(self.host);
        self.account.version = self.account.version.wrapping_add(1);
        self.host.store_account(&self.order.borrower, &self.account);
    }
}

/// Whether liquidations run under this pause, and borrowers have had their time after it.
fn check_liquidations(pause: &Pause, now: Timestamp) -> Result<(), Refusal> {
    check_running(pause, operation::LIQUIDATE, now)?;
    match pause.grace_until(now) {
        Some(until) => Err(refuse_one(Code::Grace, Word::from(until.0))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
