//! What happens in a session, as plain data. People and tokens are numbers of the stage.

use serde::{Deserialize, Serialize};

/// The number of a person on the stage.
pub type Who = u8;
/// The number of a token on the stage; one that is not there is a token that nobody listed.
pub type Coin = u8;

/// One price of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Of which token.
    pub coin: Coin,
    /// USD for a whole token, WAD.
    pub median: u128,
    /// How far the low side is below, in basis points.
    pub down: u16,
    /// How far the high side is above.
    pub up: u16,
    /// Seconds by which it is older than now; below zero it is of the future.
    pub age: i32,
    /// Its round.
    pub round: u32,
    /// The code of its status.
    pub status: u8,
    /// Annual volatility, basis points.
    pub volatility: u16,
}

/// One action of a submission: kind, token, amount.
pub type Step = (u8, Coin, u128);

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the messages of the pool")]
pub enum Message {
    Wait {
        seconds: u32,
    },
    Prices {
        caller: Who,
        quotes: Vec<Quote>,
    },
    Submit {
        caller: Who,
        account: Who,
        to: Who,
        steps: Vec<Step>,
    },
    Liquidate {
        caller: Who,
        borrower: Who,
        debt: Coin,
        collateral: Coin,
        most: u128,
        least: u128,
        shares: bool,
    },
    WriteOff {
        caller: Who,
        account: Who,
    },
    Flash {
        caller: Who,
        receiver: Who,
        loans: Vec<(Coin, u128)>,
        batch: bool,
        within: Vec<Message>,
    },
    Accrue {
        caller: Who,
        coin: Coin,
    },
    Fund {
        caller: Who,
        coin: Coin,
        amount: u128,
    },
    Operator {
        caller: Who,
        operator: Who,
        permissions: u8,
        expiry: u32,
    },
    Pause {
        caller: Who,
        coin: Option<Coin>,
        operations: u16,
        duration: u32,
    },
    Unpause {
        caller: Who,
        coin: Option<Coin>,
        operations: u16,
    },
    Parameters {
        caller: Who,
        coin: Coin,
        config: u64,
    },
    Limits {
        caller: Who,
        dust: u128,
        min_debt: u128,
        target: u16,
    },
    Role {
        caller: Who,
        role: u8,
        holder: Who,
    },
    Skim {
        caller: Who,
        coin: Coin,
    },
    Reconcile {
        caller: Who,
        coin: Coin,
    },
    Collect {
        caller: Who,
        coin: Coin,
        to: Who,
        shares: u128,
    },
    List {
        caller: Who,
        coin: Coin,
        config: u64,
        seed: u128,
        floor: u128,
    },
    /// Somebody sends tokens to the pool, which is not asked.
    Donate {
        coin: Coin,
        amount: u128,
    },
    /// A token takes from the pool, which is not asked.
    Lose {
        coin: Coin,
        amount: u128,
    },
}

/// What is counted: every message of the pool, and the three things that happen around it.
pub const NAMES: [&str; 27] = [
    "supply",
    "protect",
    "repay",
    "withdraw",
    "unprotect",
    "borrow",
    "setCollateral",
    "setCategory",
    "submit",
    "liquidate",
    "writeOff",
    "flashLoan",
    "flashLoanBatch",
    "accrue",
    "fundInsurance",
    "onPrices",
    "setOperator",
    "pause",
    "unpause",
    "setParameters",
    "setLimits",
    "setRole",
    "skim",
    "reconcile",
    "collect",
    "list",
    "(around)",
];

/// The last name is not a message of the pool.
pub const AROUND: usize = NAMES.len() - 1;

impl Message {
    /// Its place in [`NAMES`].
    #[must_use]
    pub fn name(&self) -> usize {
        match self {
            Self::Submit { steps, .. } => match steps.as_slice() {
                [(kind, ..)] if *kind < 8 => usize::from(*kind),
                _ => 8,
            },
            Self::Liquidate { .. } => 9,
            Self::WriteOff { .. } => 10,
            Self::Flash { batch: false, .. } => 11,
            Self::Flash { batch: true, .. } => 12,
            Self::Accrue { .. } => 13,
            Self::Fund { .. } => 14,
            Self::Prices { .. } => 15,
            Self::Operator { .. } => 16,
            Self::Pause { .. } => 17,
            Self::Unpause { .. } => 18,
            Self::Parameters { .. } => 19,
            Self::Limits { .. } => 20,
            Self::Role { .. } => 21,
            Self::Skim { .. } => 22,
            Self::Reconcile { .. } => 23,
            Self::Collect { .. } => 24,
            Self::List { .. } => 25,
            Self::Wait { .. } | Self::Donate { .. } | Self::Lose { .. } => AROUND,
        }
    }

    /// Whether a role asked for it.
    #[must_use]
    pub const fn is_administration(&self) -> bool {
        matches!(
            self,
            Self::Pause { .. }
                | Self::Unpause { .. }
                | Self::Parameters { .. }
                | Self::Limits { .. }
                | Self::Role { .. }
                | Self::Collect { .. }
                | Self::List { .. }
        )
    }

    /// The accounts that it is about, what happens within it included.
    pub fn accounts(&self, found: &mut Vec<Who>) {
        match self {
            Self::Submit { account, .. } | Self::WriteOff { account, .. } => found.push(*account),
            Self::Liquidate { caller, borrower, .. } => found.extend([*caller, *borrower]),
            Self::Flash { within, .. } => within.iter().for_each(|message| message.accounts(found)),
            _ => {}
        }
    }
}
