//! The chain side: a pool of contracts with its tokens and people.

use crate::{
    calls::{self, Target},
    token::{self, Token},
};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall as _, SolConstructor as _};
use std::sync::Arc;
use weir_abi::Pool;
use weir_core::{address::Address as CoreAddress, units::WAD};
use weir_fuzz::{
    message::{Coin, Message},
    stage::{RECEIVER, ROLES, Stage, TOKENS, Token as Listed},
};
use weir_harness::{Account, Receipt, World, artifact};

/// The pool on its chain.
pub struct Contracts {
    /// The chain.
    pub world: World,
    /// The pool.
    pub pool: Address,
    people: Vec<Account>,
    stage: Arc<Stage>,
}

fn core(address: Address) -> CoreAddress {
    CoreAddress(address.into_array())
}

fn deploy(world: &mut World, who: &Account, code: &[u8], input: Vec<u8>) -> Address {
    world.deploy(who, code, input).expect("the contracts can be deployed").value
}

impl Contracts {
    /// Deploys everything; the stage has the addresses.
    ///
    /// # Panics
    /// If the contracts are not built.
    #[must_use]
    pub fn new() -> Self {
        let mut world = World::new().expect("the genesis is sound");
        let mut people: Vec<_> = (0..RECEIVER)
            .map(|who| world.account(&format!("person {who}")).expect("people are funded"))
            .collect();
        let built = |name| artifact(name).expect("the contracts are built");
        let governor = people[usize::from(ROLES[0][0])].clone();
        let admin = deploy(&mut world, &governor, &built("admin"), Vec::new());
        let input = Pool::constructorCall {
            governor: governor.address,
            admin,
            feed: people[usize::from(ROLES[3][0])].address,
            dust: 20 * WAD,
            minDebt: 50 * WAD,
        };
        let pool = deploy(&mut world, &governor, &built("pool"), input.abi_encode());
        let receiver = deploy(&mut world, &governor, &token::receiver(), Vec::new());
        people.push(Account { id: governor.id.clone(), address: receiver });
        let mut addresses: Vec<_> = people.iter().map(|one| core(one.address)).collect();
        addresses[usize::from(ROLES[4][0])] = core(admin);
        addresses[usize::from(weir_fuzz::stage::NOBODY)] = CoreAddress::ZERO;
        let tokens = TOKENS
            .iter()
            .map(|(decimals, price)| {
                let address = deploy(&mut world, &governor, &token::code(*decimals), Vec::new());
                for person in &people {
                    let call = Token::mintCall { to: person.address, amount: U256::from(1) << 200 };
                    world.send(&governor, address, &call).expect("anyone mints");
                }
                Listed { address: core(address), decimals: *decimals, price: *price }
            })
            .collect();
        let stage = Arc::new(Stage { people: addresses, tokens, any_receiver: false });
        Self { world, pool, people, stage }
    }

    /// Who is there.
    #[must_use]
    pub fn stage(&self) -> Arc<Stage> {
        self.stage.clone()
    }

    fn token(&self, coin: Coin) -> Address {
        Address::from(self.stage.coin(coin).0)
    }

    /// Sends a message; `None` where none is sent.
    ///
    /// # Panics
    /// If the chain refuses what is no message of the pool.
    pub fn apply(&mut self, message: &Message) -> Option<Receipt> {
        match message {
            Message::Wait { seconds } => {
                self.world.advance(u64::from(*seconds)).expect("time goes on");
                None
            }
            Message::Donate { coin, amount } => {
                self.add(*coin, U256::from(*amount));
                None
            }
            Message::Lose { coin, amount } => {
                self.add(*coin, U256::ZERO.wrapping_sub(U256::from(*amount)));
                None
            }
            _ => {
                let (caller, target) = calls::encode(message, &self.stage, self.world.now());
                let data = match target {
                    Target::Pool(data) => data,
                    Target::Admin(data) => Pool::administerCall { call: data.into() }.abi_encode(),
                };
                let caller = self.people[usize::from(caller)].clone();
                Some(self.world.call(&caller, self.pool, U256::ZERO, data))
            }
        }
    }

    fn add(&mut self, coin: Coin, amount: U256) {
        let (token, governor) = (self.token(coin), self.people[usize::from(ROLES[0][0])].clone());
        let call = Token::mintCall { to: self.pool, amount };
        self.world.send(&governor, token, &call).expect("anyone mints");
    }

    /// A stored item of the pool, empty if it is absent.
    ///
    /// # Panics
    /// If there is no pool.
    pub fn item(&mut self, key: &[u8]) -> Vec<u8> {
        self.world.storage(self.pool, key).expect("the pool is there").unwrap_or_default()
    }

    /// What the pool holds of a token.
    ///
    /// # Panics
    /// If the token does not answer.
    pub fn held(&mut self, coin: Coin) -> U256 {
        let governor = self.people[usize::from(ROLES[0][0])].clone();
        let call = Token::balanceOfCall { account: self.pool };
        self.world.query(&governor, self.token(coin), &call).expect("tokens answer").value
    }
}

impl Default for Contracts {
    fn default() -> Self {
        Self::new()
    }
}
