//! Rare messages of the price feed: governance, the guardian, bonds, views.
//!
//! The feed delegate-calls this code, so that it runs in the feed's storage and speaks in the feed's name. Called
//! directly it refuses: its own root cell is no root of a feed.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[cfg(not(ink_abi = "sol"))]
compile_error!("the contracts speak the Solidity ABI: build them with `weir build`");

#[cfg(not(feature = "std"))]
mod bonds;
#[cfg(not(feature = "std"))]
mod events;
#[cfg(not(feature = "std"))]
mod governance;
#[cfg(not(feature = "std"))]
mod guardian;
#[cfg(not(feature = "std"))]
mod views;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod feed_admin {
    use crate::{bonds, governance, guardian, views};
    use weir_core::feed::{FeedRoot, ROOT_LEN};
    use weir_shell::arguments::Calldata;
    use weir_shell::feed::arguments::{
        Amount, Bounds, Freeze, One, ReportOf, SetBonds, SetRate, SetReporters, Subscribe,
    };
    use weir_shell::feed::items;

    /// The root of the feed in whose storage this runs.
    #[ink(storage)]
    pub struct FeedAdmin {
        root: [u8; ROOT_LEN],
    }

    impl FeedAdmin {
        /// The code by itself has no feed.
        #[ink(constructor)]
        #[expect(clippy::new_without_default, reason = "ink! wants a constructor by name")]
        pub fn new() -> Self {
            Self { root: [0; ROOT_LEN] }
        }

        #[ink(message, name = "round")]
        pub fn round(&self, input: Calldata<One>) {
            self.root();
            views::round(items::load(&input.read().address))
        }

        #[ink(message, name = "lastReport")]
        pub fn last_report(&self, input: Calldata<ReportOf>) {
            views::last_report(&self.root(), &input.read())
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

        #[ink(message, name = "roles")]
        pub fn roles(&self) {
            views::roles(&self.root())
        }

        #[ink(message, name = "bounds")]
        pub fn bounds(&self, input: Calldata<One>) {
            self.root();
            views::bounds(&items::load(&input.read().address))
        }

        #[ink(message, name = "rate")]
        pub fn rate(&self, input: Calldata<One>) {
            self.root();
            views::rate(&items::load(&input.read().address))
        }

        #[ink(message, name = "bonds")]
        pub fn bonds(&self) {
            views::bonds(&self.root())
        }

        #[ink(message, name = "bond")]
        pub fn bond(&self, input: Calldata<One>) {
            views::bond(&self.root(), &input.read().address)
        }

        #[ink(message, name = "addAsset")]
        pub fn add_asset(&mut self, input: Calldata<Bounds>) {
            self.govern(|root| governance::add_asset(root, &input.read()));
        }

        #[ink(message, name = "setBounds")]
        pub fn set_bounds(&mut self, input: Calldata<Bounds>) {
            self.govern(|_| governance::set_bounds(&input.read()));
        }

        #[ink(message, name = "setRate")]
        pub fn set_rate(&mut self, input: Calldata<SetRate>) {
            self.govern(|_| governance::set_rate(&input.read()));
        }

        #[ink(message, name = "subscribe")]
        pub fn subscribe(&mut self, input: Calldata<Subscribe>) {
            self.govern(|root| governance::subscribe(root, &input.read()));
        }

        #[ink(message, name = "unsubscribe")]
        pub fn unsubscribe(&mut self, input: Calldata<One>) {
            self.govern(|root| governance::unsubscribe(root, &input.read().address));
        }

        #[ink(message, name = "setReporters")]
        pub fn set_reporters(&mut self, input: Calldata<SetReporters>) {
            self.govern(|root| governance::set_reporters(root, &input.read()));
        }

        #[ink(message, name = "setBonds")]
        pub fn set_bonds(&mut self, input: Calldata<SetBonds>) {
            self.govern(|root| bonds::set(root, &input.read()));
        }

        #[ink(message, name = "setGuardian")]
        pub fn set_guardian(&mut self, input: Calldata<One>) {
            self.govern(|root| governance::set_guardian(root, &input.read().address));
        }

        #[ink(message, name = "offerGovernor")]
        pub fn offer_governor(&mut self, input: Calldata<One>) {
            self.govern(|_| governance::offer_governor(&input.read().address));
        }

        /// The one to whom the role was offered.
        #[ink(message, name = "acceptGovernor")]
        pub fn accept_governor(&mut self) {
            let mut root = self.root();
            governance::accept_governor(&mut root);
            self.root = root.encode();
        }

        #[ink(message, name = "rearm")]
        pub fn rearm(&mut self, input: Calldata<One>) {
            self.govern(|_| governance::rearm(&input.read().address));
        }

        /// The guardian and the governor may.
        #[ink(message, name = "freeze")]
        pub fn freeze(&self, input: Calldata<Freeze>) {
            guardian::freeze(&self.root(), &input.read());
        }

        /// Anyone may, for himself.
        #[ink(message, name = "depositBond")]
        pub fn deposit_bond(&self, input: Calldata<Amount>) {
            self.root();
            bonds::deposit(input.read().amount);
        }

        /// Its owner may.
        #[ink(message, name = "withdrawBond")]
        pub fn withdraw_bond(&self) {
            bonds::withdraw(&self.root());
        }

        /// Anyone may.
        #[ink(message, name = "fundInsurance")]
        pub fn fund_insurance(&self, input: Calldata<One>) {
            bonds::fund_insurance(&self.root(), &input.read().address);
        }
    }

    impl FeedAdmin {
        fn root(&self) -> FeedRoot {
            items::root(&self.root)
        }

        /// Changes the root, which ink! writes back at the end of the message. No message that does this calls out,
        /// but for a rate, which changes nothing.
        fn govern(&mut self, change: impl FnOnce(&mut FeedRoot)) {
            let mut root = self.root();
            governance::only_governor(&root);
            change(&mut root);
            self.root = root.encode();
        }
    }
}

#[cfg(feature = "std")]
fn main() {}
