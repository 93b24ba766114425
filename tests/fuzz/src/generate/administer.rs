//! What roles ask for, and what happens to tokens around the pool.

use super::Generator;
use crate::{
    message::{Coin, Message},
    snapshot::worth,
    stage::{HOSTILE, NOBODY, ROLES},
};
use rand::{Rng as _, seq::IndexedRandom as _};
use weir_core::{state::pause::operation, units::WAD};

impl Generator<'_> {
    pub(super) fn pause(&mut self) -> Message {
        let coin = if self.chance(9, 10) { Some(self.coin()) } else { None };
        let bit = *[
            operation::SUPPLY,
            operation::WITHDRAW,
            operation::BORROW,
            operation::COLLATERAL,
            operation::CATEGORY,
            operation::LIQUIDATE,
            operation::FLASH,
            operation::FREEZE,
        ]
        .choose(self.rng)
        .unwrap_or(&1);
        let odd = self.chance(1, 20);
        let operations = if odd { self.rng.random() } else { bit };
        let longest = if coin.is_none() { 300 } else { 3_600 };
        let duration = if odd { 100_000 } else { self.rng.random_range(60..longest) };
        // The guardian has a day of it a week, the governor more.
        let role = self.rng.random_range(0..2);
        Message::Pause { caller: self.holder(role), coin, operations, duration }
    }

    /// What stands still; if nothing does, a pause.
    pub(super) fn unpause(&mut self) -> Message {
        let holds =
            |pause: &weir_core::state::pause::Pause| pause.holds(operation::ALL, self.at.now);
        let mut paused: Vec<(Option<Coin>, u16)> = (0..self.at.reserves.len())
            .filter(|place| holds(&self.at.reserves[*place].pause))
            .map(|place| (Some(self.coin_of(place)), self.at.reserves[place].pause.operations))
            .collect();
        if holds(&self.at.root.pause) {
            paused.push((None, self.at.root.pause.operations));
        }
        match paused.choose(self.rng) {
            Some((coin, operations)) => {
                Message::Unpause { caller: self.holder(0), coin: *coin, operations: *operations }
            }
            None => self.pause(),
        }
    }

    pub(super) fn parameters(&mut self) -> Message {
        Message::Parameters { caller: self.holder(0), coin: self.coin(), config: self.rng.random() }
    }

    pub(super) fn limits(&mut self) -> Message {
        let dust = self.rng.random_range(1..60) * WAD;
        let min_debt = dust + self.rng.random_range(0..100) * WAD;
        let odd = self.chance(1, 15);
        let (min_debt, target) =
            if odd { (dust - 1, 9_999) } else { (min_debt, self.rng.random_range(10_100..12_000)) };
        Message::Limits { caller: self.holder(0), dust, min_debt, target }
    }

    pub(super) fn role(&mut self) -> Message {
        let odd = self.chance(1, 15);
        let role = self.rng.random_range(0..4_u8);
        let holder =
            if odd { NOBODY } else { *ROLES[usize::from(role)].choose(self.rng).unwrap_or(&0) };
        Message::Role {
            caller: self.holder(0),
            role: if self.chance(1, 20) { 7 } else { role },
            holder,
        }
    }

    /// The tokens of which the pool holds more, or less, than it should.
    pub(super) fn off_balance(&self, less: bool) -> Vec<Coin> {
        let differs = |place: &usize| {
            let books = &self.at.reserves[*place].balances;
            let owed = books.cash.0 + books.protected.0;
            let held = self.at.held.get(usize::from(self.coin_of(*place))).copied().unwrap_or(0);
            if less { held < owed } else { held > owed }
        };
        (0..self.at.reserves.len()).filter(differs).map(|place| self.coin_of(place)).collect()
    }

    pub(super) fn skim(&mut self) -> Message {
        let caller = self.user();
        match self.off_balance(false).choose(self.rng) {
            Some(coin) => Message::Skim { caller, coin: *coin },
            None if self.chance(1, 8) => Message::Skim { caller, coin: self.coin() },
            None => self.donate(),
        }
    }

    pub(super) fn reconcile(&mut self) -> Message {
        let caller = self.user();
        let coin = self.off_balance(true).choose(self.rng).copied().unwrap_or_else(|| self.coin());
        Message::Reconcile { caller, coin }
    }

    pub(super) fn collect(&mut self) -> Message {
        let rich = |place: &usize| {
            let reserve = &self.at.reserves[*place];
            !worth(reserve, reserve.balances.treasury).is_zero()
        };
        let rich: Vec<_> =
            (0..self.at.reserves.len()).filter(rich).map(|place| self.coin_of(place)).collect();
        let coin = rich.choose(self.rng).copied().unwrap_or_else(|| self.coin());
        let held = self.reserve(coin).map_or(1, |reserve| reserve.balances.treasury.0);
        let shares = if self.chance(1, 6) { u128::MAX } else { held / self.rng.random_range(1..5) };
        let to = if self.chance(1, 20) { NOBODY } else { self.user() };
        Message::Collect { caller: self.holder(0), coin, to, shares }
    }

    pub(super) fn list(&mut self) -> Message {
        let next = u8::try_from(self.at.reserves.len()).unwrap_or(u8::MAX);
        let coin = if self.chance(1, 12) || next >= 16 { self.coin() } else { next };
        let seed = if self.chance(1, 20) { 0 } else { 1_000 };
        Message::List {
            caller: self.holder(0),
            coin,
            config: self.rng.random(),
            seed,
            floor: self.rng.random_range(0..100),
        }
    }

    pub(super) fn donate(&mut self) -> Message {
        let coin = self.rng.random_range(0..u8::try_from(self.at.reserves.len()).unwrap_or(1));
        let coin = if self.chance(1, 10) { HOSTILE } else { coin };
        Message::Donate { coin, amount: self.dollars(coin, 1, 1_000).min(1 << 100) }
    }

    pub(super) fn lose(&mut self) -> Message {
        let held = self.at.held[usize::from(HOSTILE)];
        Message::Lose { coin: HOSTILE, amount: held / self.rng.random_range(2..200) }
    }
}
