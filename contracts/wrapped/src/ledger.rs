//! Where the token keeps its books: an item for each balance and each allowance, one for the supply, two for its names.

use crate::{
    arguments::Deploy,
    refuse::{Refusal, word},
};
use weir_core::{address::Address, math::U256, units::Assets, wrapped};
use weir_shell::chain;

/// The item with the answer of `name`.
pub const NAME: u8 = b'n';
/// The item with the answer of `symbol`.
pub const SYMBOL: u8 = b's';
const SUPPLY: [u8; 1] = [b't'];
const BALANCE: u8 = b'b';
const ALLOWANCE: u8 = b'a';

/// Keeps the names.
pub fn describe(input: &Deploy) {
    chain::set_storage(&[NAME], input.name.answer());
    chain::set_storage(&[SYMBOL], input.symbol.answer());
}

/// Answers with a name.
pub fn answer_text(item: u8) -> ! {
    let mut buffer = [0; 128];
    chain::answer(chain::get_storage(&[item], &mut buffer).unwrap_or(&[]))
}

/// All there is.
pub fn supply() -> Assets {
    load(&SUPPLY)
}

/// Sets it.
pub fn set_supply(amount: Assets) {
    chain::set_storage(&SUPPLY, &amount.0.to_le_bytes());
}

/// What `account` has.
pub fn balance(account: &Address) -> Assets {
    load(&balance_key(account))
}

/// Takes from `account` and returns how much; refuses what it does not have.
pub fn debit(account: &Address, amount: [u8; 32]) -> Assets {
    let key = balance_key(account);
    let balance = load(&key);
    match wrapped::debit(balance, U256::from_be_bytes(amount)) {
        Some((left, amount)) => {
            chain::set_storage(&key, &left.0.to_le_bytes());
            amount
        }
        None => {
            Refusal::ERC20InsufficientBalance.end(&[word(account), word(balance), amount]);
        }
    }
}

/// Gives to `account`.
pub fn credit(account: &Address, amount: Assets) {
    let key = balance_key(account);
    // Balances sum up to the supply, which was checked when it grew.
    match load(&key).checked_add(amount) {
        Ok(balance) => chain::set_storage(&key, &balance.0.to_le_bytes()),
        Err(_) => Refusal::Overflow.end(&[word(0_u8); 2]),
    }
}

/// What `spender` may take of `owner`.
pub fn allowance(owner: &Address, spender: &Address) -> U256 {
    let mut buffer = [0; 32];
    let item = chain::get_storage(&allowance_key(owner, spender), &mut buffer);
    item.and_then(|item| item.first_chunk().copied()).map_or(U256::ZERO, U256::from_be_bytes::<32>)
}

/// Sets it.
pub fn set_allowance(owner: &Address, spender: &Address, amount: U256) {
    chain::set_storage(&allowance_key(owner, spender), &amount.to_be_bytes::<32>());
}

fn load(key: &[u8]) -> Assets {
    let mut buffer = [0; 16];
    let item = chain::get_storage(key, &mut buffer);
    Assets(item.and_then(|item| item.first_chunk()).map_or(0, |item| u128::from_le_bytes(*item)))
}

fn balance_key(account: &Address) -> [u8; 21] {
    let mut key = [BALANCE; 21];
    if let Some(tail) = key.last_chunk_mut() {
        *tail = account.0;
    }
    key
}

fn allowance_key(owner: &Address, spender: &Address) -> [u8; 41] {
    let mut key = [ALLOWANCE; 41];
    if let Some((head, tail)) = key.split_last_chunk_mut::<20>() {
        *tail = spender.0;
        if let Some(owner_part) = head.last_chunk_mut() {
            *owner_part = owner.0;
        }
    }
    key
}
