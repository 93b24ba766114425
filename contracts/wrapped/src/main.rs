//! The native token as an ERC-20, so that the pool can list it.
//!
//! Every token is backed by native money of this contract. What the chain keeps back for the contract's own existence is
//! not part of that: it is paid when the contract is deployed, and a contract does not see it. A plain transfer to the
//! contract is a gift that nobody can take out; it mints nothing.
//!
//! The token stands in the hot path of every pool that lists it, so it is written for size: items and calldata by hand.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, reason = "ink!'s macros write it")]

#[cfg(not(ink_abi = "sol"))]
compile_error!(
    "the contracts speak the Solidity ABI: build with `--cfg ink_abi=\"sol\"`, as `weir build` does"
);

#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod ledger;
#[cfg(not(feature = "std"))]
mod refuse;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod wrapped {
    use crate::{
        arguments::{Allowance, Approve, BalanceOf, Deploy, Transfer, TransferFrom, Withdraw},
        ledger,
        refuse::{Refusal, word},
    };
    use ink::codegen::sol::keccak_256;
    use weir_core::{
        address::Address as Account,
        error::Word,
        math::U256,
        units::{Assets, Overflow},
        wrapped::{Scale, spend},
    };
    use weir_shell::{arguments::Calldata, chain};

    /// What every message may need. The scale follows from the decimals.
    #[ink(storage)]
    pub struct Wrapped {
        decimals: u8,
    }

    impl Wrapped {
        /// A token without supply.
        #[ink(constructor)]
        pub fn new(input: Calldata<Deploy>) -> Self {
            let input = input.read();
            if Scale::new(input.decimals).is_none() {
                Refusal::BadParameter.end(&[word(2_u8), word(input.decimals)]);
            }
            ledger::describe(&input);
            Self { decimals: input.decimals }
        }

        #[ink(message, name = "name")]
        pub fn name(&self) {
            ledger::answer_text(ledger::NAME)
        }

        #[ink(message, name = "symbol")]
        pub fn symbol(&self) {
            ledger::answer_text(ledger::SYMBOL)
        }

        #[ink(message, name = "decimals")]
        pub fn decimals(&self) {
            chain::answer(&word(self.decimals))
        }

        #[ink(message, name = "totalSupply")]
        pub fn total_supply(&self) {
            chain::answer(&word(ledger::supply()))
        }

        #[ink(message, name = "balanceOf")]
        pub fn balance_of(&self, input: Calldata<BalanceOf>) {
            chain::answer(&word(ledger::balance(&input.read().account)))
        }

        #[ink(message, name = "allowance")]
        pub fn allowance(&self, input: Calldata<Allowance>) {
            let Allowance { owner, spender } = input.read();
            chain::answer(&ledger::allowance(&owner, &spender).to_be_bytes::<32>())
        }

        #[ink(message, name = "transfer")]
        pub fn transfer(&self, input: Calldata<Transfer>) {
            let Transfer { to, amount } = input.read();
            shift(&chain::caller(), &to, amount);
            chain::answer(&word(true))
        }

        #[ink(message, name = "approve")]
        pub fn approve(&self, input: Calldata<Approve>) {
            let Approve { spender, amount } = input.read();
            let (owner, amount) = (chain::caller(), U256::from_be_bytes(amount));
            ledger::set_allowance(&owner, &spender, amount);
            let topic = const { keccak_256(b"Approval(address,address,uint256)") };
            let topics = [topic, word(&owner), word(&spender)];
            chain::emit(&topics, &amount.to_be_bytes::<32>());
            chain::answer(&word(true))
        }

        #[ink(message, name = "transferFrom")]
        pub fn transfer_from(&self, input: Calldata<TransferFrom>) {
            let TransferFrom { from, to, amount } = input.read();
            let spender = chain::caller();
            let allowance = ledger::allowance(&from, &spender);
            match spend(allowance, U256::from_be_bytes(amount)) {
                Some(left) if left == allowance => {}
                Some(left) => ledger::set_allowance(&from, &spender, left),
                None => Refusal::ERC20InsufficientAllowance.end(&[
                    word(&spender),
                    allowance.to_be_bytes(),
                    amount,
                ]),
            }
            shift(&from, &to, amount);
            chain::answer(&word(true))
        }

        /// ink! wants `&mut` of what is payable, and writes the root back; nobody is called meanwhile.
        #[ink(message, payable, name = "deposit")]
        pub fn deposit(&mut self) {
            let (scale, wei) = (self.scale(), chain::value());
            let Some(amount) = scale.units(wei) else {
                Refusal::NotWhole.end(&[word(wei), word(scale.unit())]);
            };
            refuse_nothing(amount);
            let account = chain::caller();
            let supply = fits(ledger::supply().checked_add(amount));
            ledger::set_supply(supply);
            ledger::credit(&account, amount);
            moved(&Account::ZERO, &account, amount);
            let topic = const { keccak_256(b"Deposit(address,uint256)") };
            chain::emit(&[topic, word(&account)], &word(amount));
        }

        #[ink(message, name = "withdraw")]
        pub fn withdraw(&self, input: Calldata<Withdraw>) {
            let account = chain::caller();
            let amount = ledger::debit(&account, input.read().amount);
            refuse_nothing(amount);
            let supply = fits(ledger::supply().checked_sub(amount));
            ledger::set_supply(supply);
            moved(&account, &Account::ZERO, amount);
            let topic = const { keccak_256(b"Withdrawal(address,uint256)") };
            chain::emit(&[topic, word(&account)], &word(amount));
            // All is written before the money goes: its receiver may be code.
            let wei = fits(self.scale().wei(amount));
            if let Err(code) = chain::pay(&account, wei) {
                Refusal::PaymentFailed.end(&[word(&account), word(u32::from(code))]);
            }
        }
    }

    impl Wrapped {
        fn scale(&self) -> Scale {
            // The constructor made sure of it.
            Scale::new(self.decimals).unwrap_or_else(|| Refusal::Overflow.end(&[word(0_u8); 2]))
        }
    }

    fn shift(from: &Account, to: &Account, amount: [u8; 32]) {
        if to.is_zero() {
            Refusal::ERC20InvalidReceiver.end(&[word(to)]);
        }
        let amount = ledger::debit(from, amount);
        ledger::credit(to, amount);
        moved(from, to, amount);
    }

    fn moved(from: &Account, to: &Account, amount: Assets) {
        let topic = const { keccak_256(b"Transfer(address,address,uint256)") };
        chain::emit(&[topic, word(from), word(to)], &word(amount));
    }

    fn refuse_nothing(amount: Assets) {
        if amount.is_zero() {
            Refusal::ZeroAmount.end(&[Word::ZERO.to_be_bytes(); 2]);
        }
    }

    fn fits<T>(result: Result<T, Overflow>) -> T {
        result.unwrap_or_else(|_| Refusal::Overflow.end(&[word(0_u8); 2]))
    }
}

#[cfg(feature = "std")]
fn main() {}
