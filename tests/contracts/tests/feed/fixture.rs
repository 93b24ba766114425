//! A price feed to test on.

use crate::market::WAD;
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolConstructor};
use weir_abi::PriceFeed;
use weir_harness::{Account, Done, Failed, Receipt, World, artifact};

/// Highest price that the assets of these tests are believed at.
pub const HIGH: u128 = 1_000_000_000 * WAD;
/// A step of more than a tenth is suspect.
pub const STEP: u16 = 1_000;
/// How far ahead of the chain a report may be.
pub const SKEW: u32 = 30;

/// A feed and its people.
pub struct Feed {
    pub at: Address,
    pub governor: Account,
    pub reporters: Vec<Account>,
}

/// A token's address. The feed does not call tokens.
pub fn asset(number: u8) -> Address {
    Address::repeat_byte(number)
}

/// The address as a word of an error.
pub fn word(address: Address) -> U256 {
    U256::from_be_bytes(address.into_word().0)
}

/// Calldata of the constructor.
pub fn constructor(
    governor: &Account,
    code: Address,
    reporters: &[Account],
    quorum: u8,
) -> Vec<u8> {
    PriceFeed::constructorCall {
        governor: governor.address,
        code,
        reporters: addresses(reporters),
        quorum,
        skewSeconds: SKEW,
    }
    .abi_encode()
}

/// The code that feeds run for rare messages.
pub fn admin(world: &mut World, deployer: &Account) -> Address {
    world.deploy(deployer, &artifact("feed-admin").unwrap(), Vec::new()).unwrap().value
}

/// What contracts call these accounts.
pub fn addresses(accounts: &[Account]) -> Vec<Address> {
    accounts.iter().map(|account| account.address).collect()
}

/// Funded reporters.
pub fn reporters(world: &mut World, count: usize) -> Vec<Account> {
    (0..count).map(|index| world.account(&format!("reporter {index}")).unwrap()).collect()
}

impl Feed {
    /// A feed with `count` reporters and no assets.
    pub fn new(world: &mut World, count: usize, quorum: u8) -> Self {
        let governor = world.account("governor").unwrap();
        let reporters = reporters(world, count);
        let code = admin(world, &governor);
        let data = constructor(&governor, code, &reporters, quorum);
        let at = world.deploy(&governor, &artifact("price-feed").unwrap(), data).unwrap().value;
        Self { at, governor, reporters }
    }

    /// A chain with a feed of one asset, [`asset`] 1.
    pub fn with_asset(count: usize, quorum: u8) -> (World, Self) {
        let mut world = World::new().unwrap();
        let feed = Self::new(&mut world, count, quorum);
        feed.add(&mut world, asset(1));
        (world, feed)
    }

    /// Adds an asset with wide bounds.
    pub fn add(&self, world: &mut World, asset: Address) {
        self.add_within(world, asset, 1, HIGH);
    }

    /// Adds an asset with these bounds.
    pub fn add_within(&self, world: &mut World, asset: Address, low: u128, high: u128) {
        let call = PriceFeed::addAssetCall { asset, maxStepBps: STEP, low, high };
        self.govern(world, &call).unwrap();
    }

    /// Sends a message as the governor.
    pub fn govern<C: SolCall>(
        &self,
        world: &mut World,
        call: &C,
    ) -> Result<Done<C::Return>, Failed> {
        world.send(&self.governor, self.at, call)
    }

    /// Subscribes a pool that may cost `ref_time` and `proof_size`.
    pub fn subscribe(&self, world: &mut World, pool: Address, budget: (u64, u64)) {
        let call = PriceFeed::subscribeCall { pool, refTime: budget.0, proofSize: budget.1 };
        self.govern(world, &call).unwrap();
    }

    /// Asks a view.
    pub fn ask<C: SolCall>(&self, world: &mut World, call: &C) -> C::Return {
        world.query(&self.governor, self.at, call).unwrap().value
    }

    /// The state of an asset.
    pub fn round(&self, world: &mut World, asset: Address) -> PriceFeed::Round {
        self.ask(world, &PriceFeed::roundCall { asset })
    }

    /// The last report of a reporter.
    pub fn last_report(&self, world: &mut World, asset: Address, reporter: usize) -> (u128, u32) {
        let reporter = self.reporters[reporter].address;
        let report = self.ask(world, &PriceFeed::lastReportCall { asset, reporter });
        (report.price, report.time)
    }

    /// A report of [`asset`] 1 for now.
    pub fn report(&self, world: &mut World, reporter: usize, price: u128) -> Receipt {
        let time = now(world);
        self.try_report(world, reporter, &[(asset(1), price, time)]).unwrap()
    }

    /// A report of any assets.
    pub fn try_report(
        &self,
        world: &mut World,
        reporter: usize,
        reports: &[(Address, u128, u32)],
    ) -> Result<Receipt, Failed> {
        let who = &self.reporters[reporter];
        world.send(who, self.at, &report_call(reports)).map(|done| done.receipt)
    }
}

/// `report` with these assets, prices and times.
pub fn report_call(reports: &[(Address, u128, u32)]) -> PriceFeed::reportCall {
    let report = |&(asset, price, time): &_| PriceFeed::Report { asset, price, time };
    PriceFeed::reportCall { reports: reports.iter().map(report).collect() }
}

/// Chain time as reports have it.
pub fn now(world: &mut World) -> u32 {
    u32::try_from(world.now()).unwrap()
}
