//! The arguments of the lens's messages, as its Solidity interface names them.

use weir_core::{
    address::Address,
    liquidate::Order,
    submit::{MAX_ACTIONS, Request},
    units::Assets,
};
use weir_shell::{
    arguments::{Arguments, Signature},
    reader::{Reader, Source},
};

/// Bytes of an action in an array of them.
const ACTION: usize = 3 * 32;

weir_shell::arguments! {
    /// `reserveData`.
    OfReserve("address,address") {
        pool: Address = address,
        asset: Address = address,
    }
    /// `accountData`.
    OfAccount("address,address") {
        pool: Address = address,
        account: Address = address,
    }
    /// `limits`.
    OfPosition("address,address,address") {
        pool: Address = address,
        account: Address = address,
        asset: Address = address,
    }
    /// `operator`.
    OfOperator("address,address,address") {
        pool: Address = address,
        account: Address = address,
        operator: Address = address,
    }
    /// `indebted`.
    Indebted("address,uint32") {
        pool: Address = address,
        page: u32 = u32,
    }
}

/// One step of a submission before its kind is known to exist.
#[derive(Clone, Copy, Default)]
pub struct RawAction {
    pub kind: u8,
    pub asset: Address,
    pub amount: u128,
}

/// `preview`.
pub struct Preview {
    pub pool: Address,
    pub request: Request,
    /// How many actions were given; only as many as a submission takes are kept.
    pub given: usize,
    pub actions: [RawAction; MAX_ACTIONS],
}

impl Signature for Preview {
    const TYPES: &'static str = "address,address,address,(uint8,address,uint128)[],address";
}

impl Arguments for Preview {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let (pool, caller, account) = (input.address(), input.address(), input.address());
        input.offset(5 * 32);
        let to = input.address();
        let given = input.count(input.left() / ACTION);
        let mut actions = [RawAction::default(); MAX_ACTIONS];
        for action in actions.iter_mut().take(given) {
            *action = RawAction { kind: input.u8(), asset: input.address(), amount: input.u128() };
        }
        input.skip(given.saturating_sub(MAX_ACTIONS).saturating_mul(ACTION));
        Self { pool, request: Request { caller, account, to }, given, actions }
    }
}

/// `previewLiquidation`.
pub struct PreviewLiquidation {
    pub pool: Address,
    pub caller: Address,
    pub order: Order,
}

impl Signature for PreviewLiquidation {
    const TYPES: &'static str = "address,address,address,address,address,uint128,uint128,bool";
}

impl Arguments for PreviewLiquidation {
    fn read(input: &mut Reader<impl Source>) -> Self {
        Self {
            pool: input.address(),
            caller: input.address(),
            order: Order {
                borrower: input.address(),
                debt: input.address(),
                collateral: input.address(),
                max_repay: Assets(input.u128()),
                min_seized: Assets(input.u128()),
                receive_shares: input.bool(),
            },
        }
    }
}
