//! The next message: random, but with an eye on the state, so that enough of it gets through to mean something.

use crate::{
    message::{Coin, Message, Quote, Step, Who},
    snapshot::{Snapshot, View, cost, high, leg_value, values, worth},
    stage::{HOSTILE, IDLE, NOBODY, RECEIVER, ROLES, Stage, USERS},
    wide::{Wide, ten, wide},
};
use rand::{Rng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use weir_core::{
    state::{Account, Flags, Reserve, pause::operation},
    units::WAD,
};

/// Chooses messages.
pub struct Generator<'a> {
    /// Where chance comes from.
    pub rng: &'a mut ChaCha8Rng,
    /// Cast and tokens.
    pub stage: &'a Stage,
    /// The state of the moment.
    pub at: &'a Snapshot,
}

/// Makes a message of one kind.
type Make<'a> = fn(&mut Generator<'a>) -> Message;

impl<'a> Generator<'a> {
    /// How often each kind of message is tried, in parts of their sum.
    const WEIGHTS: [(u32, Make<'a>); 22] = [
        (50, Self::wait),
        (40, Self::prices),
        (400, Self::single),
        (45, Self::several),
        (120, Self::liquidate),
        (140, Self::write_off),
        (28, |it| it.flash(false)),
        (28, |it| it.flash(true)),
        (20, Self::accrue),
        (20, Self::fund),
        (22, Self::operator),
        (18, Self::pause),
        (50, Self::unpause),
        (28, Self::parameters),
        (18, Self::limits),
        (18, Self::role),
        (32, Self::skim),
        (30, Self::reconcile),
        (34, Self::collect),
        (22, Self::list),
        (22, Self::donate),
        (4, Self::lose),
    ];

    /// The next message.
    pub fn message(&mut self) -> Message {
        if self.is_stale() && self.chance(1, 3) {
            return self.prices();
        }
        if self.at.root.dust.0 > 100 * WAD && self.chance(1, 12) {
            return self.limits();
        }
        let sum: u32 = Self::WEIGHTS.iter().map(|(weight, _)| weight).sum();
        let mut at = self.rng.random_range(0..sum);
        for (weight, make) in Self::WEIGHTS {
            match at.checked_sub(weight) {
                Some(rest) => at = rest,
                None => return make(self),
            }
        }
        self.wait()
    }

    fn chance(&mut self, times: u32, of: u32) -> bool {
        self.rng.random_ratio(times, of)
    }

    fn user(&mut self) -> Who {
        self.rng.random_range(0..USERS)
    }

    /// A token, mostly a listed one.
    fn coin(&mut self) -> Coin {
        let count = u8::try_from(self.at.reserves.len()).unwrap_or(u8::MAX);
        if count == 0 || self.chance(1, 60) {
            self.rng.random_range(0..18)
        } else {
            self.rng.random_range(0..count)
        }
    }

    /// Tokens are listed in the order of their numbers, mostly.
    fn reserve(&self, coin: Coin) -> Option<&Reserve> {
        self.at.reserve(&self.stage.coin(coin))
    }

    fn coin_of(&self, reserve: usize) -> Coin {
        let token = self.at.reserves[reserve].token;
        let place = self.stage.tokens.iter().position(|held| held.address == token);
        place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
    }

    fn account(&self, who: Who) -> Account {
        self.at.account(&self.stage.who(who))
    }

    /// Whoever holds a role now; sometimes somebody who does not.
    fn holder(&mut self, role: usize) -> Who {
        if self.chance(1, 25) {
            return self.rng.random_range(0..ROLES[4][0]);
        }
        let root = &self.at.root;
        let address = [root.governor, root.guardian, root.steward, root.feed][role];
        ROLES[role]
            .into_iter()
            .find(|who| self.stage.who(*who) == address)
            .unwrap_or(ROLES[role][0])
    }

    /// An amount of a token: some dollars, all, a few units, or far too much.
    fn amount(&mut self, coin: Coin) -> u128 {
        match self.rng.random_range(0..40) {
            0 => self.rng.random_range(0..5),
            1 => u128::MAX - self.rng.random_range(0..2),
            2 => self.rng.random::<u128>() >> self.rng.random_range(0..100),
            3..=12 => self.dollars(coin, 60, 400),
            _ => self.dollars(coin, 100, 30_000),
        }
    }

    /// An amount of a token worth a random sum between these.
    fn dollars(&mut self, coin: Coin, least: u32, most: u32) -> u128 {
        // In cents: a power of two between the two, and a part of it.
        let size = self.rng.random_range((least * 100).ilog2()..=(most * 50).ilog2());
        let cents = wide((1 << size) + u128::from(self.rng.random_range(0..1_u32 << size)));
        let price = self.reserve(coin).map_or(WAD, |reserve| reserve.price.median.0).max(1);
        narrow(cents * wide(WAD) * ten(self.stage.decimals(coin)) / wide(100) / wide(price)).max(1)
    }

    fn is_stale(&self) -> bool {
        self.at.reserves.iter().any(|reserve| self.at.now.0 > reserve.price.time.0 + 600)
    }

    fn wait(&mut self) -> Message {
        let seconds = match self.rng.random_range(0..12) {
            0..=6 => self.rng.random_range(1..120),
            7..=8 => self.rng.random_range(120..3_600),
            9 => self.rng.random_range(3_600..86_400),
            10 => self.rng.random_range(86_400..2_600_000),
            _ => self.rng.random_range(0..2) * self.rng.random_range(0..20_000_000),
        };
        Message::Wait { seconds }
    }

    fn prices(&mut self) -> Message {
        let caller = self.holder(3);
        let all = self.chance(2, 3);
        let crash = self.chance(1, 7);
        let mut quotes = Vec::new();
        for place in 0..self.at.reserves.len() {
            if all || self.chance(1, 3) {
                let coin = self.coin_of(place);
                quotes.push(self.quote(coin, crash));
            }
        }
        if quotes.is_empty() || self.chance(1, 30) {
            let coin = self.coin();
            quotes.push(self.quote(coin, crash));
        }
        Message::Prices { caller, quotes }
    }

    fn quote(&mut self, coin: Coin, crash: bool) -> Quote {
        let last = self.reserve(coin).map(|reserve| reserve.price).unwrap_or_default();
        let start = self.stage.tokens.get(usize::from(coin)).map_or(WAD, |token| token.price);
        let percent = match self.rng.random_range(0..40) {
            0..=2 if crash => self.rng.random_range(10..60),
            3..=15 if crash => self.rng.random_range(60..95),
            0..=5 => self.rng.random_range(80..125),
            _ => self.rng.random_range(97..104),
        };
        // Prices come home, so that a session does not end with worthless tokens.
        let home = last.median.0 < start / 20
            || last.median.0 > start.saturating_mul(10)
            || (last.median.0 < start / 3 && self.chance(1, 6));
        let median = if home { start } else { last.median.0.saturating_mul(percent) / 100 };
        let odd = self.rng.random_range(0..150);
        Quote {
            coin,
            median: match odd {
                0 => 0,
                1 => u128::MAX,
                _ => median,
            },
            down: if odd == 2 { 10_001 } else { self.rng.random_range(0..60) },
            up: if odd == 3 { u16::MAX } else { self.rng.random_range(0..60) },
            age: match odd {
                4 => -5,
                5 => 100_000,
                _ => 0,
            },
            round: if odd == 6 { last.round } else { last.round.saturating_add(1) },
            status: match odd {
                7 => 0,
                8 => 2,
                9..=11 => 3,
                12 => 4,
                _ => 1,
            },
            volatility: self.rng.random_range(0..12_000),
        }
    }

    fn single(&mut self) -> Message {
        let caller = self.user();
        let stranger = self.chance(1, 12);
        let account = if stranger { self.user() } else { caller };
        let to = match self.rng.random_range(0..60) {
            0 => NOBODY,
            1 => IDLE,
            2..=8 => self.user(),
            _ => account,
        };
        let step = self.step(account);
        Message::Submit { caller, account, to, steps: vec![step] }
    }

    fn several(&mut self) -> Message {
        let caller = self.user();
        let account = if self.chance(1, 12) { self.user() } else { caller };
        let count = if self.chance(1, 20) {
            self.rng.random_range(0..11)
        } else {
            self.rng.random_range(2..5)
        };
        let steps = (0..count).map(|_| self.step(account)).collect();
        Message::Submit { caller, account, to: account, steps }
    }

    fn step(&mut self, who: Who) -> Step {
        let account = self.account(who);
        let supplies: Vec<Coin> =
            account.supplies().iter().map(|leg| self.coin_of(usize::from(leg.reserve.0))).collect();
        let debts: Vec<Coin> =
            account.debts().iter().map(|leg| self.coin_of(usize::from(leg.reserve.0))).collect();
        let protected: Vec<Coin> = account
            .supplies()
            .iter()
            .filter(|leg| !leg.protected.is_zero())
            .map(|leg| self.coin_of(usize::from(leg.reserve.0)))
            .collect();
        let any = self.coin();
        let odd = self.chance(1, 20);
        let mut pick =
            |coins: &[Coin]| if odd { Some(any) } else { coins.choose(self.rng).copied() };
        let (held, owed, kept) = (pick(&supplies), pick(&debts), pick(&protected));
        // What cannot be becomes what could bring it about.
        match (self.rng.random_range(0..100), held, owed, kept) {
            (20..=23, ..) => (1, any, self.amount(any)),
            (24..=35, _, Some(coin), _) => (2, coin, self.part(coin)),
            (36..=45, Some(coin), ..) => (3, coin, self.part(coin)),
            (46..=57, _, _, Some(coin)) => (4, coin, self.part(coin)),
            (58..=62, Some(coin), ..) => {
                (6, coin, if odd { 2 } else { u128::from(self.rng.random_ratio(2, 3)) })
            }
            (63..=66, ..) => {
                (7, any, if self.chance(2, 3) { 0 } else { self.rng.random_range(0..3) })
            }
            (67, ..) => (self.rng.random_range(0..10), any, self.amount(any)),
            (0..=14, ..) | (_, None, ..) => (0, any, self.amount(any)),
            (46..=57, ..) => (1, any, self.amount(any)),
            _ => match self.new_debt(&account, any) {
                0 => (0, any, self.amount(any)),
                amount => (5, any, amount),
            },
        }
    }

    /// All, or some dollars.
    fn part(&mut self, coin: Coin) -> u128 {
        if self.chance(2, 5) { u128::MAX } else { self.amount(coin) }
    }

    /// A part of what an account may borrow; sometimes a little more.
    fn new_debt(&mut self, account: &Account, coin: Coin) -> u128 {
        let Some(reserve) = self.reserve(coin).copied() else { return self.amount(coin) };
        let totals = values(account, &self.at.reserves, self.at.now, View::Ltv);
        let room = (totals.weighted / wide(10_000)).saturating_sub(totals.debt);
        let price = high(&reserve).max(wide(1));
        let most = room * ten(reserve.decimals) / price;
        let cash = reserve.balances.cash.0;
        let percent = self.rng.random_range(5..106);
        let wanted = narrow(most * wide(percent) / wide(100));
        let least = narrow(
            wide(self.at.root.min_debt.0) * ten(reserve.decimals)
                / wide(reserve.price.median.0.max(1)),
        );
        let usable = reserve.flags.has(Flags::BORROWABLE) && least < narrow(most).min(cash);
        let wanted = if self.chance(19, 20) {
            wanted.min(cash).max(least.saturating_add(least / 50))
        } else {
            wanted
        };
        if !usable && self.chance(7, 8) {
            return 0;
        }
        if self.chance(1, 25) { self.amount(coin) } else { wanted }
    }

    /// Everybody's totals at medians, those below 1 first.
    fn unhealthy(&self) -> Vec<Who> {
        (0..USERS)
            .filter(|who| {
                let account = self.account(*who);
                account.has_debt()
                    && !values(&account, &self.at.reserves, self.at.now, View::Median).covers()
            })
            .collect()
    }

    fn liquidate(&mut self) -> Message {
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
    fn estate(&self, who: Who) -> (Wide, Wide) {
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
    fn write_off(&mut self) -> Message {
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
    fn crash(&mut self) -> Message {
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

    fn flash(&mut self, batch: bool) -> Message {
        let caller = self.user();
        // On a chain a receiver is a contract; what it would do in between is in the tests of callbacks.
        let receiver = if self.stage.any_receiver { self.user() } else { RECEIVER };
        let most_within = if self.stage.any_receiver { 3 } else { 1 };
        let count = if batch { self.rng.random_range(1..4) } else { 1 };
        let mut coins: Vec<Coin> = (0..count).map(|_| self.coin()).collect();
        coins.sort_by_key(|coin| self.stage.coin(*coin).0);
        if self.chance(19, 20) {
            coins.dedup();
        }
        let loans = coins
            .into_iter()
            .map(|coin| {
                let most = self.reserve(coin).map_or(1_000, |reserve| {
                    reserve.balances.cash.0.min(reserve.limits.flash.assets().0)
                });
                let amount = if self.chance(1, 20) {
                    self.amount(coin)
                } else {
                    most / self.rng.random_range(1..20)
                };
                (coin, amount)
            })
            .collect();
        let within = (0..self.rng.random_range(0..most_within)).map(|_| self.single()).collect();
        Message::Flash { caller, receiver, loans, batch, within }
    }

    fn accrue(&mut self) -> Message {
        Message::Accrue { caller: self.user(), coin: self.coin() }
    }

    fn fund(&mut self) -> Message {
        let coin = self.coin();
        Message::Fund { caller: self.user(), coin, amount: self.dollars(coin, 1, 300) }
    }

    fn operator(&mut self) -> Message {
        let later = self.rng.random_range(0..200_000);
        let odd = self.chance(1, 15);
        Message::Operator {
            caller: self.user(),
            operator: if odd { NOBODY } else { self.user() },
            permissions: if odd { 16 } else { self.rng.random_range(0..16) },
            expiry: self.at.now.0 + later,
        }
    }

    fn pause(&mut self) -> Message {
        let coin = if self.chance(9, 10) { Some(self.coin()) } else { None };
        let bit = *[
            operation::SUPPLY,
            operation::WITHDRAW,
            operation::BORROW,
            operation::COLLATERAL,
            operation::CATEGORY,
            operation::LIQUIDATE,
            operation::FLASH,
        ]
        .choose(self.rng)
        .unwrap_or(&1);
        let odd = self.chance(1, 20);
        let operations = if odd { self.rng.random() } else { bit };
        let longest = if coin.is_none() { 300 } else { 3_600 };
        let duration = if odd { 100_000 } else { self.rng.random_range(60..longest) };
        Message::Pause { caller: self.holder(1), coin, operations, duration }
    }

    /// What stands still; if nothing does, a pause.
    fn unpause(&mut self) -> Message {
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

    fn parameters(&mut self) -> Message {
        Message::Parameters { caller: self.holder(0), coin: self.coin(), config: self.rng.random() }
    }

    fn limits(&mut self) -> Message {
        let dust = self.rng.random_range(1..60) * WAD;
        let min_debt = dust + self.rng.random_range(0..100) * WAD;
        let odd = self.chance(1, 15);
        let (min_debt, target) =
            if odd { (dust - 1, 9_999) } else { (min_debt, self.rng.random_range(10_100..12_000)) };
        Message::Limits { caller: self.holder(0), dust, min_debt, target }
    }

    fn role(&mut self) -> Message {
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
    fn off_balance(&self, less: bool) -> Vec<Coin> {
        let differs = |place: &usize| {
            let books = &self.at.reserves[*place].balances;
            let owed = books.cash.0 + books.protected.0;
            let held = self.at.held.get(usize::from(self.coin_of(*place))).copied().unwrap_or(0);
            if less { held < owed } else { held > owed }
        };
        (0..self.at.reserves.len()).filter(differs).map(|place| self.coin_of(place)).collect()
    }

    fn skim(&mut self) -> Message {
        let caller = self.user();
        match self.off_balance(false).choose(self.rng) {
            Some(coin) => Message::Skim { caller, coin: *coin },
            None if self.chance(1, 8) => Message::Skim { caller, coin: self.coin() },
            None => self.donate(),
        }
    }

    fn reconcile(&mut self) -> Message {
        let caller = self.user();
        let coin = self.off_balance(true).choose(self.rng).copied().unwrap_or_else(|| self.coin());
        Message::Reconcile { caller, coin }
    }

    fn collect(&mut self) -> Message {
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

    fn list(&mut self) -> Message {
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

    fn donate(&mut self) -> Message {
        let coin = self.rng.random_range(0..u8::try_from(self.at.reserves.len()).unwrap_or(1));
        let coin = if self.chance(1, 10) { HOSTILE } else { coin };
        Message::Donate { coin, amount: self.dollars(coin, 1, 1_000).min(1 << 100) }
    }

    fn lose(&mut self) -> Message {
        let held = self.at.held[usize::from(HOSTILE)];
        Message::Lose { coin: HOSTILE, amount: held / self.rng.random_range(2..200) }
    }
}

/// The number if it fits, the largest if not.
fn narrow(number: Wide) -> u128 {
    number.try_into().unwrap_or(u128::MAX)
}
