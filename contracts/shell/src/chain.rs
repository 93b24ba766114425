//! What a shell asks of the chain: the host functions of `pallet-revive` behind plain Rust types.
//!
//! ink! offers most of them only with its own encodings, which prefix, allocate or panic. This module is the only one
//! that names a host function; it exists in PolkaVM builds alone.

use crate::{
    arguments::MALFORMED,
    reader::{Reader, Source},
};
use pallet_revive_uapi::{
    CallFlags, HostFn, HostFnImpl as Host, ReturnErrorCode, ReturnFlags, StorageFlags,
};
use weir_core::address::Address;
use weir_core::error::{Code, Word, refuse};

/// All that is left of a resource.
const ALL: u64 = u64::MAX;
const NO_DEPOSIT_LIMIT: [u8; 32] = [u8::MAX; 32];
const NO_VALUE: [u8; 32] = [0; 32];

/// Why a call did not end well.
pub type Failure = ReturnErrorCode;
/// The callee ended with an error of its own.
pub const REVERTED: Failure = ReturnErrorCode::CalleeReverted;

/// What execution may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Execution time in picoseconds.
    pub ref_time: u64,
    /// Proof in bytes.
    pub proof_size: u64,
}

/// The pallet's own contract of answers about the chain.
const SYSTEM: Address = Address([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0]);
const WEIGHT_LEFT: [u8; 4] = ink::codegen::sol::selector_bytes("weightLeft()");

/// How a call treats its caller.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Nobody may call this contract until the call is over.
    Closed,
    /// The callee may call back.
    Open,
    /// As closed, and the callee may change nothing.
    ReadOnly,
}

/// Who called.
#[must_use]
pub fn caller() -> Address {
    let mut address = [0; 20];
    Host::caller(&mut address);
    Address(address)
}

/// This contract; under a delegate call the one whose storage is in use.
#[must_use]
pub fn this() -> Address {
    let mut address = [0; 20];
    Host::address(&mut address);
    Address(address)
}

/// Chain time in seconds.
#[must_use]
pub fn now() -> u64 {
    let mut word = [0; 32];
    Host::now(&mut word);
    word.first_chunk().map_or(0, |low| u64::from_le_bytes(*low))
}

/// Wei that came with this call. More than 128 bits do not exist.
#[must_use]
pub fn value() -> u128 {
    let mut word = [0; 32];
    Host::value_transferred(&mut word);
    word.first_chunk().map_or(0, |low| u128::from_le_bytes(*low))
}

/// The keccak-256 hash of `data`.
#[must_use]
pub fn keccak(data: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    Host::hash_keccak_256(data, &mut hash);
    hash
}

/// The calldata of this call.
#[derive(Clone, Copy, Debug)]
pub struct CallData;

impl Source for CallData {
    fn size(self) -> usize {
        usize::try_from(Host::call_data_size()).unwrap_or(usize::MAX)
    }

    fn copy(self, offset: usize, into: &mut [u8]) {
        // The pallet takes at most 128 KiB of calldata; an offset beyond reads zeros.
        Host::call_data_copy(into, u32::try_from(offset).unwrap_or(u32::MAX));
    }
}

/// Ends the message if the calldata is not what was read from it.
pub fn check_end<S: Source>(reader: &Reader<S>) {
    if reader.end().is_err() {
        malformed();
    }
}

/// Ends the message: the calldata is not what the interface says.
pub fn malformed() -> ! {
    revert(&MALFORMED)
}

/// Whether code lives at `address`.
#[must_use]
pub fn has_code(address: &Address) -> bool {
    Host::code_size(&address.0) != 0
}

/// Reads an item into `buffer`; the part that was read, `None` where there is no item.
pub fn get_storage<'a>(key: &[u8], buffer: &'a mut [u8]) -> Option<&'a [u8]> {
    read(StorageFlags::empty(), key, buffer)
}

/// Writes an item.
pub fn set_storage(key: &[u8], value: &[u8]) {
    let _ = Host::set_storage(StorageFlags::empty(), key, value);
}

/// Reads an item that lives until the end of the transaction.
pub fn get_transient<'a>(key: &[u8], buffer: &'a mut [u8]) -> Option<&'a [u8]> {
    read(StorageFlags::TRANSIENT, key, buffer)
}

/// Writes an item that lives until the end of the transaction.
pub fn set_transient(key: &[u8], value: &[u8]) {
    let _ = Host::set_storage(StorageFlags::TRANSIENT, key, value);
}

fn read<'a>(flags: StorageFlags, key: &[u8], buffer: &'a mut [u8]) -> Option<&'a [u8]> {
    let mut output = buffer;
    Host::get_storage(flags, key, &mut output).ok()?;
    Some(output)
}

/// Emits an event.
pub fn emit(topics: &[[u8; 32]], data: &[u8]) {
    Host::deposit_event(topics, data);
}

/// Calls `target` with all that is left of the resources; writes into `output` what fits of the answer.
///
/// # Errors
/// The host's code. After [`REVERTED`] the output holds the error.
pub fn call<'a>(
    entry: Entry,
    target: &Address,
    input: &[u8],
    output: &'a mut [u8],
) -> (Result<(), Failure>, &'a [u8]) {
    let flags = match entry {
        Entry::Closed => CallFlags::empty(),
        Entry::Open => CallFlags::ALLOW_REENTRY,
        Entry::ReadOnly => CallFlags::READ_ONLY,
    };
    let mut written = output;
    let result = Host::call(
        flags,
        &target.0,
        ALL,
        ALL,
        &NO_DEPOSIT_LIMIT,
        &NO_VALUE,
        input,
        Some(&mut written),
    );
    (result, written)
}

/// Sends wei to `to`, running its code if it has any; nobody may call this contract meanwhile.
///
/// # Errors
/// The host's code, also where a new account's existential deposit cannot be paid by whoever signed the transaction.
pub fn pay(to: &Address, wei: u128) -> Result<(), Failure> {
    let mut value = NO_VALUE;
    if let Some(low) = value.first_chunk_mut() {
        *low = wei.to_le_bytes();
    }
    Host::call(CallFlags::empty(), &to.0, ALL, ALL, &NO_DEPOSIT_LIMIT, &value, &[], None)
}

/// Calls `target` with at most `limit` of what is left, and looks at nothing that it answers.
///
/// # Errors
/// The host's code.
pub fn call_within(limit: Weight, target: &Address, input: &[u8]) -> Result<(), Failure> {
    Host::call(
        CallFlags::empty(),
        &target.0,
        limit.ref_time,
        limit.proof_size,
        &NO_DEPOSIT_LIMIT,
        &NO_VALUE,
        input,
        None,
    )
}

/// Asks `target` with at most `limit` of what is left; it may change nothing. What fits of its answer.
pub fn ask_within<'a>(
    limit: Weight,
    target: &Address,
    input: &[u8],
    output: &'a mut [u8],
) -> Option<&'a [u8]> {
    let mut written = output;
    let result = Host::call(
        CallFlags::READ_ONLY,
        &target.0,
        limit.ref_time,
        limit.proof_size,
        &NO_DEPOSIT_LIMIT,
        &NO_VALUE,
        input,
        Some(&mut written),
    );
    result.is_ok().then_some(written)
}

/// What is left of the transaction's weight; nothing where the pallet does not say.
#[must_use]
pub fn weight_left() -> Weight {
    let mut buffer = [0; 64];
    let (_, answer) = call(Entry::ReadOnly, &SYSTEM, &WEIGHT_LEFT, &mut buffer);
    let mut answer = Reader::new(answer, 0);
    Weight { ref_time: answer.u64(), proof_size: answer.u64() }
}

/// Goes on in the code of `target`, in this contract's storage and with this call's calldata, and ends the message with
/// whatever that answers.
pub fn become_code(target: &Address) -> ! {
    let code = tail_call(target);
    crate::host::refuse(&refuse(Code::CallbackRefused, Word::from(target), Word::from(code)))
}

/// As [`become_code`]; comes back, with the host's code, only if the other code trapped or ran out of weight.
#[must_use]
pub fn tail_call(target: &Address) -> u32 {
    let flags = CallFlags::CLONE_INPUT | CallFlags::TAIL_CALL;
    let failed = Host::delegate_call(flags, &target.0, ALL, ALL, &NO_DEPOSIT_LIMIT, &[], None);
    failed.err().map_or(0, u32::from)
}

/// Runs the code of `target` in this contract's storage; writes into `output` what fits of the answer.
///
/// # Errors
/// The host's code. After [`REVERTED`] the output holds the error.
pub fn delegate_call<'a>(
    target: &Address,
    input: &[u8],
    output: &'a mut [u8],
) -> (Result<(), Failure>, &'a [u8]) {
    let mut written = output;
    let result = Host::delegate_call(
        CallFlags::empty(),
        &target.0,
        ALL,
        ALL,
        &NO_DEPOSIT_LIMIT,
        input,
        Some(&mut written),
    );
    (result, written)
}

/// Ends the message with an answer.
pub fn answer(data: &[u8]) -> ! {
    Host::return_value(ReturnFlags::empty(), data)
}

/// Ends the message; the pallet undoes all it did.
pub fn revert(data: &[u8]) -> ! {
    Host::return_value(ReturnFlags::REVERT, data)
}
