//! A pool to test on: its contracts, its people, its tokens.

use crate::evm::{
    self,
    token::{Behaviour, EvmToken},
};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolConstructor};
use weir_abi::{Admin, ContractError, Pool};
use weir_core::state::{self, ReserveId, keys};
use weir_harness::{Account, Done, Failed, Failure, Receipt, World, artifact};

/// One in WAD.
pub const WAD: u128 = 1_000_000_000_000_000_000;
/// The smallest unit of a dollar token is a millionth.
pub const USD: u128 = 1_000_000;
/// Virtual shares: with no interest booked yet, an asset is a million shares.
pub const SHARES: u128 = 1_000_000;
/// Dust of the markets: 1 USD.
pub const DUST: u128 = WAD;
/// Smallest debt of the markets: 10 USD.
pub const MIN_DEBT: u128 = 10 * WAD;
/// Seed and floor of every reserve, in its smallest units.
pub const SEED: u128 = 1_000;
pub const FLOOR: u128 = 10;

/// A chain with a pool on it. The price feed is an ordinary account.
pub struct Market {
    pub world: World,
    pub governor: Account,
    pub feed: Account,
    pub pool: Address,
    pub admin: Address,
    pub lens: Address,
    /// 6 decimals, 1 USD.
    pub usd: Address,
    /// 18 decimals, 2,000 USD.
    pub eth: Address,
    /// 10 decimals, 5 USD.
    pub dot: Address,
    round: u32,
}

/// 80 % threshold, bonus 5 to 10 %, a tenth of it to the insurance, no interest unless a test asks for it.
pub fn parameters() -> Admin::ReserveParameters {
    Admin::ReserveParameters {
        ltv: 7_500,
        threshold: 8_000,
        bonusMin: 500,
        bonusMax: 1_000,
        healthForMaxBonus: 9_000,
        insuranceCut: 1_000,
        fee: 1_000,
        flashFee: 0,
        flashSplit: 0,
        insuranceTarget: 100,
        rateModel: 0,
        rateBase: 0,
        rateSlope1: 0,
        rateSlope2: 0,
        rateOptimal: 8_000,
        ages: Admin::Ages { strict: 3_600, long: 7_200 },
        supplyCap: 1_000_000_000,
        borrowCap: 1_000_000_000,
        protectedCap: 1_000_000_000,
        flashCap: 0,
        flags: 0b11,
        ..Admin::ReserveParameters::default()
    }
}

impl Market {
    /// A pool without reserves.
    pub fn bare() -> Self {
        let mut world = World::new().unwrap();
        let governor = world.account("governor").unwrap();
        let feed = world.account("feed").unwrap();
        let admin = deploy(&mut world, &governor, "admin", Vec::new());
        let constructor = Pool::constructorCall {
            governor: governor.address,
            admin,
            feed: feed.address,
            dust: DUST,
            minDebt: MIN_DEBT,
        };
        let pool = deploy(&mut world, &governor, "pool", constructor.abi_encode());
        let lens = deploy(&mut world, &governor, "lens", Vec::new());
        let none = Address::ZERO;
        Self { world, governor, feed, pool, admin, lens, usd: none, eth: none, dot: none, round: 0 }
    }

    /// A pool with three reserves and their prices.
    pub fn new() -> Self {
        let mut market = Self::bare();
        market.usd = market.listed(6);
        market.eth = market.listed(18);
        market.dot = market.listed(10);
        market.price(market.usd, WAD);
        market.price(market.eth, 2_000 * WAD);
        market.price(market.dot, 5 * WAD);
        market
    }

    /// A new token of the governor's, listed with [`parameters`].
    fn listed(&mut self, decimals: u8) -> Address {
        let token = self.token(decimals);
        self.list(token, parameters()).unwrap();
        token
    }

    /// A new token that everybody may pull.
    pub fn token(&mut self, decimals: u8) -> Address {
        let code = evm::token::code(decimals);
        self.world.deploy(&self.governor, &code, Vec::new()).unwrap().value
    }

    /// Mints what listing takes, and lists.
    pub fn list(
        &mut self,
        token: Address,
        parameters: Admin::ReserveParameters,
    ) -> Result<Receipt, Failed> {
        let governor = self.governor.clone();
        self.mint(token, &governor, SEED + FLOOR);
        let call = Admin::listCall { asset: token, parameters, seed: SEED, floor: FLOOR };
        self.administer(&governor, &call)
    }

    /// A funded account that holds nothing in tokens.
    pub fn user(&mut self, name: &str) -> Account {
        self.world.account(name).unwrap()
    }

    /// An account with tokens.
    pub fn holder(&mut self, name: &str, token: Address, amount: u128) -> Account {
        let account = self.user(name);
        self.mint(token, &account, amount);
        account
    }

    /// An account that supplied.
    pub fn supplier(&mut self, name: &str, token: Address, amount: u128) -> Account {
        let account = self.holder(name, token, amount);
        self.supply(&account, token, amount).unwrap();
        account
    }

    /// Mints tokens of an [`EvmToken`].
    pub fn mint(&mut self, token: Address, to: &Account, amount: u128) {
        self.mint_at(token, to.address, amount);
    }

    /// Mints tokens to any address.
    pub fn mint_at(&mut self, token: Address, to: Address, amount: u128) {
        let governor = self.governor.clone();
        let call = EvmToken::mintCall { to, amount: U256::from(amount) };
        self.world.send(&governor, token, &call).unwrap();
    }

    /// Tells an [`EvmToken`] how to behave.
    pub fn behave(&mut self, token: Address, behaviour: Behaviour) {
        let governor = self.governor.clone();
        let call = EvmToken::behaveCall { behaviour: U256::from(behaviour as u8) };
        self.world.send(&governor, token, &call).unwrap();
    }

    /// Token balance.
    pub fn balance(&mut self, token: Address, of: Address) -> u128 {
        let governor = self.governor.clone();
        let call = EvmToken::balanceOfCall { account: of };
        self.world.query(&governor, token, &call).unwrap().value.try_into().unwrap()
    }

    /// Sends a message to the pool.
    pub fn send<C: SolCall>(&mut self, who: &Account, call: &C) -> Result<Done<C::Return>, Failed> {
        self.world.send(who, self.pool, call)
    }

    /// Sends a message of the admin contract through the pool.
    pub fn administer<C: SolCall>(&mut self, who: &Account, call: &C) -> Result<Receipt, Failed> {
        let call = Pool::administerCall { call: call.abi_encode().into() };
        self.send(who, &call).map(|done| done.receipt)
    }

    /// Supplies for oneself.
    pub fn supply(
        &mut self,
        who: &Account,
        asset: Address,
        amount: u128,
    ) -> Result<Receipt, Failed> {
        let call = Pool::supplyCall { asset, amount, account: who.address };
        self.send(who, &call).map(|done| done.receipt)
    }

    /// Protects for oneself.
    pub fn protect(
        &mut self,
        who: &Account,
        asset: Address,
        amount: u128,
    ) -> Result<Receipt, Failed> {
        let call = Pool::protectCall { asset, amount, account: who.address };
        self.send(who, &call).map(|done| done.receipt)
    }

    /// Repays for oneself.
    pub fn repay(
        &mut self,
        who: &Account,
        asset: Address,
        amount: u128,
    ) -> Result<Receipt, Failed> {
        let call = Pool::repayCall { asset, amount, account: who.address };
        self.send(who, &call).map(|done| done.receipt)
    }

    /// Withdraws to oneself.
    pub fn withdraw(
        &mut self,
        who: &Account,
        asset: Address,
        amount: u128,
    ) -> Result<Receipt, Failed> {
        let (account, to) = (who.address, who.address);
        let call = Pool::withdrawCall { asset, amount, account, to };
        self.send(who, &call).map(|done| done.receipt)
    }

    /// Unprotects to oneself.
    pub fn unprotect(
        &mut self,
        who: &Account,
        asset: Address,
        amount: u128,
    ) -> Result<Receipt, Failed> {
        let (account, to) = (who.address, who.address);
        let call = Pool::unprotectCall { asset, amount, account, to };
        self.send(who, &call).map(|done| done.receipt)
    }

    /// Borrows to oneself.
    pub fn borrow(
        &mut self,
        who: &Account,
        asset: Address,
        amount: u128,
    ) -> Result<Receipt, Failed> {
        let (account, to) = (who.address, who.address);
        let call = Pool::borrowCall { asset, amount, account, to };
        self.send(who, &call).map(|done| done.receipt)
    }

    /// A push of the feed for now, without spread.
    pub fn push(&mut self, asset: Address, median: u128) -> Pool::PricePush {
        self.round += 1;
        Pool::PricePush {
            asset,
            median,
            downBps: 0,
            upBps: 0,
            time: u32::try_from(self.world.now()).unwrap(),
            round: self.round,
            status: 1,
            volatilityBps: 0,
        }
    }

    /// Pushes a price of now.
    pub fn price(&mut self, asset: Address, median: u128) {
        let prices = vec![self.push(asset, median)];
        self.on_prices(prices).unwrap();
    }

    /// Pushes prices as the feed.
    pub fn on_prices(&mut self, prices: Vec<Pool::PricePush>) -> Result<Receipt, Failed> {
        let feed = self.feed.clone();
        self.send(&feed, &Pool::onPricesCall { prices }).map(|done| done.receipt)
    }

    /// A stored item of the pool.
    pub fn item(&mut self, key: &[u8]) -> Vec<u8> {
        self.world.storage(self.pool, key).unwrap().unwrap_or_default()
    }

    /// The stored root.
    pub fn root(&mut self) -> state::Root {
        state::Root::decode(&self.item(&keys::ROOT)).unwrap()
    }

    /// Makes somebody the feed without asking him for prices, which the pool's `setRole` does.
    pub fn set_feed(&mut self, feed: Address) {
        let mut root = self.root();
        root.feed = core_address(feed);
        self.world.set_storage(self.pool, &keys::ROOT, &root.encode()).unwrap();
    }

    /// The number of a reserve.
    pub fn id(&mut self, token: Address) -> ReserveId {
        self.root().find(&core_address(token)).unwrap()
    }

    /// A stored reserve.
    pub fn reserve(&mut self, token: Address) -> state::Reserve {
        let id = self.id(token);
        state::Reserve::decode(&self.item(&keys::reserve(id))).unwrap()
    }

    /// A stored account.
    pub fn account(&mut self, who: Address) -> state::Account {
        state::Account::decode(&self.item(&keys::account(&core_address(who)))).unwrap()
    }

    /// Supply shares and protected tokens of an account in a reserve.
    pub fn holdings(&mut self, who: Address, token: Address) -> (u128, u128) {
        let id = self.id(token);
        self.account(who).supply(id).map_or((0, 0), |leg| (leg.shares.0, leg.protected.0))
    }

    /// Debt shares of an account in a reserve.
    pub fn debt(&mut self, who: Address, token: Address) -> u128 {
        let id = self.id(token);
        self.account(who).debt(id).0
    }

    /// cash + debt = supply, and the pool holds what it should (I-ACC-05, I-ACC-06).
    pub fn check_books(&mut self) {
        for token in [self.usd, self.eth, self.dot] {
            let books = self.reserve(token).balances;
            assert_eq!(books.cash.0 + books.debt.assets.0, books.supply.assets.0, "{token}");
            let held = self.balance(token, self.pool);
            assert!(held >= books.cash.0 + books.protected.0, "{token}: {held} {books:?}");
        }
    }
}

fn deploy(world: &mut World, who: &Account, name: &str, constructor: Vec<u8>) -> Address {
    world.deploy(who, &artifact(name).unwrap(), constructor).unwrap().value
}

/// The address as `weir-core` has it.
pub fn core_address(address: Address) -> weir_core::address::Address {
    weir_core::address::Address(address.into_array())
}

/// The error of a refusal with the names of its words.
pub fn refusal<T>(result: Result<T, Failed>) -> String {
    let Err(failed) = result else { panic!("this must be refused") };
    match &failed.cause {
        Failure::Reverted(data) if data == &[1, 1] => "malformed".into(),
        Failure::Reverted(data) => match ContractError::decode(data) {
            Some(error) => error.to_string(),
            None => format!("strange error: {data:?}"),
        },
        other => other.to_string(),
    }
}
