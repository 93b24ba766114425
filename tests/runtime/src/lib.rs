//! The native runtime of Weir's development chain.
//!
//! It shows a contract what Polkadot Hub shows it: `Revive` with its precompiles, trust-backed `Assets` with their
//! ERC-20 view, `Utility` batches, blocks of 2 s of execution and 10 MiB of proof, and a native token of 10 decimals
//! that contracts see with 18. It is compiled to machine code only: the node and the test harness call it directly,
//! and no Wasm is ever built.
//!
//! | module | what |
//! |---|---|
//! | [`constants`] | units, deposits, block limits |
//! | `configuration` | the pallets' settings |
//! | [`extension`] | what is checked and charged around a transaction |
//! | [`apis`] | the runtime APIs that clients call |
//! | [`genesis`] | the first state: funded accounts and assets |

// FRAME's macros write code with the user's spans: items without documentation, whole paths where a `use` stands, and
// panics on impossible states. None of it is written by hand here.
#![allow(
    missing_docs,
    unused_qualifications,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::uninlined_format_args,
    clippy::match_same_arms
)]
// The runtime-API macros nest deeper than the default.
#![recursion_limit = "512"]

extern crate alloc;

pub mod apis;
mod configuration;
pub mod constants;
pub mod extension;
pub mod genesis;
#[cfg(test)]
mod tests;

use alloc::borrow::Cow;
use sp_runtime::{
    MultiAddress, MultiSignature, generic,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
};
use sp_version::RuntimeVersion;

pub use extension::{EthExtraImpl, TxExtension};

/// What signs a transaction: any of the three Substrate schemes.
pub type Signature = MultiSignature;
/// The account of a signer.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// How a transaction names an account.
pub type Address = MultiAddress<AccountId, ()>;
/// Native units: 10 decimals, see [`constants::UNIT`].
pub type Balance = u128;
/// Height of a block.
pub type BlockNumber = u32;
/// Count of the transactions of an account.
pub type Nonce = u32;
/// Hash of a block, a transaction or a state root.
pub type Hash = sp_core::H256;
/// A trust-backed asset; its ERC-20 view stands at `erc20_address`.
pub type AssetId = u32;
/// Head of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A transaction as it travels, signed the Substrate way or carrying an Ethereum transaction.
pub type UncheckedExtrinsic =
    pallet_revive::evm::runtime::UncheckedExtrinsic<Address, Signature, EthExtraImpl>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// What executes blocks.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// Version of the runtime. A change of logic raises `spec_version`, a change of the transactions' format
/// `transaction_version`.
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("weir-devnet"),
    impl_name: Cow::Borrowed("weir-devnet"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

/// Address of the ERC-20 view of a trust-backed asset: the identifier in the first four bytes, the suffix 0x0120 in
/// bytes 16 and 17.
pub const fn erc20_address(asset: AssetId) -> [u8; 20] {
    let [a, b, c, d] = asset.to_be_bytes();
    [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0x20, 0, 0]
}

/// Storage key of the current block's time: a u64 in milliseconds since 1970.
pub fn time_key() -> Vec<u8> {
    pallet_timestamp::Now::<Runtime>::hashed_key().to_vec()
}

/// The inherent that sets a block's time in milliseconds.
pub const fn timestamp(now: u64) -> RuntimeCall {
    RuntimeCall::Timestamp(pallet_timestamp::Call::set { now })
}

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;

    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;

    #[runtime::pallet_index(2)]
    pub type Balances = pallet_balances;

    #[runtime::pallet_index(3)]
    pub type TransactionPayment = pallet_transaction_payment;

    #[runtime::pallet_index(4)]
    pub type Utility = pallet_utility;

    #[runtime::pallet_index(5)]
    pub type Assets = pallet_assets;

    #[runtime::pallet_index(6)]
    pub type AssetsPermit = pallet_assets_precompiles::permit;

    // Last, so that the accounts of the genesis exist when it maps them.
    #[runtime::pallet_index(7)]
    pub type Revive = pallet_revive;
}
