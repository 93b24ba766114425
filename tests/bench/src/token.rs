//! The light ERC-20 of all measurements: EVM code of 1.9 kB, two storage items for a transfer, three for a
//! `transferFrom`, of which the third is an allowance without an end.

use alloy_sol_types::{SolCall as _, sol};
use anyhow::Result;
use weir_harness::evm::{assemble, deployment};

sol! {
    /// What a token does.
    #[allow(missing_docs, reason = "ERC-20, and a mint for tests")]
    interface Token {
        function transfer(address to, uint256 amount) external returns (bool);
        function transferFrom(address from, address to, uint256 amount) external returns (bool);
        function approve(address spender, uint256 amount) external returns (bool);
        function mint(address to, uint256 amount) external;
    }
}

/// What the code is padded to: the length of the token that the peers were measured with.
const LENGTH: usize = 1_900;

/// The deployment code of a token with `decimals`. A balance stands under the address of its holder, an allowance under
/// the owner's address moved by twelve bytes and mixed with the spender's.
///
/// # Errors
/// None, unless the source below is changed to something else than assembly.
pub fn code(decimals: u8) -> Result<Vec<u8>> {
    let mut code = assemble(&format!(
        "0 CALLDATALOAD 224 SHR
         DUP1 {transfer} EQ @transfer JUMPI
         DUP1 {transfer_from} EQ @transferFrom JUMPI
         DUP1 0x70a08231 EQ @balanceOf JUMPI
         DUP1 {approve} EQ @approve JUMPI
         DUP1 0x313ce567 EQ @decimals JUMPI
         DUP1 {mint} EQ @mint JUMPI
         fail: 0 0 REVERT
         balanceOf: 4 CALLDATALOAD SLOAD 0 MSTORE 32 0 RETURN
         decimals: {decimals} 0 MSTORE 32 0 RETURN
         mint: 36 CALLDATALOAD 4 CALLDATALOAD SLOAD ADD 4 CALLDATALOAD SSTORE STOP
         approve: 36 CALLDATALOAD 4 CALLDATALOAD CALLER 96 SHL XOR SSTORE @true JUMP
         transfer: CALLER 4 CALLDATALOAD 36 CALLDATALOAD @move JUMP
         transferFrom: CALLER 4 CALLDATALOAD 96 SHL XOR SLOAD 68 CALLDATALOAD SWAP1 LT @fail JUMPI
         4 CALLDATALOAD 36 CALLDATALOAD 68 CALLDATALOAD @move JUMP
         move: DUP3 SLOAD DUP2 DUP2 LT @fail JUMPI
         DUP2 SWAP1 SUB DUP4 SSTORE
         DUP2 SLOAD ADD SWAP1 SSTORE POP
         true: 1 0 MSTORE 32 0 RETURN",
        transfer = selector(Token::transferCall::SELECTOR),
        transfer_from = selector(Token::transferFromCall::SELECTOR),
        approve = selector(Token::approveCall::SELECTOR),
        mint = selector(Token::mintCall::SELECTOR),
    ))?;
    code.resize(LENGTH, 0);
    Ok(deployment(&code))
}

fn selector(bytes: [u8; 4]) -> String {
    format!("0x{}", alloy_primitives::hex::encode(bytes))
}
