//! Arguments given as text, in Solidity's encoding.

use crate::exit::Failure;
use serde_json::Value;
use weir_abi::alloy_json_abi::Param;
use weir_abi::alloy_primitives::{U256, hex};
use weir_chain::Address;

/// Finds an address by its name.
type Resolve<'a> = &'a dyn Fn(&str) -> Result<Address, Failure>;

/// An encoded value: in place, or behind an offset.
enum Encoded {
    Static(Vec<u8>),
    Dynamic(Vec<u8>),
}

/// Encodes what was given as `name=value`, each argument of the message exactly once.
pub fn arguments(
    inputs: &[Param],
    given: &[(&str, &str)],
    resolve: Resolve<'_>,
) -> Result<Vec<u8>, String> {
    if let Some((name, _)) =
        given.iter().find(|(name, _)| inputs.iter().all(|input| input.name != *name))
    {
        return Err(format!("there is no argument {name}; it takes {}", names(inputs)));
    }
    let mut values = Vec::new();
    for input in inputs {
        let mut fitting = given.iter().filter(|(name, _)| input.name == *name);
        let (Some((_, text)), None) = (fitting.next(), fitting.next()) else {
            return Err(format!("give each of {} once", names(inputs)));
        };
        // What is no JSON is text: an address, a number with its own spelling.
        let value = match serde_json::from_str(text) {
            Ok(value @ (Value::Array(_) | Value::Object(_) | Value::Bool(_))) => value,
            _ => Value::String((*text).to_owned()),
        };
        values.push(encode(input, &input.ty, &value, resolve)?);
    }
    Ok(sequence(&values))
}

fn names(inputs: &[Param]) -> String {
    let names: Vec<_> = inputs.iter().map(|input| format!("{}={}", input.name, input.ty)).collect();
    if names.is_empty() { "nothing".into() } else { names.join(" ") }
}

fn encode(
    input: &Param,
    kind: &str,
    value: &Value,
    resolve: Resolve<'_>,
) -> Result<Encoded, String> {
    let unfit = || format!("{} is {kind}, not {value}", input.name);
    if let Some(element) = kind.strip_suffix("[]") {
        let elements = value.as_array().ok_or_else(unfit)?;
        let encoded = elements.iter().map(|value| encode(input, element, value, resolve));
        let encoded = encoded.collect::<Result<Vec<_>, _>>()?;
        return Ok(Encoded::Dynamic([word(encoded.len()), sequence(&encoded)].concat()));
    }
    if kind == "tuple" {
        return tuple(input, value, resolve);
    }
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(on) => on.to_string(),
        _ => return Err(unfit()),
    };
    match kind {
        "address" => {
            let address = resolve(&text).map_err(|failure| failure.to_string())?;
            Ok(Encoded::Static(address.into_word().to_vec()))
        }
        "bool" => {
            Ok(Encoded::Static(word(usize::from(text.parse::<bool>().map_err(|_| unfit())?))))
        }
        "bytes" => {
            let mut data = hex::decode(&text).map_err(|_| unfit())?;
            let length = word(data.len());
            data.resize(data.len().next_multiple_of(32), 0);
            Ok(Encoded::Dynamic([length, data].concat()))
        }
        _ => number(kind, &text).map(Encoded::Static).ok_or_else(unfit),
    }
}

fn tuple(input: &Param, value: &Value, resolve: Resolve<'_>) -> Result<Encoded, String> {
    let fields = value.as_object().ok_or_else(|| format!("{} is an object", input.name))?;
    let known = |name: &String| input.components.iter().any(|component| component.name == *name);
    if let Some(name) = fields.keys().find(|name| !known(name)) {
        return Err(format!("{} has no {name}", input.name));
    }
    let mut encoded = Vec::new();
    for component in &input.components {
        let value = fields
            .get(&component.name)
            .ok_or_else(|| format!("{} lacks {}", input.name, component.name))?;
        encoded.push(encode(component, &component.ty, value, resolve)?);
    }
    let is_static = encoded.iter().all(|value| matches!(value, Encoded::Static(_)));
    let together = sequence(&encoded);
    Ok(if is_static { Encoded::Static(together) } else { Encoded::Dynamic(together) })
}

/// An unsigned integer within its width, or a fixed number of bytes.
fn number(kind: &str, text: &str) -> Option<Vec<u8>> {
    if let Some(bits) = kind.strip_prefix("uint") {
        let number: U256 = text.replace('_', "").parse().ok()?;
        let bits: usize = bits.parse().ok()?;
        return (number.bit_len() <= bits).then(|| number.to_be_bytes::<32>().to_vec());
    }
    let length: usize = kind.strip_prefix("bytes")?.parse().ok()?;
    let mut bytes = hex::decode(text).ok()?;
    if bytes.len() != length {
        return None;
    }
    bytes.resize(32, 0);
    Some(bytes)
}

/// Heads first, then what they point to.
fn sequence(values: &[Encoded]) -> Vec<u8> {
    let head = |value: &Encoded| match value {
        Encoded::Static(bytes) => bytes.len(),
        Encoded::Dynamic(_) => 32,
    };
    let mut offset: usize = values.iter().map(head).sum();
    let (mut heads, mut tails) = (Vec::new(), Vec::new());
    for value in values {
        match value {
            Encoded::Static(bytes) => heads.extend_from_slice(bytes),
            Encoded::Dynamic(bytes) => {
                heads.extend(word(offset));
                tails.extend_from_slice(bytes);
                offset += bytes.len();
            }
        }
    }
    heads.extend(tails);
    heads
}

fn word(number: usize) -> Vec<u8> {
    U256::from(number).to_be_bytes::<32>().to_vec()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::arguments;
    use weir_abi::alloy_primitives::U256;
    use weir_abi::alloy_sol_types::SolCall;
    use weir_abi::{Admin, Governor, abi};
    use weir_chain::Address;

    fn encoded(contract: &str, message: &str, given: &[(&str, &str)]) -> Result<Vec<u8>, String> {
        let abi = abi(contract).unwrap();
        let function = abi.functions.get(message).unwrap().first().unwrap();
        let resolve = |text: &str| Ok(text.parse::<Address>().unwrap());
        let mut data = function.selector().to_vec();
        data.extend(arguments(&function.inputs, given, &resolve)?);
        Ok(data)
    }

    const ONE: &str = "0x0101010101010101010101010101010101010101";
    const TWO: &str = "0x0202020202020202020202020202020202020202";

    #[test]
    fn it_is_the_encoding_of_the_interface() {
        let (one, two) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let given = [("operations", "5"), ("duration", "3_600"), ("asset", ONE)];
        let expected = Admin::pauseCall { asset: one, operations: 5, duration: 3_600 };
        assert_eq!(encoded("admin", "pause", &given).unwrap(), expected.abi_encode());
        let list = format!("[\"{ONE}\",\"{TWO}\"]");
        let given = [("signers", list.as_str()), ("threshold", "2")];
        let expected = Governor::setSignersCall { signers: vec![one, two], threshold: 2 };
        assert_eq!(encoded("governor", "setSigners", &given).unwrap(), expected.abi_encode());
        let calls = format!("[{{\"target\":\"{ONE}\",\"data\":\"0x0102\"}}]");
        let call = Governor::Call { target: one, data: vec![1, 2].into() };
        let expected = Governor::proposeCall { calls: vec![call.clone()] };
        let given = [("calls", calls.as_str())];
        assert_eq!(encoded("governor", "propose", &given).unwrap(), expected.abi_encode());
        let id = format!("0x{}", "07".repeat(32));
        let given = [("id", id.as_str()), ("calls", calls.as_str())];
        let expected =
            Governor::executeCall { id: U256::from_be_bytes([7; 32]).into(), calls: vec![call] };
        assert_eq!(encoded("governor", "execute", &given).unwrap(), expected.abi_encode());
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let fault = |given: &[(&str, &str)]| encoded("admin", "pause", given).unwrap_err();
        assert!(fault(&[("asset", ONE)]).starts_with("give each of asset=address"));
        let twice = [("asset", ONE), ("asset", TWO), ("operations", "1"), ("duration", "1")];
        assert!(fault(&twice).starts_with("give each of asset=address"));
        assert!(fault(&[("length", "1")]).starts_with("there is no argument length"));
        for operations in ["65536", "-1", "many", "[1]"] {
            let given = [("asset", ONE), ("operations", operations), ("duration", "1")];
            assert!(fault(&given).starts_with("operations is uint16, not"), "{operations}");
        }
    }
}
