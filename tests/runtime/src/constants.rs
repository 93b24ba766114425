//! Units, deposits and block limits: those of Polkadot Hub.

use crate::{Balance, BlockNumber};
use frame_support::{
    dispatch::DispatchClass,
    weights::{
        Weight,
        constants::{BlockExecutionWeight, ExtrinsicBaseWeight, WEIGHT_REF_TIME_PER_SECOND},
    },
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::Perbill;

/// Decimals of the native token.
pub const DECIMALS: u8 = 10;
/// One whole native token.
pub const UNIT: Balance = 10_000_000_000;
/// A hundredth of a token.
pub const CENT: Balance = UNIT / 100;
/// A thousandth of a [`CENT`].
pub const MILLICENT: Balance = CENT / 1_000;
/// What an account must hold to exist.
pub const EXISTENTIAL_DEPOSIT: Balance = CENT;
/// Wei of a contract's view per native unit: 10 decimals outside are 18 inside.
pub const NATIVE_TO_ETH_RATIO: u32 = 100_000_000;
/// Ethereum chain identifier (EIP-155), the one that Polkadot Hub's tools use for development chains.
pub const CHAIN_ID: u64 = 420_420_420;
/// SS58 prefix of addresses: generic Substrate.
pub const SS58_PREFIX: u16 = 42;
/// Fee for each byte of a transaction.
pub const TRANSACTION_BYTE_FEE: Balance = 1_000;
/// Least distance of two blocks in milliseconds. Contracts see whole seconds: time moves in every block.
pub const MINIMUM_PERIOD_MS: u64 = 1_000;
/// Blocks for which a hash is kept, and so the longest mortality of a transaction.
pub const BLOCK_HASH_COUNT: BlockNumber = 4_096;
/// Longest name and symbol of an asset.
pub const ASSET_STRING_LIMIT: u32 = 50;

/// Deposit for `items` storage items of `bytes` in total.
pub const fn deposit(items: Balance, bytes: Balance) -> Balance {
    items * 20 * CENT + bytes * MILLICENT
}

/// Share of a block that transactions may fill; the rest is for inherents.
const NORMAL_RATIO: Perbill = Perbill::from_percent(85);
/// Share of a block set aside for its initialisation.
const INITIALIZATION_RATIO: Perbill = Perbill::from_percent(5);
/// A block: 2 s of execution, 10 MiB of proof.
const MAXIMUM_BLOCK_WEIGHT: Weight =
    Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, 10 * 1024 * 1024);
/// Bytes of a block's body.
const MAXIMUM_BLOCK_LENGTH: u32 = 5 * 1024 * 1024;

frame_support::parameter_types! {
    /// Weight limits of a block by class.
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
        .base_block(BlockExecutionWeight::get())
        .for_class(DispatchClass::all(), |class| class.base_extrinsic = ExtrinsicBaseWeight::get())
        .for_class(DispatchClass::Normal, |class| {
            class.max_total = Some(NORMAL_RATIO * MAXIMUM_BLOCK_WEIGHT);
        })
        .for_class(DispatchClass::Operational, |class| {
            class.max_total = Some(MAXIMUM_BLOCK_WEIGHT);
            class.reserved = Some(MAXIMUM_BLOCK_WEIGHT - NORMAL_RATIO * MAXIMUM_BLOCK_WEIGHT);
        })
        .avg_block_initialization(INITIALIZATION_RATIO)
        .build_or_panic();
    /// Length limits of a block by class.
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAXIMUM_BLOCK_LENGTH)
        .modify_max_length_for_class(DispatchClass::Normal, |length| *length = NORMAL_RATIO * *length)
        .build();
}
