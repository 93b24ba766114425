//! What an invariant gets to see of a step.

use crate::{
    long::LongRun,
    message::Message,
    replay::Replay,
    snapshot::Snapshot,
    world::{Applied, World},
};
use weir_core::{
    address::Address,
    error::Refusal,
    event::{Event, Liquidated},
    state::{Account, Reserve},
};

/// A step: before, what happened, after.
pub struct Scene<'a> {
    /// The number of the step.
    pub turn: u64,
    /// What was asked.
    pub message: &'a Message,
    /// What came of it.
    pub result: &'a Result<Applied, Refusal>,
    /// The world before.
    pub old: &'a World,
    /// The world after.
    pub new: &'a World,
    /// The state before.
    pub before: &'a Snapshot,
    /// The state after.
    pub after: &'a Snapshot,
    /// The reserves before, with interest up to the moment of the step.
    pub accrued: &'a [Reserve],
    /// The reserves after, with interest up to now.
    pub ripe: &'a [Reserve],
    /// The accounts that the message is about.
    pub involved: &'a [Address],
    /// The ledger of the whole session.
    pub long: &'a LongRun,
    /// The pool as its events tell it.
    pub replay: &'a Replay,
    /// What was sent to the pool unasked and not skimmed, by token, and whether the token ever took something.
    pub gifts: &'a [(u128, bool)],
}

impl<'a> Scene<'a> {
    /// What was said.
    pub fn events(&self) -> &'a [Event] {
        self.result.as_ref().map_or(&[], |applied| &applied.events)
    }

    /// Whether it was accepted.
    pub fn accepted(&self) -> Option<&'a Applied> {
        self.result.as_ref().ok()
    }

    /// The liquidation that happened.
    pub fn liquidation(&self) -> Option<&'a Liquidated> {
        self.events().iter().find_map(|event| match event {
            Event::Liquidated(liquidated) => Some(liquidated),
            _ => None,
        })
    }

    /// Whether a debt was written off.
    pub fn written_off(&self) -> bool {
        self.events().iter().any(|event| matches!(event, Event::BadDebt(_)))
    }

    /// A reserve before, with interest up to the step.
    pub fn was(&self, token: &Address) -> Result<&'a Reserve, String> {
        self.accrued
            .iter()
            .find(|reserve| reserve.token == *token)
            .ok_or_else(|| format!("no {token:?}"))
    }

    /// A reserve after.
    pub fn is(&self, token: &Address) -> Result<&'a Reserve, String> {
        self.after.reserve(token).ok_or_else(|| format!("no {token:?}"))
    }

    /// The account that this step looks at more closely: one of those involved, or the next in turn.
    pub fn chosen(&self) -> Option<(Address, Account)> {
        let turn = usize::try_from(self.turn).unwrap_or(0);
        let who = match self.involved.first() {
            Some(who) if turn.is_multiple_of(2) => *who,
            _ => self.after.accounts.get(turn % self.after.accounts.len().max(1))?.0,
        };
        Some((who, self.after.account(&who)))
    }

    /// The reserve that this step looks at more closely.
    pub fn turned(&self) -> Option<&'a Reserve> {
        let turn = usize::try_from(self.turn).unwrap_or(0);
        self.ripe.get(turn % self.ripe.len().max(1))
    }
}

/// Ends a check with a sentence unless something holds.
macro_rules! ensure {
    ($holds:expr, $($words:tt)+) => {
        if !$holds {
            return Err(format!($($words)+));
        }
    };
}
pub(crate) use ensure;
