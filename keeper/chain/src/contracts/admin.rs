//! Rare operations of a pool: messages of the admin contract, wrapped in `Pool.administer`.

use super::{PoolHandle, handle};
use crate::{client::ContractCall, error::ChainError};
use alloy_primitives::Address;
use alloy_sol_types::SolCall;
use weir_abi::{Admin, Pool};

handle! {
    /// The governor's side of a pool. The address is the pool's: it runs the admin contract in its own storage.
    AdminHandle
}

impl From<&PoolHandle> for AdminHandle {
    fn from(pool: &PoolHandle) -> Self {
        Self::new(pool.client().clone(), pool.address())
    }
}

impl AdminHandle {
    /// Lists an asset: probe transfer, parameters, seed. The caller must have approved `seed + floor` to the pool.
    #[must_use]
    pub fn list(
        &self,
        asset: Address,
        parameters: Admin::ReserveParameters,
        seed: u128,
        floor: u128,
    ) -> ContractCall {
        self.wrap(&Admin::listCall { asset, parameters, seed, floor })
    }

    /// Changes the parameters of a reserve.
    #[must_use]
    pub fn set_parameters(
        &self,
        asset: Address,
        parameters: Admin::ReserveParameters,
    ) -> ContractCall {
        self.wrap(&Admin::setParametersCall { asset, parameters })
    }

    /// Names who holds a role: 0 governor (offers it), 1 guardian, 2 steward, 3 feed, 4 admin code.
    #[must_use]
    pub fn set_role(&self, role: u8, holder: Address) -> ContractCall {
        self.wrap(&Admin::setRoleCall { role, holder })
    }

    /// Takes the governor's role that the sender was offered.
    #[must_use]
    pub fn accept_governor(&self) -> ContractCall {
        self.wrap(&Admin::acceptGovernorCall {})
    }

    /// Pauses operations of an asset (everywhere: the zero address) for a while.
    #[must_use]
    pub fn pause(&self, asset: Address, operations: u16, duration: u32) -> ContractCall {
        self.wrap(&Admin::pauseCall { asset, operations, duration })
    }

    /// Ends a pause.
    #[must_use]
    pub fn unpause(&self, asset: Address, operations: u16) -> ContractCall {
        self.wrap(&Admin::unpauseCall { asset, operations })
    }

    /// Sets the pool's dust, least debt (USD, WAD) and target health.
    #[must_use]
    pub fn set_limits(&self, dust: u128, min_debt: u128, target_health_bps: u16) -> ContractCall {
        self.wrap(&Admin::setLimitsCall {
            dust,
            minDebt: min_debt,
            targetHealthBps: target_health_bps,
        })
    }

    /// Gives tokens that were sent to the pool by mistake to its insurance.
    #[must_use]
    pub fn skim(&self, asset: Address) -> ContractCall {
        self.wrap(&Admin::skimCall { asset })
    }

    /// What an admin message returned, out of the answer of `administer`.
    ///
    /// # Errors
    /// If the answer is not one to `C`.
    pub fn unwrap<C: SolCall>(answer: &[u8]) -> Result<C::Return, ChainError> {
        let broken = |error| ChainError::decode(format!("the answer to {}", C::SIGNATURE), error);
        let inner = Pool::administerCall::abi_decode_returns(answer).map_err(broken)?;
        C::abi_decode_returns(&inner).map_err(broken)
    }

    fn wrap<C: SolCall>(&self, call: &C) -> ContractCall {
        self.message(&Pool::administerCall { call: call.abi_encode().into() })
    }
}
