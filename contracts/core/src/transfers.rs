//! What has to move between the pool and others once the state is stored: at most one call per token.

use arrayvec::ArrayVec;

use crate::{
    address::Address,
    submit::MAX_ACTIONS,
    units::{Assets, Overflow},
};

/// Which way tokens move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From the caller to the pool.
    #[default]
    Pull,
    /// From the pool to the receiver.
    Push,
}

/// Tokens that move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transfer {
    /// Which token.
    pub token: Address,
    /// Which way.
    pub direction: Direction,
    /// How much, in smallest units; never zero.
    pub amount: Assets,
}

/// All tokens that move in a call. What comes in and what goes out of the same token is netted: the rest is pulled from
/// the caller or pushed to the receiver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transfers {
    entries: ArrayVec<Transfer, MAX_ACTIONS>,
}

impl Transfers {
    /// The transfers: first all pulls, then all pushes, as the shell has to do them.
    pub fn iter(&self) -> impl Iterator<Item = &Transfer> {
        let some = |direction| {
            self.entries
                .iter()
                .filter(move |entry| entry.direction == direction && !entry.amount.is_zero())
        };
        some(Direction::Pull).chain(some(Direction::Push))
    }

    /// Adds what moves in one action.
    ///
    /// # Errors
    /// [`Overflow`] if the sum does not fit.
    pub(crate) fn add(
        &mut self,
        token: &Address,
        direction: Direction,
        amount: Assets,
    ) -> Result<(), Overflow> {
        for entry in &mut self.entries {
            if entry.token == *token {
                return entry.net(direction, amount);
            }
        }
        // One entry per action: there is always room.
        let entry = Transfer { token: *token, direction, amount };
        self.entries.try_push(entry).map_err(|_| Overflow)
    }
}

impl Transfer {
    fn net(&mut self, direction: Direction, amount: Assets) -> Result<(), Overflow> {
        if self.direction == direction {
            self.amount = self.amount.checked_add(amount)?;
        } else if self.amount >= amount {
            self.amount = self.amount.checked_sub(amount)?;
        } else {
            self.amount = amount.checked_sub(self.amount)?;
            self.direction = direction;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use std::vec::Vec;

    #[test]
    fn one_token_moves_once_and_pulls_come_first() {
        let (x, y) = (Address([1; 20]), Address([2; 20]));
        let mut transfers = Transfers::default();
        transfers.add(&x, Direction::Pull, Assets(100)).unwrap();
        transfers.add(&x, Direction::Push, Assets(130)).unwrap();
        transfers.add(&y, Direction::Pull, Assets(5)).unwrap();
        transfers.add(&x, Direction::Push, Assets(1)).unwrap();
        let all: Vec<_> = transfers.iter().copied().collect();
        assert_eq!(
            all,
            [
                Transfer { token: y, direction: Direction::Pull, amount: Assets(5) },
                Transfer { token: x, direction: Direction::Push, amount: Assets(31) },
            ]
        );
        transfers.add(&x, Direction::Pull, Assets(31)).unwrap();
        assert_eq!(transfers.iter().count(), 1);
    }
}
