//! The governor: an ink! shell around [`weir_core::governor`].
//!
//! Who may do what and when is decided in `weir-core`; here items are loaded and stored, events emitted, calls made. The
//! calls of a proposal are in its event and come again with its execution; what is stored is 47 bytes.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, reason = "ink!'s macros write it")]

#[cfg(not(ink_abi = "sol"))]
compile_error!(
    "the contracts speak the Solidity ABI: build with `--cfg ink_abi=\"sol\"`, as `weir build` does"
);

#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod calls;
#[cfg(not(feature = "std"))]
mod events;
#[cfg(not(feature = "std"))]
mod items;
#[cfg(not(feature = "std"))]
mod proposals;
#[cfg(not(feature = "std"))]
mod refuse;
#[cfg(not(feature = "std"))]
mod views;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod governor {
    use crate::{
        arguments::{Deploy, Execute, OneProposal, Propose, SetDelays, SetSigners, SetVetoHolder},
        events, items, proposals,
        proposals::Session,
        refuse::{bad_council, bad_delays, refuse},
        views,
    };
    use weir_core::governor::{Council, Delays, Itself};
    use weir_shell::{arguments::Calldata, chain};

    /// ink! wants a root. The council is an item of its own: the governor calls itself to change it, and ink! would
    /// write an older one back.
    #[ink(storage)]
    pub struct Governor {
        layout: u8,
    }

    impl Governor {
        /// A governor without proposals.
        #[ink(constructor)]
        pub fn new(input: Calldata<Deploy>) -> Self {
            let Deploy { signers, threshold, short, long, holder } = input.read();
            let delays = Delays::new(short, long).unwrap_or_else(|_| bad_delays(short, long));
            match Council::new(signers.get(), threshold, delays, holder) {
                Ok(council) => items::store_council(&council),
                Err(refused) => bad_council(refused, signers.given, threshold),
            }
            Self { layout: 1 }
        }

        #[ink(message, name = "propose")]
        pub fn propose(&self, input: Calldata<Propose>) {
            proposals::propose(&input.read().calls)
        }

        #[ink(message, name = "sign")]
        pub fn sign(&self, input: Calldata<OneProposal>) {
            proposals::sign(&input.read().id, true);
        }

        #[ink(message, name = "unsign")]
        pub fn unsign(&self, input: Calldata<OneProposal>) {
            proposals::sign(&input.read().id, false);
        }

        #[ink(message, name = "execute")]
        pub fn execute(&self, input: Calldata<Execute>) {
            let Execute { id, calls } = input.read();
            proposals::execute(&id, &calls);
        }

        #[ink(message, name = "cancel")]
        pub fn cancel(&self, input: Calldata<OneProposal>) {
            proposals::cancel(&input.read().id);
        }

        #[ink(message, name = "veto")]
        pub fn veto(&self, input: Calldata<OneProposal>) {
            proposals::veto(&input.read().id);
        }

        #[ink(message, name = "setSigners")]
        pub fn set_signers(&self, input: Calldata<SetSigners>) {
            let SetSigners { signers, threshold } = input.read();
            change(|council, itself| {
                let named = council.set_signers(itself, signers.get(), threshold);
                named.unwrap_or_else(|refused| bad_council(refused, signers.given, threshold));
                events::signers_set(council);
            });
        }

        #[ink(message, name = "setDelays")]
        pub fn set_delays(&self, input: Calldata<SetDelays>) {
            let SetDelays { short, long } = input.read();
            change(|council, itself| {
                let delays = Delays::new(short, long).unwrap_or_else(|_| bad_delays(short, long));
                council.set_delays(itself, delays);
                events::delays_set(short, long);
            });
        }

        #[ink(message, name = "setVetoHolder")]
        pub fn set_veto_holder(&self, input: Calldata<SetVetoHolder>) {
            let holder = input.read().holder;
            change(|council, itself| {
                council.set_holder(itself, holder);
                events::veto_holder_set(&holder);
            });
        }

        #[ink(message, name = "council")]
        pub fn council(&self) {
            views::council(&items::council())
        }

        #[ink(message, name = "proposal")]
        pub fn proposal(&self, input: Calldata<OneProposal>) {
            let proposal = items::proposal(&input.read().id);
            views::proposal(&proposal, &items::council(), proposals::now())
        }
    }

    /// Changes the council, as the governor itself.
    fn change(change: impl FnOnce(&mut Council, Itself)) {
        let mut session = Session::open();
        match Council::itself(&session.caller, &chain::this()) {
            Ok(itself) => change(&mut session.council, itself),
            Err(refused) => refuse(refused, &session, None),
        }
        items::store_council(&session.council);
    }
}

#[cfg(feature = "std")]
fn main() {}
