//! The governor.

use crate::{Account, Done, Failed, Receipt, World, artifact};
use alloy_primitives::{Address, B256};
use alloy_sol_types::{SolCall, SolConstructor as _};
use weir_abi::{Governor, Pool};

/// A governor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GovernorHandle {
    /// Its address.
    pub at: Address,
}

impl GovernorHandle {
    /// Deploys one.
    ///
    /// # Errors
    /// [`Failed`] if its constructor refuses.
    ///
    /// # Panics
    /// If the contract is not built.
    pub fn deploy(
        world: &mut World,
        deployer: &Account,
        constructor: &Governor::constructorCall,
    ) -> Result<Self, Failed> {
        #[allow(clippy::expect_used, reason = "a test cannot go on without the contracts")]
        let code = artifact("governor").expect("the contracts are built");
        let done = world.deploy(deployer, &code, constructor.abi_encode())?;
        Ok(Self { at: done.value })
    }

    /// A call of a proposal.
    pub fn call<C: SolCall>(target: Address, call: &C) -> Governor::Call {
        Governor::Call { target, data: call.abi_encode().into() }
    }

    /// A call of the admin contract through a pool.
    pub fn administer<C: SolCall>(pool: Address, call: &C) -> Governor::Call {
        Self::call(pool, &Pool::administerCall { call: call.abi_encode().into() })
    }

    /// Proposes, signs, and returns the id.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn propose(
        self,
        world: &mut World,
        who: &Account,
        calls: &[Governor::Call],
    ) -> Result<Done<B256>, Failed> {
        world.send(who, self.at, &Governor::proposeCall { calls: calls.to_vec() })
    }

    /// Signs.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn sign(self, world: &mut World, who: &Account, id: B256) -> Result<Receipt, Failed> {
        world.send(who, self.at, &Governor::signCall { id }).map(|done| done.receipt)
    }

    /// Takes a signature back.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn unsign(self, world: &mut World, who: &Account, id: B256) -> Result<Receipt, Failed> {
        world.send(who, self.at, &Governor::unsignCall { id }).map(|done| done.receipt)
    }

    /// Carries out.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn execute(
        self,
        world: &mut World,
        who: &Account,
        id: B256,
        calls: &[Governor::Call],
    ) -> Result<Receipt, Failed> {
        let call = Governor::executeCall { id, calls: calls.to_vec() };
        world.send(who, self.at, &call).map(|done| done.receipt)
    }

    /// Takes a proposal back.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn cancel(self, world: &mut World, who: &Account, id: B256) -> Result<Receipt, Failed> {
        world.send(who, self.at, &Governor::cancelCall { id }).map(|done| done.receipt)
    }

    /// Stops a proposal.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn veto(self, world: &mut World, who: &Account, id: B256) -> Result<Receipt, Failed> {
        world.send(who, self.at, &Governor::vetoCall { id }).map(|done| done.receipt)
    }

    /// A proposal as it stands.
    ///
    /// # Errors
    /// [`Failed`] if there is none.
    pub fn proposal(
        self,
        world: &mut World,
        who: &Account,
        id: B256,
    ) -> Result<Governor::Proposal, Failed> {
        world.query(who, self.at, &Governor::proposalCall { id }).map(|done| done.value)
    }

    /// Who decides.
    ///
    /// # Errors
    /// [`Failed`] if the contract is no governor.
    pub fn council(
        self,
        world: &mut World,
        who: &Account,
    ) -> Result<Governor::councilReturn, Failed> {
        world.query(who, self.at, &Governor::councilCall {}).map(|done| done.value)
    }
}
