//! A pool for tests: three tokens of 6, 10 and 18 decimals, priced, seeded, and some people.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::vec::Vec;

use crate::{
    address::Address,
    config::{BucketConfig, CategoryConfig, RateConfig, ReserveConfig},
    error::{Code, Refusal},
    feed::{Push, Status},
    liquidate::{Order, Outcome, liquidate},
    listing::{Start, list},
    memory::MemoryHost,
    prices::{PricePush, on_prices},
    state::{
        Account, Fees, Flags, Reserve, ReserveId, Root,
        reserve::{Ages, LiquidationParams},
        risk::Volatility,
    },
    submit::{Action, Kind, Request, submit},
    transfers::{Direction, Transfer},
    units::{Assets, Bps, Ppm, Price, Timestamp, Value, WAD},
};

pub(crate) const START: Timestamp = Timestamp(1_700_000_000);
/// One US dollar.
pub(crate) const USD: u128 = WAD;
pub(crate) const DUST: Value = Value(10 * USD);
pub(crate) const MIN_DEBT: Value = Value(100 * USD);

pub(crate) const GOVERNOR: Address = Address([0x90; 20]);
pub(crate) const FEED: Address = Address([0xfe; 20]);
pub(crate) const ALICE: Address = Address([0xa0; 20]);
pub(crate) const BOB: Address = Address([0xb0; 20]);
pub(crate) const CAROL: Address = Address([0xc0; 20]);
pub(crate) const DAVE: Address = Address([0xd0; 20]);

/// 6 decimals, 1 dollar, threshold 85 %.
pub(crate) const USDC: Address = Address([0x01; 20]);
/// 10 decimals, 5 dollars, threshold 75 %.
pub(crate) const DOT: Address = Address([0x02; 20]);
/// 18 decimals, 2 000 dollars, threshold 80 %.
pub(crate) const ETH: Address = Address([0x03; 20]);
pub(crate) const TOKENS: [Address; 3] = [USDC, DOT, ETH];

pub(crate) const ONE_USDC: u128 = 1_000_000;
pub(crate) const ONE_DOT: u128 = 10_000_000_000;
pub(crate) const ONE_ETH: u128 = 1_000_000_000_000_000_000;

pub(crate) fn config(ltv: u16, threshold: u16) -> ReserveConfig {
    ReserveConfig {
        ltv: Bps(ltv),
        threshold: Bps(threshold),
        liquidation: LiquidationParams {
            bonus_min: Bps(200),
            bonus_max: Bps(1_000),
            health_for_max_bonus: Bps(9_500),
            insurance_cut: Bps(1_000),
        },
        fees: Fees {
            fee: Bps(1_000),
            flash_fee: Bps(5),
            flash_split: Bps(1_000),
            insurance_target: Bps(100),
        },
        rates: RateConfig::Kinked {
            base: Ppm(0),
            slope1: Ppm(40_000),
            slope2: Ppm(600_000),
            optimal: Bps(8_000),
        },
        ages: Ages { strict: 600, long: 3_600 },
        supply_cap: 100_000_000,
        borrow_cap: 80_000_000,
        protected_cap: 100_000_000,
        flash_cap: 1_000_000,
        flags: Flags(Flags::BORROWABLE | Flags::COLLATERAL | Flags::FLASH),
        category: CategoryConfig::default(),
        volatility: Volatility::default(),
        inflow: BucketConfig::default(),
        outflow: BucketConfig::default(),
    }
}

/// A pool in memory with its root at hand.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    pub host: MemoryHost,
    pub root: Root,
    round: u32,
}

impl Pool {
    /// Without reserves.
    pub fn empty() -> Self {
        let host = MemoryHost::new(START);
        Self { host, root: Root::new(GOVERNOR, GOVERNOR, FEED, DUST, MIN_DEBT), round: 0 }
    }

    /// The three tokens, priced, and much liquidity from Dave.
    pub fn new() -> Self {
        let mut pool = Self::empty();
        pool.list(USDC, 6, &config(8_000, 8_500));
        pool.list(DOT, 10, &config(7_000, 7_500));
        pool.list(ETH, 18, &config(7_500, 8_000));
        pool.prices([USD, 5 * USD, 2_000 * USD]);
        pool.supply(DAVE, USDC, 1_000_000 * ONE_USDC).unwrap();
        pool.supply(DAVE, DOT, 200_000 * ONE_DOT).unwrap();
        pool.supply(DAVE, ETH, 500 * ONE_ETH).unwrap();
        pool
    }

    pub fn list(&mut self, token: Address, decimals: u8, config: &ReserveConfig) -> ReserveId {
        let valid = config.validate(decimals, self.root.target_health).unwrap();
        let start = Start { token, seed: Assets(1_000), floor: Assets(10) };
        list(&mut self.host, &mut self.root, &GOVERNOR, &valid, &start).unwrap().0
    }

    pub fn price(&mut self, token: Address, price: u128) {
        self.push(token, Push { median: Price(price), status: Status::Ok, ..Push::default() });
    }

    /// Pushes with the time of now and the next round.
    pub fn push(&mut self, asset: Address, price: Push) {
        self.round += 1;
        let price = Push { time: self.host.time(), round: self.round, ..price };
        on_prices(&mut self.host, &self.root, &FEED, &[PricePush { asset, price }]).unwrap();
    }

    pub fn prices(&mut self, prices: [u128; 3]) {
        for (token, price) in TOKENS.into_iter().zip(prices) {
            self.price(token, price);
        }
    }

    /// Moves the clock, keeping all prices fresh.
    pub fn advance(&mut self, seconds: u32) {
        self.host.advance(seconds);
        for token in TOKENS {
            if let Some(id) = self.root.find(&token) {
                let last = self.host.reserve(id).unwrap().price;
                self.push(token, last);
            }
        }
    }

    pub fn submit(
        &mut self,
        caller: Address,
        account: Address,
        actions: &[Action],
    ) -> Result<Vec<Transfer>, Refusal> {
        let root = self.root;
        let request = Request { caller, account, to: caller };
        self.host
            .transact(|host| submit(host, &root, &request, actions))
            .map(|transfers| transfers.iter().copied().collect())
    }

    /// One action for oneself; returns what moved.
    pub fn act(
        &mut self,
        who: Address,
        kind: Kind,
        asset: Address,
        amount: u128,
    ) -> Result<u128, Refusal> {
        let moved = self.submit(who, who, &[Action::new(kind, asset, amount)])?;
        Ok(moved.first().map_or(0, |transfer| transfer.amount.0))
    }

    pub fn supply(&mut self, who: Address, asset: Address, amount: u128) -> Result<u128, Refusal> {
        self.act(who, Kind::Supply, asset, amount)
    }

    pub fn borrow(&mut self, who: Address, asset: Address, amount: u128) -> Result<u128, Refusal> {
        self.act(who, Kind::Borrow, asset, amount)
    }

    pub fn liquidate(&mut self, caller: Address, order: &Order) -> Result<Outcome, Refusal> {
        let root = self.root;
        self.host.transact(|host| liquidate(host, &root, &caller, order))
    }

    pub fn reserve(&self, token: Address) -> Reserve {
        self.host.reserve(self.root.find(&token).unwrap()).unwrap()
    }

    pub fn change(&mut self, token: Address, change: impl FnOnce(&mut Reserve)) {
        let id = self.root.find(&token).unwrap();
        let mut reserve = self.host.reserve(id).unwrap();
        change(&mut reserve);
        crate::host::Host::store_reserve(&mut self.host, id, &reserve);
    }

    pub fn account(&self, who: Address) -> Account {
        self.host.account(&who).unwrap()
    }

    pub fn health(&mut self, who: Address) -> u128 {
        self.host.account_data(&who).unwrap().health_factor.0
    }
}

/// An order for everything, whatever comes.
pub(crate) fn order(borrower: Address, debt: Address, collateral: Address) -> Order {
    Order {
        borrower,
        debt,
        collateral,
        max_repay: Assets::MAX,
        min_seized: Assets::ZERO,
        receive_shares: false,
    }
}

/// The code and both words of a refusal.
#[track_caller]
pub(crate) fn words<T: core::fmt::Debug>(result: Result<T, Refusal>) -> (Code, u128, u128) {
    let refusal = result.unwrap_err();
    (refusal.code(), refusal.a().as_u128().unwrap_or(0), refusal.b().as_u128().unwrap_or(0))
}

#[track_caller]
pub(crate) fn code<T: core::fmt::Debug>(result: Result<T, Refusal>) -> Code {
    result.unwrap_err().code()
}

pub(crate) fn pull(token: Address, amount: u128) -> Transfer {
    Transfer { token, direction: Direction::Pull, amount: Assets(amount) }
}

pub(crate) fn push(token: Address, amount: u128) -> Transfer {
    Transfer { token, direction: Direction::Push, amount: Assets(amount) }
}
