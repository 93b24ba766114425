//! The reserves that a call works on: each loaded once, with its interest booked, in one copy.

use arrayvec::ArrayVec;

use crate::{
    accrual::AccruedReserve,
    error::{Code, Refusal, Word, refuse, refuse_one},
    host::Host,
    state::{Account, MAX_DEBTS, MAX_SUPPLIES, ReserveId},
};

/// As many reserves as one account can be in.
const CAPACITY: usize = MAX_SUPPLIES + MAX_DEBTS;

struct Slot {
    id: ReserveId,
    changed: bool,
    reserve: AccruedReserve,
}

/// The working set of a call.
pub struct Book {
    slots: ArrayVec<Slot, CAPACITY>,
}

impl Book {
    /// An empty one.
    #[must_use]
    #[inline(always)]
    pub fn new() -> Self {
        Self { slots: ArrayVec::new_const() }
    }

    /// Loads a reserve, unless it is there already, and books its interest.
    ///
    /// # Errors
    /// What the host says, or `TooManyLegs` if more reserves are asked for than an account can be in.
    pub fn load<H: Host>(&mut self, host: &mut H, id: ReserveId) -> Result<(), Refusal> {
        if self.slots.iter().any(|slot| slot.id == id) {
            return Ok(());
        }
        // Read where it stays: a reserve is a third of a kilobyte to move.
        let room = Slot { id, changed: false, reserve: AccruedReserve::room() };
        if self.slots.try_push(room).is_err() {
            let most = Word::from(u8::try_from(CAPACITY).unwrap_or(u8::MAX));
            return Err(refuse(Code::TooManyLegs, most, most));
        }
        let Some(slot) = self.slots.last_mut() else { return Err(not_loaded(id)) };
        let loaded = slot.reserve.load(host, id);
        if loaded.is_err() {
            self.slots.pop();
        }
        loaded
    }

    /// Loads all reserves of an account.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_all<H: Host>(&mut self, host: &mut H, account: &Account) -> Result<(), Refusal> {
        for leg in account.supplies() {
            self.load(host, leg.reserve)?;
        }
        for leg in account.debts() {
            self.load(host, leg.reserve)?;
        }
        Ok(())
    }

    /// Loads a reserve that will be changed, and says what interest was booked.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn touch<H: Host>(
        &mut self,
        host: &mut H,
        id: ReserveId,
    ) -> Result<&mut AccruedReserve, Refusal> {
        self.load(host, id)?;
        let slot = self.slot(id).ok_or_else(|| not_loaded(id))?;
        slot.changed = true;
        if let Some(event) = slot.reserve.take_event() {
            host.emit(&event);
        }
        Ok(&mut slot.reserve)
    }

    /// A reserve that was loaded.
    ///
    /// # Errors
    /// `Corrupt` if it was not.
    pub fn get(&self, id: ReserveId) -> Result<&AccruedReserve, Refusal> {
        for slot in &self.slots {
            if slot.id == id {
                return Ok(&slot.reserve);
            }
        }
        Err(not_loaded(id))
    }

    /// A reserve that was touched.
    ///
    /// # Errors
    /// `Corrupt` if it was not loaded.
    pub(crate) fn get_mut(&mut self, id: ReserveId) -> Result<&mut AccruedReserve, Refusal> {
        match self.slot(id) {
            Some(slot) => Ok(&mut slot.reserve),
            None => Err(not_loaded(id)),
        }
    }

    /// Stores every reserve that was touched.
    pub(crate) fn store<H: Host>(&self, host: &mut H) {
        for slot in &self.slots {
            if slot.changed {
                host.store_reserve(slot.id, &slot.reserve);
            }
        }
    }

    fn slot(&mut self, id: ReserveId) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.id == id)
    }
}

impl Default for Book {
    fn default() -> Self {
        Self::new()
    }
}

#[cold]
#[inline(never)]
fn not_loaded(id: ReserveId) -> Refusal {
    refuse_one(Code::Corrupt, Word::from(id))
}
