//! The lending pool: the paths that move money.
//!
//! A shell around `weir-core`: every message loads, calls one function of it, stores and then moves tokens. The root
//! is the storage struct of ink!, which is read for each message anyway; everything else is an item of its own. All
//! messages take `&self`: ink! writes the root back after `&mut self`, over whatever a callback changed meanwhile.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

#[cfg(not(ink_abi = "sol"))]
compile_error!("the contracts speak the Solidity ABI: build them with `weir build`");

#[cfg(not(feature = "std"))]
mod administer;
#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod items;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod pool {
    use crate::{
        administer::administer,
        arguments::{
            Accrue, Administer, Deploy, FlashFee, FlashLoan, FlashLoanBatch, FundInsurance, Keys,
            Liquidate, MaxFlashLoan, PRICE, PayIn, Prices, SetCategory, SetCollateral, Submit,
            TakeOut, price,
        },
        items::items,
    };
    use weir_core::{
        address::Address as Account,
        error::{Code, Refusal, Word, refuse_one},
        prices::on_price,
        reserves::{accrue, fund_insurance},
        state::{Root, root::ROOT_LEN},
        submit::{Action, Kind, MAX_ACTIONS, Request, submit_into, too_many_actions},
        transfers::Transfers,
        units::{Assets, Value},
    };
    use weir_shell::{
        arguments::{Calldata, SELECTOR},
        chain::{self, CallData},
        host::{self, Chain, done},
        lock,
        reader::Reader,
        settle::settle,
    };

    /// The root of the pool, as `weir-core` writes it.
    #[ink(storage)]
    pub struct Pool {
        root: [u8; ROOT_LEN],
    }

    impl Pool {
        /// A pool without reserves. The governor holds all roles until they are handed out.
        #[ink(constructor)]
        pub fn new(input: Calldata<Deploy>) -> Self {
            let Deploy { governor, admin, feed, dust, min_debt } = input.read();
            // Code that is not there would succeed with nothing done, liquidations included.
            if !chain::has_code(&admin) {
                host::refuse(&refuse_one(Code::NotContract, Word::from(&admin)));
            }
            let root = Root::new(governor, admin, feed, Value(dust), Value(min_debt));
            Self { root: root.encode() }
        }

        #[ink(message, name = "supply")]
        pub fn supply(&self, input: Calldata<PayIn>) {
            self.pay_in(Kind::Supply, &input.read());
        }

        #[ink(message, name = "protect")]
        pub fn protect(&self, input: Calldata<PayIn>) {
            self.pay_in(Kind::Protect, &input.read());
        }

        #[ink(message, name = "repay")]
        pub fn repay(&self, input: Calldata<PayIn>) {
            self.pay_in(Kind::Repay, &input.read());
        }

        #[ink(message, name = "withdraw")]
        pub fn withdraw(&self, input: Calldata<TakeOut>) {
            self.take_out(Kind::Withdraw, &input.read());
        }

        #[ink(message, name = "unprotect")]
        pub fn unprotect(&self, input: Calldata<TakeOut>) {
            self.take_out(Kind::Unprotect, &input.read());
        }

        #[ink(message, name = "borrow")]
        pub fn borrow(&self, input: Calldata<TakeOut>) {
            self.take_out(Kind::Borrow, &input.read());
        }

        #[ink(message, name = "setCollateral")]
        pub fn set_collateral(&self, input: Calldata<SetCollateral>) {
            let SetCollateral { asset, on, account } = input.read();
            let action = Action::new(Kind::SetCollateral, asset, on.into());
            self.submit_all(account, account, &[action]);
        }

        #[ink(message, name = "setCategory")]
        pub fn set_category(&self, input: Calldata<SetCategory>) {
            let SetCategory { id, account } = input.read();
            let action = Action::new(Kind::SetCategory, Account::ZERO, id.into());
            self.submit_all(account, account, &[action]);
        }

        #[ink(message, name = "submit")]
        pub fn submit(&self, input: Calldata<Submit>) {
            let input = input.read();
            let mut actions = [Action::new(Kind::Supply, Account::ZERO, 0); MAX_ACTIONS];
            let Some(used) = actions.get_mut(..input.given) else {
                host::refuse(&too_many_actions(input.given));
            };
            for (index, (action, raw)) in (0..).zip(used.iter_mut().zip(&input.actions)) {
                match Action::decode(raw.kind, raw.asset, raw.amount, index) {
                    Ok(decoded) => *action = decoded,
                    Err(refusal) => host::refuse(&refusal),
                }
            }
            self.submit_all(input.account, input.to, used);
        }

        /// With data: the collateral is pushed, the caller is called back, the repayment is pulled. Without: the other
        /// way round.
        #[ink(message, name = "liquidate")]
        pub fn liquidate(&self, _input: Calldata<Liquidate>) {
            chain::become_code(&self.root().admin)
        }

        #[ink(message, name = "flashLoan")]
        pub fn flash_loan(&self, _input: Calldata<FlashLoan>) {
            chain::become_code(&self.root().admin)
        }

        #[ink(message, name = "flashLoanBatch")]
        pub fn flash_loan_batch(&self, _input: Calldata<FlashLoanBatch>) {
            chain::become_code(&self.root().admin)
        }

        #[ink(message, name = "maxFlashLoan")]
        pub fn max_flash_loan(&self, _input: Calldata<MaxFlashLoan>) {
            chain::become_code(&self.root().admin)
        }

        #[ink(message, name = "flashFee")]
        pub fn flash_fee(&self, _input: Calldata<FlashFee>) {
            chain::become_code(&self.root().admin)
        }

        #[ink(message, name = "accrue")]
        pub fn accrue(&self, input: Calldata<Accrue>) {
            done(accrue(&mut Chain::new(), &self.root(), &input.read().asset));
        }

        #[ink(message, name = "fundInsurance")]
        pub fn fund_insurance(&self, input: Calldata<FundInsurance>) {
            let FundInsurance { asset, amount } = input.read();
            let caller = chain::caller();
            let (chain, root) = (&mut Chain::new(), &self.root());
            let transfers = done(fund_insurance(chain, root, &caller, &asset, Assets(amount)));
            settle(&caller, &caller, &transfers);
        }

        #[ink(message, name = "onPrices")]
        pub fn on_prices(&self, _input: Calldata<Prices>) {
            lock::refuse_while_open();
            let (mut chain, root, caller) = (Chain::new(), self.root(), chain::caller());
            let mut input = Reader::new(CallData, SELECTOR);
            input.offset(32);
            for _ in 0..input.count(input.left() / PRICE) {
                let Some(price) = price(&mut input) else { chain::malformed() };
                done(on_price(&mut chain, &root, &caller, &price));
            }
            chain::check_end(&input);
        }

        /// Answers what the admin contract returned.
        #[ink(message, name = "administer")]
        pub fn administer(&self, input: Calldata<Administer>) {
            lock::refuse_while_open();
            administer(&self.root().admin, input.read().call)
        }

        #[ink(message, name = "items")]
        pub fn items(&self, _input: Calldata<Keys>) {
            items()
        }
    }

    impl Pool {
        #[inline(never)]
        fn root(&self) -> Root {
            match Root::decode(&self.root) {
                Ok(root) => root,
                Err(corrupt) => host::refuse(&Refusal::from(corrupt)),
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
            let mut transfers = Transfers::default();
            let (chain, root) = (&mut Chain::new(), &self.root());
            done(submit_into(chain, root, &request, actions, &mut transfers));
            settle(&request.caller, &request.to, &transfers);
        }
    }
}

#[cfg(feature = "std")]
fn main() {}
