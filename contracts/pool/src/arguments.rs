//! The arguments of the pool's messages, as its Solidity interface names them.

use weir_core::{
    address::Address,
    feed::{Push, Status},
    prices::PricePush,
    submit::MAX_ACTIONS,
    units::{Bps, Price, Timestamp},
};
use weir_shell::{
    arguments::{Arguments, Signature},
    reader::{Range, Reader, Source},
};

/// Bytes of an action in an array of them.
const ACTION: usize = 3 * 32;

weir_shell::arguments! {
    /// `supply`, `protect`, `repay`.
    PayIn("address,uint128,address") {
        asset: Address = address,
        amount: u128 = u128,
        account: Address = address,
    }
    /// `withdraw`, `unprotect`, `borrow`.
    TakeOut("address,uint128,address,address") {
        asset: Address = address,
        amount: u128 = u128,
        account: Address = address,
        to: Address = address,
    }
    /// `setCollateral`.
    SetCollateral("address,bool,address") {
        asset: Address = address,
        on: bool = bool,
        account: Address = address,
    }
    /// `setCategory`.
    SetCategory("uint8,address") {
        id: u8 = u8,
        account: Address = address,
    }
    /// `accrue`.
    Accrue("address") {
        asset: Address = address,
    }
    /// `fundInsurance`.
    FundInsurance("address,uint128") {
        asset: Address = address,
        amount: u128 = u128,
    }
}

/// The constructor.
pub struct Deploy {
    pub governor: Address,
    pub admin: Address,
    pub feed: Address,
    pub dust: u128,
    pub min_debt: u128,
}

impl Signature for Deploy {
    const TYPES: &'static str = "address,address,address,uint128,uint128";
}

impl Arguments for Deploy {
    const HEAD: usize = 0;

    fn read(input: &mut Reader<impl Source>) -> Self {
        Self {
            governor: input.address(),
            admin: input.address(),
            feed: input.address(),
            dust: input.u128(),
            min_debt: input.u128(),
        }
    }
}

/// One step of `submit` before its kind is known to exist.
#[derive(Clone, Copy, Default)]
pub struct RawAction {
    pub kind: u8,
    pub asset: Address,
    pub amount: u128,
}

/// `submit`.
pub struct Submit {
    pub account: Address,
    pub to: Address,
    /// How many actions were given; only as many as a submission takes are kept.
    pub given: usize,
    pub actions: [RawAction; MAX_ACTIONS],
}

impl Signature for Submit {
    const TYPES: &'static str = "address,(uint8,address,uint128)[],address";
}

impl Arguments for Submit {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let account = input.address();
        input.offset(3 * 32);
        let to = input.address();
        let given = input.count(input.left() / ACTION);
        let mut actions = [RawAction::default(); MAX_ACTIONS];
        for action in actions.iter_mut().take(given) {
            *action = RawAction { kind: input.u8(), asset: input.address(), amount: input.u128() };
        }
        input.skip(given.saturating_sub(MAX_ACTIONS).saturating_mul(ACTION));
        Self { account, to, given, actions }
    }
}

/// Messages that the admin contract's code reads.
macro_rules! handed_on {
    ($($(#[$doc:meta])* $name:ident($types:literal);)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Signature for $name {
            const TYPES: &'static str = $types;
        }
    )*};
}

handed_on! {
    /// `liquidate`.
    Liquidate("address,address,address,uint128,uint128,bool,bytes");
    /// `flashLoan`.
    FlashLoan("address,address,uint256,bytes");
    /// `flashLoanBatch`.
    FlashLoanBatch("address,address[],uint128[],bytes");
    /// `maxFlashLoan`.
    MaxFlashLoan("address");
    /// `flashFee`.
    FlashFee("address,uint256");
}

/// `onPrices`, read element by element.
pub struct Prices;

impl Signature for Prices {
    const TYPES: &'static str = "(address,uint128,uint16,uint16,uint32,uint32,uint8,uint16)[]";
}

/// Bytes of a price in an array of them.
pub const PRICE: usize = 8 * 32;

/// One element of `onPrices`; `None` if there is no such status.
pub fn price(input: &mut Reader<impl Source>) -> Option<PricePush> {
    let asset = input.address();
    let median = Price(input.u128());
    let (down, up) = (Bps(input.u16()), Bps(input.u16()));
    let (time, round) = (Timestamp(input.u32()), input.u32());
    let status = Status::from_code(input.u8());
    let volatility = Bps(input.u16());
    let price = Push { median, down, up, time, round, status: status?, volatility };
    Some(PricePush { asset, price })
}

/// `administer`.
pub struct Administer {
    /// Calldata for the admin contract.
    pub call: Range,
}

impl Signature for Administer {
    const TYPES: &'static str = "bytes";
}

impl Arguments for Administer {
    fn read(input: &mut Reader<impl Source>) -> Self {
        input.offset(32);
        Self { call: input.bytes() }
    }
}

/// `items`, read key by key.
pub struct Keys;

impl Signature for Keys {
    const TYPES: &'static str = "bytes[]";
}
