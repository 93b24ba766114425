//! The runtime in externalities: deploy and call contracts in process, move time, read weights and raw storage.
//!
//! [`World`] holds a chain's state and runs `pallet-revive` on it as a transaction would: a call that fails leaves no
//! trace, weight is metered against the limits of a block, deposits are taken; only the transaction's fee is not. No
//! node, no sockets, no sealing.
//!
//! ```text
//! let mut world = World::new()?;
//! let alice = world.account("alice")?;
//! let pool = world.deploy(&alice, &artifact("weir-pool")?, constructor_calldata)?.value;
//! let supplied = world.send(&alice, pool, &supplyCall { asset, amount, account: alice.address })?;
//! assert_eq!(supplied.receipt.logs::<Supplied>().len(), 1);
//! world.advance(3_600);
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`world`](World) | the state: time, accounts, balances, raw storage, snapshots |
//! | `call` | deployments and calls, typed and raw |
//! | `receipt` | what a call left behind: return data, events, weight, deposit, or the reason of its failure |
//! | [`evm`] | an assembler for contracts of other people |
//! | [`handles`] | contracts as typed handles |
//! | [`artifact`] | finding the built contracts |

#![forbid(unsafe_code)]

mod account;
mod artifact;
mod call;
pub mod evm;
pub mod handles;
mod receipt;
#[cfg(test)]
mod tests;
mod world;

pub use account::Account;
pub use artifact::{ArtifactError, artifact, artifacts_folder};
pub use call::Limits;
pub use receipt::{Done, Event, Failed, Failure, Receipt, Weight};
pub use world::{Snapshot, World, WorldError};
