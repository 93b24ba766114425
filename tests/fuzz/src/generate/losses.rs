//! Liquidations, write-offs, and what leads to them.

use super::{Generator, narrow};
use crate::{
    message::{Coin, Message, Who},
    snapshot::{View, cost, leg_value, values},
    stage::USERS,
    wide::{Wide, ten, wide},
};
use rand::{Rng as _, seq::IndexedRandom as _};
use weir_core::units::WAD;

impl Generator<'_> {
    /// Everybody's totals at medians, those below 1 first.
    pub(super) fn unhealthy(&self) -> Vec<Who> {
        (0..USERS)
            .filter(|who| {
                let account = self.account(*who);
                account.has_debt()
                    && !values(&account, &self.at.reserves, self.at.now, View::Median).covers()
            })
            .collect()
    }

    pub(super) fn liquidate(&mut self) -> Message {
        let unhealthy = self.unhealthy();
        if unhealthy.is_empty() && self.chance(4, 5) {
            return self.single();
        }
        let borrower = unhealthy.choose(self.rng).copied().unwrap_or_else(|| self.user());
        let account = self.account(borrower);
        let coin = |place: u8| self.coin_of(usize::from(place));
        let debts: Vec<Coin> = account.debts().iter().map(|leg| coin(leg.reserve.0)).collect();
        let supplies: Vec<Coin> =
            account.supplies().iter().map(|leg| coin(leg.reserve.0)).collect();
        let odd = self.chance(1, 20);
        let debt = debts.choose(self.rng).copied().filter(|_| !odd).unwrap_or(0);
        let collateral = supplies.choose(self.rng).copied().unwrap_or(1);
        let most = if self.chance(2, 3) { u128::MAX } else { self.amount(debt) };
        let least = if self.chance(1, 8) { self.amount(collateral) } else { 0 };
        let caller = (borrower + if odd { 0 } else { self.rng.random_range(1..USERS) }) % USERS;
        Message::Liquidate {
            caller,
            borrower,
            debt,
            collateral,
            most,
            least,
            shares: self.rng.random(),
        }
    }

    /// All that an account holds and owes at medians.
    pub(super) fn estate(&self, who: Who) -> (Wide, Wide) {
        let account = self.account(who);
        let reserve = |id: u8| &self.at.reserves[usize::from(id)];
        let held = account.supplies().iter().map(|leg| {
            let reserve = reserve(leg.reserve.0);
            leg_value(reserve, leg, wide(reserve.price.median.0))
        });
        let owed = account.debts().iter().map(|leg| {
            let reserve = reserve(leg.reserve.0);
            cost(reserve, leg.shares) * wide(reserve.price.median.0) / ten(reserve.decimals)
        });
        let sum = |sum: Wide, value: Wide| sum + value;
        (held.fold(wide(0), sum), owed.fold(wide(0), sum))
    }

    /// Somebody of whom less than dust is left, if there is one; else a step towards that: dust above what somebody
    /// holds who owes more than that, or prices at which somebody does.
    pub(super) fn write_off(&mut self) -> Message {
        let caller = self.user();
        let lost: Vec<_> = self
            .unhealthy()
            .into_iter()
            .map(|who| (who, self.estate(who)))
            .filter(|(_, (held, owed))| held < owed)
            .collect();
        let dust = wide(self.at.root.dust.0);
        let poor: Vec<_> = lost.iter().filter(|(_, (held, _))| *held < dust).collect();
        if let Some((account, _)) = poor.choose(self.rng) {
            return Message::WriteOff { caller, account: *account };
        }
        if self.chance(1, 12) {
            return Message::WriteOff { caller, account: self.user() };
        }
        match lost.choose(self.rng) {
            Some((_, (held, _))) => {
                let dust = narrow(*held).saturating_add(WAD).min(10_000_000 * WAD);
                Message::Limits { caller: self.holder(0), dust, min_debt: dust, target: 10_500 }
            }
            None => self.crash(),
        }
    }

    /// A crash of what one debtor holds, to a part of what he owes.
    pub(super) fn crash(&mut self) -> Message {
        let debtors: Vec<_> = (0..USERS).filter(|who| self.account(*who).has_debt()).collect();
        let Some(who) = debtors.choose(self.rng).copied() else { return self.single() };
        let (held, owed) = self.estate(who);
        let part = owed * wide(self.rng.random_range(30..95)) / wide(100);
        let account = self.account(who);
        let owes = |id| !account.debt(id).is_zero();
        let mut quotes = Vec::new();
        for id in account.supplies().iter().map(|leg| leg.reserve).filter(|id| !owes(*id)) {
            let coin = self.coin_of(usize::from(id.0));
            let mut quote = self.quote(coin, false);
            let median = wide(self.at.reserves[usize::from(id.0)].price.median.0);
            if held > part {
                quote.median = narrow(median * part / held).max(1);
            }
            quotes.push(quote);
        }
        for id in account.debts().iter().map(|leg| leg.reserve) {
            let coin = self.coin_of(usize::from(id.0));
            let mut quote = self.quote(coin, false);
            quote.median = self.at.reserves[usize::from(id.0)].price.median.0;
            quotes.push(quote);
        }
        Message::Prices { caller: self.holder(3), quotes }
    }
}
