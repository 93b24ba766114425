//! Views and previews of a pool. The lens stores nothing and may change nothing: it reads the items of whatever pool it
//! is asked about and runs `weir-core` on them, so that a preview is what the pool would do.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, reason = "ink!'s macros write it")]

#[cfg(not(ink_abi = "sol"))]
compile_error!("the contracts speak the Solidity ABI: build them with `weir build`");

#[cfg(not(feature = "std"))]
mod answers;
#[cfg(not(feature = "std"))]
mod arguments;
#[cfg(not(feature = "std"))]
mod remote;

#[cfg(not(feature = "std"))]
#[ink::contract]
mod lens {
    use crate::answers;
    use crate::arguments::{AccountOf, Liquidation, Page, ReserveOf, Submission};
    use crate::remote::Remote;
    use weir_core::error::Refusal;
    use weir_core::host::Items as _;
    use weir_core::preview::{self, Preview};
    use weir_core::state::{MAX_ITEM, indebted, keys};
    use weir_core::submit::Request;
    use weir_core::view;
    use weir_shell::arguments::Calldata;
    use weir_shell::host;

    /// Nothing.
    #[ink(storage)]
    pub struct Lens {}

    impl Lens {
        /// A lens for any pool.
        #[ink(constructor)]
        pub fn new() -> Self {
            Self {}
        }

        #[ink(message, name = "reserveData")]
        pub fn reserve_data(&self, input: Calldata<ReserveOf>) {
            let ReserveOf { pool, asset } = input.read();
            let (mut remote, root) = sound(Remote::open(&pool));
            let data = sound(view::reserve_data(&mut remote, &root, &asset));
            answers::reserve(&data, remote.now())
        }

        #[ink(message, name = "accountData")]
        pub fn account_data(&self, input: Calldata<AccountOf>) {
            let AccountOf { pool, account } = input.read();
            let (mut remote, _) = sound(Remote::open(&pool));
            answers::account(&sound(view::account_data(&mut remote, &account)))
        }

        #[ink(message, name = "preview")]
        pub fn preview(&self, input: Calldata<Submission>) {
            let input = input.read();
            let Submission { pool, caller, account, to, .. } = input;
            let (mut remote, root) = sound(Remote::open(&pool));
            let request = Request { caller, account, to };
            let preview = match input.actions() {
                Ok(actions) => preview::preview(&mut remote, &root, &request, actions),
                Err(refusal) => view::account_data(&mut remote, &account).map(|data| Preview {
                    result: Err(refusal),
                    health_before: data.health_factor,
                    health_after: data.health_factor,
                }),
            };
            answers::submission(&sound(preview))
        }

        #[ink(message, name = "previewLiquidation")]
        pub fn preview_liquidation(&self, input: Calldata<Liquidation>) {
            let Liquidation { pool, caller, order } = input.read();
            let (mut remote, root) = sound(Remote::open(&pool));
            let preview = preview::preview_liquidation(&mut remote, &root, &caller, &order);
            answers::liquidation(&sound(preview))
        }

        #[ink(message, name = "indebted")]
        pub fn indebted(&self, input: Calldata<Page>) {
            let Page { pool, page } = input.read();
            let (mut remote, _) = sound(Remote::open(&pool));
            let mut count = [0; MAX_ITEM];
            let length = remote.read(&keys::INDEBTED_COUNT, &mut count);
            let count = indebted::decode_count(count.get(..length).unwrap_or(&[]));
            let total = sound(count.map_err(Refusal::from));
            let mut item = [0; MAX_ITEM];
            let length = remote.read(&keys::indebted_page(page), &mut item);
            let accounts = indebted::addresses(item.get(..length).unwrap_or(&[]));
            answers::accounts(sound(accounts.map_err(Refusal::from)), total)
        }
    }

    /// What was found; ends the message with the error otherwise.
    fn sound<T>(found: Result<T, Refusal>) -> T {
        match found {
            Ok(value) => value,
            Err(refusal) => host::refuse(&refusal),
        }
    }
}

#[cfg(feature = "std")]
fn main() {}
