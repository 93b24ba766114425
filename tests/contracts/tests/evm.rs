//! Contracts of other people, as EVM bytecode: an assembler for a few instructions, and what is written with it.

pub mod executor;
pub mod token;

use std::collections::HashMap;

/// Assembles instructions separated by white space: mnemonics, numbers (`0x…` or decimal, pushed in as few bytes as they
/// need), `name:` for a jump destination and `@name` to push it.
pub fn assemble(source: &str) -> Vec<u8> {
    let mut code = Vec::new();
    let mut labels = HashMap::new();
    let mut uses = Vec::new();
    for token in source.split_whitespace() {
        if let Some(label) = token.strip_suffix(':') {
            labels.insert(label, code.len());
            code.push(0x5b);
        } else if let Some(label) = token.strip_prefix('@') {
            // PUSH2, filled in when all labels are known.
            uses.push((code.len() + 1, label));
            code.extend_from_slice(&[0x61, 0, 0]);
        } else if let Some(digits) = token.strip_prefix("0x") {
            push(&mut code, &alloy_primitives::hex::decode(digits).unwrap());
        } else if let Ok(number) = token.parse::<u64>() {
            let bytes = number.to_be_bytes();
            let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
            push(&mut code, &bytes[first..]);
        } else {
            code.push(opcode(token));
        }
    }
    for (at, label) in uses {
        let target = u16::try_from(labels[label]).unwrap();
        code[at..at + 2].copy_from_slice(&target.to_be_bytes());
    }
    code
}

fn push(code: &mut Vec<u8>, bytes: &[u8]) {
    assert!((1..=32).contains(&bytes.len()), "a push takes 1 to 32 bytes");
    code.push(0x5f + u8::try_from(bytes.len()).unwrap());
    code.extend_from_slice(bytes);
}

fn opcode(mnemonic: &str) -> u8 {
    if let Some(n) = mnemonic.strip_prefix("DUP") {
        return 0x7f + n.parse::<u8>().unwrap();
    }
    if let Some(n) = mnemonic.strip_prefix("SWAP") {
        return 0x8f + n.parse::<u8>().unwrap();
    }
    match mnemonic {
        "STOP" => 0x00,
        "ADD" => 0x01,
        "MUL" => 0x02,
        "SUB" => 0x03,
        "DIV" => 0x04,
        "LT" => 0x10,
        "EQ" => 0x14,
        "ISZERO" => 0x15,
        "SHR" => 0x1c,
        "ADDRESS" => 0x30,
        "CALLER" => 0x33,
        "CALLDATALOAD" => 0x35,
        "CALLDATASIZE" => 0x36,
        "CALLDATACOPY" => 0x37,
        "CODECOPY" => 0x39,
        "RETURNDATASIZE" => 0x3d,
        "RETURNDATACOPY" => 0x3e,
        "POP" => 0x50,
        "MLOAD" => 0x51,
        "MSTORE" => 0x52,
        "SLOAD" => 0x54,
        "SSTORE" => 0x55,
        "JUMP" => 0x56,
        "JUMPI" => 0x57,
        "GAS" => 0x5a,
        "CALL" => 0xf1,
        "RETURN" => 0xf3,
        "REVERT" => 0xfd,
        other => panic!("no such instruction: {other}"),
    }
}

/// Deployment code that returns `runtime`.
pub fn deployment(runtime: &[u8]) -> Vec<u8> {
    // PUSH2 length, DUP1, PUSH1 13, PUSH1 0, CODECOPY, PUSH1 0, RETURN, STOP: 13 bytes.
    let [high, low] = u16::try_from(runtime.len()).unwrap().to_be_bytes();
    let head = [0x61, high, low, 0x80, 0x60, 13, 0x60, 0, 0x39, 0x60, 0, 0xf3, 0];
    [&head, runtime].concat()
}

#[test]
fn the_assembler_writes_what_the_yellow_paper_says() {
    assert_eq!(assemble("1 0x0203 ADD"), [0x60, 1, 0x61, 2, 3, 0x01]);
    assert_eq!(assemble("0 @end JUMP end: STOP"), [0x60, 0, 0x61, 0, 6, 0x56, 0x5b, 0x00]);
    assert_eq!(assemble("DUP1 DUP16 SWAP1"), [0x80, 0x8f, 0x90]);
}
