//! What the messages take.

use weir_core::address::Address;
use weir_shell::{
    arguments::{Arguments, Signature},
    reader::{Reader, Source},
};

weir_shell::arguments! {
    /// `addLiquidity`.
    AddLiquidity("address,address,uint128,uint128") {
        token_a: Address = address,
        token_b: Address = address,
        amount_a: u128 = u128,
        amount_b: u128 = u128,
    }
    /// `swap`.
    Swap("address,address,uint128,uint128,address") {
        token_in: Address = address,
        token_out: Address = address,
        amount_in: u128 = u128,
        min_out: u128 = u128,
        to: Address = address,
    }
    /// `quote`.
    Quote("address,address,uint128") {
        token_in: Address = address,
        token_out: Address = address,
        amount_in: u128 = u128,
    }
    /// `reserves`.
    Pair("address,address") { token_a: Address = address, token_b: Address = address }
}

/// The constructor.
pub struct Deploy {
    pub fee_bps: u16,
}

impl Signature for Deploy {
    const TYPES: &'static str = "uint16";
}

impl Arguments for Deploy {
    const HEAD: usize = 0;

    fn read(input: &mut Reader<impl Source>) -> Self {
        Self { fee_bps: input.u16() }
    }
}
