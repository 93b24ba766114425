//! Reporters' bonds: lodged and paid out in one token, slashed for the insurance of a pool.

use crate::events;
use ink::codegen::sol::selector_bytes;
use weir_core::address::Address;
use weir_core::feed::{BondRefused, FeedRoot, MAX_FAULT};
use weir_core::units::Bps;
use weir_shell::chain::{self, Entry};
use weir_shell::feed::arguments::SetBonds;
use weir_shell::feed::items;
use weir_shell::feed::refuse::{Refusal, refuse, refuse_one, refuse_plain};
use weir_shell::token::{self, TokenFailure};
use weir_shell::writer::Writer;

const FUND_INSURANCE: [u8; 4] = selector_bytes("fundInsurance(address,uint128)");

/// Says what reporters must lodge and what a fault is. The token changes only while nothing of it is held.
pub fn set(root: &mut FeedRoot, input: &SetBonds) {
    let SetBonds { token, least, fault, allowed } = *input;
    if !token.is_zero() && !chain::has_code(&token) {
        refuse_one(Refusal::NotContract, &token);
    }
    let mut control = items::control();
    if let Err(held) = control.bonds.set(token, least) {
        refuse(Refusal::BondTokenHeld, held.into(), (&control.bonds.token).into());
    }
    if root.set_faults(Bps(fault), allowed).is_err() {
        refuse(Refusal::BadFaults, fault.into(), MAX_FAULT.0.into());
    }
    items::store_control(&control);
    events::bonds_set(&control.bonds, root);
}

/// Lodges more for the caller. Booked before the token is called, which cannot call back.
pub fn deposit(amount: u128) {
    let caller = chain::caller();
    let mut control = items::control();
    if amount == 0 || control.bonds.token.is_zero() {
        refuse_plain(Refusal::ZeroAmount);
    }
    let mut bond = items::bond(&caller);
    if control.bonds.deposit(&mut bond, amount).is_err() {
        refuse_plain(Refusal::Overflow);
    }
    items::store_control(&control);
    items::store_bond(&caller, &bond);
    events::bond_deposited(&caller, amount, bond.amount);
    let token = control.bonds.token;
    done(&token, token::transfer_from(&token, &caller, &chain::this(), amount));
}

/// Pays the caller's bond out, once he is no reporter and the delay is over.
pub fn withdraw(root: &FeedRoot) {
    let caller = chain::caller();
    let (mut control, mut bond) = (items::control(), items::bond(&caller));
    let now = items::now();
    let reports = root.reporter(&caller).is_some();
    let amount = match control.bonds.withdraw(&mut bond, reports, now) {
        Ok(amount) => amount,
        Err(BondRefused::Nothing) => refuse_plain(Refusal::ZeroAmount),
        // Locked without an end: only another list of reporters ends it.
        Err(BondRefused::Reporter) => refuse(Refusal::BondLocked, u32::MAX.into(), now.0.into()),
        Err(BondRefused::Locked(until)) => {
            refuse(Refusal::BondLocked, until.0.into(), now.0.into())
        }
    };
    items::store_control(&control);
    items::store_bond(&caller, &bond);
    events::bond_withdrawn(&caller, amount);
    let token = control.bonds.token;
    done(&token, token::transfer(&token, &caller, amount));
}

/// Pays what was slashed to the insurance of the bond token's reserve in a subscribed pool.
pub fn fund_insurance(root: &FeedRoot, pool: &Address) {
    if !root.subscribers().iter().any(|known| known.pool == *pool) {
        refuse_one(Refusal::NotSubscribed, pool);
    }
    let mut control = items::control();
    let amount = control.bonds.take_slashed();
    if amount == 0 {
        refuse_plain(Refusal::NothingSlashed);
    }
    items::store_control(&control);
    events::insurance_funded(pool, amount);
    let token = control.bonds.token;
    done(&token, token::approve(&token, pool, amount));
    let mut buffer = [0; 4 + 2 * 32];
    let mut input = Writer::new(&mut buffer);
    input.raw(&FUND_INSURANCE);
    input.address(&token);
    input.number(amount);
    let (funded, _) = chain::call(Entry::Closed, pool, input.written(), &mut []);
    if let Err(reason) = funded {
        refuse(Refusal::FundingFailed, pool.into(), u32::from(reason).into());
    }
}

fn done(token: &Address, result: Result<(), TokenFailure>) {
    if let Err(TokenFailure(reason)) = result {
        refuse(Refusal::TokenFailed, token.into(), reason.into());
    }
}
