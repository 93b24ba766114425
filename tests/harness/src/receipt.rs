//! What a call left behind.

use alloy_primitives::{Address, B256};
use alloy_sol_types::{SolError, SolEvent, SolInterface};
use core::fmt;
use frame_support::traits::PalletInfoAccess;
use pallet_revive::{ContractResult, StorageDeposit};
use sp_runtime::DispatchError;
use weir_runtime::{Balance, Runtime, RuntimeEvent, System};

/// An event of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who emitted it.
    pub contract: Address,
    /// Signature hash first, then the indexed fields.
    pub topics: Vec<B256>,
    /// The other fields, encoded.
    pub data: Vec<u8>,
}

impl Event {
    /// The event as `E`, if it is one.
    pub fn decode<E: SolEvent>(&self) -> Option<E> {
        E::decode_raw_log(self.topics.iter().copied(), &self.data).ok()
    }
}

/// Execution time and proof.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Picoseconds.
    pub ref_time: u64,
    /// Bytes.
    pub proof_size: u64,
}

impl From<frame_support::weights::Weight> for Weight {
    fn from(weight: frame_support::weights::Weight) -> Self {
        Self { ref_time: weight.ref_time(), proof_size: weight.proof_size() }
    }
}

/// Why a call left no trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The contract refused; the bytes are its error.
    Reverted(Vec<u8>),
    /// The contract panicked, or called where it may not: there is no data.
    Trapped,
    /// Weight or deposit ran out; the name tells which.
    OutOfResources(String),
    /// The pallet refused before or beside the contract's code; its error by name.
    Refused(String),
    /// The call succeeded but its return data is not what the caller expected.
    Undecodable(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reverted(data) => write!(out, "reverted with 0x{}", hex::encode(data)),
            Self::Trapped => write!(out, "the contract trapped"),
            Self::OutOfResources(name) => write!(out, "out of resources: {name}"),
            Self::Refused(name) => write!(out, "refused by the chain: {name}"),
            Self::Undecodable(why) => write!(out, "undecodable return data: {why}"),
        }
    }
}

impl From<DispatchError> for Failure {
    fn from(error: DispatchError) -> Self {
        use pallet_revive::Error;
        let is = |candidate: Error<Runtime>| error == candidate.into();
        let exhausted = [
            Error::OutOfGas,
            Error::StorageDepositLimitExhausted,
            Error::StorageDepositNotEnoughFunds,
            Error::OutOfTransientStorage,
        ];
        if is(Error::ContractTrapped) {
            Self::Trapped
        } else if exhausted.into_iter().any(is) || error == DispatchError::Exhausted {
            Self::OutOfResources(name(&error))
        } else {
            Self::Refused(name(&error))
        }
    }
}

/// `Pallet.Error` where the error is a pallet's own.
fn name(error: &DispatchError) -> String {
    match error {
        DispatchError::Module(module) => {
            let message = module.message.unwrap_or("unnamed");
            if usize::from(module.index) == weir_runtime::Revive::index() {
                format!("Revive.{message}")
            } else {
                format!("pallet {}: {message}", module.index)
            }
        }
        other => format!("{other:?}"),
    }
}

/// The result of a call before anyone interprets its return data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Return data, or why there is none.
    pub output: Result<Vec<u8>, Failure>,
    /// Events of contracts in order; none if the call failed.
    pub events: Vec<Event>,
    /// What the call consumed.
    pub weight: Weight,
    /// The limit that the call needs, never below [`Receipt::weight`].
    pub weight_required: Weight,
    /// Native units that the caller's account gave (positive) or got back (negative) for storage.
    pub deposit: i128,
}

impl Receipt {
    /// The events that are an `E`, with their emitters.
    pub fn logs<E: SolEvent>(&self) -> Vec<(Address, E)> {
        let decoded = |event: &Event| Some((event.contract, event.decode::<E>()?));
        self.events.iter().filter_map(decoded).collect()
    }

    pub(crate) fn new<R>(
        result: ContractResult<R, Balance>,
        output: impl FnOnce(R) -> Result<Vec<u8>, Failure>,
    ) -> Self {
        let signed = |amount: Balance| i128::try_from(amount).unwrap_or(i128::MAX);
        let output = result.result.map_err(Failure::from).and_then(output);
        // What failed is rolled back, the deposit and the events with it.
        let deposit = match result.storage_deposit {
            _ if output.is_err() => 0,
            StorageDeposit::Charge(amount) => signed(amount),
            StorageDeposit::Refund(amount) => -signed(amount),
        };
        let events = if output.is_ok() { emitted() } else { Vec::new() };
        Self {
            output,
            events,
            weight: result.weight_consumed.into(),
            weight_required: result.weight_required.into(),
            deposit,
        }
    }

    /// The receipt with a value read from its return data.
    pub(crate) fn read<T>(
        self,
        decode: impl FnOnce(&[u8]) -> Result<T, String>,
    ) -> Result<Done<T>, Failed> {
        let value = match &self.output {
            Ok(data) => decode(data).map_err(Failure::Undecodable),
            Err(failure) => Err(failure.clone()),
        };
        match value {
            Ok(value) => Ok(Done { value, receipt: self }),
            Err(cause) => Err(Failed { cause, weight: self.weight }),
        }
    }
}

/// Events of contracts since the last reset.
fn emitted() -> Vec<Event> {
    System::events().into_iter().filter_map(|record| contract_event(record.event)).collect()
}

fn contract_event(event: RuntimeEvent) -> Option<Event> {
    match event {
        RuntimeEvent::Revive(pallet_revive::Event::ContractEmitted { contract, data, topics }) => {
            Some(Event {
                contract: Address::from(contract.0),
                topics: topics.into_iter().map(|topic| B256::from(topic.0)).collect(),
                data,
            })
        }
        _ => None,
    }
}

/// A call that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// What it returned.
    pub value: T,
    /// Events, weight and deposit.
    pub receipt: Receipt,
}

/// A call that failed and left no trace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct Failed {
    /// Why.
    pub cause: Failure,
    /// What it had consumed by then.
    pub weight: Weight,
}

impl Failed {
    /// The contract's error as `E`, if it is one.
    pub fn error<E: SolError>(&self) -> Option<E> {
        self.data().and_then(|data| E::abi_decode(data).ok())
    }

    /// The contract's error as one of the interface `I`.
    pub fn interface<I: SolInterface>(&self) -> Option<I> {
        self.data().and_then(|data| I::abi_decode(data).ok())
    }

    /// The bytes with which the contract refused.
    pub fn data(&self) -> Option<&[u8]> {
        match &self.cause {
            Failure::Reverted(data) => Some(data),
            _ => None,
        }
    }
}
