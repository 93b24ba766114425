//! The governor on the chain: whose word counts, when, and once.

mod drill;
mod proposals;
mod signers;

use crate::market::Market;
use alloy_primitives::{Address, B256};
use weir_abi::{Admin, Governor};
use weir_harness::{Account, handles::GovernorHandle};

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// A market that two of three signers govern, with an hour and a day; somebody else holds the veto.
struct Scene {
    market: Market,
    governor: GovernorHandle,
    signers: Vec<Account>,
    holder: Account,
}

impl Scene {
    fn new() -> Self {
        Self::with_delays(HOUR, DAY)
    }

    fn with_delays(short: u64, long: u64) -> Self {
        let mut market = Market::new();
        let signers: Vec<_> = ["ann", "ben", "cem"].map(|name| market.user(name)).into();
        let holder = market.user("vera");
        let deployer = market.governor.clone();
        let constructor = Governor::constructorCall {
            signers: signers.iter().map(|signer| signer.address).collect(),
            threshold: 2,
            shortDelay: short.try_into().unwrap(),
            longDelay: long.try_into().unwrap(),
            vetoHolder: holder.address,
        };
        let governor = GovernorHandle::deploy(&mut market.world, &deployer, &constructor).unwrap();
        let call = Admin::setRoleCall { role: 0, holder: governor.at };
        market.administer(&deployer, &call).unwrap();
        let mut scene = Self { market, governor, signers, holder };
        scene.accept(long);
        scene
    }

    /// The signers take the pool over: a decision as any other.
    fn accept(&mut self, long: u64) {
        let accept = GovernorHandle::administer(self.market.pool, &Admin::acceptGovernorCall {});
        let id = self.decided(std::slice::from_ref(&accept));
        self.market.world.advance(long).unwrap();
        let (governor, ann) = (self.governor, self.signers[0].clone());
        governor.execute(&mut self.market.world, &ann, id, &[accept]).unwrap();
        assert_eq!(self.market.root().governor.0, governor.at.into_array());
    }

    /// Somebody who has no say.
    fn stranger(&mut self) -> Account {
        self.market.user("stranger")
    }

    /// Changes the pool's smallest debt, which nothing else here does.
    fn limits(&self, min_debt: u128) -> Governor::Call {
        let dust = crate::market::DUST;
        let call = Admin::setLimitsCall { dust, minDebt: min_debt, targetHealthBps: 10_500 };
        GovernorHandle::administer(self.market.pool, &call)
    }

    /// Proposed by the first signer, signed by the second.
    fn decided(&mut self, calls: &[Governor::Call]) -> B256 {
        let world = &mut self.market.world;
        let id = self.governor.propose(world, &self.signers[0], calls).unwrap().value;
        self.governor.sign(world, &self.signers[1], id).unwrap();
        id
    }

    fn now(&mut self) -> u32 {
        u32::try_from(self.market.world.now()).unwrap()
    }

    fn proposal(&mut self, id: B256) -> Governor::Proposal {
        let who = &self.signers[0];
        self.governor.proposal(&mut self.market.world, who, id).unwrap()
    }

    fn signer_addresses(&self) -> Vec<Address> {
        self.signers.iter().map(|signer| signer.address).collect()
    }
}
