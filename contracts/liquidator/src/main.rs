//! Liquidates without capital, for any keeper: in the pool's callback or with a flash loan it sells the collateral at a
//! venue, pays the debt back, and hands the caller what is left, if that is enough. Otherwise nothing has happened.
//!
//! Nothing lies here between two jobs. Pool and venue are fixed, so that a stranger's job can only do what a keeper's
//! does; callbacks are taken from the pool alone, and only during a job that began here.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, reason = "ink!'s macros write it")]

#[cfg(not(ink_abi = "sol"))]
compile_error!(
    "the contracts speak the Solidity ABI: build with `--cfg ink_abi=\"sol\"`, as `weir build` does"
);

#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod job;
#[cfg(not(feature = "std"))]
mod outside;
#[cfg(not(feature = "std"))]
mod refuse;
#[cfg(not(feature = "std"))]
mod settings;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod liquidator {
    use crate::{
        arguments::{Deploy, FlashLoaned, Job, Liquidated, SetVenue, Sweep},
        job, outside,
        settings::Settings,
    };
    use ink::codegen::sol::keccak_256;
    use weir_shell::{arguments::Calldata, chain};

    /// What the pool wants to hear from whom it called back.
    const LIQUIDATED: [u8; 32] = keccak_256(b"WeirLiquidator.onLiquidate");
    const LOANED: [u8; 32] = keccak_256(b"ERC3156FlashBorrower.onFlashLoan");

    /// ink! wants a root; nothing is kept in it.
    #[ink(storage)]
    pub struct Liquidator {
        layout: u8,
    }

    impl Liquidator {
        /// A liquidator on one pool.
        #[ink(constructor)]
        pub fn new(input: Calldata<Deploy>) -> Self {
            let Deploy { owner, pool, venue } = input.read();
            outside::require_code(&pool);
            outside::require_code(&venue);
            Settings { owner, pool, venue }.store();
            Self { layout: 1 }
        }

        #[ink(message, name = "liquidate")]
        pub fn liquidate(&self, input: Calldata<Job>) {
            job::run(&input.read())
        }

        #[ink(message, name = "onLiquidate")]
        pub fn on_liquidate(&self, input: Calldata<Liquidated>) {
            job::on_liquidate(&input.read());
            chain::answer(&LIQUIDATED)
        }

        #[ink(message, name = "onFlashLoan")]
        pub fn on_flash_loan(&self, input: Calldata<FlashLoaned>) {
            job::on_flash_loan(&input.read());
            chain::answer(&LOANED)
        }

        #[ink(message, name = "sweep")]
        pub fn sweep(&self, input: Calldata<Sweep>) {
            job::sweep(&input.read());
        }

        #[ink(message, name = "setVenue")]
        pub fn set_venue(&self, input: Calldata<SetVenue>) {
            job::set_venue(&input.read().venue);
        }

        #[ink(message, name = "settings")]
        pub fn settings(&self) {
            Settings::load().answer()
        }
    }
}

#[cfg(feature = "std")]
fn main() {}
