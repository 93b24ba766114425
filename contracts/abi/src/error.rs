//! Turns the bytes of a revert back into the name and the words of a Weir error.

use crate::{CONTRACTS, abi};
use alloy_primitives::{Address, B256, U256};
use std::fmt;

/// A custom error answered by one of the contracts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractError {
    /// Name as in the Solidity interface, for example `InsufficientCash`.
    pub name: String,
    /// The words with the names of what they hold; words without a name are left out.
    pub words: Vec<(String, U256)>,
}

impl ContractError {
    /// Reads a revert: selector and static words. `None` if no contract of Weir has such an error.
    #[must_use]
    pub fn decode(data: &[u8]) -> Option<Self> {
        let (selector, words) = data.split_first_chunk::<4>()?;
        let error = CONTRACTS
            .iter()
            .filter_map(|contract| abi(contract))
            .flat_map(|abi| abi.errors.into_values().flatten().collect::<Vec<_>>())
            .find(|error| error.selector().as_slice() == selector)?;
        if words.len() != error.inputs.len() * 32 {
            return None;
        }
        let words = error
            .inputs
            .iter()
            .zip(words.chunks_exact(32))
            .filter(|(input, _)| !input.name.is_empty())
            .map(|(input, word)| (input.name.clone(), U256::from_be_slice(word)))
            .collect();
        Some(Self { name: error.name, words })
    }

    /// The word of that name.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<U256> {
        self.words.iter().find(|(given, _)| given == name).map(|(_, word)| *word)
    }
}

impl fmt::Display for ContractError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if self.words.is_empty() {
            return Ok(());
        }
        f.write_str(" (")?;
        for (index, (name, word)) in self.words.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            match name.as_str() {
                "asset" | "caller" | "account" | "target" | "receiver" | "token" | "pool"
                | "sender" | "spender" | "governor" | "feed" | "signer" | "holder" | "proposer"
                | "owner" | "lender" | "tokenIn" | "tokenOut" => {
                    write!(f, "{comma}{name} {}", Address::from_word((*word).into()))?;
                }
                "id" => write!(f, "{comma}{name} {}", B256::from(*word))?,
                _ => write!(f, "{comma}{name} {word}")?,
            }
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::ContractError;
    use crate::Pool;
    use alloy_primitives::U256;
    use alloy_sol_types::SolError as _;

    #[test]
    fn a_pool_error_comes_back_with_its_words() {
        let revert =
            Pool::InsufficientCash { wanted: U256::from(7), available: U256::from(3) }.abi_encode();
        let error = ContractError::decode(&revert).unwrap();
        assert_eq!(error.to_string(), "InsufficientCash (wanted 7, available 3)");
        assert_eq!(error.word("available"), Some(U256::from(3)));
    }

    #[test]
    fn words_without_a_name_are_left_out() {
        let revert = Pool::Healthy { healthFactor: U256::from(2), _1: U256::ZERO }.abi_encode();
        assert_eq!(ContractError::decode(&revert).unwrap().to_string(), "Healthy (healthFactor 2)");
    }

    #[test]
    fn strange_bytes_are_no_error_of_ours() {
        assert_eq!(ContractError::decode(&[]), None);
        assert_eq!(ContractError::decode(&[1, 1]), None);
        assert_eq!(ContractError::decode(&[0xde, 0xad, 0xbe, 0xef]), None);
        let mut short = Pool::Overflow { _0: U256::ZERO, _1: U256::ZERO }.abi_encode();
        short.pop();
        assert_eq!(ContractError::decode(&short), None);
    }
}
