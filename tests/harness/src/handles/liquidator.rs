//! The liquidator.

use crate::{Account, Done, Failed, Receipt, World, artifact};
use alloy_primitives::Address;
use alloy_sol_types::SolConstructor as _;
use weir_abi::Liquidator;

/// A liquidator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiquidatorHandle {
    /// Its address.
    pub at: Address,
}

impl LiquidatorHandle {
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
        constructor: &Liquidator::constructorCall,
    ) -> Result<Self, Failed> {
        #[allow(clippy::expect_used, reason = "a test cannot go on without the contracts")]
        let code = artifact("liquidator").expect("the contracts are built");
        let done = world.deploy(deployer, &code, constructor.abi_encode())?;
        Ok(Self { at: done.value })
    }

    /// Does a job; returns the profit.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn liquidate(
        self,
        world: &mut World,
        who: &Account,
        job: Liquidator::Job,
    ) -> Result<Done<u128>, Failed> {
        world.send(who, self.at, &Liquidator::liquidateCall { job })
    }

    /// Takes out what lies there.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn sweep(
        self,
        world: &mut World,
        who: &Account,
        (token, to, amount): (Address, Address, u128),
    ) -> Result<Receipt, Failed> {
        let call = Liquidator::sweepCall { token, to, amount };
        world.send(who, self.at, &call).map(|done| done.receipt)
    }
}
