//! Two reserves, a feed, and some people; every block of it is kept as the checker would see it.

use super::super::{Observation, Snapshot};
use std::collections::BTreeMap;
use weir_abi::PriceFeed;
use weir_abi::alloy_sol_types::SolEvent as _;
use weir_chain::state::client_address;
use weir_chain::{Address, B256, BlockRef, ContractEvent};
use weir_core::address::Address as CoreAddress;
use weir_core::config::{BucketConfig, CategoryConfig, RateConfig, ReserveConfig};
use weir_core::feed::{Push, Status};
use weir_core::liquidate::{Order, liquidate};
use weir_core::listing::{Start, list};
use weir_core::memory::MemoryHost;
use weir_core::prices::{PricePush, on_prices};
use weir_core::state::reserve::{Ages, LiquidationParams};
use weir_core::state::risk::Volatility;
use weir_core::state::{Fees, Flags, Root};
use weir_core::submit::{Action, Kind, Request, submit};
use weir_core::transfers::{Direction, Transfer, Transfers};
use weir_core::units::{Assets, Bps, Ppm, Price, Timestamp, Value, WAD};

pub(super) const USD: u128 = WAD;
pub(super) const POOL: Address = Address::repeat_byte(0x70);
pub(super) const FEED: Address = Address::repeat_byte(0xfe);
pub(super) const USDC: CoreAddress = CoreAddress([1; 20]);
pub(super) const ETH: CoreAddress = CoreAddress([2; 20]);
pub(super) const BOB: CoreAddress = CoreAddress([0xb0; 20]);
pub(super) const CAROL: CoreAddress = CoreAddress([0xc0; 20]);
pub(super) const DAVE: CoreAddress = CoreAddress([0xd0; 20]);
pub(super) const EMIL: CoreAddress = CoreAddress([0xe0; 20]);
const GOVERNOR: CoreAddress = CoreAddress([9; 20]);

const ONE_USDC: u128 = 1_000_000;
const ONE_ETH: u128 = 1_000_000_000_000_000_000;

fn config() -> ReserveConfig {
    ReserveConfig {
        ltv: Bps(7_500),
        threshold: Bps(8_000),
        liquidation: LiquidationParams {
            bonus_min: Bps(400),
            bonus_max: Bps(800),
            health_for_max_bonus: Bps(9_000),
            insurance_cut: Bps(1_000),
        },
        fees: Fees {
            fee: Bps(1_000),
            flash_fee: Bps(0),
            flash_split: Bps(0),
            insurance_target: Bps(100),
        },
        rates: RateConfig::Kinked {
            base: Ppm(10_000),
            slope1: Ppm(40_000),
            slope2: Ppm(600_000),
            optimal: Bps(8_000),
        },
        ages: Ages { strict: 60_000, long: 60_000 },
        supply_cap: 100_000_000,
        borrow_cap: 80_000_000,
        protected_cap: 100_000_000,
        flash_cap: 0,
        flags: Flags(Flags::BORROWABLE | Flags::COLLATERAL),
        category: CategoryConfig::default(),
        volatility: Volatility::default(),
        inflow: BucketConfig::default(),
        outflow: BucketConfig::default(),
    }
}

pub(super) struct World {
    pub host: MemoryHost,
    pub observations: Vec<Observation>,
    root: Root,
    holdings: BTreeMap<Address, u128>,
    events: Vec<ContractEvent>,
    block: u64,
    round: u32,
}

impl World {
    /// Dave lends dollars. Bob (1 000 ether at 100 USD, 60 000 USD owed) is liquidatable below 75 USD, Carol (1 000 ether,
    /// half of them protected, 74 000 USD owed) below 92.5 USD.
    pub fn new() -> Self {
        let feed = CoreAddress(FEED.into_array());
        let root = Root::new(GOVERNOR, GOVERNOR, feed, Value(10 * USD), Value(100 * USD));
        let mut world = Self {
            host: MemoryHost::new(Timestamp(1_700_000_000)),
            observations: Vec::new(),
            root,
            holdings: BTreeMap::new(),
            events: Vec::new(),
            block: 1,
            round: 0,
        };
        for (token, decimals) in [(USDC, 6), (ETH, 18)] {
            let valid = config().validate(decimals, world.root.target_health).unwrap();
            let start = Start { token, seed: Assets(ONE_USDC), floor: Assets(10) };
            let listed = list(&mut world.host, &mut world.root, &GOVERNOR, &valid, &start);
            let (_, transfers) = listed.unwrap();
            world.moved(&transfers);
        }
        world.host.set_root(&world.root);
        world.price(USDC, USD);
        world.price(ETH, 100 * USD);
        world.seal();
        world.act(DAVE, Kind::Supply, USDC, 1_000_000 * ONE_USDC);
        world.act(BOB, Kind::Supply, ETH, 1_000 * ONE_ETH);
        world.act(BOB, Kind::Borrow, USDC, 60_000 * ONE_USDC);
        world.act(CAROL, Kind::Supply, ETH, 500 * ONE_ETH);
        world.act(CAROL, Kind::Protect, ETH, 500 * ONE_ETH);
        world.act(CAROL, Kind::Borrow, USDC, 74_000 * ONE_USDC);
        world.seal();
        world
    }

    fn moved(&mut self, transfers: &Transfers) {
        for Transfer { token, direction, amount } in transfers.iter().copied() {
            let holding = self.holdings.entry(client_address(token)).or_default();
            match direction {
                Direction::Pull => *holding += amount.0,
                Direction::Push => *holding -= amount.0,
            }
        }
    }

    pub fn act(&mut self, who: CoreAddress, kind: Kind, asset: CoreAddress, amount: u128) {
        let request = Request { caller: who, account: who, to: who };
        let actions = [Action::new(kind, asset, amount)];
        let transfers = submit(&mut self.host, &self.root, &request, &actions).unwrap();
        self.moved(&transfers);
    }

    pub fn liquidate(&mut self, caller: CoreAddress, borrower: CoreAddress) {
        let order = Order {
            borrower,
            debt: USDC,
            collateral: ETH,
            max_repay: Assets::MAX,
            min_seized: Assets::ZERO,
            receive_shares: false,
        };
        let outcome = liquidate(&mut self.host, &self.root, &caller, &order).unwrap();
        *self.holdings.get_mut(&client_address(ETH)).unwrap() -= outcome.pay_out.0;
        *self.holdings.get_mut(&client_address(USDC)).unwrap() += outcome.repay.0;
    }

    /// The feed accepts a price and tells the pool.
    pub fn price(&mut self, asset: CoreAddress, median: u128) {
        self.accept_without_push(asset, median);
        let price = Push {
            median: Price(median),
            status: Status::Ok,
            time: self.host.time(),
            round: self.round,
            ..Push::default()
        };
        let feed = CoreAddress(FEED.into_array());
        let push = [PricePush { asset, price }];
        on_prices(&mut self.host, &self.root, &feed, &push).unwrap();
    }

    /// The feed accepts a price, and the pool does not hear of it.
    pub fn accept_without_push(&mut self, asset: CoreAddress, median: u128) {
        self.round += 1;
        let accepted = PriceFeed::RoundAccepted {
            asset: client_address(asset),
            round: self.round,
            median,
            time: self.host.time().0,
            status: 1,
            downBps: 0,
            upBps: 0,
            volatilityBps: 0,
        };
        let log = accepted.encode_log_data();
        self.events.push(ContractEvent {
            contract: FEED,
            topics: log.topics().to_vec(),
            data: log.data.to_vec(),
            extrinsic: None,
        });
    }

    /// Ends the block.
    pub fn seal(&mut self) {
        let told = self.host.take_events();
        self.events.extend(told.iter().map(|event| {
            let encoded = event.encode();
            ContractEvent {
                contract: POOL,
                topics: encoded.topics().iter().map(|topic| B256::from(*topic)).collect(),
                data: encoded.data().to_vec(),
                extrinsic: None,
            }
        }));
        let block = BlockRef {
            number: self.block,
            hash: B256::ZERO,
            timestamp_secs: self.host.time().0.into(),
        };
        let (items, holdings) = (self.host.items().clone(), self.holdings.clone());
        let snapshot = Snapshot { block, items, holdings };
        self.observations.push(Observation { snapshot, events: std::mem::take(&mut self.events) });
        self.block += 1;
        self.host.advance(6);
    }
}
