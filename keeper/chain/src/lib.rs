//! Chain access for everything that runs beside the chain: the keeper, the feeder, the command line and the tests.
//!
//! [`Client`] reads (blocks, storage, dry runs), [`Sender`] writes (nonces, weights, inclusion), the handles of
//! [`contracts`] turn the Solidity interfaces of `weir-abi` into typed calls. No caller writes an address, a selector
//! or a weight by hand.

#![forbid(unsafe_code)]

pub mod account;
pub mod amount;
pub mod artifacts;
pub mod block;
pub mod blocks;
pub mod client;
pub mod contracts;
pub mod deployment;
pub mod devnet;
pub mod error;
pub mod keys;
mod nonce;
mod pending;
mod rpc;
mod runtime;
pub mod sender;
pub mod state;
mod transaction;

pub use account::AccountId;
pub use block::{Block, BlockId, BlockRef, ContractEvent, ExtrinsicResult, Instantiated};
pub use blocks::{Blocks, Follow, FollowOptions};
pub use client::{Client, ContractCall, DryOutcome, DryRun, Origin, Timeouts, Weight};
pub use contracts::{
    AdminHandle, FeedHandle, GovernorHandle, LensHandle, Liquidation, PoolHandle, TokenHandle,
    WrappedHandle,
};
pub use deployment::Deployment;
pub use devnet::{Devnet, DevnetOptions, Seal};
pub use error::{ChainError, Class, DispatchFailure, Rejection, Revert};
pub use keys::{KEY_VARIABLE, KeyError, KeySource, Passphrase, Signer};
pub use pending::{Included, Outcome, Pending};
pub use rpc::{EndpointState, redacted};
pub use sender::{Sender, Signed};
pub use state::{PoolState, PoolView};
pub use transaction::{BatchMode, Transaction};

pub use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
pub use alloy_sol_types::{SolCall, SolEvent};
pub use subxt_rpcs::client::{RpcParams, rpc_params};
pub use weir_abi as abi;
