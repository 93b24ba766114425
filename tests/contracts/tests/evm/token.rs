//! An EVM ERC-20 with an infinite allowance for everybody (`approve` says true and changes nothing), which can be told to misbehave.

use super::{assemble, deployment};
use alloy_primitives::hex;
use alloy_sol_types::{SolCall as _, sol};
use weir_abi::Pool;

sol! {
    interface EvmToken {
        function balanceOf(address account) external view returns (uint256);
        function decimals() external view returns (uint8);
        function transfer(address to, uint256 amount) external returns (bool);
        function transferFrom(address from, address to, uint256 amount) external returns (bool);
        function mint(address to, uint256 amount) external;
        /// See [`Behaviour`]. Any other number is an address that the token calls, without data, whenever it moves; what
        /// that call answers does not matter.
        function behave(uint256 behaviour) external;
    }
}

/// What the token does when it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// As it should.
    Plain = 0,
    /// Moves, and says false.
    SaysFalse = 1,
    /// Moves, and says nothing.
    SaysNothing = 2,
    /// Reverts.
    Reverts = 3,
    /// Moves, and says true in a word too many.
    SaysTooMuch = 4,
    /// Keeps a hundredth of what it moves.
    TakesFee = 5,
    /// Moves, and says 2.
    SaysTwo = 6,
    /// Moves, then calls its caller's `accrue` for itself and passes its failure on.
    CallsBack = 7,
    /// Says of every balance that it is half of what it is, as after a rebase.
    Rebases = 8,
    /// Says of every balance that it is 2^127.
    Lies = 9,
}

/// Where the behaviour is stored; balances stand under the address itself.
const SLOT: &str = "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

/// The deployment code of a token with `decimals`.
pub fn code(decimals: u8) -> Vec<u8> {
    // The selector at the head of a word; the address is written behind it.
    let accrue = hex::encode(Pool::accrueCall::SELECTOR) + &"00".repeat(28);
    let behave = hex::encode(EvmToken::behaveCall::SELECTOR);
    deployment(&assemble(&format!(
        "0 CALLDATALOAD 224 SHR
         DUP1 0x70a08231 EQ @balanceOf JUMPI
         DUP1 0x313ce567 EQ @decimals JUMPI
         DUP1 0xa9059cbb EQ @transfer JUMPI
         DUP1 0x23b872dd EQ @transferFrom JUMPI
         DUP1 0x40c10f19 EQ @mint JUMPI
         DUP1 0x095ea7b3 EQ @true JUMPI
         DUP1 0x{behave} EQ @behave JUMPI
         fail: 0 0 REVERT
         balanceOf: 4 CALLDATALOAD SLOAD {SLOT} SLOAD
         DUP1 8 EQ @halved JUMPI
         9 EQ @lie JUMPI
         told: 0 MSTORE 32 0 RETURN
         halved: POP 2 SWAP1 DIV @told JUMP
         lie: 1 127 SHL @told JUMP
         decimals: {decimals} 0 MSTORE 32 0 RETURN
         mint: 36 CALLDATALOAD 4 CALLDATALOAD SLOAD ADD 4 CALLDATALOAD SSTORE STOP
         behave: 4 CALLDATALOAD {SLOT} SSTORE STOP
         transfer: CALLER 4 CALLDATALOAD 36 CALLDATALOAD @move JUMP
         transferFrom: 4 CALLDATALOAD 36 CALLDATALOAD 68 CALLDATALOAD @move JUMP
         move: DUP3 SLOAD DUP2 DUP2 LT @fail JUMPI
         DUP2 SWAP1 SUB DUP4 SSTORE
         {SLOT} SLOAD 5 EQ ISZERO @credit JUMPI
         DUP1 100 SWAP1 DIV SWAP1 SUB
         credit: DUP2 SLOAD ADD SWAP1 SSTORE POP
         {SLOT} SLOAD
         DUP1 255 LT @hook JUMPI
         DUP1 1 EQ @false JUMPI
         DUP1 2 EQ @nothing JUMPI
         DUP1 3 EQ @fail JUMPI
         DUP1 4 EQ @much JUMPI
         DUP1 6 EQ @two JUMPI
         DUP1 7 EQ @back JUMPI
         true: 1 0 MSTORE 32 0 RETURN
         false: 32 0 RETURN
         nothing: 0 0 RETURN
         much: 1 0 MSTORE 64 0 RETURN
         two: 2 0 MSTORE 32 0 RETURN
         hook: 0 0 0 0 0 DUP6 GAS CALL POP @true JUMP
         back: 0x{accrue} 0 MSTORE ADDRESS 4 MSTORE
         0 0 36 0 0 CALLER GAS CALL @true JUMPI @fail JUMP"
    )))
}
