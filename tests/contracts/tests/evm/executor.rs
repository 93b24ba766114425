//! A liquidator without capital: it passes what it is called with on to the pool, and does in the pool's callback what
//! the data of the liquidation says.

use super::{assemble, deployment};
use alloy_primitives::{Address, hex};
use alloy_sol_types::SolCall;

/// What the executor does with a failure in the callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failures {
    /// It fails with it.
    PassOn,
    /// It stores the first word of the error in its slot 0 and confirms all the same.
    Swallow,
}

/// The deployment code of an executor for `pool` which confirms callbacks with `magic`.
///
/// In a callback, data of exactly one word is the answer instead of the magic value; longer data is a word with a target
/// and calldata for it.
pub fn code(pool: Address, magic: [u8; 32], failures: Failures) -> Vec<u8> {
    // `onLiquidate` has six words of head.
    code_for(pool, magic, failures, 6)
}

/// The same for a callback whose data, length first, begins at this word of its arguments.
pub fn code_for(pool: Address, magic: [u8; 32], failures: Failures, word: usize) -> Vec<u8> {
    let length = 4 + 32 * word;
    let (data, rest) = (length + 32, length + 64);
    let otherwise = match failures {
        Failures::PassOn => "@fail JUMP",
        Failures::Swallow => "RETURNDATASIZE 0 0 RETURNDATACOPY 0 MLOAD 0 SSTORE",
    };
    let (pool, magic) = (hex::encode(pool), hex::encode(magic));
    deployment(&assemble(&format!(
        "CALLER 0x{pool} EQ @callback JUMPI
         CALLDATASIZE 0 0 CALLDATACOPY
         0 0 CALLDATASIZE 0 0 0x{pool} GAS CALL
         @done JUMPI
         fail: RETURNDATASIZE 0 0 RETURNDATACOPY RETURNDATASIZE 0 REVERT
         done: RETURNDATASIZE 0 0 RETURNDATACOPY RETURNDATASIZE 0 RETURN
         callback: {length} CALLDATALOAD
         DUP1 32 EQ @word JUMPI
         32 SWAP1 SUB
         DUP1 {rest} 0 CALLDATACOPY
         0 0 DUP3 0 0 {data} CALLDATALOAD GAS CALL
         @confirm JUMPI {otherwise}
         confirm: 0x{magic} 0 MSTORE 32 0 RETURN
         word: {data} CALLDATALOAD 0 MSTORE 32 0 RETURN"
    )))
}

/// The deployment code of a contract that confirms whatever it is called with, and keeps the selector in slot 255 and the
/// first 24 words of arguments in the slots from 0.
pub fn recorder(magic: [u8; 32]) -> Vec<u8> {
    let keep: String =
        (0..24).map(|word| format!("{} CALLDATALOAD {word} SSTORE ", 4 + 32 * word)).collect();
    let magic = hex::encode(magic);
    deployment(&assemble(&format!(
        "0 CALLDATALOAD 224 SHR 255 SSTORE {keep} 0x{magic} 0 MSTORE 32 0 RETURN"
    )))
}

/// Data of a liquidation that makes the executor call `target` in the callback.
pub fn then_call<C: SolCall>(target: Address, call: &C) -> Vec<u8> {
    [target.into_word().to_vec(), call.abi_encode()].concat()
}
