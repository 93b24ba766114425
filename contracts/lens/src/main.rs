//! Views and previews of a pool, read-only.
//!
//! The lens holds nothing. It reads the raw items of the pool that it is asked about and runs `weir-core` on them, so
//! that what it says is what the pool would do.

#![cfg_attr(not(feature = "std"), no_std, no_main)]

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
    use crate::{
        answers,
        arguments::{
            Indebted, OfAccount, OfOperator, OfPosition, OfReserve, Preview, PreviewLiquidation,
            RawAction,
        },
        remote::{Key, Remote},
    };
    use weir_core::{
        address::Address as Account,
        error::{Code, Refusal, Word, refuse},
        headroom::head_room,
        host::{Host, Items},
        preview::{self, preview_liquidation},
        state::{MAX_ITEM, indebted, keys},
        submit::{Action, Kind, MAX_ACTIONS},
        transfers::Transfers,
        view::{account_data, reserve_data},
    };
    use weir_shell::{arguments::Calldata, host::done};

    /// ink! wants a root; nothing is kept in it.
    #[ink(storage)]
    pub struct Lens {
        layout: u8,
    }

    impl Lens {
        /// A lens for every pool.
        #[ink(constructor)]
        #[expect(clippy::new_without_default, reason = "ink! wants a constructor by name")]
        pub fn new() -> Self {
            Self { layout: 1 }
        }

        #[ink(message, name = "reserveData")]
        pub fn reserve_data(&self, input: Calldata<OfReserve>) {
            let OfReserve { pool, asset } = input.read();
            let mut remote = Remote::new(pool);
            let root = done(remote.open(&[]));
            let data = done(reserve_data(&mut remote, &root, &asset));
            answers::reserve(&data, Host::now(&remote))
        }

        #[ink(message, name = "accountData")]
        pub fn account_data(&self, input: Calldata<OfAccount>) {
            let OfAccount { pool, account } = input.read();
            let mut remote = Remote::new(pool);
            let root = done(remote.open(&[account]));
            let stored = done(remote.load_account(&account));
            done(remote.fetch_reserves(&root, &stored, core::iter::empty()));
            answers::account(&done(account_data(&mut remote, &account)))
        }

        /// The actions' own faults are part of the answer, as in the pool's `submit`.
        #[ink(message, name = "preview")]
        pub fn preview(&self, input: Calldata<Preview>) {
            let input = input.read();
            let mut remote = Remote::new(input.pool);
            let account = input.request.account;
            let root = done(remote.open(&[account]));
            let stored = done(remote.load_account(&account));
            let tokens = input.actions.iter().take(input.given).map(|action| action.asset);
            done(remote.fetch_reserves(&root, &stored, tokens));
            let mut actions = [Action::new(Kind::Supply, Account::ZERO, 0); MAX_ACTIONS];
            let preview = match decode(&input.actions, input.given, &mut actions) {
                Ok(actions) => done(preview::preview(&mut remote, &root, &input.request, actions)),
                Err(_) => {
                    let health = done(account_data(&mut remote, &account)).health_factor;
                    // A contract keeps the words of its last refusal only, and looking at the health may have brought
                    // up another: the fault is found once more.
                    let fault = decode(&input.actions, input.given, &mut actions);
                    preview::Preview {
                        result: fault.map(|_| Transfers::default()),
                        health_before: health,
                        health_after: health,
                    }
                }
            };
            answers::preview(&preview)
        }

        #[ink(message, name = "previewLiquidation")]
        pub fn preview_liquidation(&self, input: Calldata<PreviewLiquidation>) {
            let PreviewLiquidation { pool, caller, order } = input.read();
            let mut remote = Remote::new(pool);
            let root = done(remote.open(&[order.borrower, caller]));
            let stored = done(remote.load_account(&order.borrower));
            let tokens = [order.debt, order.collateral].into_iter();
            done(remote.fetch_reserves(&root, &stored, tokens));
            answers::liquidation(&done(preview_liquidation(&mut remote, &root, &caller, &order)))
        }

        #[ink(message, name = "limits")]
        pub fn limits(&self, input: Calldata<OfPosition>) {
            let OfPosition { pool, account, asset } = input.read();
            let mut remote = Remote::new(pool);
            let root = done(remote.open(&[account]));
            let stored = done(remote.load_account(&account));
            done(remote.fetch_reserves(&root, &stored, core::iter::once(asset)));
            answers::limits(|kind| done(head_room(&mut remote, &root, &account, &asset, kind)))
        }

        #[ink(message, name = "operator")]
        pub fn operator(&self, input: Calldata<OfOperator>) {
            let OfOperator { pool, account, operator } = input.read();
            let mut remote = Remote::new(pool);
            done(remote.open(&[]));
            let grant = done(remote.load_grant(&account, &operator));
            answers::grant(&grant, Host::now(&remote))
        }

        #[ink(message, name = "indebted")]
        pub fn indebted(&self, input: Calldata<Indebted>) {
            let Indebted { pool, page } = input.read();
            let mut remote = Remote::new(pool);
            done(remote.open(&[]));
            let page = keys::indebted_page(page);
            done(remote.fetch(&[Key::new(&keys::INDEBTED_COUNT), Key::new(&page)]));
            let mut buffer = [0; MAX_ITEM];
            let length = remote.read(&keys::INDEBTED_COUNT, &mut buffer);
            let count = buffer.get(..length).unwrap_or_default();
            let total = done(indebted::decode_count(count).map_err(Refusal::from));
            let length = remote.read(&page, &mut buffer);
            let item = buffer.get(..length).unwrap_or_default();
            // An item that is not of whole addresses is refused; the iterator is walked twice.
            done(indebted::addresses(item).map(drop).map_err(Refusal::from));
            let (addresses, _) = item.as_chunks::<20>();
            answers::indebted(addresses.iter().map(|bytes| Account(*bytes)), total)
        }
    }

    /// The actions, if the pool would take them.
    fn decode<'a>(
        raw: &[RawAction],
        given: usize,
        actions: &'a mut [Action; MAX_ACTIONS],
    ) -> Result<&'a [Action], Refusal> {
        let Some(used) = actions.get_mut(..given) else {
            let given = u64::try_from(given).unwrap_or(u64::MAX);
            let allowed = u64::try_from(MAX_ACTIONS).unwrap_or(u64::MAX);
            return Err(refuse(Code::TooManyActions, Word::from(given), Word::from(allowed)));
        };
        for (index, (action, raw)) in (0..).zip(used.iter_mut().zip(raw)) {
            *action = Action::decode(raw.kind, raw.asset, raw.amount, index)?;
        }
        Ok(used)
    }
}

#[cfg(feature = "std")]
fn main() {}
