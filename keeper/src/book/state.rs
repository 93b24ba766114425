//! What the pool stores, at one block: the items of the chain, decoded, and the engine of `weir-core` run on them.

mod chain;

use std::collections::BTreeMap;
use std::sync::Arc;
use weir_chain::Address;
use weir_core::address::Address as CoreAddress;
use weir_core::error::{Code, refuse_plain};
use weir_core::event::Event;
use weir_core::host::Host;
use weir_core::state::{Account, Reserve, ReserveId, Root};
use weir_core::units::Timestamp;

pub use weir_core::error::Refusal;

/// The root, the reserves and some accounts of a pool, at a time. Cheap to copy: what is not changed is shared.
#[derive(Clone, Debug)]
pub struct State {
    now: Timestamp,
    root: Arc<Root>,
    reserves: Arc<Vec<Reserve>>,
    accounts: Arc<BTreeMap<Address, Account>>,
    /// What the last run of the engine said; kept for one call only.
    events: Vec<Event>,
}

impl State {
    /// A state of these items.
    #[must_use]
    pub fn new(now: Timestamp, root: Root, reserves: Vec<Reserve>, accounts: BTreeMap<Address, Account>) -> Self {
        Self {
            now,
            root: Arc::new(root),
            reserves: Arc::new(reserves),
            accounts: Arc::new(accounts),
            events: Vec::new(),
        }
    }

    /// The same items at another time. A time that does not fit the pool's 32 bits is its end.
    #[must_use]
    pub fn at(&self, seconds: u64) -> Self {
        Self { now: timestamp(seconds), ..self.clone() }
    }

    /// The same with these accounts only.
    #[must_use]
    pub fn subset(&self, accounts: &[Option<Address>]) -> Self {
        let kept = accounts.iter().flatten().filter_map(|who| Some((*who, *self.accounts.get(who)?)));
        Self { accounts: Arc::new(kept.collect()), ..self.clone() }
    }

    /// Takes over what a smaller state has become.
    pub fn absorb(&mut self, after: Self) {
        self.root = after.root;
        self.reserves = after.reserves;
        Arc::make_mut(&mut self.accounts).extend(after.accounts.iter().map(|(who, account)| (*who, *account)));
    }

    /// The accounts that owe something, in the order of their addresses.
    #[must_use]
    pub fn indebted(&self) -> Vec<Address> {
        self.accounts.iter().filter(|(_, account)| account.has_debt()).map(|(who, _)| *who).collect()
    }

    /// Version of an account; it rises with every change.
    #[must_use]
    pub fn version(&self, who: Address) -> Option<u32> {
        self.accounts.get(&who).map(|account| account.version)
    }

    /// The reserves in which an account owes something.
    #[must_use]
    pub fn debts(&self, who: Address) -> Vec<u8> {
        self.accounts.get(&who).map_or_else(Vec::new, |account| account.debts().iter().map(|leg| leg.reserve.0).collect())
    }

    /// The reserves in which an account holds something.
    #[must_use]
    pub fn collaterals(&self, who: Address) -> Vec<u8> {
        self.accounts
            .get(&who)
            .map_or_else(Vec::new, |account| account.supplies().iter().map(|leg| leg.reserve.0).collect())
    }

    /// Median of the last accepted price, USD for one whole token, WAD; `None` if there is none.
    #[must_use]
    pub fn price(&self, reserve: u8) -> Option<u128> {
        let price = self.reserve(reserve)?.price.median.0;
        (price != 0).then_some(price)
    }

    /// Time, round and token of the last accepted price.
    #[must_use]
    pub fn round(&self, reserve: u8) -> Option<(u32, u32, Address)> {
        let reserve = self.reserve(reserve)?;
        Some((reserve.price.time.0, reserve.price.round, Address::from(reserve.token.0)))
    }

    fn reserve(&self, id: u8) -> Option<&Reserve> {
        self.reserves.get(usize::from(id))
    }
}

/// Chain time as the pool keeps it. The pool's clock ends in 2106.
fn timestamp(seconds: u64) -> Timestamp {
    Timestamp(u32::try_from(seconds).unwrap_or(u32::MAX))
}

impl Host for State {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn load_reserve(&mut self, id: ReserveId) -> Result<Reserve, Refusal> {
        self.reserve(id.0).copied().ok_or_else(|| refuse_plain(Code::Corrupt))
    }

    fn store_reserve(&mut self, id: ReserveId, reserve: &Reserve) {
        if let Some(place) = Arc::make_mut(&mut self.reserves).get_mut(usize::from(id.0)) {
            *place = *reserve;
        }
    }

    fn load_account(&mut self, who: &CoreAddress) -> Result<Account, Refusal> {
        Ok(self.accounts.get(&Address::from(who.0)).copied().unwrap_or_default())
    }

    fn store_account(&mut self, who: &CoreAddress, account: &Account) {
        Arc::make_mut(&mut self.accounts).insert(Address::from(who.0), *account);
    }

    fn append_indebted(&mut self, _: &CoreAddress) -> Result<(), Refusal> {
        // The list is the chain's; the book knows its accounts by themselves.
        Ok(())
    }

    fn emit(&mut self, event: &Event) {
        self.events.push(*event);
    }
}
