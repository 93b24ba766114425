//! The markets.

use crate::arguments::{AddLiquidity, Swap};
use ink::codegen::sol::keccak_256;
use weir_core::{address::Address, error::Word, math::mul_add_div};
use weir_shell::{
    chain,
    token::{self, TokenFailure},
};

/// Basis points in one.
pub const BPS: u16 = 10_000;

weir_shell::refusals! {
    ZeroAmount = "ZeroAmount(uint256,uint256)",
    SameToken = "SameToken(uint256,uint256)",
    NoMarket = "NoMarket(uint256,uint256)",
    TooLittleOut = "TooLittleOut(uint256,uint256)",
    TokenFailed = "TokenFailed(uint256,uint256)",
    BadParameter = "BadParameter(uint256,uint256)",
    Overflow = "Overflow(uint256,uint256)",
}

/// A word of the interface.
pub fn word(value: impl Into<Word>) -> [u8; 32] {
    value.into().to_be_bytes()
}

/// What lies in the market of two tokens, in their order here.
pub fn reserves(a: &Address, b: &Address) -> (u128, u128) {
    let mut buffer = [0; 32];
    let item = chain::get_storage(&key(a, b), &mut buffer).unwrap_or(&[]);
    let half = |bytes: Option<&[u8; 16]>| bytes.map_or(0, |bytes| u128::from_le_bytes(*bytes));
    let (low, high) = (half(item.first_chunk()), half(item.last_chunk()));
    if a < b { (low, high) } else { (high, low) }
}

fn store(a: &Address, b: &Address, reserves: (u128, u128)) {
    let (low, high) = if a < b { reserves } else { (reserves.1, reserves.0) };
    chain::set_storage(&key(a, b), [low.to_le_bytes(), high.to_le_bytes()].as_flattened());
}

fn key(a: &Address, b: &Address) -> [u8; 40] {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    let mut key = [0; 40];
    for (place, byte) in key.iter_mut().zip(low.0.into_iter().chain(high.0)) {
        *place = byte;
    }
    key
}

/// Takes liquidity in, for good.
pub fn add(input: &AddLiquidity) {
    let AddLiquidity { token_a, token_b, amount_a, amount_b } = input;
    refuse_same(token_a, token_b);
    refuse_nothing(*amount_a);
    refuse_nothing(*amount_b);
    let (a, b) = reserves(token_a, token_b);
    store(token_a, token_b, (sum(a, *amount_a), sum(b, *amount_b)));
    let (caller, this) = (chain::caller(), chain::this());
    paid(token_a, token::transfer_from(token_a, &caller, &this, *amount_a));
    paid(token_b, token::transfer_from(token_b, &caller, &this, *amount_b));
    let topic = const { keccak_256(b"LiquidityAdded(address,address,uint128,uint128)") };
    let data = [word(*amount_a), word(*amount_b)];
    chain::emit(&[topic, word(token_a), word(token_b)], data.as_flattened());
}

/// What so much brings: out·in' / (reserve in + in'), where in' is what the fee leaves; rounded down twice.
pub fn out(token_in: &Address, token_out: &Address, amount_in: u128, fee_bps: u16) -> u128 {
    refuse_same(token_in, token_out);
    let (reserve_in, reserve_out) = reserves(token_in, token_out);
    if reserve_in == 0 || reserve_out == 0 {
        Refusal::NoMarket.end(&[word(token_in), word(token_out)]);
    }
    let kept = u128::from(BPS.saturating_sub(fee_bps));
    let after_fee = mul_add_div(amount_in, kept, 0, BPS.into());
    let bought = after_fee
        .and_then(|(amount, _)| mul_add_div(reserve_out, amount, 0, sum(reserve_in, amount)));
    bought.map_or_else(|_| overflow(), |(bought, _)| bought)
}

/// Swaps and returns what it brought.
pub fn swap(input: &Swap, fee_bps: u16) -> u128 {
    let Swap { token_in, token_out, amount_in, min_out, to } = input;
    refuse_nothing(*amount_in);
    let bought = out(token_in, token_out, *amount_in, fee_bps);
    if bought < *min_out || bought == 0 {
        Refusal::TooLittleOut.end(&[word(bought), word(*min_out)]);
    }
    let (reserve_in, reserve_out) = reserves(token_in, token_out);
    // What is bought is less than what is there.
    let left = reserve_out.checked_sub(bought).unwrap_or_else(|| overflow());
    store(token_in, token_out, (sum(reserve_in, *amount_in), left));
    let caller = chain::caller();
    paid(token_in, token::transfer_from(token_in, &caller, &chain::this(), *amount_in));
    paid(token_out, token::transfer(token_out, to, bought));
    let topic = const { keccak_256(b"Swapped(address,address,address,address,uint128,uint128)") };
    let data = [word(&caller), word(to), word(*amount_in), word(bought)];
    chain::emit(&[topic, word(token_in), word(token_out)], data.as_flattened());
    bought
}

fn refuse_same(a: &Address, b: &Address) {
    if a == b {
        Refusal::SameToken.end(&[word(a), word(0_u8)]);
    }
}

fn refuse_nothing(amount: u128) {
    if amount == 0 {
        Refusal::ZeroAmount.end(&[word(0_u8), word(0_u8)]);
    }
}

fn sum(a: u128, b: u128) -> u128 {
    a.checked_add(b).unwrap_or_else(|| overflow())
}

fn overflow() -> ! {
    Refusal::Overflow.end(&[word(0_u8), word(0_u8)])
}

fn paid(token: &Address, result: Result<(), TokenFailure>) {
    if let Err(TokenFailure(flags)) = result {
        Refusal::TokenFailed.end(&[word(token), word(flags)]);
    }
}
