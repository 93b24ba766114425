//! A borrower of flash loans for test chains: it pays back out of what it holds, so that the fee has to lie here before.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, reason = "ink!'s macros write it")]

#[cfg(not(ink_abi = "sol"))]
compile_error!(
    "the contracts speak the Solidity ABI: build with `--cfg ink_abi=\"sol\"`, as `weir build` does"
);

#[cfg(not(feature = "std"))]
mod arguments;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod flash_borrower {
    use crate::arguments::{Batch, Deploy, Single};
    use ink::codegen::sol::keccak_256;
    use weir_core::{address::Address as Account, error::Word, liquidator::due, units::Assets};
    use weir_shell::{arguments::Calldata, chain, token};

    weir_shell::refusals! {
        NotLender = "NotLender(uint256,uint256)",
        TokenFailed = "TokenFailed(uint256,uint256)",
        Overflow = "Overflow(uint256,uint256)",
    }

    const SINGLE: [u8; 32] = keccak_256(b"ERC3156FlashBorrower.onFlashLoan");
    const BATCH: [u8; 32] = keccak_256(b"WeirFlashBorrower.onBatchFlashLoan");

    /// The lender.
    #[ink(storage)]
    pub struct FlashBorrower {
        lender: [u8; 20],
    }

    impl FlashBorrower {
        /// A borrower of one lender.
        #[ink(constructor)]
        pub fn new(input: Calldata<Deploy>) -> Self {
            Self { lender: input.read().lender.0 }
        }

        #[ink(message, name = "onFlashLoan")]
        pub fn on_flash_loan(&self, input: Calldata<Single>) {
            let Single { initiator, token, amount, fee } = input.read();
            self.repay(&initiator, &token, amount, fee);
            chain::answer(&SINGLE)
        }

        #[ink(message, name = "onBatchFlashLoan")]
        pub fn on_batch_flash_loan(&self, input: Calldata<Batch>) {
            let loans = input.read();
            for (token, amount, fee) in loans.each() {
                self.repay(&loans.initiator, token, *amount, *fee);
            }
            chain::answer(&BATCH)
        }
    }

    impl FlashBorrower {
        fn repay(&self, initiator: &Account, token: &Account, amount: u128, fee: u128) {
            let (lender, caller) = (Account(self.lender), chain::caller());
            if caller != lender {
                Refusal::NotLender.end(&[word(&caller), word(&lender)]);
            }
            let Ok(due) = due(Assets(amount), Assets(fee)) else {
                Refusal::Overflow.end(&[word(0_u8), word(0_u8)]);
            };
            if let Err(failure) = token::approve(token, &lender, due.0) {
                Refusal::TokenFailed.end(&[word(token), word(failure.0)]);
            }
            let topic = const { keccak_256(b"Borrowed(address,address,uint256,uint256)") };
            let data = [word(amount), word(fee)];
            chain::emit(&[topic, word(initiator), word(token)], data.as_flattened());
        }
    }

    fn word(value: impl Into<Word>) -> [u8; 32] {
        value.into().to_be_bytes()
    }
}

#[cfg(feature = "std")]
fn main() {}
