//! The tokens of a session, and who takes flash loans, in EVM code.

use alloy_sol_types::{SolCall as _, sol};
use weir_abi::FlashReceiver;
use weir_harness::evm::{assemble, deployment};

sol! {
    /// What a token is told.
    #[allow(missing_docs, reason = "ERC-20, and a mint for tests")]
    interface Token {
        function balanceOf(address account) external view returns (uint256);
        /// Adds to a balance, modulo 2^256: so it takes, too.
        function mint(address to, uint256 amount) external;
    }
}

/// The deployment code of a token with `decimals`, which everybody may pull.
#[must_use]
pub fn code(decimals: u8) -> Vec<u8> {
    let mint = hex(Token::mintCall::SELECTOR);
    let source = format!(
        "0 CALLDATALOAD 224 SHR
         DUP1 0x70a08231 EQ @balanceOf JUMPI
         DUP1 0x313ce567 EQ @decimals JUMPI
         DUP1 0xa9059cbb EQ @transfer JUMPI
         DUP1 0x23b872dd EQ @transferFrom JUMPI
         DUP1 {mint} EQ @mint JUMPI
         fail: 0 0 REVERT
         balanceOf: 4 CALLDATALOAD SLOAD 0 MSTORE 32 0 RETURN
         decimals: {decimals} 0 MSTORE 32 0 RETURN
         mint: 36 CALLDATALOAD 4 CALLDATALOAD SLOAD ADD 4 CALLDATALOAD SSTORE STOP
         transfer: CALLER 4 CALLDATALOAD 36 CALLDATALOAD @move JUMP
         transferFrom: 4 CALLDATALOAD 36 CALLDATALOAD 68 CALLDATALOAD @move JUMP
         move: DUP3 SLOAD DUP2 DUP2 LT @fail JUMPI
         DUP2 SWAP1 SUB DUP4 SSTORE
         DUP2 SLOAD ADD SWAP1 SSTORE POP
         1 0 MSTORE 32 0 RETURN"
    );
    deployment(&assemble(&source).expect("it is assembly"))
}

/// The deployment code of a receiver that means every flash loan, single or batch.
#[must_use]
pub fn receiver() -> Vec<u8> {
    let single = hex(FlashReceiver::onFlashLoanCall::SELECTOR);
    let of = |name: &str| alloy_primitives::keccak256(name).to_string();
    let source = format!(
        "0 CALLDATALOAD 224 SHR {single} EQ @single JUMPI
         {} 0 MSTORE 32 0 RETURN
         single: {} 0 MSTORE 32 0 RETURN",
        of("WeirFlashBorrower.onBatchFlashLoan"),
        of("ERC3156FlashBorrower.onFlashLoan"),
    );
    deployment(&assemble(&source).expect("it is assembly"))
}

fn hex(bytes: [u8; 4]) -> String {
    format!("0x{}", alloy_primitives::hex::encode(bytes))
}
