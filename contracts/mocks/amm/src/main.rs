//! A constant-product market for any pair of tokens, for test chains: reserves in · reserves out never falls.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, reason = "ink!'s macros write it")]

#[cfg(not(ink_abi = "sol"))]
compile_error!(
    "the contracts speak the Solidity ABI: build with `--cfg ink_abi=\"sol\"`, as `weir build` does"
);

#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod market;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod amm {
    use crate::{
        arguments::{AddLiquidity, Deploy, Pair, Quote, Swap},
        market::{self, Refusal, word},
    };
    use weir_shell::{arguments::Calldata, chain};

    /// The fee.
    #[ink(storage)]
    pub struct Amm {
        fee_bps: u16,
    }

    impl Amm {
        /// A venue without markets.
        #[ink(constructor)]
        pub fn new(input: Calldata<Deploy>) -> Self {
            let fee_bps = input.read().fee_bps;
            if fee_bps >= market::BPS {
                Refusal::BadParameter.end(&[word(0_u8), word(fee_bps)]);
            }
            Self { fee_bps }
        }

        #[ink(message, name = "addLiquidity")]
        pub fn add_liquidity(&self, input: Calldata<AddLiquidity>) {
            market::add(&input.read());
        }

        #[ink(message, name = "swap")]
        pub fn swap(&self, input: Calldata<Swap>) {
            chain::answer(&word(market::swap(&input.read(), self.fee_bps)))
        }

        #[ink(message, name = "quote")]
        pub fn quote(&self, input: Calldata<Quote>) {
            let Quote { token_in, token_out, amount_in } = input.read();
            let out = market::out(&token_in, &token_out, amount_in, self.fee_bps);
            chain::answer(&word(out))
        }

        #[ink(message, name = "reserves")]
        pub fn reserves(&self, input: Calldata<Pair>) {
            let Pair { token_a, token_b } = input.read();
            let (a, b) = market::reserves(&token_a, &token_b);
            chain::answer([word(a), word(b)].as_flattened())
        }
    }
}

#[cfg(feature = "std")]
fn main() {}
