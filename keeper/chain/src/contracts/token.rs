//! Tokens: any ERC-20, and the test chains' token that everybody may mint.

use super::{handle, narrow};
use crate::{client::ContractCall, error::ChainError};
use alloy_primitives::{Address, B256, U256};
use weir_abi::{Erc20, MockToken};

handle! {
    /// A token. Amounts are in its smallest units and fit 128 bits, as everywhere in Weir.
    TokenHandle
}

impl TokenHandle {
    /// Lets `spender` take up to `amount`; the maximum is an allowance without end.
    #[must_use]
    pub fn approve(&self, spender: Address, amount: u128) -> ContractCall {
        let amount = if amount == u128::MAX { U256::MAX } else { U256::from(amount) };
        self.message(&Erc20::approveCall { spender, amount })
    }

    /// Sends tokens.
    #[must_use]
    pub fn transfer(&self, to: Address, amount: u128) -> ContractCall {
        self.message(&Erc20::transferCall { to, amount: U256::from(amount) })
    }

    /// Sends tokens of somebody who allowed it.
    #[must_use]
    pub fn transfer_from(&self, from: Address, to: Address, amount: u128) -> ContractCall {
        self.message(&Erc20::transferFromCall { from, to, amount: U256::from(amount) })
    }

    /// Makes tokens; only the test chains' token knows this.
    #[must_use]
    pub fn mint(&self, to: Address, amount: u128) -> ContractCall {
        self.message(&MockToken::mintCall { to, amount: U256::from(amount) })
    }

    /// The most that one call may mint.
    ///
    /// # Errors
    /// If the token is not the test chains' own.
    pub async fn mint_cap(&self, at: B256) -> Result<u128, ChainError> {
        narrow("the mint cap", self.ask(at, &MockToken::mintCapCall {}).await?)
    }

    /// The token's name.
    ///
    /// # Errors
    /// If there is no token at the address.
    pub async fn name(&self, at: B256) -> Result<String, ChainError> {
        self.ask(at, &Erc20::nameCall {}).await
    }

    /// The token's symbol.
    ///
    /// # Errors
    /// If there is no token at the address.
    pub async fn symbol(&self, at: B256) -> Result<String, ChainError> {
        self.ask(at, &Erc20::symbolCall {}).await
    }

    /// Digits after the point.
    ///
    /// # Errors
    /// If there is no token at the address.
    pub async fn decimals(&self, at: B256) -> Result<u8, ChainError> {
        self.ask(at, &Erc20::decimalsCall {}).await
    }

    /// How much of the token there is.
    ///
    /// # Errors
    /// [`ChainError::TooLarge`] beyond 128 bits.
    pub async fn total_supply(&self, at: B256) -> Result<u128, ChainError> {
        narrow("the token's supply", self.ask(at, &Erc20::totalSupplyCall {}).await?)
    }

    /// What somebody holds.
    ///
    /// # Errors
    /// [`ChainError::TooLarge`] beyond 128 bits.
    pub async fn balance(&self, at: B256, account: Address) -> Result<u128, ChainError> {
        narrow("the balance", self.ask(at, &Erc20::balanceOfCall { account }).await?)
    }

    /// What `spender` may take of `owner`; the maximum for an allowance beyond 128 bits.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn allowance(
        &self,
        at: B256,
        owner: Address,
        spender: Address,
    ) -> Result<u128, ChainError> {
        let allowance = self.ask(at, &Erc20::allowanceCall { owner, spender }).await?;
        Ok(u128::try_from(allowance).unwrap_or(u128::MAX))
    }
}
