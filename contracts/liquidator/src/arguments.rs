//! What the messages take.

use weir_core::address::Address;
use weir_shell::{
    arguments::{Arguments, Signature},
    reader::{Reader, Source},
};

weir_shell::arguments! {
    /// `liquidate`.
    Job("(address,address,address,uint128,uint128,uint128,bool)") {
        borrower: Address = address,
        debt: Address = address,
        collateral: Address = address,
        max_repay: u128 = u128,
        min_seized: u128 = u128,
        min_profit: u128 = u128,
        flash: bool = bool,
    }
    /// `sweep`.
    Sweep("address,address,uint128") { token: Address = address, to: Address = address, amount: u128 = u128 }
    /// `setVenue`.
    SetVenue("address") { venue: Address = address }
}

/// The constructor.
pub struct Deploy {
    pub owner: Address,
    pub pool: Address,
    pub venue: Address,
}

impl Signature for Deploy {
    const TYPES: &'static str = "address,address,address";
}

impl Arguments for Deploy {
    const HEAD: usize = 0;

    fn read(input: &mut Reader<impl Source>) -> Self {
        Self { owner: input.address(), pool: input.address(), venue: input.address() }
    }
}

/// `onLiquidate`; what came along with the job is not needed again.
pub struct Liquidated {
    pub debt: Address,
    pub collateral: Address,
    pub repay: u128,
    pub received: u128,
}

impl Signature for Liquidated {
    const TYPES: &'static str = "address,address,address,uint128,uint128,bytes";
}

impl Arguments for Liquidated {
    fn read(input: &mut Reader<impl Source>) -> Self {
        input.address();
        let (debt, collateral) = (input.address(), input.address());
        let (repay, received) = (input.u128(), input.u128());
        input.offset(6 * 32);
        input.bytes();
        Self { debt, collateral, repay, received }
    }
}

/// `onFlashLoan`, with the job that this contract sent along.
pub struct FlashLoaned {
    pub initiator: Address,
    pub token: Address,
    pub amount: u128,
    pub fee: u128,
    pub borrower: Address,
    pub collateral: Address,
    pub min_seized: u128,
}

impl Signature for FlashLoaned {
    const TYPES: &'static str = "address,address,uint256,uint256,bytes";
}

impl Arguments for FlashLoaned {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let (initiator, token) = (input.address(), input.address());
        let (amount, fee) = (input.u128(), input.u128());
        input.offset(5 * 32);
        let length = input.count(input.left());
        input.require(length == 3 * 32);
        let (borrower, collateral, min_seized) = (input.address(), input.address(), input.u128());
        Self { initiator, token, amount, fee, borrower, collateral, min_seized }
    }
}
