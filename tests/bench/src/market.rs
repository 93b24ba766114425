//! A pool with as many reserves as a measurement needs, the people in it, and the clock.

use crate::token::{self, Token};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolConstructor as _};
use anyhow::{Result, anyhow};
use weir_abi::{Admin, ContractError, Pool};
use weir_harness::{Account, Failed, Receipt, World, artifact};

/// One in WAD.
pub const WAD: u128 = 1_000_000_000_000_000_000;
/// One whole token; all tokens of the measurements have 18 decimals.
pub const ONE: u128 = WAD;
/// Time between two operations: three hours.
pub const PAUSE: u64 = 10_800;
/// Blocks between a price and the operation that uses it.
const MOMENT: u64 = 6;

/// Which interest-rate model the reserves have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Base, two slopes and a kink.
    Kinked = 0,
    /// A curve that moves with time.
    Adaptive = 1,
}

/// A pool whose reserves are worth one dollar a token.
pub struct Market {
    /// The chain.
    pub world: World,
    /// Holds all roles.
    pub governor: Account,
    feed: Account,
    /// The pool.
    pub pool: Address,
    /// The listed tokens.
    pub tokens: Vec<Address>,
    round: u32,
}

fn parameters(model: Model) -> Admin::ReserveParameters {
    let kinked = |value| if model == Model::Kinked { value } else { 0 };
    Admin::ReserveParameters {
        ltv: 7_500,
        threshold: 8_000,
        bonusMin: 500,
        bonusMax: 1_000,
        healthForMaxBonus: 9_000,
        insuranceCut: 1_000,
        fee: 1_000,
        flashFee: 5,
        flashSplit: 5_000,
        insuranceTarget: 100,
        rateModel: model as u8,
        rateBase: kinked(10_000),
        rateSlope1: kinked(40_000),
        rateSlope2: kinked(600_000),
        rateOptimal: if model == Model::Kinked { 8_000 } else { 0 },
        ages: Admin::Ages { strict: 3_600, long: 7_200 },
        supplyCap: 1_000_000_000,
        borrowCap: 1_000_000_000,
        protectedCap: 1_000_000_000,
        flashCap: 1_000_000_000,
        flags: 0b1011,
        ..Admin::ReserveParameters::default()
    }
}

impl Market {
    /// A pool with `reserves` reserves of one rate model, each with a deep supply.
    ///
    /// # Errors
    /// What the chain or a contract says.
    pub fn new(reserves: usize, model: Model) -> Result<Self> {
        let mut world = World::new()?;
        let governor = world.account("governor")?;
        let feed = world.account("feed")?;
        let admin = deploy(&mut world, &governor, &artifact("admin")?, Vec::new())?;
        let constructor = Pool::constructorCall {
            governor: governor.address,
            admin,
            feed: feed.address,
            dust: WAD,
            minDebt: 10 * WAD,
        };
        let pool = deploy(&mut world, &governor, &artifact("pool")?, constructor.abi_encode())?;
        let mut market = Self { world, governor, feed, pool, tokens: Vec::new(), round: 0 };
        for _ in 0..reserves {
            market.list(model)?;
        }
        market.prices(WAD)?;
        for (index, token) in market.tokens.clone().into_iter().enumerate() {
            let depth = market.world.account(&format!("depth {index}"))?;
            market.fund(&depth, token, 500_000 * ONE)?;
            market.supply(&depth, token, 500_000 * ONE)?;
        }
        Ok(market)
    }

    fn list(&mut self, model: Model) -> Result<()> {
        let governor = self.governor.clone();
        let asset = deploy(&mut self.world, &governor, &token::code(18)?, Vec::new())?;
        self.tokens.push(asset);
        self.fund(&governor, asset, ONE)?;
        let parameters = parameters(model);
        let call = Admin::listCall { asset, parameters, seed: 1_000_000, floor: 10 };
        let call = Pool::administerCall { call: call.abi_encode().into() };
        self.send(&governor, &call)?;
        Ok(())
    }

    /// The token of a reserve.
    ///
    /// # Errors
    /// If there are not so many.
    pub fn token(&self, index: usize) -> Result<Address> {
        self.tokens.get(index).copied().ok_or_else(|| anyhow!("no reserve {index}"))
    }

    /// An account with `amount` of every token, all of which the pool may pull.
    ///
    /// # Errors
    /// What the chain says.
    pub fn account(&mut self, name: &str, amount: u128) -> Result<Account> {
        let account = self.world.account(name)?;
        for token in self.tokens.clone() {
            self.fund(&account, token, amount)?;
        }
        Ok(account)
    }

    fn fund(&mut self, who: &Account, token: Address, amount: u128) -> Result<()> {
        let governor = self.governor.clone();
        let mint = Token::mintCall { to: who.address, amount: U256::from(amount) };
        self.call(&governor, token, &mint)?;
        let approve = Token::approveCall { spender: self.pool, amount: U256::MAX };
        self.call(who, token, &approve)?;
        Ok(())
    }

    /// Three hours later, with new prices of all reserves, and the prices already in an earlier block.
    ///
    /// # Errors
    /// What the pool says.
    pub fn later(&mut self) -> Result<()> {
        self.world.advance(PAUSE)?;
        self.prices(WAD)?;
        self.world.advance(MOMENT)?;
        Ok(())
    }

    /// Pushes this price for every reserve.
    ///
    /// # Errors
    /// What the pool says.
    pub fn prices(&mut self, median: u128) -> Result<()> {
        for token in self.tokens.clone() {
            self.price(token, median)?;
        }
        Ok(())
    }

    /// Pushes one price.
    ///
    /// # Errors
    /// What the pool says.
    pub fn price(&mut self, asset: Address, median: u128) -> Result<Receipt> {
        let (prices, feed) = (vec![self.push(asset, median)?], self.feed.clone());
        self.send(&feed, &Pool::onPricesCall { prices })
    }

    /// A price of now, a tenth of a percent wide on both sides.
    ///
    /// # Errors
    /// None before 2106.
    pub fn push(&mut self, asset: Address, median: u128) -> Result<Pool::PricePush> {
        self.round += 1;
        Ok(Pool::PricePush {
            asset,
            median,
            downBps: 10,
            upBps: 10,
            time: u32::try_from(self.world.now())?,
            round: self.round,
            status: 1,
            volatilityBps: 2_000,
        })
    }

    /// Pushes several prices in one call.
    ///
    /// # Errors
    /// What the pool says.
    pub fn on_prices(&mut self, prices: Vec<Pool::PricePush>) -> Result<Receipt> {
        let feed = self.feed.clone();
        self.send(&feed, &Pool::onPricesCall { prices })
    }

    /// Supplies for oneself.
    ///
    /// # Errors
    /// What the pool says.
    pub fn supply(&mut self, who: &Account, asset: Address, amount: u128) -> Result<Receipt> {
        self.send(who, &Pool::supplyCall { asset, amount, account: who.address })
    }

    /// Borrows for oneself.
    ///
    /// # Errors
    /// What the pool says.
    pub fn borrow(&mut self, who: &Account, asset: Address, amount: u128) -> Result<Receipt> {
        let (account, to) = (who.address, who.address);
        self.send(who, &Pool::borrowCall { asset, amount, account, to })
    }

    /// Sends a message to the pool.
    ///
    /// # Errors
    /// The pool's refusal by name.
    pub fn send<C: SolCall>(&mut self, who: &Account, call: &C) -> Result<Receipt> {
        self.call(who, self.pool, call)
    }

    /// Sends a message to any contract.
    ///
    /// # Errors
    /// Its refusal by name.
    pub fn call<C: SolCall>(&mut self, who: &Account, at: Address, call: &C) -> Result<Receipt> {
        match self.world.send(who, at, call) {
            Ok(done) => Ok(done.receipt),
            Err(failed) => Err(anyhow!("{}: {}", C::SIGNATURE, reason(&failed))),
        }
    }
}

fn reason(failed: &Failed) -> String {
    match failed.data().and_then(ContractError::decode) {
        Some(error) => error.to_string(),
        None => failed.to_string(),
    }
}

fn deploy(world: &mut World, who: &Account, code: &[u8], constructor: Vec<u8>) -> Result<Address> {
    Ok(world.deploy(who, code, constructor)?.value)
}
