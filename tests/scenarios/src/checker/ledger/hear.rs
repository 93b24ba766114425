//! What each event does to the second set of books.

use super::arithmetic::{Round, add, rest, shares_for, take, worth};
use super::{Book, Fault, Flow, Holding, Ledger};
use weir_abi::Admin::AdminEvents;
use weir_abi::Pool::{self, PoolEvents};
use weir_abi::alloy_sol_types::SolEventInterface as _;
use weir_chain::{Address, ContractEvent};

pub(super) fn hear(ledger: &mut Ledger, event: &ContractEvent) -> Result<(), Fault> {
    if let Ok(event) = PoolEvents::decode_raw_log(&event.topics, &event.data) {
        let asset = asset_of(&event);
        return ledger
            .hear_pool(event)
            .map_err(|fault| Fault { asset: fault.asset.or(asset), ..fault });
    }
    match AdminEvents::decode_raw_log(&event.topics, &event.data) {
        Ok(AdminEvents::Skimmed(event)) => {
            ledger.pay_in(event.asset, event.assets, event.shares)?;
            add(&mut ledger.book(event.asset).insurance, event.shares)
        }
        // What these change is no balance.
        Ok(_) => Ok(()),
        Err(_) => Err(Fault { asset: None, what: "the pool emitted something unknown".to_owned() }),
    }
}

/// The reserve that is to blame if an event cannot be.
fn asset_of(event: &PoolEvents) -> Option<Address> {
    Some(match event {
        PoolEvents::Supplied(event) => event.asset,
        PoolEvents::Protected(event) => event.asset,
        PoolEvents::Repaid(event) => event.asset,
        PoolEvents::Withdrawn(event) => event.asset,
        PoolEvents::Unprotected(event) => event.asset,
        PoolEvents::Borrowed(event) => event.asset,
        PoolEvents::Accrued(event) => event.asset,
        PoolEvents::InsuranceFunded(event) => event.asset,
        PoolEvents::DustForfeited(event) => event.asset,
        PoolEvents::FlashLoaned(event) => event.asset,
        PoolEvents::Collected(event) => event.asset,
        PoolEvents::BadDebt(event) => event.asset,
        PoolEvents::Liquidated(event) => event.collateral,
        _ => return None,
    })
}

impl Ledger {
    fn book(&mut self, asset: Address) -> &mut Book {
        self.books.entry(asset).or_default()
    }

    fn holding(&mut self, account: Address, asset: Address) -> &mut Holding {
        self.holdings.entry((account, asset)).or_default()
    }

    fn flow(&mut self, asset: Address) -> &mut Flow {
        self.flows.entry(asset).or_default()
    }

    fn hear_pool(&mut self, event: PoolEvents) -> Result<(), Fault> {
        match event {
            PoolEvents::Supplied(event) => {
                self.pay_in(event.asset, event.assets, event.shares)?;
                add(&mut self.holding(event.account, event.asset).shares, event.shares)
            }
            PoolEvents::Withdrawn(event) => {
                self.pay_out(event.asset, event.assets, event.shares)?;
                take(&mut self.holding(event.account, event.asset).shares, event.shares)
            }
            PoolEvents::Protected(event) => {
                add(&mut self.book(event.asset).protected, event.assets)?;
                add(&mut self.holding(event.account, event.asset).protected, event.assets)
            }
            PoolEvents::Unprotected(event) => {
                take(&mut self.book(event.asset).protected, event.assets)?;
                take(&mut self.holding(event.account, event.asset).protected, event.assets)
            }
            PoolEvents::Borrowed(event) => self.borrowed(&event),
            PoolEvents::Repaid(event) => {
                self.repaid(event.account, event.asset, event.assets, event.shares)
            }
            PoolEvents::Accrued(event) => self.accrued(&event),
            PoolEvents::InsuranceFunded(event) => {
                self.pay_in(event.asset, event.assets, event.shares)?;
                add(&mut self.book(event.asset).insurance, event.shares)
            }
            PoolEvents::Liquidated(event) => self.liquidated(&event),
            PoolEvents::DustForfeited(event) => self.forfeited(&event),
            PoolEvents::BadDebt(event) => self.bad_debt(&event),
            PoolEvents::FlashLoaned(event) => {
                self.pay_in(event.asset, event.fee, event.insuranceShares)?;
                add(&mut self.book(event.asset).insurance, event.insuranceShares)
            }
            PoolEvents::Collected(event) => {
                self.pay_out(event.asset, event.assets, event.shares)?;
                take(&mut self.book(event.asset).treasury, event.shares)
            }
            PoolEvents::CollateralSet(_)
            | PoolEvents::CategorySet(_)
            | PoolEvents::OperatorSet(_)
            | PoolEvents::PriceAccepted(_)
            | PoolEvents::PriceIgnored(_)
            | PoolEvents::WoundUp(_) => Ok(()),
        }
    }

    fn pay_in(&mut self, asset: Address, assets: u128, shares: u128) -> Result<(), Fault> {
        let book = self.book(asset);
        add(&mut book.supply.0, assets)?;
        add(&mut book.supply.1, shares)?;
        add(&mut book.cash, assets)
    }

    fn pay_out(&mut self, asset: Address, assets: u128, shares: u128) -> Result<(), Fault> {
        let book = self.book(asset);
        take(&mut book.supply.0, assets)?;
        take(&mut book.supply.1, shares)?;
        take(&mut book.cash, assets)
    }

    fn borrowed(&mut self, event: &Pool::Borrowed) -> Result<(), Fault> {
        let book = self.book(event.asset);
        add(&mut book.debt.0, event.assets)?;
        add(&mut book.debt.1, event.shares)?;
        take(&mut book.cash, event.assets)?;
        add(&mut self.flow(event.asset).borrowed, event.assets)?;
        add(&mut self.holding(event.account, event.asset).debt, event.shares)
    }

    fn accrued(&mut self, event: &Pool::Accrued) -> Result<(), Fault> {
        let book = self.book(event.asset);
        add(&mut book.debt.0, event.interest)?;
        add(&mut book.supply.0, event.interest)?;
        for (place, shares) in [
            (&mut book.insurance, event.insuranceShares),
            (&mut book.treasury, event.treasuryShares),
        ] {
            add(&mut book.supply.1, shares)?;
            add(place, shares)?;
        }
        add(&mut self.flow(event.asset).interest, event.interest)
    }

    /// The debt falls by what the shares are worth, rounded down; what was paid beyond that is the suppliers'. The
    /// last shares are worth all that is owed.
    fn repaid(
        &mut self,
        account: Address,
        asset: Address,
        paid: u128,
        shares: u128,
    ) -> Result<(), Fault> {
        let book = self.book(asset);
        let released = if shares == book.debt.1 { book.debt.0 } else { worth(book.debt, shares)? };
        add(&mut book.supply.0, rest(paid, released)?)?;
        take(&mut book.debt.0, released)?;
        take(&mut book.debt.1, shares)?;
        add(&mut book.cash, paid)?;
        add(&mut self.flow(asset).released, released)?;
        take(&mut self.holding(account, asset).debt, shares)
    }

    /// Protected tokens that become supply of the insurance.
    fn insure_protected(
        &mut self,
        asset: Address,
        assets: u128,
        minted: u128,
    ) -> Result<(), Fault> {
        take(&mut self.book(asset).protected, assets)?;
        self.pay_in(asset, assets, minted)?;
        add(&mut self.book(asset).insurance, minted)
    }

    fn liquidated(&mut self, event: &Pool::Liquidated) -> Result<(), Fault> {
        self.repaid(event.borrower, event.debt, event.repaid, event.repaidShares)?;
        let asset = event.collateral;
        // The insurance's part comes out of the supply first.
        let cut_of_supply = event.insuranceAssets.min(event.seizedAssets);
        let cut_of_protected = rest(event.insuranceAssets, cut_of_supply)?;
        let paid_out = rest(event.seizedAssets, cut_of_supply)?;
        let totals = self.book(asset).supply;
        let round = if event.receiveShares { Round::Down } else { Round::Up };
        let out = shares_for(totals, paid_out, round)?.min(event.seizedShares);
        if event.receiveShares {
            add(&mut self.holding(event.caller, asset).shares, out)?;
        } else {
            self.pay_out(asset, paid_out, out)?;
        }
        let to_insurance = rest(event.seizedShares, out)?;
        add(&mut self.book(asset).insurance, to_insurance)?;
        take(&mut self.book(asset).protected, rest(event.seizedProtected, cut_of_protected)?)?;
        let minted = rest(event.insuranceShares, to_insurance)?;
        self.insure_protected(asset, cut_of_protected, minted)?;
        let holding = self.holding(event.borrower, asset);
        take(&mut holding.shares, event.seizedShares)?;
        take(&mut holding.protected, event.seizedProtected)
    }

    fn forfeited(&mut self, event: &Pool::DustForfeited) -> Result<(), Fault> {
        let holding = self.holding(event.account, event.asset);
        take(&mut holding.shares, event.shares)?;
        take(&mut holding.protected, event.protectedAssets)?;
        add(&mut self.book(event.asset).insurance, event.shares)?;
        self.insure_protected(event.asset, event.protectedAssets, event.mintedShares)
    }

    fn bad_debt(&mut self, event: &Pool::BadDebt) -> Result<(), Fault> {
        if event.insured.checked_add(event.socialised) != Some(event.assets) {
            let what = "a write-off is not the sum of what insurance and suppliers bore".to_owned();
            return Err(Fault { asset: Some(event.asset), what });
        }
        let book = self.book(event.asset);
        take(&mut book.debt.0, event.assets)?;
        take(&mut book.debt.1, event.shares)?;
        take(&mut book.supply.0, event.assets)?;
        take(&mut book.supply.1, event.insuranceShares)?;
        take(&mut book.insurance, event.insuranceShares)?;
        add(&mut self.flow(event.asset).written_off, event.assets)?;
        take(&mut self.holding(event.account, event.asset).debt, event.shares)
    }
}
