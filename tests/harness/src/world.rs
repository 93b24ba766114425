//! The state of a chain: time, accounts, balances, raw storage, snapshots.

use crate::{Account, Limits};
use alloy_primitives::{Address, U256};
use frame_support::traits::{
    OnFinalize, OnInitialize,
    fungible::{Inspect, Mutate},
};
use pallet_revive::{AddressMapper, ContractAccessError};
use sp_core::{H160, storage::StateVersion};
use sp_externalities::{Extensions, set_and_run_with_externalities};
use sp_runtime::{
    DispatchError,
    traits::{BlakeTwo256, Dispatchable},
};
use sp_state_machine::{Ext, InMemoryBackend, OverlayedChanges};
use std::sync::Arc;
use weir_runtime::{
    AccountId, AllPalletsWithSystem, AssetId, Assets, Balance, Balances, Hash, Revive, Runtime,
    RuntimeOrigin, System, Timestamp, constants::UNIT, erc20_address, genesis, timestamp,
};

/// Seconds since 1970 of the first block of every world: 2023-11-14 22:13:20 UTC.
const START: u64 = 1_700_000_000;
/// What a new account gets: a million tokens.
const FUNDS: Balance = 1_000_000 * UNIT;

/// A world could not be made, or refused an action that is not a contract's.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The genesis contradicts itself.
    #[error("genesis: {0}")]
    Genesis(String),
    /// A pallet refused.
    #[error("the chain refused: {0:?}")]
    Refused(DispatchError),
    /// No contract at the address.
    #[error("no contract at {0}")]
    NoContract(Address),
    /// The key is longer than the pallet takes.
    #[error("not a storage key of a contract")]
    BadKey,
}

impl From<DispatchError> for WorldError {
    fn from(error: DispatchError) -> Self {
        Self::Refused(error)
    }
}

/// A chain in memory. Deterministic: the same calls give the same state.
pub struct World {
    /// The genesis, shared by all snapshots.
    backend: Arc<InMemoryBackend<BlakeTwo256>>,
    /// Everything since.
    changes: OverlayedChanges<BlakeTwo256>,
    limits: Limits,
}

/// A state to return to. Holds the changes since the genesis, not the genesis.
#[derive(Clone)]
pub struct Snapshot {
    changes: OverlayedChanges<BlakeTwo256>,
    limits: Limits,
}

impl World {
    /// The genesis of the development chain, in its first block.
    ///
    /// # Errors
    /// [`WorldError::Genesis`], which only a defect of the runtime's genesis can cause.
    pub fn new() -> Result<Self, WorldError> {
        let storage = genesis::storage().map_err(WorldError::Genesis)?;
        let backend = Arc::new(InMemoryBackend::from((storage, StateVersion::V1)));
        let changes = OverlayedChanges::default();
        let mut world = Self { backend, changes, limits: Limits::default() };
        world.execute_with(|| open_block(START))?;
        Ok(world)
    }

    /// Runs code that wants the runtime's storage around it.
    pub fn execute_with<R>(&mut self, run: impl FnOnce() -> R) -> R {
        let mut extensions = Extensions::new();
        let mut externalities =
            Ext::new(&mut self.changes, self.backend.as_ref(), Some(&mut extensions));
        set_and_run_with_externalities(&mut externalities, run)
    }

    /// The limits of the calls to come.
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// Changes the limits of the calls to come.
    pub const fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// The state as it is now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { changes: self.changes.clone(), limits: self.limits }
    }

    /// Returns to a state of this world. A snapshot of another world is taken too: all have the same genesis.
    pub fn restore(&mut self, snapshot: &Snapshot) {
        self.changes = snapshot.changes.clone();
        self.limits = snapshot.limits;
    }

    /// Seconds since 1970, as contracts see them.
    pub fn now(&mut self) -> u64 {
        self.execute_with(|| Timestamp::get() / 1_000)
    }

    /// Height of the current block.
    pub fn block(&mut self) -> u32 {
        self.execute_with(System::block_number)
    }

    /// Opens the next block `seconds` later. Time moves in every block: 0 counts as 1.
    ///
    /// # Errors
    /// [`WorldError::Refused`] beyond the end of time (2^64 ms).
    pub fn advance(&mut self, seconds: u64) -> Result<(), WorldError> {
        let next = self.now().saturating_add(seconds.max(1));
        self.execute_with(|| {
            AllPalletsWithSystem::on_finalize(System::block_number());
            open_block(next)
        })
    }

    /// The account of a name, funded with a million tokens when it is first asked for.
    ///
    /// # Errors
    /// [`WorldError::Refused`] if the chain cannot fund it.
    pub fn account(&mut self, name: &str) -> Result<Account, WorldError> {
        let account = Account::named(name);
        self.execute_with(|| {
            if System::account_exists(&account.id) {
                return Ok(());
            }
            Balances::mint_into(&account.id, FUNDS).map(drop)
        })?;
        Ok(account)
    }

    /// Mints native units.
    ///
    /// # Errors
    /// [`WorldError::Refused`], for example below the existential deposit.
    pub fn mint(&mut self, to: Address, amount: Balance) -> Result<(), WorldError> {
        self.execute_with(|| Balances::mint_into(&account_id(to), amount))?;
        Ok(())
    }

    /// Free native units, the existential deposit included.
    pub fn native_balance(&mut self, of: Address) -> Balance {
        self.execute_with(|| Balances::balance(&account_id(of)))
    }

    /// Wei as a contract sees them: without the existential deposit.
    pub fn balance(&mut self, of: Address) -> U256 {
        let wei = self.execute_with(|| Revive::evm_balance(&H160(of.into_array())));
        U256::from_be_bytes(wei.to_big_endian())
    }

    /// The ERC-20 view of a trust-backed asset.
    pub fn erc20(asset: AssetId) -> Address {
        Address::from(erc20_address(asset))
    }

    /// Mints units of a trust-backed asset.
    ///
    /// # Errors
    /// [`WorldError::Refused`], for example for an unknown asset.
    pub fn mint_asset(
        &mut self,
        asset: AssetId,
        to: Address,
        amount: Balance,
    ) -> Result<(), WorldError> {
        use frame_support::traits::fungibles::Mutate;
        self.execute_with(|| {
            let account = account_id(to);
            <Assets as Mutate<AccountId>>::mint_into(asset, &account, amount)
        })?;
        Ok(())
    }

    /// Whether there is code at an address.
    pub fn is_contract(&mut self, at: Address) -> bool {
        !self.code(at).is_empty()
    }

    /// The code at an address, empty if there is none.
    pub fn code(&mut self, at: Address) -> Vec<u8> {
        self.execute_with(|| Revive::code(&H160(at.into_array())))
    }

    /// A storage item of a contract under a key of any length, as ink!'s `ManualKey` makes them.
    ///
    /// # Errors
    /// [`WorldError::NoContract`], [`WorldError::BadKey`] above 128 bytes.
    pub fn storage(&mut self, at: Address, key: &[u8]) -> Result<Option<Vec<u8>>, WorldError> {
        let (contract, key) = (H160(at.into_array()), key.to_vec());
        self.execute_with(|| Revive::get_storage_var_key(contract, key))
            .map_err(|error| access(at, error))
    }

    /// Writes a storage item of a contract, past its code.
    ///
    /// # Errors
    /// As [`Self::storage`].
    pub fn set_storage(&mut self, at: Address, key: &[u8], item: &[u8]) -> Result<(), WorldError> {
        let (contract, key) = (H160(at.into_array()), key.to_vec());
        let item = Some(item.to_vec());
        self.execute_with(|| Revive::set_storage_var_key(contract, key, item))
            .map(drop)
            .map_err(|error| access(at, error))
    }

    /// A storage item of a contract under a fixed key of 32 bytes, as Solidity's slots are.
    ///
    /// # Errors
    /// [`WorldError::NoContract`].
    pub fn slot(&mut self, at: Address, key: [u8; 32]) -> Result<Option<Vec<u8>>, WorldError> {
        let contract = H160(at.into_array());
        self.execute_with(|| Revive::get_storage(contract, key)).map_err(|error| access(at, error))
    }
}

fn access(at: Address, error: ContractAccessError) -> WorldError {
    match error {
        ContractAccessError::DoesntExist => WorldError::NoContract(at),
        ContractAccessError::KeyDecodingFailed => WorldError::BadKey,
        ContractAccessError::StorageWriteFailed(error) => WorldError::Refused(error),
    }
}

/// The account behind an address: the signer who was mapped to it, else the address's own account.
fn account_id(address: Address) -> AccountId {
    <Runtime as pallet_revive::Config>::AddressMapper::to_account_id(&H160(address.into_array()))
}

/// Begins a block at a time, as the executive and the inherent do.
fn open_block(seconds: u64) -> Result<(), WorldError> {
    let number = System::block_number() + 1;
    // Blocks have no heads here: their hashes only need to differ.
    let parent = Hash::from_low_u64_be(u64::from(number));
    System::reset_events();
    System::initialize(&number, &parent, &sp_runtime::Digest::default());
    AllPalletsWithSystem::on_initialize(number);
    let milliseconds = seconds.checked_mul(1_000).ok_or(DispatchError::Corruption)?;
    timestamp(milliseconds).dispatch(RuntimeOrigin::none()).map_err(|refused| refused.error)?;
    Ok(())
}
