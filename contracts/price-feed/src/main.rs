//! The price feed on the chain: an ink! shell around [`weir_core::feed`].
//!
//! Reporters report, a quorum makes a round, accepted rounds are pushed to the subscribed pools in the same call. What a
//! round is worth and when a step is believed is decided in `weir-core`; here items are loaded and stored, events
//! emitted, pools called.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, reason = "ink!'s macros write it")]

#[cfg(not(ink_abi = "sol"))]
compile_error!(
    "the contracts speak the Solidity ABI: build with `--cfg ink_abi=\"sol\"`, as `weir build` does"
);

#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod events;
#[cfg(not(feature = "std"))]
mod governance;
#[cfg(not(feature = "std"))]
mod items;
#[cfg(not(feature = "std"))]
mod push;
#[cfg(not(feature = "std"))]
mod refuse;
#[cfg(not(feature = "std"))]
mod report;
#[cfg(not(feature = "std"))]
mod views;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod price_feed {
    use crate::arguments::{
        AddAsset, Deploy, OneAsset, PushAgain, ReportOf, Reports, SetReporters, Subscribe,
        Unsubscribe,
    };
    use crate::push::Prices;
    use crate::refuse::{Refusal, refuse, refuse_one, refuse_plain};
    use crate::{governance, items, report, views};
    use weir_core::address::Address as Account;
    use weir_core::feed::{FeedRoot, MAX_REPORTS, ROOT_LEN, RootRefused};
    use weir_core::units::Timestamp as Time;
    use weir_shell::arguments::Calldata;
    use weir_shell::chain;

    /// The root of the feed, as `weir-core` writes it.
    #[ink(storage)]
    pub struct PriceFeed {
        root: [u8; ROOT_LEN],
    }

    impl PriceFeed {
        /// A feed without assets.
        #[ink(constructor)]
        pub fn new(input: Calldata<Deploy>) -> Self {
            let Deploy { governor, reporters, quorum, skew } = input.read();
            let root = match reporters.get() {
                Some(list) => FeedRoot::new(governor, list, quorum, skew),
                None => Err(RootRefused::Reporters),
            };
            match root {
                Ok(root) => Self { root: root.encode() },
                Err(refused) => {
                    governance::refuse_root(refused, &Account::ZERO, reporters.given, quorum)
                }
            }
        }

        #[ink(message, name = "report")]
        pub fn report(&self, input: Calldata<Reports>) {
            let (root, input) = (self.root(), input.read());
            let caller = chain::caller();
            let Some(index) = root.reporter(&caller) else {
                refuse_one(Refusal::NotReporter, &caller);
            };
            let reports = within(input.0.get(), input.0.given);
            if reports.is_empty() {
                refuse_plain(Refusal::NothingReported);
            }
            let now = Time(u32::try_from(chain::now()).unwrap_or(u32::MAX));
            let mut prices = Prices::new();
            for (asset, one) in reports {
                report::take(&root, (index, &caller), now, (asset, *one), &mut prices);
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
            let mut prices = Prices::new();
            for asset in within(assets.get(), assets.given) {
                prices.add(asset, &items::load(asset).last);
            }
            prices.tell(&[*subscriber]);
        }

        #[ink(message, name = "round")]
        pub fn round(&self, input: Calldata<OneAsset>) {
            views::round(&items::load(&input.read().asset))
        }

        #[ink(message, name = "lastReport")]
        pub fn last_report(&self, input: Calldata<ReportOf>) {
            let ReportOf { asset, reporter } = input.read();
            let Some(index) = self.root().reporter(&reporter) else {
                refuse_one(Refusal::NotReporter, &reporter);
            };
            views::last_report(&items::load(&asset), index)
        }

        #[ink(message, name = "reporters")]
        pub fn reporters(&self) {
            let root = self.root();
            views::list(root.reporters().len(), root.reporters().iter().copied())
        }

        #[ink(message, name = "subscribers")]
        pub fn subscribers(&self) {
            let root = self.root();
            let pools = root.subscribers().iter().map(|subscriber| subscriber.pool);
            views::list(root.subscribers().len(), pools)
        }

        #[ink(message, name = "assets")]
        pub fn assets(&self) {
            views::assets(&self.root())
        }

        #[ink(message, name = "settings")]
        pub fn settings(&self) {
            views::settings(&self.root())
        }

        #[ink(message, name = "addAsset")]
        pub fn add_asset(&mut self, input: Calldata<AddAsset>) {
            self.govern(|root| governance::add_asset(root, &input.read()));
        }

        #[ink(message, name = "subscribe")]
        pub fn subscribe(&mut self, input: Calldata<Subscribe>) {
            self.govern(|root| governance::subscribe(root, &input.read()));
        }

        #[ink(message, name = "unsubscribe")]
        pub fn unsubscribe(&mut self, input: Calldata<Unsubscribe>) {
            self.govern(|root| governance::unsubscribe(root, &input.read().pool));
        }

        #[ink(message, name = "setReporters")]
        pub fn set_reporters(&mut self, input: Calldata<SetReporters>) {
            self.govern(|root| governance::set_reporters(root, &input.read()));
        }

        #[ink(message, name = "rearm")]
        pub fn rearm(&mut self, input: Calldata<OneAsset>) {
            self.govern(|_| governance::rearm(&input.read().asset));
        }
    }

    impl PriceFeed {
        fn root(&self) -> FeedRoot {
            match FeedRoot::decode(&self.root) {
                Ok(root) => root,
                Err(_) => refuse_plain(Refusal::Corrupt),
            }
        }

        /// Changes the root, which ink! writes back at the end of the message. No message that does this calls out.
        fn govern(&mut self, change: impl FnOnce(&mut FeedRoot)) {
            let mut root = self.root();
            governance::only_governor(&root);
            change(&mut root);
            self.root = root.encode();
        }
    }

    /// The elements of a list; refuses one that is too long.
    fn within<T>(elements: Option<&[T]>, given: usize) -> &[T] {
        elements.unwrap_or_else(|| {
            refuse(
                Refusal::TooManyReports,
                governance::count(given),
                governance::count(MAX_REPORTS),
            )
        })
    }
}

#[cfg(feature = "std")]
fn main() {}
