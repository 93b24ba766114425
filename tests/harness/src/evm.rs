//! An assembler for contracts of other people, as EVM bytecode.

use std::collections::HashMap;

/// A source that cannot be assembled: which of its words is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an instruction, number or label: {0}")]
pub struct NotAssembly(pub String);

/// Assembles instructions separated by white space: mnemonics, numbers (`0x…` or decimal, pushed in as few bytes as they
/// need), `name:` for a jump destination and `@name` to push it.
///
/// # Errors
/// [`NotAssembly`] with the word that it does not understand.
pub fn assemble(source: &str) -> Result<Vec<u8>, NotAssembly> {
    let mut code = Vec::new();
    let mut labels = HashMap::new();
    let mut uses = Vec::new();
    for word in source.split_whitespace() {
        let wrong = || NotAssembly(word.to_owned());
        if let Some(label) = word.strip_suffix(':') {
            labels.insert(label, code.len());
            code.push(0x5b);
        } else if let Some(label) = word.strip_prefix('@') {
            // PUSH2, filled in when all labels are known.
            uses.push((code.len() + 1, label));
            code.extend_from_slice(&[0x61, 0, 0]);
        } else if let Some(digits) = word.strip_prefix("0x") {
            push(&mut code, &hex::decode(digits).map_err(|_| wrong())?).ok_or_else(wrong)?;
        } else if let Ok(number) = word.parse::<u64>() {
            let bytes = number.to_be_bytes();
            let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
            push(&mut code, bytes.get(first..).unwrap_or_default()).ok_or_else(wrong)?;
        } else {
            code.push(opcode(word).ok_or_else(wrong)?);
        }
    }
    for (at, label) in uses {
        let target = labels.get(label).and_then(|target| u16::try_from(*target).ok());
        let place = code.get_mut(at..at + 2);
        let (Some(target), Some(place)) = (target, place) else {
            return Err(NotAssembly(label.to_owned()));
        };
        place.copy_from_slice(&target.to_be_bytes());
    }
    Ok(code)
}

/// A push takes 1 to 32 bytes.
fn push(code: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    let length = u8::try_from(bytes.len()).ok().filter(|length| (1..=32).contains(length))?;
    code.push(0x5f + length);
    code.extend_from_slice(bytes);
    Some(())
}

fn opcode(mnemonic: &str) -> Option<u8> {
    let numbered = |name: &str, base: u8| {
        let number: u8 = mnemonic.strip_prefix(name)?.parse().ok()?;
        (1..=16).contains(&number).then(|| base + number)
    };
    if let Some(code) = numbered("DUP", 0x7f).or_else(|| numbered("SWAP", 0x8f)) {
        return Some(code);
    }
    OPCODES.iter().find(|(name, _)| *name == mnemonic).map(|(_, code)| *code)
}

const OPCODES: &[(&str, u8)] = &[
    ("STOP", 0x00),
    ("ADD", 0x01),
    ("MUL", 0x02),
    ("SUB", 0x03),
    ("DIV", 0x04),
    ("LT", 0x10),
    ("EQ", 0x14),
    ("ISZERO", 0x15),
    ("XOR", 0x18),
    ("SHL", 0x1b),
    ("SHR", 0x1c),
    ("ADDRESS", 0x30),
    ("CALLER", 0x33),
    ("CALLDATALOAD", 0x35),
    ("CALLDATASIZE", 0x36),
    ("CALLDATACOPY", 0x37),
    ("CODECOPY", 0x39),
    ("RETURNDATASIZE", 0x3d),
    ("RETURNDATACOPY", 0x3e),
    ("POP", 0x50),
    ("MLOAD", 0x51),
    ("MSTORE", 0x52),
    ("SLOAD", 0x54),
    ("SSTORE", 0x55),
    ("JUMP", 0x56),
    ("JUMPI", 0x57),
    ("GAS", 0x5a),
    ("CALL", 0xf1),
    ("RETURN", 0xf3),
    ("REVERT", 0xfd),
];

/// Deployment code that returns `runtime`, of which it takes 65 535 bytes at most.
#[must_use]
pub fn deployment(runtime: &[u8]) -> Vec<u8> {
    // PUSH2 length, DUP1, PUSH1 13, PUSH1 0, CODECOPY, PUSH1 0, RETURN, STOP: 13 bytes.
    let [high, low] = u16::try_from(runtime.len()).unwrap_or(u16::MAX).to_be_bytes();
    let head = [0x61, high, low, 0x80, 0x60, 13, 0x60, 0, 0x39, 0x60, 0, 0xf3, 0];
    [&head, runtime].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assembler_writes_what_the_yellow_paper_says() {
        assert_eq!(assemble("1 0x0203 ADD"), Ok(vec![0x60, 1, 0x61, 2, 3, 0x01]));
        let jump = vec![0x60, 0, 0x61, 0, 6, 0x56, 0x5b, 0x00];
        assert_eq!(assemble("0 @end JUMP end: STOP"), Ok(jump));
        assert_eq!(assemble("DUP1 DUP16 SWAP1"), Ok(vec![0x80, 0x8f, 0x90]));
        assert_eq!(assemble("DUP17"), Err(NotAssembly("DUP17".into())));
        assert_eq!(assemble("@nowhere"), Err(NotAssembly("nowhere".into())));
    }
}
