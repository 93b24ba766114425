//! A pool for the tests, with numbers that can be checked by hand.
//!
//! Interest is zero and every share costs 10^-6 units, so that amounts are what they seem. Prices stand at time 1000.
#![allow(clippy::unwrap_used, reason = "a test may stop where it finds a fault")]

use crate::book::{Candidate, State, Work};
use crate::breakers::Breakers;
use crate::config::{Config, EXAMPLE};
use crate::intent::Asset;
use crate::metrics::Metrics;
use crate::outcome::PriceSource;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::time::Instant;
use weir_chain::{Address, B256, BlockRef};
use weir_core::address::Address as CoreAddress;
use weir_core::feed::Status;
use weir_core::rates::{Kinked, Rates};
use weir_core::shares::Totals;
use weir_core::state::limits::Limits;
use weir_core::state::pause::Pause;
use weir_core::state::price::StoredPrice;
use weir_core::state::reserve::{Ages, LiquidationParams};
use weir_core::state::risk::{Category, Ramp, Risk, Threshold, Volatility};
use weir_core::state::{Account, Balances, Fees, Flags, Reserve, ReserveId, Root};
use weir_core::units::{Assets, Bps, Ppm, Price, Shares, Timestamp, Value, WAD};

pub(crate) const POOL: Address = Address::repeat_byte(0xaa);
pub(crate) const KEEPER: Address = Address::repeat_byte(0xbb);
pub(crate) const ANNA: Address = Address::repeat_byte(0x11);
pub(crate) const BERT: Address = Address::repeat_byte(0x22);

/// Reserve numbers, in the order of [`assets`].
pub(crate) const USDC: u8 = 0;
pub(crate) const DOT: u8 = 1;
pub(crate) const WETH: u8 = 2;

/// Smallest units of a whole token.
pub(crate) const ONE_USDC: u128 = 1_000_000;
pub(crate) const ONE_DOT: u128 = 10_000_000_000;
pub(crate) const ONE_WETH: u128 = WAD;

/// When the prices were accepted, and the time of the block.
pub(crate) const NOW: u64 = 1_000;

pub(crate) fn token(reserve: u8) -> Address {
    Address::repeat_byte(0xc0 + reserve)
}

pub(crate) fn assets() -> Vec<Arc<Asset>> {
    let asset = |symbol: &str, decimals, reserve| {
        Arc::new(Asset { symbol: symbol.to_owned(), token: token(reserve), decimals, reserve })
    };
    vec![asset("USDC", 6, USDC), asset("DOT", 10, DOT), asset("WETH", 18, WETH)]
}

/// A reserve that holds `cash` and nothing else yet. Threshold 80 %; bonus 5 % at a health factor of 1, 10 % at 0.9;
/// a tenth of the bonus goes to the insurance.
fn reserve(id: u8, decimals: u8, price_usd: u128, cash: u128) -> Reserve {
    Reserve {
        token: CoreAddress(token(id).0.0),
        decimals,
        flags: Flags(Flags::BORROWABLE | Flags::COLLATERAL),
        pause: Pause::default(),
        last_accrual: Timestamp(1_000),
        balances: Balances {
            supply: Totals { assets: Assets(cash), shares: Shares(cash * 1_000_000) },
            debt: Totals { assets: Assets(0), shares: Shares(0) },
            protected: Assets(0),
            cash: Assets(cash),
            insurance: Shares(0),
            treasury: Shares(0),
            interest_rem: 0,
        },
        rates: Rates::Kinked(Kinked::new(Ppm(0), Ppm(0), Ppm(0), Bps(8_000)).unwrap()),
        risk: Risk {
            ltv: Bps(7_500),
            threshold: Threshold { target: Bps(8_000), from: Bps(8_000) },
            ramp: Ramp { start: Timestamp(0), end: Timestamp(0) },
            category: Category {
                id: 0,
                ltv: Bps(0),
                threshold: Threshold { target: Bps(0), from: Bps(0) },
                bonus_max: Bps(0),
            },
            volatility: Volatility { free: Bps(0), slope: Bps(0), cut_max: Bps(0) },
        },
        liquidation: LiquidationParams {
            bonus_min: Bps(500),
            bonus_max: Bps(1_000),
            health_for_max_bonus: Bps(9_000),
            insurance_cut: Bps(1_000),
        },
        fees: Fees {
            fee: Bps(0),
            flash_fee: Bps(0),
            flash_split: Bps(0),
            insurance_target: Bps(0),
        },
        ages: Ages { strict: 600, long: 3_600 },
        limits: Limits::default(),
        price: StoredPrice {
            median: Price(price_usd * WAD),
            down: Bps(0),
            up: Bps(0),
            time: Timestamp(1_000),
            round: 7,
            status: Status::Ok,
            volatility: Bps(0),
        },
    }
}

/// A pool under construction.
pub(crate) struct Pool {
    reserves: Vec<Reserve>,
    accounts: BTreeMap<Address, Account>,
}

impl Pool {
    /// 100,000 USDC at 1 USD, 50,000 DOT at 5 USD and 500 WETH at `weth_usd`, all in cash, supplied by others. Dust is
    /// 10 USD, target health 1.05.
    pub(crate) fn new(weth_usd: u128) -> Self {
        Self {
            reserves: vec![
                reserve(USDC, 6, 1, 100_000 * ONE_USDC),
                reserve(DOT, 10, 5, 50_000 * ONE_DOT),
                reserve(WETH, 18, weth_usd, 500 * ONE_WETH),
            ],
            accounts: BTreeMap::new(),
        }
    }

    /// The account supplies an amount.
    pub(crate) fn supply(mut self, who: Address, id: u8, amount: u128) -> Self {
        let balances = &mut self.reserves.get_mut(usize::from(id)).unwrap().balances;
        let shares = Shares(amount * 1_000_000);
        balances.supply = balances.supply.checked_add(Assets(amount), shares).unwrap();
        balances.cash = balances.cash.checked_add(Assets(amount)).unwrap();
        let account = self.accounts.entry(who).or_default();
        let leg = account.supply_or_new(ReserveId(id)).unwrap();
        leg.shares = leg.shares.checked_add(shares).unwrap();
        account.version += 1;
        self
    }

    /// The account borrows an amount.
    pub(crate) fn borrow(mut self, who: Address, id: u8, amount: u128) -> Self {
        let balances = &mut self.reserves.get_mut(usize::from(id)).unwrap().balances;
        let shares = Shares(amount * 1_000_000);
        balances.debt = balances.debt.checked_add(Assets(amount), shares).unwrap();
        balances.cash = balances.cash.checked_sub(Assets(amount)).unwrap();
        let account = self.accounts.entry(who).or_default();
        let owed = account.debt(ReserveId(id));
        account.set_debt(ReserveId(id), owed.checked_add(shares).unwrap()).unwrap();
        account.version += 1;
        self
    }

    /// Others borrow all the cash of a reserve.
    pub(crate) fn lend_out(mut self, id: u8) -> Self {
        let balances = &mut self.reserves.get_mut(usize::from(id)).unwrap().balances;
        let shares = Shares(balances.cash.0 * 1_000_000);
        balances.debt = balances.debt.checked_add(balances.cash, shares).unwrap();
        balances.cash = Assets(0);
        self
    }

    /// A price of that age in seconds.
    pub(crate) fn aged(mut self, id: u8, seconds: u32) -> Self {
        let price = &mut self.reserves.get_mut(usize::from(id)).unwrap().price;
        price.time = Timestamp(1_000 - seconds);
        self
    }

    pub(crate) fn state(self) -> State {
        let nobody = CoreAddress::ZERO;
        let mut root = Root::new(nobody, nobody, nobody, Value(10 * WAD), Value(10 * WAD));
        for id in 0..3 {
            root.list(&CoreAddress(token(id).0.0)).unwrap();
        }
        State::new(Timestamp(1_000), root, self.reserves, self.accounts)
    }
}

pub(crate) fn block(number: u64) -> BlockRef {
    BlockRef { number, hash: B256::repeat_byte(1), timestamp_secs: NOW }
}

/// An evaluation in which these accounts are candidates since block 5.
pub(crate) fn work(state: State, accounts: &[Address]) -> Work {
    let candidate = |account: &Address| Candidate {
        account: *account,
        since: 5,
        price: PriceSource { round: 7, block: Some(5) },
    };
    Work {
        block: block(5),
        arrived: Instant::now(),
        state,
        candidates: accounts.iter().map(candidate).collect(),
    }
}

/// Breakers with the defaults of the configuration.
pub fn breakers(metrics: &Arc<Metrics>) -> Breakers {
    let config = Config::parse("example", EXAMPLE, [], std::path::Path::new("")).unwrap();
    Breakers::new(config.breakers, Arc::clone(metrics))
}
