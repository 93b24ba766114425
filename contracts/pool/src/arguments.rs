//! The arguments of the pool's messages, as its Solidity interface names them.

use weir_core::{
    address::Address,
    submit::{Kind, MAX_ACTIONS},
};
use weir_shell::{arguments::Arguments, reader::Reader};

/// Bytes of an action in an array of them.
const ACTION: usize = 3 * 32;

/// Defines arguments that are a plain sequence of words.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident($types:literal) { $($field:ident: $type:ty = $read:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        pub struct $name {
            $(pub $field: $type,)*
        }

        impl Arguments for $name {
            const TYPES: &'static str = $types;

            fn read(input: &mut Reader<'_>) -> Self {
                // Fields of a struct literal are evaluated in the order in which they are written.
                Self { $($field: input.$read(),)* }
            }
        }
    )*};
}

words! {
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

impl Arguments for Deploy {
    const TYPES: &'static str = "address,address,address,uint128,uint128";
    const HEAD: usize = 0;

    fn read(input: &mut Reader<'_>) -> Self {
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
#[derive(Clone, Copy)]
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

impl Arguments for Submit {
    const TYPES: &'static str = "address,(uint8,address,uint128)[],address";

    fn read(input: &mut Reader<'_>) -> Self {
        let account = input.address();
        input.offset(3 * 32);
        let to = input.address();
        let given = input.count(input.left() / ACTION);
        let mut actions = [RawAction { kind: Kind::Supply as u8, asset: Address::ZERO, amount: 0 }; MAX_ACTIONS];
        for index in 0..given {
            let action =
                RawAction { kind: input.u8(), asset: input.address(), amount: input.u128() };
            if let Some(place) = actions.get_mut(index) {
                *place = action;
            }
        }
        Self { account, to, given, actions }
    }
}
