//! The lending pool: the paths that move money.
//!
//! A shell around `weir-core`: every message loads, calls one function of it, stores and then moves tokens. The root
//! is the storage struct of ink!, which is read for each message anyway; everything else is an item of its own. All
//! messages take `&self`: ink! writes the root back after `&mut self`, over whatever a callback changed meanwhile.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[cfg(not(ink_abi = "sol"))]
compile_error!("the contracts speak the Solidity ABI: build them with `weir build`");

#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod settle;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod pool {
    use crate::arguments::{Deploy, PayIn, SetCategory, SetCollateral, Submit, TakeOut};
    use crate::settle::settle;
    use weir_core::{
        address::Address as Account,
        error::{Code, Refusal, Word, refuse},
        state::{Root, root::ROOT_LEN},
        submit::{Action, Kind, MAX_ACTIONS, Request, submit},
        units::Value,
    };
    use weir_shell::{
        arguments::Decoded,
        chain,
        host::{self, Chain},
    };

    /// The root of the pool, as `weir-core` writes it.
    #[ink(storage)]
    pub struct Pool {
        root: [u8; ROOT_LEN],
    }

    impl Pool {
        /// A pool without reserves. The governor holds all roles until they are handed out.
        #[ink(constructor)]
        pub fn new(input: Decoded<Deploy>) -> Self {
            let Deploy { governor, admin, feed, dust, min_debt } = input.0;
            let root = Root::new(governor, admin, feed, Value(dust), Value(min_debt));
            Self { root: root.encode() }
        }

        #[ink(message, name = "supply")]
        pub fn supply(&self, input: Decoded<PayIn>) {
            self.pay_in(Kind::Supply, &input.0);
        }

        #[ink(message, name = "protect")]
        pub fn protect(&self, input: Decoded<PayIn>) {
            self.pay_in(Kind::Protect, &input.0);
        }

        #[ink(message, name = "repay")]
        pub fn repay(&self, input: Decoded<PayIn>) {
            self.pay_in(Kind::Repay, &input.0);
        }

        #[ink(message, name = "withdraw")]
        pub fn withdraw(&self, input: Decoded<TakeOut>) {
            self.take_out(Kind::Withdraw, &input.0);
        }

        #[ink(message, name = "unprotect")]
        pub fn unprotect(&self, input: Decoded<TakeOut>) {
            self.take_out(Kind::Unprotect, &input.0);
        }

        #[ink(message, name = "borrow")]
        pub fn borrow(&self, input: Decoded<TakeOut>) {
            self.take_out(Kind::Borrow, &input.0);
        }

        #[ink(message, name = "setCollateral")]
        pub fn set_collateral(&self, input: Decoded<SetCollateral>) {
            let SetCollateral { asset, on, account } = input.0;
            let action = Action::new(Kind::SetCollateral, asset, on.into());
            self.submit_all(account, account, &[action]);
        }

        #[ink(message, name = "setCategory")]
        pub fn set_category(&self, input: Decoded<SetCategory>) {
            let SetCategory { id, account } = input.0;
            let action = Action::new(Kind::SetCategory, Account::ZERO, id.into());
            self.submit_all(account, account, &[action]);
        }

        #[ink(message, name = "submit")]
        pub fn submit(&self, input: Decoded<Submit>) {
            let input = input.0;
            let mut actions = [Action::new(Kind::Supply, Account::ZERO, 0); MAX_ACTIONS];
            let Some(used) = actions.get_mut(..input.given) else {
                host::refuse(&too_many(input.given));
            };
            for (index, (action, raw)) in (0..).zip(used.iter_mut().zip(&input.actions)) {
                match Action::decode(raw.kind, raw.asset, raw.amount, index) {
                    Ok(decoded) => *action = decoded,
                    Err(refusal) => host::refuse(&refusal),
                }
            }
            self.submit_all(input.account, input.to, used);
        }
    }

    impl Pool {
        fn root(&self) -> Root {
            match Root::decode(&self.root) {
                Ok(root) => root,
                Err(corrupt) => host::refuse(&corrupt.into()),
            }
        }

        fn pay_in(&self, kind: Kind, input: &PayIn) {
            let action = Action::new(kind, input.asset, input.amount);
            self.submit_all(input.account, input.account, &[action]);
        }

        fn take_out(&self, kind: Kind, input: &TakeOut) {
            let action = Action::new(kind, input.asset, input.amount);
            self.submit_all(input.account, input.to, &[action]);
        }

        #[inline(never)]
        fn submit_all(&self, account: Account, to: Account, actions: &[Action]) {
            let request = Request { caller: chain::caller(), account, to };
            match submit(&mut Chain::new(), &self.root(), &request, actions) {
                Ok(transfers) => settle(&request.caller, &request.to, &transfers),
                Err(refusal) => host::refuse(&refusal),
            }
        }
    }

    fn too_many(given: usize) -> Refusal {
        let given = u64::try_from(given).unwrap_or(u64::MAX);
        let allowed = u64::try_from(MAX_ACTIONS).unwrap_or(u64::MAX);
        refuse(Code::TooManyActions, Word::from(given), Word::from(allowed))
    }
}

#[cfg(feature = "std")]
fn main() {}
