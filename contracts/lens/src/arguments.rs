//! What the messages of the lens take, in the words of its interface.

use weir_core::address::Address;
use weir_core::error::Refusal;
use weir_core::liquidate::Order;
use weir_core::submit::{Action, Kind, MAX_ACTIONS, too_many_actions};
use weir_core::units::Assets;
use weir_shell::arguments::{Arguments, Signature};
use weir_shell::reader::{Reader, Source};

/// Bytes of an action in an array of them.
const ACTION: usize = 3 * 32;

weir_shell::arguments! {
    /// `reserveData`.
    ReserveOf("address,address") {
        pool: Address = address,
        asset: Address = address,
    }
    /// `accountData`.
    AccountOf("address,address") {
        pool: Address = address,
        account: Address = address,
    }
    /// `indebted`.
    Page("address,uint32") {
        pool: Address = address,
        page: u32 = u32,
    }
}

/// `preview`.
pub struct Submission {
    pub pool: Address,
    pub caller: Address,
    pub account: Address,
    pub to: Address,
    actions: [Action; MAX_ACTIONS],
    given: usize,
    refusal: Option<Refusal>,
}

impl Submission {
    /// The actions, or what the pool would say of them.
    pub fn actions(&self) -> Result<&[Action], Refusal> {
        match self.refusal {
            Some(refusal) => Err(refusal),
            None => self.actions.get(..self.given).ok_or_else(|| too_many_actions(self.given)),
        }
    }
}

impl Signature for Submission {
    const TYPES: &'static str = "address,address,address,(uint8,address,uint128)[],address";
}

impl Arguments for Submission {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let (pool, caller, account) = (input.address(), input.address(), input.address());
        input.offset(5 * 32);
        let to = input.address();
        let given = input.count(input.left() / ACTION);
        let mut actions = [Action::new(Kind::Supply, Address::ZERO, 0); MAX_ACTIONS];
        let mut refusal = None;
        for (index, place) in (0..).zip(actions.iter_mut().take(given)) {
            let (kind, asset, amount) = (input.u8(), input.address(), input.u128());
            match Action::decode(kind, asset, amount, index) {
                Ok(action) => *place = action,
                Err(found) => refusal = refusal.or(Some(found)),
            }
        }
        input.skip(given.saturating_sub(MAX_ACTIONS).saturating_mul(ACTION));
        Self { pool, caller, account, to, actions, given, refusal }
    }
}

/// `previewLiquidation`.
pub struct Liquidation {
    pub pool: Address,
    pub caller: Address,
    pub order: Order,
}

impl Signature for Liquidation {
    const TYPES: &'static str = "address,address,address,address,address,uint128,uint128,bool";
}

impl Arguments for Liquidation {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let (pool, caller) = (input.address(), input.address());
        let order = Order {
            borrower: input.address(),
            debt: input.address(),
            collateral: input.address(),
            max_repay: Assets(input.u128()),
            min_seized: Assets(input.u128()),
            receive_shares: input.bool(),
        };
        Self { pool, caller, order }
    }
}
