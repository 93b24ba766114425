//! One step of a submission.

use crate::{
    address::Address,
    error::{Code, Refusal, Word, refuse},
    units::Assets,
};

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Pay in what earns interest and counts as collateral.
    Supply = 0,
    /// Pay in what is held apart: it earns nothing and is never lent.
    Protect = 1,
    /// Pay back debt.
    Repay = 2,
    /// Take out supply.
    Withdraw = 3,
    /// Take out what was protected.
    Unprotect = 4,
    /// Take on debt.
    Borrow = 5,
    /// Let a supply count as collateral (amount 1) or not (amount 0).
    SetCollateral = 6,
    /// Change the category (the amount is its number).
    SetCategory = 7,
}

impl Kind {
    /// All kinds, in the order of their codes.
    pub const ALL: [Self; 8] = [
        Self::Supply,
        Self::Protect,
        Self::Repay,
        Self::Withdraw,
        Self::Unprotect,
        Self::Borrow,
        Self::SetCollateral,
        Self::SetCategory,
    ];

    /// Whether its amount is one of tokens.
    #[must_use]
    pub const fn moves_money(self) -> bool {
        !matches!(self, Self::SetCollateral | Self::SetCategory)
    }
}

/// One step of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// What to do.
    pub kind: Kind,
    /// In which reserve; ignored for a change of category.
    pub asset: Address,
    /// How much, [`super::ALL`] for all; a switch or a number where no tokens move.
    pub amount: Assets,
}

impl Action {
    /// An action.
    #[must_use]
    pub const fn new(kind: Kind, asset: Address, amount: u128) -> Self {
        Self { kind, asset, amount: Assets(amount) }
    }

    /// The action with this code, at this place in the list.
    ///
    /// # Errors
    /// `UnknownAction` with the code and the place.
    pub fn decode(code: u8, asset: Address, amount: u128, index: u32) -> Result<Self, Refusal> {
        match Kind::ALL.get(usize::from(code)) {
            Some(kind) => Ok(Self::new(*kind, asset, amount)),
            None => Err(refuse(Code::UnknownAction, Word::from(code), Word::from(index))),
        }
    }
}
