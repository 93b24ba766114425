//! Deployments and calls.

use crate::{Account, Done, Failed, Failure, Receipt, Weight, World};
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use frame_support::{dispatch::DispatchClass, storage::with_transaction};
use pallet_revive::{Code, ExecConfig, ExecReturnValue, TransactionLimits};
use sp_core::H160;
use sp_runtime::{DispatchError, TransactionOutcome};
use weir_runtime::{
    AccountId, Balance, Revive, Runtime, RuntimeOrigin, System, constants::RuntimeBlockWeights,
};

/// What a transaction may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Execution time and proof.
    pub weight: Weight,
    /// Native units for storage.
    pub deposit: Balance,
}

impl Default for Limits {
    /// The largest transaction that fits into a block, and any deposit.
    fn default() -> Self {
        let weights = RuntimeBlockWeights::get();
        let largest = weights.get(DispatchClass::Normal).max_extrinsic;
        Self { weight: largest.unwrap_or(weights.max_block).into(), deposit: Balance::MAX }
    }
}

impl Limits {
    fn transaction(self) -> TransactionLimits<Runtime> {
        let Weight { ref_time, proof_size } = self.weight;
        TransactionLimits::WeightAndDeposit {
            weight_limit: frame_support::weights::Weight::from_parts(ref_time, proof_size),
            deposit_limit: self.deposit,
        }
    }
}

impl World {
    /// Calls a contract with raw calldata. `value` is in wei. The call is kept if it succeeds.
    pub fn call(&mut self, from: &Account, to: Address, value: U256, data: Vec<u8>) -> Receipt {
        self.run(from, to, value, data, true)
    }

    /// Calls a contract and takes everything back, whatever happens.
    pub fn dry_run(&mut self, from: &Account, to: Address, value: U256, data: Vec<u8>) -> Receipt {
        self.run(from, to, value, data, false)
    }

    /// Calls a message without value and decodes what it returns. The call is kept if it succeeds.
    ///
    /// # Errors
    /// [`Failed`]. Undecodable return data is an error although the call is kept.
    pub fn send<C: SolCall>(
        &mut self,
        from: &Account,
        to: Address,
        call: &C,
    ) -> Result<Done<C::Return>, Failed> {
        self.call(from, to, U256::ZERO, call.abi_encode()).read(returned::<C>)
    }

    /// Like [`World::send`], with wei.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn pay<C: SolCall>(
        &mut self,
        from: &Account,
        to: Address,
        value: U256,
        call: &C,
    ) -> Result<Done<C::Return>, Failed> {
        self.call(from, to, value, call.abi_encode()).read(returned::<C>)
    }

    /// Asks a message and takes everything back: for views and for previews of a call.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn query<C: SolCall>(
        &mut self,
        from: &Account,
        to: Address,
        call: &C,
    ) -> Result<Done<C::Return>, Failed> {
        self.dry_run(from, to, U256::ZERO, call.abi_encode()).read(returned::<C>)
    }

    /// Uploads and instantiates code; `data` is the constructor's calldata without a selector. Returns the address.
    ///
    /// # Errors
    /// [`Failed`], also if the constructor reverts.
    pub fn deploy(
        &mut self,
        from: &Account,
        code: &[u8],
        data: Vec<u8>,
    ) -> Result<Done<Address>, Failed> {
        self.deploy_with(from, code, data, U256::ZERO, None)
    }

    /// Like [`World::deploy`], with wei and with a salt: the address then depends on deployer, code, data and salt only.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn deploy_with(
        &mut self,
        from: &Account,
        code: &[u8],
        data: Vec<u8>,
        value: U256,
        salt: Option<[u8; 32]>,
    ) -> Result<Done<Address>, Failed> {
        let origin = RuntimeOrigin::signed(from.id.clone());
        let limits = self.limits().transaction();
        let code = Code::Upload(code.to_vec());
        let receipt = self.execute_with(|| {
            transact(&from.id, true, || {
                let config = ExecConfig::new_substrate_tx();
                let value = sp_core::U256::from_big_endian(&value.to_be_bytes::<32>());
                let result =
                    Revive::bare_instantiate(origin, value, limits, code, data, salt, &config);
                Receipt::new(result, |done| accepted(done.result).map(|_| done.addr.0.to_vec()))
            })
        });
        receipt.read(|data| Address::try_from(data).map_err(|error| error.to_string()))
    }

    fn run(
        &mut self,
        from: &Account,
        to: Address,
        value: U256,
        data: Vec<u8>,
        keep: bool,
    ) -> Receipt {
        let origin = RuntimeOrigin::signed(from.id.clone());
        let limits = self.limits().transaction();
        self.execute_with(|| {
            transact(&from.id, keep, || {
                let config = ExecConfig::new_substrate_tx();
                let value = sp_core::U256::from_big_endian(&value.to_be_bytes::<32>());
                let to = H160(to.into_array());
                let result = Revive::bare_call(origin, to, value, limits, data, &config);
                Receipt::new(result, accepted)
            })
        })
    }
}

/// The data of a call, told apart from the data of a refusal.
fn accepted(value: ExecReturnValue) -> Result<Vec<u8>, Failure> {
    if value.did_revert() { Err(Failure::Reverted(value.data)) } else { Ok(value.data) }
}

fn returned<C: SolCall>(data: &[u8]) -> Result<C::Return, String> {
    C::abi_decode_returns(data).map_err(|error| error.to_string())
}

/// Runs a call as a transaction does: the nonce counts even if the call fails, what fails is otherwise rolled back
/// whole, its deposits too. Nothing at all is kept of a dry run.
fn transact(from: &AccountId, keep: bool, call: impl FnOnce() -> Receipt) -> Receipt {
    System::reset_events();
    if keep {
        System::inc_account_nonce(from);
    }
    let result = with_transaction(|| -> TransactionOutcome<Result<Receipt, DispatchError>> {
        if !keep {
            System::inc_account_nonce(from);
        }
        let receipt = call();
        if keep && receipt.output.is_ok() {
            TransactionOutcome::Commit(Ok(receipt))
        } else {
            TransactionOutcome::Rollback(Ok(receipt))
        }
    });
    // Only a nesting of transactions deeper than the runtime's limit comes here.
    result.unwrap_or_else(|error| Receipt {
        output: Err(error.into()),
        events: Vec::new(),
        weight: Weight::default(),
        weight_required: Weight::default(),
        deposit: 0,
    })
}
