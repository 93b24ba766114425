//! The swap venue of test chains.

use crate::{Account, Done, Failed, Receipt, World, artifact};
use alloy_primitives::Address;
use alloy_sol_types::SolConstructor as _;
use weir_abi::MockAmm;

/// A constant-product market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmmHandle {
    /// Its address.
    pub at: Address,
}

impl AmmHandle {
    /// Deploys one.
    ///
    /// # Errors
    /// [`Failed`] if its constructor refuses.
    ///
    /// # Panics
    /// If the contract is not built.
    pub fn deploy(world: &mut World, deployer: &Account, fee_bps: u16) -> Result<Self, Failed> {
        #[allow(clippy::expect_used, reason = "a test cannot go on without the contracts")]
        let code = artifact("amm").expect("the contracts are built");
        let constructor = MockAmm::constructorCall { feeBps: fee_bps };
        let done = world.deploy(deployer, &code, constructor.abi_encode())?;
        Ok(Self { at: done.value })
    }

    /// Adds liquidity, for good.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn add(
        self,
        world: &mut World,
        who: &Account,
        a: (Address, u128),
        b: (Address, u128),
    ) -> Result<Receipt, Failed> {
        let call =
            MockAmm::addLiquidityCall { tokenA: a.0, tokenB: b.0, amountA: a.1, amountB: b.1 };
        world.send(who, self.at, &call).map(|done| done.receipt)
    }

    /// Swaps to oneself.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn swap(
        self,
        world: &mut World,
        who: &Account,
        (from, amount): (Address, u128),
        (to, least): (Address, u128),
    ) -> Result<Done<u128>, Failed> {
        let call = MockAmm::swapCall {
            tokenIn: from,
            tokenOut: to,
            amountIn: amount,
            minOut: least,
            to: who.address,
        };
        world.send(who, self.at, &call)
    }

    /// What lies in a market.
    ///
    /// # Errors
    /// [`Failed`] if the contract is no venue.
    pub fn reserves(
        self,
        world: &mut World,
        who: &Account,
        (a, b): (Address, Address),
    ) -> Result<(u128, u128), Failed> {
        let call = MockAmm::reservesCall { tokenA: a, tokenB: b };
        let done = world.query(who, self.at, &call)?;
        Ok((done.value.amountA, done.value.amountB))
    }
}
