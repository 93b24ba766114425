//! A call's bytes in words.

use weir_abi::abi;
use weir_abi::alloy_json_abi::Param;
use weir_abi::alloy_primitives::{U256, hex};
use weir_chain::Address;

/// Tells an address by its name.
type Shown<'a> = &'a dyn Fn(Address) -> String;

/// `message(name value, …)`; `None` if the contract has no such message or the bytes are not its encoding.
pub fn call(contract: &str, data: &[u8], shown: Shown<'_>) -> Option<String> {
    let (selector, arguments) = data.split_first_chunk::<4>()?;
    let abi = abi(contract)?;
    let function = abi.functions().find(|function| function.selector().0 == *selector)?;
    let words = sequence(&function.inputs, arguments, shown)?;
    Some(format!("{}({words})", function.name))
}

fn sequence(inputs: &[Param], data: &[u8], shown: Shown<'_>) -> Option<String> {
    let mut words = Vec::new();
    let mut at = 0_usize;
    for input in inputs {
        let value = value(input, &input.ty, data, at, shown)?;
        at = at.checked_add(head(input, &input.ty))?;
        words.push(format!("{} {value}", input.name));
    }
    Some(words.join(", "))
}

/// The value whose head stands at `at`.
fn value(input: &Param, kind: &str, data: &[u8], at: usize, shown: Shown<'_>) -> Option<String> {
    if is_dynamic(input, kind) {
        let rest = data.get(number(data, at)?..)?;
        return dynamic(input, kind, rest, shown);
    }
    if kind == "tuple" {
        return Some(format!("{{{}}}", sequence(&input.components, data.get(at..)?, shown)?));
    }
    let word: [u8; 32] = data.get(at..at.checked_add(32)?)?.try_into().ok()?;
    Some(match kind {
        "address" => shown(Address::from_word(word.into())),
        "bool" => (word != [0; 32]).to_string(),
        fixed if fixed.starts_with("bytes") => {
            let length: usize = fixed.strip_prefix("bytes")?.parse().ok()?;
            format!("0x{}", hex::encode(word.get(..length)?))
        }
        _ => U256::from_be_bytes(word).to_string(),
    })
}

fn dynamic(input: &Param, kind: &str, data: &[u8], shown: Shown<'_>) -> Option<String> {
    if let Some(element) = kind.strip_suffix("[]") {
        let (count, rest) = (number(data, 0)?, data.get(32..)?);
        let size = head(input, element);
        // No more than there can be: a false length is not worked off.
        if count > rest.len().checked_div(size)? {
            return None;
        }
        let each = (0..count)
            .map(|index| value(input, element, rest, index.checked_mul(size)?, shown))
            .collect::<Option<Vec<_>>>()?;
        return Some(format!("[{}]", each.join(", ")));
    }
    if kind == "tuple" {
        return Some(format!("{{{}}}", sequence(&input.components, data, shown)?));
    }
    let content = data.get(32..)?.get(..number(data, 0)?)?;
    Some(match kind {
        "string" => format!("{:?}", String::from_utf8_lossy(content)),
        _ => format!("0x{}", hex::encode(content)),
    })
}

fn is_dynamic(input: &Param, kind: &str) -> bool {
    let in_tuple = || input.components.iter().any(|part| is_dynamic(part, &part.ty));
    kind.ends_with("[]") || kind == "bytes" || kind == "string" || (kind == "tuple" && in_tuple())
}

/// Bytes that a value takes where it stands.
fn head(input: &Param, kind: &str) -> usize {
    if kind == "tuple" && !is_dynamic(input, kind) {
        return input.components.iter().map(|part| head(part, &part.ty)).sum();
    }
    32
}

/// A length or an offset.
fn number(data: &[u8], at: usize) -> Option<usize> {
    let word: [u8; 32] = data.get(at..at.checked_add(32)?)?.try_into().ok()?;
    usize::try_from(U256::from_be_bytes(word)).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

    use super::call;
    use weir_abi::alloy_sol_types::SolCall;
    use weir_abi::{Admin, Governor, MockToken};
    use weir_chain::Address;

    fn shown(address: Address) -> String {
        if address == Address::repeat_byte(1) { "USDC".into() } else { "somebody".into() }
    }

    fn told(contract: &str, message: &impl SolCall) -> String {
        call(contract, &message.abi_encode(), &shown).unwrap()
    }

    #[test]
    fn arguments_are_told_by_their_names() {
        let (one, two) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let pause = Admin::pauseCall { asset: one, operations: 5, duration: 600 };
        assert_eq!(told("admin", &pause), "pause(asset USDC, operations 5, duration 600)");
        let signers = Governor::setSignersCall { signers: vec![one, two], threshold: 2 };
        assert_eq!(told("governor", &signers), "setSigners(signers [USDC, somebody], threshold 2)");
        let calls = vec![
            Governor::Call { target: two, data: vec![1; 33].into() },
            Governor::Call { target: one, data: vec![].into() },
        ];
        let ones = "01".repeat(33);
        assert_eq!(
            told("governor", &Governor::proposeCall { calls }),
            format!(
                "propose(calls [{{target somebody, data 0x{ones}}}, {{target USDC, data 0x}}])"
            )
        );
        let mint = MockToken::mintCall { to: two, amount: weir_chain::U256::MAX };
        let most = weir_chain::U256::MAX;
        assert_eq!(told("token", &mint), format!("mint(to somebody, amount {most})"));
    }

    #[test]
    fn a_tuple_is_told_field_by_field() {
        let list = Admin::setParametersCall {
            asset: Address::repeat_byte(1),
            parameters: Default::default(),
        };
        let words = told("admin", &list);
        assert!(
            words.starts_with("setParameters(asset USDC, parameters {ltv 0, threshold 0,"),
            "{words}"
        );
        assert!(words.ends_with("})"), "{words}");
    }

    #[test]
    fn what_is_cut_off_or_false_is_not_told() {
        let whole =
            Governor::setSignersCall { signers: vec![Address::ZERO; 2], threshold: 2 }.abi_encode();
        for length in [3, 4, 35, 67, 99, 131] {
            assert_eq!(call("governor", &whole[..length], &shown), None, "{length}");
        }
        let mut false_length = whole.clone();
        false_length[4 + 64] = 1;
        assert_eq!(call("governor", &false_length, &shown), None);
        let mut false_offset = whole;
        false_offset[4..36].fill(0xff);
        assert_eq!(call("governor", &false_offset, &shown), None);
        assert_eq!(call("governor", &[1, 2, 3, 4], &shown), None);
    }
}
