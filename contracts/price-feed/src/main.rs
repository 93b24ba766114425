//! The price feed on the chain: an ink! shell around [`weir_core::feed`].
//!
//! Reporters report, a quorum makes a round, accepted rounds are pushed to the subscribed pools in the same call. What a
//! round is worth and when a step is believed is decided in `weir-core`; here items are loaded and stored, events
//! emitted, pools called.
//!
//! The code of a contract is charged for on each call, and this one is called for each price. What is rare (all of
//! governance, bonds, views) is handed on to the code of `feed-admin`, which runs in this contract's storage.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, reason = "ink!'s macros write it")]

#[cfg(not(ink_abi = "sol"))]
compile_error!(
    "the contracts speak the Solidity ABI: build with `--cfg ink_abi=\"sol\"`, as `weir build` does"
);

#[cfg(not(feature = "std"))]
mod events;
#[cfg(not(feature = "std"))]
mod report;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod price_feed {
    use crate::report;
    use weir_core::address::Address as Account;
    use weir_core::feed::{FeedRoot, ROOT_LEN, RootRefused};
    use weir_shell::arguments::Calldata;
    use weir_shell::chain;
    use weir_shell::feed::arguments::{
        Amount, Bounds, Deploy, Freeze, One, PushAgain, ReportOf, Reports, SetBonds, SetRate,
        SetReporters, Subscribe,
    };
    use weir_shell::feed::items;
    use weir_shell::feed::push::{Prices, within};
    use weir_shell::feed::refuse::{Refusal, refuse, refuse_one, refuse_plain, refuse_root};

    /// The root of the feed, as `weir-core` writes it.
    #[ink(storage)]
    pub struct PriceFeed {
        root: [u8; ROOT_LEN],
    }

    impl PriceFeed {
        /// A feed without assets.
        #[ink(constructor)]
        pub fn new(input: Calldata<Deploy>) -> Self {
            let Deploy { governor, code, reporters, quorum, skew } = input.read();
            if !chain::has_code(&code) {
                refuse_one(Refusal::NotContract, &code);
            }
            let root = match reporters.get() {
                Some(list) => FeedRoot::new(code, governor, list, quorum, skew),
                None => Err(RootRefused::Reporters),
            };
            match root {
                Ok(root) => Self { root: root.encode() },
                Err(refused) => refuse_root(refused, &Account::ZERO, reporters.given, quorum),
            }
        }

        #[ink(message, name = "report")]
        pub fn report(&self, input: Calldata<Reports>) {
            let (mut root, input) = (self.root(), input.read());
            let caller = chain::caller();
            let Some(index) = root.reporter(&caller) else {
                refuse_one(Refusal::NotReporter, &caller);
            };
            let reports = within(input.0.get(), input.0.given);
            if reports.is_empty() {
                refuse_plain(Refusal::NothingReported);
            }
            let now = items::now();
            let mut prices = Prices::new();
            for (asset, one) in reports {
                report::take(&mut root, (index, &caller), now, (asset, *one), &mut prices);
            }
            prices.tell(root.subscribers());
        }

        #[ink(message, name = "push")]
        pub fn push(&self, input: Calldata<PushAgain>) {
            let PushAgain { pool, assets } = input.read();
            let root = self.root();
            let Some(subscriber) = root.subscribers().iter().find(|known| known.pool == pool)
            else {
                refuse_one(Refusal::NotSubscribed, &pool);
            };
            let now = items::now();
            let mut prices = Prices::new();
            for asset in within(assets.get(), assets.given) {
                let mut state = items::load(asset);
                // The end of a freeze needs no transaction of its own.
                state.thaw(now);
                prices.add(asset, &state.last);
            }
            prices.tell(&[*subscriber]);
        }

        #[ink(message, name = "round")]
        pub fn round(&self, _input: Calldata<One>) {
            self.hand_on()
        }

        #[ink(message, name = "lastReport")]
        pub fn last_report(&self, _input: Calldata<ReportOf>) {
            self.hand_on()
        }

        #[ink(message, name = "reporters")]
        pub fn reporters(&self) {
            self.hand_on()
        }

        #[ink(message, name = "subscribers")]
        pub fn subscribers(&self) {
            self.hand_on()
        }

        #[ink(message, name = "assets")]
        pub fn assets(&self) {
            self.hand_on()
        }

        #[ink(message, name = "settings")]
        pub fn settings(&self) {
            self.hand_on()
        }

        #[ink(message, name = "roles")]
        pub fn roles(&self) {
            self.hand_on()
        }

        #[ink(message, name = "bounds")]
        pub fn bounds(&self, _input: Calldata<One>) {
            self.hand_on()
        }

        #[ink(message, name = "rate")]
        pub fn rate(&self, _input: Calldata<One>) {
            self.hand_on()
        }

        #[ink(message, name = "bonds")]
        pub fn bonds(&self) {
            self.hand_on()
        }

        #[ink(message, name = "bond")]
        pub fn bond(&self, _input: Calldata<One>) {
            self.hand_on()
        }

        #[ink(message, name = "addAsset")]
        pub fn add_asset(&self, _input: Calldata<Bounds>) {
            self.hand_on()
        }

        #[ink(message, name = "setBounds")]
        pub fn set_bounds(&self, _input: Calldata<Bounds>) {
            self.hand_on()
        }

        #[ink(message, name = "setRate")]
        pub fn set_rate(&self, _input: Calldata<SetRate>) {
            self.hand_on()
        }

        #[ink(message, name = "subscribe")]
        pub fn subscribe(&self, _input: Calldata<Subscribe>) {
            self.hand_on()
        }

        #[ink(message, name = "unsubscribe")]
        pub fn unsubscribe(&self, _input: Calldata<One>) {
            self.hand_on()
        }

        #[ink(message, name = "setReporters")]
        pub fn set_reporters(&self, _input: Calldata<SetReporters>) {
            self.hand_on()
        }

        #[ink(message, name = "setBonds")]
        pub fn set_bonds(&self, _input: Calldata<SetBonds>) {
            self.hand_on()
        }

        #[ink(message, name = "setGuardian")]
        pub fn set_guardian(&self, _input: Calldata<One>) {
            self.hand_on()
        }

        #[ink(message, name = "offerGovernor")]
        pub fn offer_governor(&self, _input: Calldata<One>) {
            self.hand_on()
        }

        #[ink(message, name = "acceptGovernor")]
        pub fn accept_governor(&self) {
            self.hand_on()
        }

        #[ink(message, name = "rearm")]
        pub fn rearm(&self, _input: Calldata<One>) {
            self.hand_on()
        }

        #[ink(message, name = "freeze")]
        pub fn freeze(&self, _input: Calldata<Freeze>) {
            self.hand_on()
        }

        #[ink(message, name = "depositBond")]
        pub fn deposit_bond(&self, _input: Calldata<Amount>) {
            self.hand_on()
        }

        #[ink(message, name = "withdrawBond")]
        pub fn withdraw_bond(&self) {
            self.hand_on()
        }

        #[ink(message, name = "fundInsurance")]
        pub fn fund_insurance(&self, _input: Calldata<One>) {
            self.hand_on()
        }
    }

    impl PriceFeed {
        fn root(&self) -> FeedRoot {
            items::root(&self.root)
        }

        /// Goes on in the code for rare messages, and answers what it answers.
        #[inline(never)]
        fn hand_on(&self) -> ! {
            let code = self.root().code;
            let reason = chain::tail_call(&code);
            refuse(Refusal::CodeFailed, (&code).into(), reason.into())
        }
    }
}

#[cfg(feature = "std")]
fn main() {}
