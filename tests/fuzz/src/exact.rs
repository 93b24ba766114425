//! An independent ledger: what each event of a step must have come to, in exact rationals.
//!
//! It begins at the integer state before the step and takes every amount from the events; at each one it works out the
//! exact result and holds the integers against it: each must be the exact result rounded in the direction of the
//! rounding table, or lie within the stated units of it. Then it goes on with the integers, so that errors of one
//! event never hide in those of another. At the end its books must be the pool's, to the unit.

mod rate;
mod rational;

pub use rate::rates;

use crate::snapshot::Snapshot;
use num_rational::BigRational;
use num_traits::One as _;
use rational::{
    add, assets_of, is_ceil, is_floor, mul, ratio, shares_of, three_terms, whole, within,
};
use std::collections::BTreeMap;
use weir_core::{
    address::Address,
    control::Skimmed,
    event::{BadDebt, Event, Liquidated},
    state::{Account, Reserve, ReserveId},
    units::WAD,
};

/// A reserve as the ledger has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Books {
    supply: (u128, u128),
    debt: (u128, u128),
    cash: u128,
    protected: u128,
    insurance: u128,
    treasury: u128,
    remainder: u64,
}

impl Books {
    fn of(reserve: &Reserve) -> Self {
        let balances = &reserve.balances;
        Self {
            supply: (balances.supply.assets.0, balances.supply.shares.0),
            debt: (balances.debt.assets.0, balances.debt.shares.0),
            cash: balances.cash.0,
            protected: balances.protected.0,
            insurance: balances.insurance.0,
            treasury: balances.treasury.0,
            remainder: balances.interest_rem,
        }
    }
}

/// What an account has in a reserve: supply shares, protected, debt shares.
type Holding = (u128, u128, u128);

/// The ledger of one step.
#[derive(Clone, Debug)]
pub struct Ledger<'a> {
    before: &'a Snapshot,
    books: BTreeMap<Address, Books>,
    changed: BTreeMap<(Address, Address), Holding>,
}

type Checked<T = ()> = Result<T, String>;

fn sub(what: &str, from: &mut u128, amount: u128) -> Checked {
    *from = from.checked_sub(amount).ok_or_else(|| format!("{what}: {amount} of {from}"))?;
    Ok(())
}

impl<'a> Ledger<'a> {
    /// Anchored on a state.
    #[must_use]
    pub fn new(before: &'a Snapshot) -> Self {
        let books =
            before.reserves.iter().map(|reserve| (reserve.token, Books::of(reserve))).collect();
        Self { before, books, changed: BTreeMap::new() }
    }

    fn books(&mut self, asset: Address) -> &mut Books {
        self.books.entry(asset).or_default()
    }

    fn holding(&mut self, who: Address, asset: Address) -> &mut Holding {
        let before = self.before;
        self.changed.entry((who, asset)).or_insert_with(|| {
            before.id(&asset).map_or((0, 0, 0), |id| holding_of(&before.account(&who), id))
        })
    }

    /// Hears an event and holds it against the exact result.
    ///
    /// # Errors
    /// What is not as it should be.
    pub fn hear(&mut self, event: &Event) -> Checked {
        match *event {
            Event::Supplied { party, assets, shares } => {
                let books = self.books(party.asset);
                is_floor("supply shares", shares.0, &shares_of(assets.0, books.supply))?;
                self.pay_in(party.asset, assets.0, shares.0);
                self.holding(party.account, party.asset).0 += shares.0;
            }
            Event::Withdrawn { party, assets, shares, .. } => {
                let (held, supply) =
                    (self.holding(party.account, party.asset).0, self.books(party.asset).supply);
                if held == shares.0 {
                    is_floor("all of a supply", assets.0, &assets_of(shares.0, supply))?;
                } else {
                    is_ceil("shares withdrawn", shares.0, &shares_of(assets.0, supply))?;
                }
                self.pay_out(party.asset, assets.0, shares.0)?;
                sub("supply", &mut self.holding(party.account, party.asset).0, shares.0)?;
            }
            Event::Protected { party, assets } => {
                self.books(party.asset).protected += assets.0;
                self.holding(party.account, party.asset).1 += assets.0;
            }
            Event::Unprotected { party, assets, .. } => {
                sub("protected", &mut self.books(party.asset).protected, assets.0)?;
                sub("protected", &mut self.holding(party.account, party.asset).1, assets.0)?;
            }
            Event::Borrowed { party, assets, shares, .. } => {
                let books = self.books(party.asset);
                is_ceil("debt shares", shares.0, &shares_of(assets.0, books.debt))?;
                books.debt.0 += assets.0;
                books.debt.1 += shares.0;
                sub("cash", &mut books.cash, assets.0)?;
                self.holding(party.account, party.asset).2 += shares.0;
            }
            Event::Repaid { party, assets, shares } => {
                self.repaid(party.account, party.asset, assets.0, shares.0)?;
            }
            Event::Accrued { .. } => self.accrued(event)?,
            Event::InsuranceFunded { asset, assets, shares, .. } => {
                self.insured(asset, assets.0, shares.0)?;
            }
            Event::Liquidated(ref event) => self.liquidated(event)?,
            Event::DustForfeited { asset, account, protected, shares, minted } => {
                let (held, kept, _) = self.holding(account, asset);
                if (*held, *kept) != (shares.0, protected.0) {
                    return Err("more or less than a leg was forfeited".into());
                }
                (*held, *kept) = (0, 0);
                self.books(asset).insurance += shares.0;
                self.insure_protected(asset, protected.0, minted.0)?;
            }
            Event::BadDebt(ref event) => self.bad_debt(event)?,
            Event::FlashLoaned { asset, assets, fee, insurance_shares, .. } => {
                self.flash_loaned(asset, assets.0, fee.0, insurance_shares.0)?;
            }
            Event::Collected { asset, assets, shares, .. } => {
                let supply = self.books(asset).supply;
                is_floor("collected", assets.0, &assets_of(shares.0, supply))?;
                self.pay_out(asset, assets.0, shares.0)?;
                sub("treasury", &mut self.books(asset).treasury, shares.0)?;
            }
            Event::CollateralSet { .. }
            | Event::OperatorSet { .. }
            | Event::CategorySet { .. }
            | Event::PriceAccepted { .. }
            | Event::PriceIgnored { .. }
            | Event::WoundUp { .. } => {}
        }
        Ok(())
    }

    /// Books a skim, whose event is the shell's.
    ///
    /// # Errors
    /// What is not as it should be.
    pub fn skimmed(&mut self, asset: Address, skimmed: &Skimmed) -> Checked {
        match skimmed {
            Skimmed::Surplus { assets, shares } => self.insured(asset, assets.0, shares.0),
            Skimmed::Shortfall { .. } => Ok(()),
        }
    }

    fn pay_in(&mut self, asset: Address, assets: u128, shares: u128) {
        let books = self.books(asset);
        books.supply.0 += assets;
        books.supply.1 += shares;
        books.cash += assets;
    }

    fn pay_out(&mut self, asset: Address, assets: u128, shares: u128) -> Checked {
        let books = self.books(asset);
        sub("supply assets", &mut books.supply.0, assets)?;
        sub("supply shares", &mut books.supply.1, shares)?;
        sub("cash", &mut books.cash, assets)
    }

    fn insured(&mut self, asset: Address, assets: u128, shares: u128) -> Checked {
        is_floor("insurance shares", shares, &shares_of(assets, self.books(asset).supply))?;
        self.pay_in(asset, assets, shares);
        self.books(asset).insurance += shares;
        Ok(())
    }

    fn insure_protected(&mut self, asset: Address, assets: u128, minted: u128) -> Checked {
        sub("protected", &mut self.books(asset).protected, assets)?;
        // Where a share is worth so little that those due do not fit, none are minted: the suppliers gain.
        let supply = self.books(asset).supply;
        if minted == 0 && shares_of(assets, supply) > whole(u128::MAX - supply.1) {
            self.pay_in(asset, assets, 0);
            return Ok(());
        }
        self.insured(asset, assets, minted)
    }

    /// Interest is debt · (x + x²/2 + x³/6) with x = rate · time, and the fraction carried; never more than that, and
    /// less by the truncations only.
    fn accrued(&mut self, event: &Event) -> Checked {
        let Event::Accrued {
            asset,
            interest,
            insurance_shares,
            treasury_shares,
            remainder,
            rate_at_target,
            time,
        } = *event
        else {
            return Ok(());
        };
        let Some(reserve) = self.before.reserve(&asset) else {
            return Err("interest of a reserve that was not there".into());
        };
        let elapsed =
            time.0.checked_sub(reserve.last_accrual.0).ok_or("I-IDX-05: time went back")?;
        let minted = insurance_shares.0 + treasury_shares.0;
        let books = Books::of(reserve);
        if *self.books(asset) != books {
            return Err("I-IDX-04: interest was booked after something else".into());
        }
        let (least, most) = rates(reserve, rate_at_target);
        let carried = ratio(books.remainder.into(), 1, WAD);
        let growth = |rate: &BigRational| three_terms(&mul(rate, &whole(elapsed.into())));
        let debt = whole(books.debt.0);
        let (low, high) = (growth(&least), growth(&most));
        // Rates are truncated to 10^-18 a second twice, the three terms once each; what is lost of x grows with it.
        let lost = mul(&ratio(3, elapsed.into(), WAD), &add(&high, &whole(2)));
        let lost = mul(&add(&lost, &ratio(4, 1, WAD)), &debt);
        let one = BigRational::one();
        let all = whole(u128::MAX);
        within("interest", interest.0, &add(&mul(&high, &debt), &carried), &all, &one)?;
        within("interest", interest.0, &add(&mul(&low, &debt), &carried), &add(&lost, &one), &all)?;
        let all = books.supply.0 + interest.0;
        let fee = ratio(interest.0, reserve.fees.fee.0.into(), 10_000);
        let others = whole(all + 1) - &fee;
        let per_unit = mul(&whole(books.supply.1 + 1_000_000), &others.recip());
        let room = add(&mul(&per_unit, &whole(2)), &one);
        within("fee shares", minted, &mul(&fee, &per_unit), &room, &one)?;
        let books = self.books(asset);
        books.debt.0 += interest.0;
        books.supply = (all, books.supply.1 + minted);
        books.insurance += insurance_shares.0;
        books.treasury += treasury_shares.0;
        books.remainder = remainder;
        Ok(())
    }

    /// What is paid is rounded up, what the debt falls by down; the difference is the suppliers'.
    fn repaid(&mut self, who: Address, asset: Address, paid: u128, shares: u128) -> Checked {
        let books = self.books(asset);
        let last = shares == books.debt.1;
        let released = if last {
            is_floor("the last debt", paid, &whole(books.debt.0))?;
            books.debt.0
        } else {
            let exact = assets_of(shares, books.debt);
            is_ceil("repaid", paid, &exact)?;
            u128::try_from(exact.floor().to_integer()).map_err(|_| "a debt of too much")?
        };
        books.supply.0 += paid - released;
        books.cash += paid;
        sub("debt", &mut books.debt.0, released)?;
        sub("debt shares", &mut books.debt.1, shares)?;
        sub("debt of the account", &mut self.holding(who, asset).2, shares)
    }

    fn liquidated(&mut self, event: &Liquidated) -> Checked {
        self.repaid(event.borrower, event.debt, event.repaid.0, event.repaid_shares.0)?;
        let of_supply = event.insurance_assets.0.min(event.seized_assets.0);
        let of_protected = event.insurance_assets.0 - of_supply;
        let paid_out = event.seized_assets.0 - of_supply;
        let left = event.seized_shares.0;
        let supply = self.books(event.collateral).supply;
        let exact = shares_of(paid_out, supply);
        let rounded = if event.receive_shares { exact.floor() } else { exact.ceil() };
        let out = u128::try_from(rounded.to_integer()).map_or(left, |out| out.min(left));
        if event.receive_shares {
            self.holding(event.caller, event.collateral).0 += out;
        } else {
            self.pay_out(event.collateral, paid_out, out)?;
        }
        let to_insurance = left - out;
        let minted = event
            .insurance_shares
            .0
            .checked_sub(to_insurance)
            .ok_or("insurance shares are missing")?;
        let books = self.books(event.collateral);
        books.insurance += to_insurance;
        sub("protected", &mut books.protected, event.seized_protected.0 - of_protected)?;
        self.insure_protected(event.collateral, of_protected, minted)?;
        let holding = self.holding(event.borrower, event.collateral);
        sub("supply", &mut holding.0, left)?;
        sub("protected", &mut holding.1, event.seized_protected.0)
    }

    fn bad_debt(&mut self, event: &BadDebt) -> Checked {
        let books = self.books(event.asset);
        if event.shares.0 == books.debt.1 {
            is_floor("the last debt written off", event.assets.0, &whole(books.debt.0))?;
        } else {
            is_floor("debt written off", event.assets.0, &assets_of(event.shares.0, books.debt))?;
        }
        let needed = shares_of(event.assets.0, books.supply);
        if whole(books.insurance) >= needed {
            is_ceil("shares of the insurance", event.insurance_shares.0, &needed)?;
        } else if event.insurance_shares.0 != books.insurance {
            return Err("I-DEF-02: the insurance kept something".into());
        }
        sub("debt", &mut books.debt.0, event.assets.0)?;
        sub("debt shares", &mut books.debt.1, event.shares.0)?;
        sub("supply", &mut books.supply.0, event.assets.0)?;
        sub("supply shares", &mut books.supply.1, event.insurance_shares.0)?;
        sub("insurance", &mut books.insurance, event.insurance_shares.0)?;
        sub("debt of the account", &mut self.holding(event.account, event.asset).2, event.shares.0)
    }

    fn flash_loaned(&mut self, asset: Address, lent: u128, fee: u128, shares: u128) -> Checked {
        let Some(reserve) = self.before.reserve(&asset) else {
            return Err("an unlisted token was lent".into());
        };
        is_ceil("fee", fee, &ratio(lent, reserve.fees.flash_fee.0.into(), 10_000))?;
        let insured = ratio(fee, reserve.fees.flash_split.0.into(), 10_000).floor().to_integer();
        let insured = u128::try_from(insured).map_err(|_| "a fee of too much")?;
        self.pay_in(asset, fee - insured, 0);
        self.insured(asset, insured, shares)
    }

    /// The books are the pool's, to the unit.
    ///
    /// # Errors
    /// What differs.
    pub fn compare(&self, after: &Snapshot) -> Checked {
        for reserve in &after.reserves {
            let told = self.books.get(&reserve.token);
            if told != Some(&Books::of(reserve)) {
                return Err(format!(
                    "reserve {:?}: {told:?} and {:?}",
                    reserve.token, reserve.balances
                ));
            }
        }
        for ((who, asset), holding) in &self.changed {
            let Some(id) = after.id(asset) else { return Err("an account in no reserve".into()) };
            let held = holding_of(&after.account(who), id);
            if held != *holding {
                return Err(format!("account {who:?} in {asset:?}: {holding:?} and {held:?}"));
            }
        }
        // Whoever no event named is as he was.
        for (who, account) in &after.accounts {
            let was = self.before.account(who);
            for reserve in account.supplies().iter().map(|leg| leg.reserve) {
                let asset = after.reserves[usize::from(reserve.0)].token;
                let told = self.changed.contains_key(&(*who, asset));
                if !told && holding_of(account, reserve) != holding_of(&was, reserve) {
                    return Err(format!("account {who:?} in {asset:?} changed without an event"));
                }
            }
        }
        Ok(())
    }
}

fn holding_of(account: &Account, id: ReserveId) -> Holding {
    let leg = account.supply(id).copied().unwrap_or_default();
    (leg.shares.0, leg.protected.0, account.debt(id).0)
}
