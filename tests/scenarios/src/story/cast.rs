//! Who borrows what against what: positions of different kinds, from the edge to the safe side.
//!
//! A position is written down by its health factor, because that says at which fall it becomes liquidatable: collateral
//! of one kind and stable debt are liquidatable once the price is below 1 / health of its start. Sizes follow from a
//! seed, so the same seed is the same story.

#[cfg(test)]
mod tests;

use anyhow::{Context as _, Result};
use weir_chain::Address;
use weir_core::pricing::{amount_ceil, amount_floor};
use weir_core::units::{BPS, Price, Value, WAD};

/// An asset of the story, by its place in [`Terms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asset {
    /// The dollar, 6 decimals.
    Usdc,
    /// 10 decimals.
    Dot,
    /// 18 decimals.
    Eth,
}

impl Asset {
    /// All of them.
    pub const ALL: [Self; 3] = [Usdc, Dot, Eth];

    /// As the deployment calls it.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Usdc => "USDC",
            Dot => "DOT",
            Eth => "ETH",
        }
    }
}

/// What the pool says of an asset.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// The token.
    pub token: Address,
    /// Its decimals.
    pub decimals: u8,
    /// USD per whole token, WAD.
    pub price: u128,
    /// Bps, for taking on debt.
    pub ltv: u16,
    /// Bps, for liquidation.
    pub threshold: u16,
}

/// The assets, in the order of [`Asset::ALL`].
pub type Terms = [Term; 3];

fn term(terms: &Terms, asset: Asset) -> &Term {
    let [usdc, dot, eth] = terms;
    match asset {
        Usdc => usdc,
        Dot => dot,
        Eth => eth,
    }
}

/// How a collateral is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Lent out, and counted.
    Supplied,
    /// Lent out, and not counted: its owner opted out.
    OptedOut,
    /// Set apart.
    Protected,
}

/// A kind of position.
struct Kind {
    name: &'static str,
    /// Collaterals with their parts of the value.
    collateral: &'static [(Asset, Held, u32)],
    /// Debts with their parts of the value.
    debt: &'static [(Asset, u32)],
    /// USD owed, from and to.
    size: (u32, u32),
    /// Health factors at the start in bps, one position each.
    health: &'static [u32],
}

use Asset::{Dot, Eth, Usdc};
use Held::{OptedOut, Protected, Supplied};

const KINDS: &[Kind] = &[
    Kind {
        name: "ether against dollars",
        collateral: &[(Eth, Supplied, 1)],
        debt: &[(Usdc, 1)],
        size: (2_000, 60_000),
        health: &[
            10_820, 10_930, 10_935, 11_800, 14_200, 15_600, 16_800, 18_500, 19_500, 20_500, 21_500,
            22_000, 24_000, 30_000,
        ],
    },
    Kind {
        name: "DOT against dollars",
        collateral: &[(Dot, Supplied, 1)],
        debt: &[(Usdc, 1)],
        size: (1_000, 40_000),
        health: &[
            12_200, 13_500, 14_500, 16_500, 18_300, 19_500, 20_000, 20_500, 21_000, 21_500, 22_000,
            24_000, 26_000, 35_000,
        ],
    },
    Kind {
        name: "two collaterals",
        collateral: &[(Dot, Supplied, 1), (Eth, Supplied, 1)],
        debt: &[(Usdc, 1)],
        size: (5_000, 50_000),
        health: &[12_500, 16_800, 19_500, 20_500, 22_000, 25_000],
    },
    Kind {
        name: "protected ether",
        collateral: &[(Eth, Protected, 1)],
        debt: &[(Usdc, 1)],
        size: (1_500, 20_000),
        health: &[12_000, 15_900, 19_000, 23_000],
    },
    Kind {
        name: "DOT, half of it protected",
        collateral: &[(Dot, Protected, 1), (Dot, Supplied, 1)],
        debt: &[(Usdc, 1)],
        size: (1_500, 20_000),
        health: &[13_300, 16_500],
    },
    Kind {
        name: "two debts",
        collateral: &[(Eth, Supplied, 1)],
        debt: &[(Usdc, 3), (Dot, 2)],
        size: (3_000, 30_000),
        health: &[11_400, 13_300, 13_900, 16_000, 18_000],
    },
    Kind {
        name: "ether against ether",
        collateral: &[(Eth, Supplied, 1)],
        debt: &[(Eth, 1)],
        size: (5_000, 20_000),
        health: &[11_500, 14_000],
    },
    Kind {
        name: "short",
        collateral: &[(Usdc, Supplied, 1)],
        debt: &[(Dot, 1)],
        size: (2_000, 20_000),
        health: &[11_500, 12_500],
    },
    Kind {
        name: "opted out of half",
        collateral: &[(Eth, Supplied, 2), (Dot, OptedOut, 1)],
        debt: &[(Usdc, 1)],
        size: (2_000, 20_000),
        health: &[10_930, 15_200, 20_000],
    },
    Kind {
        name: "as small as may be",
        collateral: &[(Dot, Supplied, 1)],
        debt: &[(Usdc, 1)],
        size: (101, 110),
        health: &[12_800, 20_000, 23_000, 28_000],
    },
    Kind {
        name: "whale",
        collateral: &[(Eth, Supplied, 1)],
        debt: &[(Usdc, 1)],
        size: (2_000_000, 3_000_000),
        health: &[13_500, 19_500],
    },
];

/// What a position needs beyond the least that the pool's ltv asks for, in bps: reporters differ, so new risk is
/// judged at the worse side of the price.
const MARGIN: u64 = 150;

/// What an account does to open its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The asset.
    pub asset: Asset,
    /// The token.
    pub token: Address,
    /// What is done with it.
    pub what: What,
    /// In the token's smallest units.
    pub amount: u128,
}

/// A step of an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Lend.
    Supply,
    /// Set apart.
    Protect,
    /// Keep it from being collateral.
    OptOut,
    /// Draw.
    Borrow,
}

/// A position to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The derivation path of its owner's key.
    pub owner: String,
    /// Its kind, in words.
    pub kind: &'static str,
    /// How it is opened, in one call.
    pub steps: Vec<Step>,
}

impl Position {
    /// What has to be brought along, by token.
    #[must_use]
    pub fn brings(&self) -> Vec<(Address, u128)> {
        let mut brings: Vec<(Address, u128)> = Vec::new();
        for step in
            self.steps.iter().filter(|step| matches!(step.what, What::Supply | What::Protect))
        {
            match brings.iter_mut().find(|(token, _)| *token == step.token) {
                Some((_, amount)) => *amount = amount.saturating_add(step.amount),
                None => brings.push((step.token, step.amount)),
            }
        }
        brings
    }
}

/// All positions of the story.
///
/// # Errors
/// If an amount does not fit, which the sizes rule out.
pub fn positions(seed: u64, terms: &Terms) -> Result<Vec<Position>> {
    let mut dice = Dice(seed);
    let mut positions = Vec::new();
    for kind in KINDS {
        for health in kind.health {
            let owner = format!("//Borrower//{}", positions.len() + 1);
            let dollars = dice.between(kind.size.0, kind.size.1);
            let steps = steps(kind, u64::from(*health), dollars, terms);
            let steps = steps.with_context(|| format!("{}: an amount does not fit", kind.name))?;
            positions.push(Position { owner, kind: kind.name, steps });
        }
    }
    Ok(positions)
}

/// The steps of one position; `None` if an amount does not fit.
fn steps(kind: &Kind, health: u64, dollars: u32, terms: &Terms) -> Option<Vec<Step>> {
    let owed = u128::from(dollars).checked_mul(WAD)?;
    let counted = || kind.collateral.iter().filter(|(_, held, _)| *held != OptedOut);
    let weigh = |ratio: fn(&Term) -> u16| {
        counted()
            .map(|(asset, _, part)| u64::from(*part) * u64::from(ratio(term(terms, *asset))))
            .sum::<u64>()
    };
    let (by_ltv, by_threshold) = (weigh(|term| term.ltv), weigh(|term| term.threshold));
    // The least health at which the ltv carries the debt, with a margin.
    let bps = u64::from(BPS);
    let least = (by_threshold * (bps + MARGIN)).div_ceil(by_ltv);
    let health = u128::from(health.max(least));
    // One part of the collateral: owed · health / Σ part · threshold, both in bps.
    let unit = owed.checked_mul(health)?.div_ceil(u128::from(by_threshold));
    let mut steps = Vec::new();
    for (asset, held, part) in kind.collateral {
        let Term { token, decimals, price, .. } = *term(terms, *asset);
        let value = Value(unit.checked_mul(u128::from(*part))?);
        let amount = amount_ceil(value, Price(price), decimals).ok()?.0;
        let what = if *held == Protected { What::Protect } else { What::Supply };
        steps.push(Step { asset: *asset, token, what, amount });
        if *held == OptedOut {
            steps.push(Step { asset: *asset, token, what: What::OptOut, amount: 0 });
        }
    }
    let parts: u32 = kind.debt.iter().map(|(_, part)| part).sum();
    for (asset, part) in kind.debt {
        let Term { token, decimals, price, .. } = *term(terms, *asset);
        let value = Value(owed.checked_mul(u128::from(*part))? / u128::from(parts));
        let amount = amount_floor(value, Price(price), decimals).ok()?.0;
        steps.push(Step { asset: *asset, token, what: What::Borrow, amount });
    }
    Some(steps)
}

/// Numbers that follow from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Any number from `low` to `high`, both included.
    fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        let step = u32::try_from(self.next() % span).unwrap_or_default();
        low.saturating_add(step)
    }
}
