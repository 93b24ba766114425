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
    let otherwise = match failures {
        Failures::PassOn => "@fail JUMP",
        Failures::Swallow => "RETURNDATASIZE 0 0 RETURNDATACOPY 0 MLOAD 0 SSTORE",
    };
    let (pool, magic) = (hex::encode(pool), hex::encode(magic));
    // Calldata of `onLiquidate`: the length of `data` stands at 4 + 6 · 32 = 196, the data itself from 228 on.
    deployment(&assemble(&format!(
        "CALLER 0x{pool} EQ @callback JUMPI
         CALLDATASIZE 0 0 CALLDATACOPY
         0 0 CALLDATASIZE 0 0 0x{pool} GAS CALL
         @done JUMPI
         fail: RETURNDATASIZE 0 0 RETURNDATACOPY RETURNDATASIZE 0 REVERT
         done: RETURNDATASIZE 0 0 RETURNDATACOPY RETURNDATASIZE 0 RETURN
         callback: 196 CALLDATALOAD
         DUP1 32 EQ @word JUMPI
         32 SWAP1 SUB
         DUP1 260 0 CALLDATACOPY
         0 0 DUP3 0 0 228 CALLDATALOAD GAS CALL
         @confirm JUMPI {otherwise}
         confirm: 0x{magic} 0 MSTORE 32 0 RETURN
         word: 228 CALLDATALOAD 0 MSTORE 32 0 RETURN"
    )))
}

/// Data of a liquidation that makes the executor call `target` in the callback.
pub fn then_call<C: SolCall>(target: Address, call: &C) -> Vec<u8> {
    [target.into_word().to_vec(), call.abi_encode()].concat()
}
