//! Writes that are kept beside a state instead of in it, for previews. Nothing is allocated: there is room for as much
//! as one call can change.

use crate::{
    address::Address,
    error::Refusal,
    event::Event,
    host::Host,
    state::{Account, Grant, MAX_DEBTS, MAX_SUPPLIES, Reserve, ReserveId},
    units::Timestamp,
};

const RESERVES: usize = MAX_SUPPLIES + MAX_DEBTS;
/// A borrower and a liquidator.
const ACCOUNTS: usize = 2;

/// A host whose writes stay here.
pub struct Overlay<'a, H> {
    base: &'a mut H,
    reserves: [Option<(ReserveId, Reserve)>; RESERVES],
    accounts: [Option<(Address, Account)>; ACCOUNTS],
}

impl<'a, H: Host> Overlay<'a, H> {
    /// An overlay without writes.
    pub fn new(base: &'a mut H) -> Self {
        Self {
            base,
            reserves: core::array::from_fn(|_| None),
            accounts: core::array::from_fn(|_| None),
        }
    }
}

/// Puts a value under its key, in place of an older one.
fn put<K: PartialEq + Copy, V: Clone>(slots: &mut [Option<(K, V)>], key: K, value: V) {
    let same = slots.iter().position(|slot| matches!(slot, Some((held, _)) if *held == key));
    let free = || slots.iter().position(Option::is_none);
    if let Some(slot) = same.or_else(free).and_then(|at| slots.get_mut(at)) {
        *slot = Some((key, value));
    }
}

fn get<K: PartialEq + Copy, V: Clone>(slots: &[Option<(K, V)>], key: K) -> Option<V> {
    slots.iter().flatten().find(|(held, _)| *held == key).map(|(_, value)| value.clone())
}

impl<H: Host> Host for Overlay<'_, H> {
    fn now(&self) -> Timestamp {
        self.base.now()
    }

    fn load_reserve(&mut self, id: ReserveId) -> Result<Reserve, Refusal> {
        match get(&self.reserves, id) {
            Some(reserve) => Ok(reserve),
            None => self.base.load_reserve(id),
        }
    }

    fn store_reserve(&mut self, id: ReserveId, reserve: &Reserve) {
        put(&mut self.reserves, id, *reserve);
    }

    fn load_account(&mut self, who: &Address) -> Result<Account, Refusal> {
        match get(&self.accounts, *who) {
            Some(account) => Ok(account),
            None => self.base.load_account(who),
        }
    }

    fn store_account(&mut self, who: &Address, account: &Account) {
        put(&mut self.accounts, *who, account.clone());
    }

    fn load_grant(&mut self, account: &Address, operator: &Address) -> Result<Grant, Refusal> {
        self.base.load_grant(account, operator)
    }

    /// No message that is previewed changes a grant.
    fn store_grant(&mut self, _account: &Address, _operator: &Address, _grant: &Grant) {}

    fn append_indebted(&mut self, _who: &Address) -> Result<(), Refusal> {
        Ok(())
    }

    fn emit(&mut self, _event: &Event) {}
}
