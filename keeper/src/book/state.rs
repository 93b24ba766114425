//! What the pool stores, at one block: the items of the chain, decoded, and the engine of `weir-core` run on them.

mod chain;

pub(super) use chain::load_items;

use std::collections::BTreeMap;
use std::sync::Arc;
use weir_chain::Address;
use weir_core::accrual::AccruedReserve;
use weir_core::address::Address as CoreAddress;
use weir_core::book::Book;
use weir_core::error::{Code, refuse_plain};
use weir_core::event::Event;
use weir_core::health::{View, values};
use weir_core::host::Host;
use weir_core::liquidate::{Order, liquidate};
use weir_core::state::{Account, Grant, Reserve, ReserveId, Root};
use weir_core::units::{Assets, Timestamp};

pub use weir_core::error::Refusal;

/// The root, the reserves and some accounts of a pool, at a time. Cheap to copy: what is not changed is shared.
#[derive(Clone, Debug)]
pub struct State {
    now: Timestamp,
    root: Arc<Root>,
    reserves: Arc<Vec<Reserve>>,
    accounts: Arc<BTreeMap<Address, Account>>,
}

impl State {
    /// A state of these items.
    #[must_use]
    pub fn new(
        now: Timestamp,
        root: Root,
        reserves: Vec<Reserve>,
        accounts: BTreeMap<Address, Account>,
    ) -> Self {
        Self {
            now,
            root: Arc::new(root),
            reserves: Arc::new(reserves),
            accounts: Arc::new(accounts),
        }
    }

    /// The same at another time, with the interest of all reserves booked up to it. The engine books it by itself; doing
    /// it here once saves doing it again for every account. A time beyond the pool's 32 bits is the end of its clock.
    #[must_use]
    pub fn at(&self, seconds: u64) -> Self {
        let now = timestamp(seconds);
        let accrued = self.reserves.iter().map(|reserve| *AccruedReserve::new(*reserve, now));
        Self { now, reserves: Arc::new(accrued.collect()), ..self.clone() }
    }

    /// The same with these accounts only.
    #[must_use]
    pub fn subset(&self, accounts: &[Option<Address>]) -> Self {
        let kept = accounts
            .iter()
            .flatten()
            .filter_map(|who| Some((*who, self.accounts.get(who)?.clone())));
        Self { accounts: Arc::new(kept.collect()), ..self.clone() }
    }

    /// Takes over what a smaller state has become.
    pub fn absorb(&mut self, after: Self) {
        self.root = after.root;
        self.reserves = after.reserves;
        Arc::make_mut(&mut self.accounts)
            .extend(after.accounts.iter().map(|(who, account)| (*who, account.clone())));
    }

    /// The accounts that owe something, in the order of their addresses.
    #[must_use]
    pub fn indebted(&self) -> Vec<Address> {
        self.accounts
            .iter()
            .filter(|(_, account)| account.has_debt())
            .map(|(who, _)| *who)
            .collect()
    }

    /// Version of an account; it rises with every change.
    #[must_use]
    pub fn version(&self, who: Address) -> Option<u32> {
        self.accounts.get(&who).map(|account| account.version)
    }

    /// The reserves in which an account owes something.
    #[must_use]
    pub fn debts(&self, who: Address) -> Vec<u8> {
        self.accounts.get(&who).map_or_else(Vec::new, |account| {
            account.debts().iter().map(|leg| leg.reserve.0).collect()
        })
    }

    /// The reserves in which an account holds something.
    #[must_use]
    pub fn collaterals(&self, who: Address) -> Vec<u8> {
        self.accounts.get(&who).map_or_else(Vec::new, |account| {
            account.supplies().iter().map(|leg| leg.reserve.0).collect()
        })
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

    /// What an account is worth and owes at the last accepted medians, by the contracts' own rule. `None` if there is
    /// no such account, or if a value does not fit.
    #[must_use]
    pub fn figures(&self, who: Address) -> Option<AccountFigures> {
        let account = self.accounts.get(&who)?;
        let mut book = Book::new();
        book.load_all(&mut self.clone(), account).ok()?;
        let values = values(account, &book, self.now, View::LastAccepted).ok()?;
        Some(AccountFigures {
            health: values.health_factor().0,
            collateral: values.collateral.0,
            debt: values.debt.0,
            liquidatable: !values.covers(),
        })
    }

    /// Whether an account's collateral no longer covers its debt at the last accepted medians. Whether those are fit
    /// for a liquidation of a given pair is another question, which [`Self::liquidate`] answers.
    #[must_use]
    pub fn is_liquidatable(&self, who: Address) -> bool {
        self.figures(who).is_some_and(|figures| figures.liquidatable)
    }

    /// Liquidates in this state, as the pool would do it for `caller`. After a refusal the state is to be dropped.
    ///
    /// # Errors
    /// What the pool would answer.
    pub fn liquidate(
        &mut self,
        caller: Option<Address>,
        attempt: &Attempt,
    ) -> Result<Seizure, Refusal> {
        let token = |id| {
            self.reserve(id)
                .map(|reserve| reserve.token)
                .ok_or_else(|| refuse_plain(Code::UnknownAsset))
        };
        let order = Order {
            borrower: core(attempt.borrower),
            debt: token(attempt.debt)?,
            collateral: token(attempt.collateral)?,
            max_repay: Assets(attempt.max_repay),
            min_seized: Assets::ZERO,
            receive_shares: attempt.shares,
        };
        let root = Arc::clone(&self.root);
        let outcome = liquidate(self, &root, &core(caller.unwrap_or(SOMEBODY)), &order)?;
        let event = outcome.event;
        let seized = event.seized_protected.checked_add(event.seized_assets)?;
        Ok(Seizure {
            repaid: event.repaid.0,
            seized: seized.checked_sub(event.insurance_assets)?.0,
        })
    }

    fn reserve(&self, id: u8) -> Option<&Reserve> {
        self.reserves.get(usize::from(id))
    }
}

/// A liquidation to be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Whose debt.
    pub borrower: Address,
    /// Reserve of the debt.
    pub debt: u8,
    /// Reserve of the collateral.
    pub collateral: u8,
    /// Most to repay, smallest units.
    pub max_repay: u128,
    /// Whether supply shares are taken in place of the asset.
    pub shares: bool,
}

/// What a liquidation moves, smallest units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seizure {
    /// What the liquidator pays.
    pub repaid: u128,
    /// What the liquidator gets: protected and supplied, after the insurance's cut; of shares what they are worth.
    pub seized: u128,
}

/// Who liquidates in a preview where the keeper has no account: an address without position.
const SOMEBODY: Address = Address::repeat_byte(0x01);

fn core(address: Address) -> CoreAddress {
    CoreAddress(address.0.0)
}

/// What an account is worth and owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountFigures {
    /// Health factor, WAD, rounded down; below 1 the account can be liquidated.
    pub health: u128,
    /// Collateral that counts, USD, WAD, rounded down.
    pub collateral: u128,
    /// Debt, USD, WAD, rounded up.
    pub debt: u128,
    /// Whether the weighted collateral does not cover the debt.
    pub liquidatable: bool,
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
        Ok(self.accounts.get(&Address::from(who.0)).cloned().unwrap_or_default())
    }

    fn store_account(&mut self, who: &CoreAddress, account: &Account) {
        Arc::make_mut(&mut self.accounts).insert(Address::from(who.0), account.clone());
    }

    fn load_grant(&mut self, _: &CoreAddress, _: &CoreAddress) -> Result<Grant, Refusal> {
        // The keeper is nobody's operator, and liquidations ask for none.
        Ok(Grant::default())
    }

    fn store_grant(&mut self, _: &CoreAddress, _: &CoreAddress, _: &Grant) {
        // No preview of the keeper grants anything.
    }

    fn append_indebted(&mut self, _: &CoreAddress) -> Result<(), Refusal> {
        // The list is the chain's; the book knows its accounts by themselves.
        Ok(())
    }

    fn emit(&mut self, _: &Event) {
        // What a preview would say is in the engine's answer.
    }
}
