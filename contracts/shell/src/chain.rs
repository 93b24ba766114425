//! What a shell asks of the chain: the host functions of `pallet-revive` behind plain Rust types.
//!
//! ink! offers most of them only with its own encodings, which prefix, allocate or panic. This module is the only one
//! that names a host function; it exists in PolkaVM builds alone.

use pallet_revive_uapi::{
    CallFlags, HostFn, HostFnImpl as Host, ReturnErrorCode, ReturnFlags, StorageFlags,
};
use weir_core::address::Address;

/// All that is left of a resource.
const ALL: u64 = u64::MAX;
const NO_DEPOSIT_LIMIT: [u8; 32] = [u8::MAX; 32];
const NO_VALUE: [u8; 32] = [0; 32];

/// Why a call did not end well.
pub type Failure = ReturnErrorCode;

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

/// Length of the calldata in bytes, with the selector.
#[must_use]
pub fn call_data_size() -> u64 {
    Host::call_data_size()
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
/// The host's code. After [`ReturnErrorCode::CalleeReverted`] the output holds the revert.
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
    let result =
        Host::call(flags, &target.0, ALL, ALL, &NO_DEPOSIT_LIMIT, &NO_VALUE, input, Some(&mut written));
    (result, written)
}

/// Runs the code of `target` in this contract's storage; its answer is fetched with [`returned`].
///
/// # Errors
/// The host's code.
pub fn delegate_call(target: &Address, input: &[u8]) -> Result<(), Failure> {
    Host::delegate_call(CallFlags::empty(), &target.0, ALL, ALL, &NO_DEPOSIT_LIMIT, input, None)
}

/// Length of what the last call answered.
#[must_use]
pub fn returned_size() -> u64 {
    Host::return_data_size()
}

/// Copies what the last call answered.
pub fn returned(output: &mut [u8]) {
    let mut output = output;
    Host::return_data_copy(&mut output, 0);
}

/// Ends the message with an answer.
pub fn answer(data: &[u8]) -> ! {
    Host::return_value(ReturnFlags::empty(), data)
}

/// Ends the message; the pallet undoes all it did.
pub fn revert(data: &[u8]) -> ! {
    Host::return_value(ReturnFlags::REVERT, data)
}
