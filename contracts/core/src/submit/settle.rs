//! The end of a submission: every check on the final state, then storage.

use super::Session;
use crate::{
    error::{Code, Refusal, Word, refuse, refuse_one},
    health,
    host::Host,
    pricing,
    state::Flags,
};

impl<H: Host> Session<'_, H> {
    /// Checks category, isolation and health, and stores everything.
    pub fn settle(&mut self) -> Result<(), Refusal> {
        if self.account.has_debt() {
            self.check()?;
        }
        self.store()
    }

    fn check(&mut self) -> Result<(), Refusal> {
        let pending = self.pending;
        if pending.risk || pending.collateral || pending.category || pending.recourse {
            self.book.load_all(self.host, self.account)?;
        }
        if pending.category {
            self.check_category()?;
        }
        if pending.collateral {
            self.check_isolation()?;
        }
        if pending.risk {
            let before = (&self.request.account, &self.before);
            health::check_new_risk(self.host, before, self.account, self.book, self.now)?;
            self.check_smallest_debt()?;
        }
        if pending.recourse {
            health::check_recourse(self.account, self.book, self.now)?;
        }
        Ok(())
    }

    /// An account in a category owes only in reserves of it.
    fn check_category(&self) -> Result<(), Refusal> {
        let category = self.account.category;
        for leg in self.account.debts() {
            let reserve = self.reserve(leg.reserve)?;
            if category != 0 && !reserve.risk.in_category(category) {
                let id = Word::from(leg.reserve);
                return Err(refuse(Code::WrongCategory, id, Word::from(category)));
            }
        }
        Ok(())
    }

    /// An isolated collateral is the only one of its account.
    fn check_isolation(&self) -> Result<(), Refusal> {
        let mut counted = 0;
        let mut isolated = None;
        for leg in self.account.supplies() {
            let reserve = self.reserve(leg.reserve)?;
            if health::counts(reserve, leg, self.account.category, self.now) {
                counted += 1;
                if reserve.flags.has(Flags::ISOLATED) {
                    isolated = Some(leg.reserve);
                }
            }
        }
        match isolated {
            Some(id) if counted > 1 => Err(refuse_one(Code::Isolated, Word::from(id))),
            _ => Ok(()),
        }
    }

    /// A debt that grew is worth liquidating. Its price is fit for new risk: the health check asked for that.
    fn check_smallest_debt(&self) -> Result<(), Refusal> {
        for leg in self.account.debts() {
            if leg.shares <= self.before.of(leg.reserve) {
                continue;
            }
            let reserve = self.reserve(leg.reserve)?;
            let owed = reserve.balances.debt_cost(leg.shares)?.paid;
            let debt = pricing::value_floor(owed, reserve.price.median, reserve.decimals)?;
            let least = self.root.min_debt;
            if debt < least {
                return Err(refuse(Code::DebtBelowMinimum, Word::from(debt), Word::from(least)));
            }
        }
        Ok(())
    }

    fn store(&mut self) -> Result<(), Refusal> {
        self.book.store(self.host);
        self.host.store_account(&self.request.account, self.account);
        Ok(())
    }
}
