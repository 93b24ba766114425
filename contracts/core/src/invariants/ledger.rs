//! A ledger that knows events only. Its arithmetic is that of the rounding table, in integers without bounds.

use std::collections::BTreeMap;

use crate::{
    address::Address,
    event::{BadDebt, Event, Liquidated},
    state::{Account, Reserve},
};
use num_bigint::BigInt;
use num_traits::Zero as _;

/// A reserve as the events tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Book {
    pub supply: (BigInt, BigInt),
    pub debt: (BigInt, BigInt),
    pub cash: BigInt,
    pub protected: BigInt,
    pub insurance: BigInt,
    pub treasury: BigInt,
}

/// What an account holds in a reserve: shares, protected, debt shares.
pub(super) type Holding = (BigInt, BigInt, BigInt);

#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub books: BTreeMap<Address, Book>,
    pub holdings: BTreeMap<(Address, Address), Holding>,
}

/// ⌊a·b/c⌋ and ⌈a·b/c⌉ of numbers that are not negative.
fn down(a: &BigInt, b: &BigInt, c: &BigInt) -> BigInt {
    a * b / c
}

fn up(a: &BigInt, b: &BigInt, c: &BigInt) -> BigInt {
    (a * b + c - 1u8) / c
}

/// Totals with one virtual unit and a million virtual shares.
fn with_virtual(totals: &(BigInt, BigInt)) -> (BigInt, BigInt) {
    (&totals.0 + 1u8, &totals.1 + 1_000_000u32)
}

impl Ledger {
    fn book(&mut self, asset: Address) -> &mut Book {
        self.books.entry(asset).or_default()
    }

    fn holding(&mut self, account: Address, asset: Address) -> &mut Holding {
        self.holdings.entry((account, asset)).or_default()
    }

    /// Hears an event.
    pub fn hear(&mut self, event: &Event) {
        match *event {
            Event::Supplied { party, assets, shares } => {
                let (units, all) = with_virtual(&self.book(party.asset).supply);
                assert_eq!(down(&assets.0.into(), &all, &units), shares.0.into(), "I-RND-02");
                self.pay_in(party.asset, assets.0, shares.0);
                self.holding(party.account, party.asset).0 += shares.0;
            }
            Event::Withdrawn { party, assets, shares, .. } => {
                // More only where the last shares of an account go.
                let (units, all) = with_virtual(&self.book(party.asset).supply);
                assert!(up(&assets.0.into(), &all, &units) <= shares.0.into(), "I-RND-02");
                self.pay_out(party.asset, assets.0.into(), &shares.0.into());
                self.holding(party.account, party.asset).0 -= shares.0;
            }
            Event::Protected { party, assets } => {
                self.book(party.asset).protected += assets.0;
                self.holding(party.account, party.asset).1 += assets.0;
            }
            Event::Unprotected { party, assets, .. } => {
                self.book(party.asset).protected -= assets.0;
                self.holding(party.account, party.asset).1 -= assets.0;
            }
            Event::Borrowed { party, assets, shares, .. } => {
                let book = self.book(party.asset);
                let (units, all) = with_virtual(&book.debt);
                assert_eq!(up(&assets.0.into(), &all, &units), shares.0.into(), "I-RND-02");
                book.debt.0 += assets.0;
                book.debt.1 += shares.0;
                book.cash -= assets.0;
                self.holding(party.account, party.asset).2 += shares.0;
            }
            Event::Repaid { party, assets, shares } => {
                self.repaid(party.account, party.asset, assets.0.into(), shares.0.into());
            }
            Event::Accrued { asset, interest, insurance_shares, treasury_shares, .. } => {
                let book = self.book(asset);
                book.debt.0 += interest.0;
                book.supply.0 += interest.0;
                book.supply.1 += insurance_shares.0;
                book.supply.1 += treasury_shares.0;
                book.insurance += insurance_shares.0;
                book.treasury += treasury_shares.0;
            }
            Event::InsuranceFunded { asset, assets, shares, .. } => {
                self.pay_in(asset, assets.0, shares.0);
                self.book(asset).insurance += shares.0;
            }
            Event::Liquidated(ref event) => self.liquidated(event),
            Event::DustForfeited { asset, account, protected, shares, minted } => {
                *self.holding(account, asset) = {
                    let debt = self.holding(account, asset).2.clone();
                    (BigInt::zero(), BigInt::zero(), debt)
                };
                self.book(asset).insurance += shares.0;
                self.insure_protected(asset, &protected.0.into(), &minted.0.into());
            }
            Event::BadDebt(ref event) => self.bad_debt(event),
            Event::FlashLoaned { asset, fee, insurance_shares, .. } => {
                self.pay_in(asset, fee.0, insurance_shares.0);
                self.book(asset).insurance += insurance_shares.0;
            }
            Event::Collected { asset, assets, shares, .. } => {
                self.pay_out(asset, assets.0.into(), &shares.0.into());
                self.book(asset).treasury -= shares.0;
            }
            Event::CollateralSet { .. }
            | Event::OperatorSet { .. }
            | Event::CategorySet { .. }
            | Event::PriceAccepted { .. }
            | Event::PriceIgnored { .. }
            | Event::WoundUp { .. } => {}
        }
    }

    /// Reserves in which nobody owes anything.
    pub fn without_debt(&self) -> impl Iterator<Item = Address> {
        self.books.iter().filter(|(_, book)| book.debt.1.is_zero()).map(|(token, _)| *token)
    }

    fn pay_in(&mut self, asset: Address, assets: u128, shares: u128) {
        let book = self.book(asset);
        book.supply.0 += assets;
        book.supply.1 += shares;
        book.cash += assets;
    }

    fn pay_out(&mut self, asset: Address, assets: BigInt, shares: &BigInt) {
        let book = self.book(asset);
        book.supply.0 -= &assets;
        book.supply.1 -= shares;
        book.cash -= assets;
    }

    fn insure_protected(&mut self, asset: Address, assets: &BigInt, minted: &BigInt) {
        let book = self.book(asset);
        book.protected -= assets;
        book.cash += assets;
        book.supply.0 += assets;
        book.supply.1 += minted;
        book.insurance += minted;
    }

    /// The debt falls by what the shares are worth, rounded down; what was paid beyond that is the suppliers'.
    fn repaid(&mut self, account: Address, asset: Address, paid: BigInt, shares: BigInt) {
        let released = self.worth_of_debt(asset, &shares);
        let (units, all) = with_virtual(&self.book(asset).debt);
        let last = shares == self.book(asset).debt.1;
        assert!(last || paid == up(&shares, &units, &all), "I-RND-02: a repayment costs");
        let book = self.book(asset);
        book.supply.0 += &paid - &released;
        book.debt.0 -= released;
        book.debt.1 -= &shares;
        book.cash += paid;
        self.holding(account, asset).2 -= shares;
    }

    fn worth_of_debt(&mut self, asset: Address, shares: &BigInt) -> BigInt {
        let book = self.book(asset);
        if *shares == book.debt.1 {
            return book.debt.0.clone();
        }
        let (assets, all) = with_virtual(&book.debt);
        down(shares, &assets, &all)
    }

    fn liquidated(&mut self, event: &Liquidated) {
        self.repaid(
            event.borrower,
            event.debt,
            event.repaid.0.into(),
            event.repaid_shares.0.into(),
        );
        let (seized, protected) =
            (BigInt::from(event.seized_assets.0), BigInt::from(event.seized_protected.0));
        let left = BigInt::from(event.seized_shares.0);
        let cut = BigInt::from(event.insurance_assets.0);
        let of_supply = cut.clone().min(seized.clone());
        let of_protected = cut - &of_supply;
        let paid_out = seized - of_supply;
        let (assets, shares) = with_virtual(&self.book(event.collateral).supply);
        let out = if event.receive_shares {
            down(&paid_out, &shares, &assets)
        } else {
            up(&paid_out, &shares, &assets)
        }
        .min(left.clone());
        if event.receive_shares {
            self.holding(event.caller, event.collateral).0 += &out;
        } else {
            self.pay_out(event.collateral, paid_out, &out);
        }
        let to_insurance = &left - out;
        let minted = BigInt::from(event.insurance_shares.0) - &to_insurance;
        let book = self.book(event.collateral);
        book.insurance += to_insurance;
        book.protected -= &protected - &of_protected;
        self.insure_protected(event.collateral, &of_protected, &minted);
        let holding = self.holding(event.borrower, event.collateral);
        holding.0 -= left;
        holding.1 -= protected;
    }

    fn bad_debt(&mut self, event: &BadDebt) {
        assert_eq!(event.insured.0 + event.socialised.0, event.assets.0, "I-DEF-02");
        let book = self.book(event.asset);
        book.debt.0 -= event.assets.0;
        book.debt.1 -= event.shares.0;
        book.supply.0 -= event.assets.0;
        book.supply.1 -= event.insurance_shares.0;
        book.insurance -= event.insurance_shares.0;
        self.holding(event.account, event.asset).2 -= event.shares.0;
    }

    /// The state of a reserve is what the events said.
    pub fn compare(&self, reserve: &Reserve) {
        let balances = &reserve.balances;
        let told = Book {
            supply: (balances.supply.assets.0.into(), balances.supply.shares.0.into()),
            debt: (balances.debt.assets.0.into(), balances.debt.shares.0.into()),
            cash: balances.cash.0.into(),
            protected: balances.protected.0.into(),
            insurance: balances.insurance.0.into(),
            treasury: balances.treasury.0.into(),
        };
        assert_eq!(self.books.get(&reserve.token), Some(&told), "the events tell another reserve");
    }

    /// So is that of an account, in one reserve.
    pub fn compare_account(&self, who: Address, account: &Account, id: u8, token: Address) {
        let id = crate::state::ReserveId(id);
        let leg = account.supply(id).copied().unwrap_or_default();
        let told: Holding =
            (leg.shares.0.into(), leg.protected.0.into(), account.debt(id).0.into());
        let heard = self.holdings.get(&(who, token)).cloned().unwrap_or_default();
        assert_eq!(heard, told, "the events tell another account {who:?} in {token:?}");
    }
}
