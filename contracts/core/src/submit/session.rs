//! What a submission works on.

use super::Request;
use crate::{
    accrual::AccruedReserve,
    book::Book,
    error::{Code, Refusal, Word, refuse, refuse_one, refuse_plain},
    event::{Event, Party},
    health,
    host::Host,
    state::{Account, Reserve, ReserveId, Root, account::Debts, pause::Pause, permission},
    transfers::{Direction, Transfers},
    units::{Assets, Timestamp},
};

/// Which checks the final state needs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pending {
    /// Risk may have grown: health at prices fit for that.
    pub risk: bool,
    /// Collateral or debt was added, or the category changed: isolation. Not where risk is only reduced, so that nobody
    /// is trapped by a reserve that became isolated later.
    pub collateral: bool,
    /// Debt or category changed: every debt belongs to the category.
    pub category: bool,
    /// Something left that does not count as collateral but is seizable by recourse: the account must be healthy.
    pub recourse: bool,
}

/// A submission under way.
pub(crate) struct Session<'a, H> {
    pub host: &'a mut H,
    pub root: &'a Root,
    pub request: &'a Request,
    pub now: Timestamp,
    /// What the account owed before.
    pub before: Debts,
    pub account: &'a mut Account,
    pub book: &'a mut Book,
    pub pending: Pending,
    pub transfers: &'a mut Transfers,
    /// What the caller may do for the account; looked up once, and only if it matters.
    granted: Option<u8>,
}

impl<'a, H: Host> Session<'a, H> {
    #[inline(always)]
    pub fn new(
        host: &'a mut H,
        root: &'a Root,
        request: &'a Request,
        account: &'a mut Account,
        book: &'a mut Book,
        transfers: &'a mut Transfers,
    ) -> Self {
        let now = host.now();
        Self {
            host,
            root,
            request,
            now,
            before: account.owed(),
            account,
            book,
            pending: Pending::default(),
            transfers,
            granted: None,
        }
    }

    /// The reserve of a token, with interest booked and to be stored.
    pub fn find(&mut self, token: &crate::address::Address) -> Result<ReserveId, Refusal> {
        touch_token(self.book, self.host, self.root, token)
    }

    pub fn reserve(&self, id: ReserveId) -> Result<&Reserve, Refusal> {
        self.book.get(id).map(|reserve| &**reserve)
    }

    pub fn reserve_mut(&mut self, id: ReserveId) -> Result<&mut AccruedReserve, Refusal> {
        self.book.get_mut(id)
    }

    /// Whether the operation runs, here and everywhere.
    pub fn running(&self, id: ReserveId, operation: u16) -> Result<(), Refusal> {
        check_running(&self.root.pause, operation, self.now)?;
        check_running(&self.reserve(id)?.pause, operation, self.now)
    }

    /// Only the owner of the account may do this, and an operator with all of these permissions.
    pub fn authorised(&mut self, permissions: u8) -> Result<(), Refusal> {
        if self.granted()? & permissions == permissions {
            return Ok(());
        }
        let Request { caller, account, .. } = &self.request;
        Err(refuse(Code::NotAuthorised, Word::from(caller), Word::from(account)))
    }

    /// What the caller may do for the account: all for his own, otherwise what was granted and has not expired.
    fn granted(&mut self) -> Result<u8, Refusal> {
        if self.request.caller == self.request.account {
            return Ok(permission::ALL);
        }
        if let Some(granted) = self.granted {
            return Ok(granted);
        }
        let grant = self.host.load_grant(&self.request.account, &self.request.caller)?;
        let granted = grant.at(self.now);
        self.granted = Some(granted);
        Ok(granted)
    }

    /// Anyone may pay in for an account that is already in the reserve; only its owner and its operators open a new
    /// leg, so that a third party can neither fill the legs of an account nor break its isolation.
    pub fn may_pay_in(&mut self, id: ReserveId) -> Result<(), Refusal> {
        if self.account.supply(id).is_some() || self.granted()? != 0 {
            return Ok(());
        }
        Err(refuse_one(Code::NoLeg, Word::from(id)))
    }

    /// The caller may take out with this permission, and the receiver exists: the account itself, unless its owner
    /// allowed the caller to choose.
    pub fn may_take_out(&mut self, permission: u8) -> Result<(), Refusal> {
        let elsewhere = self.request.to != self.request.account;
        self.authorised(if elsewhere { permission | permission::PAYOUT } else { permission })?;
        if self.request.to.is_zero() {
            return Err(refuse_plain(Code::ZeroAddress));
        }
        Ok(())
    }

    /// Marks the account for the checks that less collateral in this reserve needs.
    pub fn less_collateral(&mut self, id: ReserveId, opted_out: bool) -> Result<(), Refusal> {
        let category = self.account.category;
        let leg = crate::state::SupplyLeg { opted_out, ..Default::default() };
        if health::counts(self.reserve(id)?, &leg, category, self.now) {
            self.pending.risk = true;
        }
        Ok(())
    }

    /// The same, and for what a liquidation would take last.
    pub fn taken_out(&mut self, id: ReserveId, opted_out: bool) -> Result<(), Refusal> {
        self.less_collateral(id, opted_out)?;
        let reserve = self.reserve(id)?;
        let threshold = reserve.risk.threshold_at(self.account.category, self.now);
        self.pending.recourse |= opted_out || threshold.is_zero();
        Ok(())
    }

    /// Has tokens of the reserve moved.
    pub fn transfer(
        &mut self,
        id: ReserveId,
        direction: Direction,
        amount: Assets,
    ) -> Result<(), Refusal> {
        let token = self.reserve(id)?.token;
        Ok(self.transfers.add(&token, direction, amount)?)
    }

    pub fn party(&self, id: ReserveId) -> Result<Party, Refusal> {
        let Request { caller, account, .. } = *self.request;
        Ok(Party { asset: self.reserve(id)?.token, account, caller })
    }

    /// Says what happened to the account, whose version counts what is said of it: so the events alone tell it.
    #[inline(never)]
    pub fn emit(&mut self, event: &Event) {
        self.account.version = self.account.version.wrapping_add(1);
        self.host.emit(event);
    }
}

/// The reserve of a token, loaded, with interest booked and to be stored.
pub(crate) fn touch_token<H: Host>(
    book: &mut Book,
    host: &mut H,
    root: &Root,
    token: &crate::address::Address,
) -> Result<ReserveId, Refusal> {
    let Some(id) = root.find(token) else {
        return Err(refuse_one(Code::UnknownAsset, Word::from(token)));
    };
    // Looked at before it is touched, so that no event is emitted for a token that only looks alike.
    book.load(host, id)?;
    if book.get(id)?.token != *token {
        return Err(refuse_one(Code::UnknownAsset, Word::from(token)));
    }
    book.touch(host, id)?;
    Ok(id)
}

/// Whether an operation runs under this pause.
pub(crate) fn check_running(pause: &Pause, operation: u16, now: Timestamp) -> Result<(), Refusal> {
    if pause.holds(operation, now) {
        let number = Word::from(operation.trailing_zeros());
        return Err(refuse(Code::Paused, number, Word::from(pause.until.0)));
    }
    Ok(())
}
