//! Rare operations of a pool.
//!
//! The pool delegate-calls this code, so that it runs in the pool's storage and speaks in the pool's name. Called
//! directly it refuses: its own root cell is no root of a pool.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[cfg(not(ink_abi = "sol"))]
compile_error!("the contracts speak the Solidity ABI: build them with `weir build`");

#[cfg(not(feature = "std"))]
mod accounts;
#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod callback;
#[cfg(not(feature = "std"))]
mod control;
#[cfg(not(feature = "std"))]
mod events;
#[cfg(not(feature = "std"))]
mod flash;
#[cfg(not(feature = "std"))]
mod liquidation;
#[cfg(not(feature = "std"))]
mod reserves;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod admin {
    use crate::{
        accounts,
        arguments::{
            AcceptGovernor, Collect, FlashFee, FlashLoan, FlashLoanBatch, Liquidate, List,
            MaxFlashLoan, Pause, Reconcile, SetFinalPrice, SetLimits, SetOperator, SetParameters,
            SetRole, Skim, Steer, Unpause, WindDown, WriteOff,
        },
        control, flash, liquidation, reserves,
    };
    use weir_core::{
        error::Refusal,
        liquidate::write_off,
        state::{Root, root::ROOT_LEN},
    };
    use weir_shell::{
        arguments::Calldata,
        host::{Chain, done},
    };

    /// The root of the pool in whose storage this runs.
    #[ink(storage)]
    pub struct Admin {
        root: [u8; ROOT_LEN],
    }

    impl Admin {
        /// The code by itself has no pool.
        #[ink(constructor)]
        #[expect(clippy::new_without_default, reason = "ink! wants a constructor by name")]
        pub fn new() -> Self {
            Self { root: [0; ROOT_LEN] }
        }

        #[ink(message, name = "list")]
        pub fn list(&self, input: Calldata<List>) {
            done(reserves::list(&mut Chain::new(), &mut self.root(), &input.read()));
        }

        #[ink(message, name = "setParameters")]
        pub fn set_parameters(&self, input: Calldata<SetParameters>) {
            done(reserves::set_parameters(&mut Chain::new(), &self.root(), &input.read()));
        }

        #[ink(message, name = "steer")]
        pub fn steer(&self, input: Calldata<Steer>) {
            done(reserves::steer(&mut Chain::new(), &self.root(), &input.read()));
        }

        #[ink(message, name = "windDown")]
        pub fn wind_down(&self, input: Calldata<WindDown>) {
            done(reserves::wind_down(&mut Chain::new(), &self.root(), &input.read().asset));
        }

        #[ink(message, name = "setFinalPrice")]
        pub fn set_final_price(&self, input: Calldata<SetFinalPrice>) {
            done(reserves::set_final_price(&mut Chain::new(), &self.root(), &input.read()));
        }

        #[ink(message, name = "setRole")]
        pub fn set_role(&self, input: Calldata<SetRole>) {
            done(control::set_role(&mut Chain::new(), &mut self.root(), &input.read()));
        }

        #[ink(message, name = "acceptGovernor")]
        pub fn accept_governor(&self, input: Calldata<AcceptGovernor>) {
            let AcceptGovernor = input.read();
            done(control::accept_governor(&mut Chain::new(), &mut self.root()));
        }

        #[ink(message, name = "pause")]
        pub fn pause(&self, input: Calldata<Pause>) {
            done(control::pause(&mut Chain::new(), &mut self.root(), &input.read()));
        }

        #[ink(message, name = "unpause")]
        pub fn unpause(&self, input: Calldata<Unpause>) {
            done(control::unpause(&mut Chain::new(), &mut self.root(), &input.read()));
        }

        #[ink(message, name = "setLimits")]
        pub fn set_limits(&self, input: Calldata<SetLimits>) {
            done(control::set_limits(&mut self.root(), &input.read()));
        }

        /// The pool hands its `liquidate` on to this. Anyone may.
        #[ink(message, name = "liquidate")]
        pub fn liquidate(&self, input: Calldata<Liquidate>) {
            done(liquidation::liquidate(&mut Chain::new(), &self.root(), &input.read()));
        }

        /// Anyone may.
        #[ink(message, name = "skim")]
        pub fn skim(&self, input: Calldata<Skim>) {
            done(reserves::skim(&mut Chain::new(), &self.root(), &input.read().asset));
        }

        /// Anyone may.
        #[ink(message, name = "reconcile")]
        pub fn reconcile(&self, input: Calldata<Reconcile>) {
            done(reserves::reconcile(&mut Chain::new(), &self.root(), &input.read().asset));
        }

        #[ink(message, name = "collect")]
        pub fn collect(&self, input: Calldata<Collect>) {
            done(reserves::collect(&mut Chain::new(), &self.root(), &input.read()));
        }

        /// For the account that calls.
        #[ink(message, name = "setOperator")]
        pub fn set_operator(&self, input: Calldata<SetOperator>) {
            self.root();
            done(accounts::set_operator(&mut Chain::new(), &input.read()));
        }

        /// Anyone may.
        #[ink(message, name = "writeOff")]
        pub fn write_off(&self, input: Calldata<WriteOff>) {
            done(write_off(&mut Chain::new(), &self.root(), &input.read().account));
        }

        /// The pool hands its `flashLoan` on to this. Anyone may.
        #[ink(message, name = "flashLoan")]
        pub fn flash_loan(&self, input: Calldata<FlashLoan>) {
            flash::single(&mut Chain::new(), &self.root(), &input.read())
        }

        /// The pool hands its `flashLoanBatch` on to this. Anyone may.
        #[ink(message, name = "flashLoanBatch")]
        pub fn flash_loan_batch(&self, input: Calldata<FlashLoanBatch>) {
            done(flash::batch(&mut Chain::new(), &self.root(), &input.read()));
        }

        /// The pool hands its `maxFlashLoan` on to this.
        #[ink(message, name = "maxFlashLoan")]
        pub fn max_flash_loan(&self, input: Calldata<MaxFlashLoan>) {
            flash::max_loan(&mut Chain::new(), &self.root(), &input.read().token)
        }

        /// The pool hands its `flashFee` on to this.
        #[ink(message, name = "flashFee")]
        pub fn flash_fee(&self, input: Calldata<FlashFee>) {
            flash::fee(&mut Chain::new(), &self.root(), &input.read())
        }
    }

    impl Admin {
        fn root(&self) -> Root {
            done(Root::decode(&self.root).map_err(Refusal::from))
        }
    }
}

#[cfg(feature = "std")]
fn main() {}
