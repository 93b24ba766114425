//! What a liquidation does to the books of its two reserves and to the two accounts.

use super::{Case, Outcome, quote::Quote};
use crate::{
    error::Refusal,
    event::{Event, Liquidated, Party},
    health,
    host::Host,
    state::{Account, Flags, Reserve, SupplyLeg},
    units::{Assets, Shares},
};

/// Where the shares of a seized supply go.
struct Split {
    /// What leaves the borrower.
    left: Shares,
    /// What is burnt for the liquidator, or handed over to him.
    out: Shares,
}

impl Split {
    /// The shares of what is seized. Whatever rounding leaves over goes to the insurance.
    fn new(
        reserve: &Reserve,
        held: Shares,
        quote: &Quote,
        receive_shares: bool,
    ) -> Result<Self, Refusal> {
        let supply = &reserve.balances.supply;
        let left = if quote.seizes_all {
            held
        } else {
            supply.to_shares_ceil(quote.seized_assets)?.min(held)
        };
        let paid_out = quote.supply_paid_out()?;
        let out = if receive_shares {
            supply.to_shares_floor(paid_out)?
        } else {
            supply.to_shares_ceil(paid_out)?
        };
        Ok(Self { left, out: out.min(left) })
    }
}

impl Quote {
    /// The insurance's part that comes out of the supply.
    fn cut_of_supply(&self) -> Assets {
        self.cut.min(self.seized_assets)
    }

    /// What the liquidator gets of the supply.
    fn supply_paid_out(&self) -> Result<Assets, Refusal> {
        Ok(self.seized_assets.checked_sub(self.cut_of_supply())?)
    }
}

impl<H: Host> Case<'_, H> {
    /// Books repayment and seizure. Returns the shares that are to be handed over to the liquidator, too.
    pub(super) fn seize(&mut self, quote: &Quote) -> Result<(Outcome, Shares), Refusal> {
        let owed = self.account.debt(self.debt);
        self.account.set_debt(self.debt, owed.checked_sub(quote.shares)?)?;
        self.book.get_mut(self.debt)?.balances.repay(quote.shares)?;
        let cut_of_protected = quote.cut.checked_sub(quote.cut_of_supply())?;
        let protected_paid_out = quote.seized_protected.checked_sub(cut_of_protected)?;
        let supply_paid_out =
            if self.order.receive_shares { Assets::ZERO } else { quote.supply_paid_out()? };

        let held = self.account.supply(self.collateral).map_or(Shares::ZERO, |leg| leg.shares);
        let reserve = self.book.get_mut(self.collateral)?;
        let split = Split::new(reserve, held, quote, self.order.receive_shares)?;
        let to_insurance = split.left.checked_sub(split.out)?;
        if !self.order.receive_shares {
            reserve.balances.pay_out(supply_paid_out, split.out)?;
        }
        reserve.balances.insurance = reserve.balances.insurance.checked_add(to_insurance)?;
        reserve.balances.protected = reserve.balances.protected.checked_sub(protected_paid_out)?;
        let minted = reserve.balances.insure_protected(cut_of_protected)?;
        if let Some(leg) = self.account.supply_mut(self.collateral) {
            leg.protected = leg.protected.checked_sub(quote.seized_protected)?;
            leg.shares = leg.shares.checked_sub(split.left)?;
        }
        self.account.tidy_supply(self.collateral);
        let handed_over = if self.order.receive_shares { split.out } else { Shares::ZERO };
        let outcome = Outcome {
            pay_out: protected_paid_out.checked_add(supply_paid_out)?,
            repay: quote.paid,
            event: Liquidated {
                borrower: self.order.borrower,
                debt: self.order.debt,
                collateral: self.order.collateral,
                caller: self.caller,
                repaid: quote.paid,
                repaid_shares: quote.shares,
                seized_protected: quote.seized_protected,
                seized_assets: quote.seized_assets,
                seized_shares: split.left,
                insurance_assets: quote.cut,
                insurance_shares: to_insurance.checked_add(minted)?,
                bonus: quote.bonus,
                receive_shares: self.order.receive_shares,
            },
        };
        Ok((outcome, handed_over))
    }

    /// Gives the liquidator his supply shares. Where they would break the isolation of his account they arrive opted
    /// out.
    pub(super) fn hand_over(&mut self, shares: Shares) -> Result<(), Refusal> {
        if shares.is_zero() {
            return Ok(());
        }
        let id = self.collateral;
        let mut taker = self.host.load_account(&self.caller)?;
        let opened = taker.supply(id).is_none();
        let leg = taker.supply_or_new(id)?;
        leg.shares = leg.shares.checked_add(shares)?;
        if opened && taker.has_debt() && self.breaks_isolation(&taker)? {
            if let Some(leg) = taker.supply_mut(id) {
                leg.opted_out = true;
            }
            let party =
                Party { asset: self.order.collateral, account: self.caller, caller: self.caller };
            self.host.emit(&Event::CollateralSet { party, on: false });
            taker.version = taker.version.wrapping_add(1);
        }
        taker.version = taker.version.wrapping_add(1);
        self.host.store_account(&self.caller, &taker);
        Ok(())
    }

    /// Whether more than one collateral of an account counts, and one of them is isolated.
    fn breaks_isolation(&mut self, taker: &Account) -> Result<bool, Refusal> {
        let (mut counted, mut isolated) = (0, false);
        for leg in taker.supplies() {
            if let Some(is_isolated) = self.counted(taker, leg)? {
                counted += 1;
                isolated |= is_isolated;
            }
        }
        Ok(isolated && counted > 1)
    }

    /// Whether a leg of another account counts, and if so, whether its reserve is isolated.
    fn counted(&mut self, taker: &Account, leg: &SupplyLeg) -> Result<Option<bool>, Refusal> {
        let now = self.now;
        let judge = |reserve: &Reserve| {
            health::counts(reserve, leg, taker.category, now)
                .then_some(reserve.flags.has(Flags::ISOLATED))
        };
        if let Ok(reserve) = self.book.get(leg.reserve) {
            return Ok(judge(reserve));
        }
        Ok(judge(&self.host.load_reserve(leg.reserve)?))
    }
}
