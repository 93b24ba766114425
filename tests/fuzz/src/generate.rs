//! The next message: random, but with an eye on the state, so that enough of it gets through to mean something.

mod administer;
mod losses;
mod prices;

use crate::{
    message::{Coin, Message, Step, Who},
    snapshot::{Snapshot, View, high, values},
    stage::{IDLE, NOBODY, RECEIVER, ROLES, Stage, USERS},
    wide::{Wide, ten, wide},
};
use rand::{Rng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use weir_core::{
    state::{Account, Flags, Reserve},
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
}

/// The number if it fits, the largest if not.
fn narrow(number: Wide) -> u128 {
    number.try_into().unwrap_or(u128::MAX)
}
