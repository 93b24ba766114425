//! Rare operations of a pool. The pool delegate-calls this code, so that it runs in the pool's storage and emits the
//! pool's events; its own storage is empty, and called directly it refuses.
//!
//! Messages that change the root take `&mut self`: ink! writes the root back at their end. None of them calls out after
//! it has changed the root, but for the tokens that `list` and `skim` ask, which cannot call the pool back.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, reason = "ink!'s macros write it")]

#[cfg(not(ink_abi = "sol"))]
compile_error!("the contracts speak the Solidity ABI: build them with `weir build`");

#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod events;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod admin {
    use crate::arguments::{
        List, Pause, SetLimits, SetParameters, SetRole, Skim, Unpause,
    };
    use crate::events;
    use weir_core::address::Address as Account;
    use weir_core::config::ReserveConfig;
    use weir_core::control::{self, Role, Skimmed};
    use weir_core::error::{Code, Refusal, Word, refuse, refuse_one, refuse_plain};
    use weir_core::listing::{self, Start};
    use weir_core::state::Root;
    use weir_core::state::root::ROOT_LEN;
    use weir_core::units::{Assets, Bps, Value};
    use weir_shell::arguments::Calldata;
    use weir_shell::chain;
    use weir_shell::host::{self, Chain};
    use weir_shell::lock;
    use weir_shell::token::{self, TokenFailure};

    /// The root of the pool whose storage this runs in.
    #[ink(storage)]
    pub struct Admin {
        root: [u8; ROOT_LEN],
    }

    impl Admin {
        /// Code without a pool of its own.
        #[ink(constructor)]
        pub fn new() -> Self {
            Self { root: [0; ROOT_LEN] }
        }

        #[ink(message, name = "list")]
        pub fn list(&mut self, input: Calldata<List>) {
            let input = input.read();
            self.govern(|root| list(root, &input));
        }

        #[ink(message, name = "setParameters")]
        pub fn set_parameters(&mut self, input: Calldata<SetParameters>) {
            let input = input.read();
            self.govern(|root| {
                root.govern(&chain::caller())?;
                let mut host = Chain::new();
                let config = known(input.parameters)?;
                listing::reconfigure(&mut host, root, &input.asset, &config)?;
                let reserve = control::stored_reserve(&mut host, root, &input.asset)?;
                events::parameters_set(&input.asset, &reserve);
                Ok(())
            });
        }

        #[ink(message, name = "setRole")]
        pub fn set_role(&mut self, input: Calldata<SetRole>) {
            let SetRole { role, holder } = input.read();
            self.govern(|root| {
                let governor = root.govern(&chain::caller())?;
                let previous = root.set_role(governor, Role::from_code(role)?, holder)?;
                events::role_set(role, &holder, &previous);
                Ok(())
            });
        }

        #[ink(message, name = "pause")]
        pub fn pause(&mut self, input: Calldata<Pause>) {
            let Pause { asset, operations, duration } = input.read();
            self.govern(|root| {
                let guard = root.guard(&chain::caller())?;
                let pause = control::change_pause(&mut Chain::new(), root, &asset, |pause, now| {
                    pause.extended(guard, operations, duration, now)
                })?;
                events::pause_set(&asset, &pause);
                Ok(())
            });
        }

        #[ink(message, name = "unpause")]
        pub fn unpause(&mut self, input: Calldata<Unpause>) {
            let Unpause { asset, operations } = input.read();
            self.govern(|root| {
                let governor = root.govern(&chain::caller())?;
                let pause = control::change_pause(&mut Chain::new(), root, &asset, |pause, now| {
                    pause.lifted(governor, operations, now)
                })?;
                events::pause_set(&asset, &pause);
                Ok(())
            });
        }

        #[ink(message, name = "setLimits")]
        pub fn set_limits(&mut self, input: Calldata<SetLimits>) {
            let SetLimits { dust, min_debt, target_health } = input.read();
            self.govern(|root| {
                let governor = root.govern(&chain::caller())?;
                root.set_limits(governor, Value(dust), Value(min_debt), Bps(target_health))?;
                events::limits_set(root);
                Ok(())
            });
        }

        #[ink(message, name = "skim")]
        pub fn skim(&mut self, input: Calldata<Skim>) {
            let Skim { asset } = input.read();
            self.govern(|root| skim(root, &asset));
        }
    }

    impl Admin {
        /// Reads the root, changes it, and leaves it to ink! to write it back.
        fn govern(&mut self, change: impl FnOnce(&mut Root) -> Result<(), Refusal>) {
            if lock::is_closed() {
                host::refuse(&refuse_plain(Code::CallbackOpen));
            }
            let root = Root::decode(&self.root).map_err(Refusal::from);
            let changed = root.and_then(|mut root| change(&mut root).map(|()| root));
            match changed {
                Ok(root) => self.root = root.encode(),
                Err(refusal) => host::refuse(&refusal),
            }
        }
    }

    /// Listing is atomic: the token is known to pay in full what it says, or nothing of it stays.
    fn list(root: &mut Root, input: &List) -> Result<(), Refusal> {
        let caller = chain::caller();
        root.govern(&caller)?;
        if !chain::has_code(&input.asset) {
            return Err(refuse_one(Code::NotContract, Word::from(&input.asset)));
        }
        let decimals = token::decimals(&input.asset).map_err(|failure| failed(&input.asset, failure))?;
        let config = known(input.parameters)?.validate(decimals, root.target_health)?;
        let start = Start {
            token: input.asset,
            seed: Assets(input.seed),
            floor: Assets(input.floor),
        };
        let mut host = Chain::new();
        let (id, transfers) = listing::list(&mut host, root, &caller, &config, &start)?;
        for transfer in transfers.iter() {
            probe(&transfer.token, &caller, transfer.amount.0)?;
        }
        events::listed(&input.asset, id, decimals, input.seed, input.floor);
        Ok(())
    }

    /// Pulls a payment and looks whether all of it arrived: a token that takes a fee is found here.
    fn probe(token: &Account, payer: &Account, amount: u128) -> Result<(), Refusal> {
        let pool = chain::this();
        let failed = |failure| failed(token, failure);
        let before = token::balance_of(token, &pool).map_err(failed)?;
        token::transfer_from(token, payer, &pool, amount).map_err(failed)?;
        let after = token::balance_of(token, &pool).map_err(failed)?;
        if before.checked_add(amount) == Some(after) {
            return Ok(());
        }
        Err(refuse(Code::TokenFailed, Word::from(token), Word::from(after)))
    }

    fn skim(root: &Root, asset: &Account) -> Result<(), Refusal> {
        let balance = token::balance_of(asset, &chain::this()).map_err(|failure| failed(asset, failure))?;
        match control::skim(&mut Chain::new(), root, asset, Assets(balance))? {
            Skimmed::Surplus { assets, shares } => events::skimmed(asset, assets, shares),
            Skimmed::Shortfall { owed } => events::shortfall(asset, balance, owed),
        }
        Ok(())
    }

    fn known(parameters: Option<ReserveConfig>) -> Result<ReserveConfig, Refusal> {
        // The rate model is the eleventh parameter.
        parameters.ok_or_else(|| refuse(Code::BadParameter, Word::from(10_u8), Word::from(2_u8)))
    }

    fn failed(token: &Account, failure: TokenFailure) -> Refusal {
        refuse(Code::TokenFailed, Word::from(token), Word::from(failure.0))
    }
}

#[cfg(feature = "std")]
fn main() {}
