//! Assets whose price is a base price times a rate, such as a share of a vault or a staked token.
//!
//! Whoever can raise the rate at once (a donation to the vault) could borrow against it. New risk is therefore served
//! at no more than a rate that grows from a start that the governor looked at.

use crate::address::Address;
use crate::math::mul_div_floor;
use crate::units::{Bps, Overflow, Timestamp};

const YEAR: u128 = 31_536_000;
const BPS: u128 = 10_000;

/// Fastest growth of a cap: it doubles in a year.
pub const MAX_GROWTH: Bps = Bps(10_000);

/// What the feed lets reading a rate cost: execution time in picoseconds, proof in bytes.
pub const RATE_BUDGET: (u64, u64) = (10_000_000_000, 400_000);

/// Where a rate is read, and how fast it may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The contract that is asked.
    pub source: Address,
    /// The message, which takes nothing and answers a `uint256` (WAD: 10^18 is one to one).
    pub selector: [u8; 4],
    start: u128,
    growth: Bps,
    from: Timestamp,
}

impl Rate {
    /// A rate that is believed up to `start`·(1 + growth·n) for new risk, n in years since `from`. `None` unless the
    /// source is an address, 0 < start < 2^100 and growth ≤ [`MAX_GROWTH`].
    #[must_use]
    pub fn new(
        source: Address,
        selector: [u8; 4],
        start: u128,
        growth: Bps,
        from: Timestamp,
    ) -> Option<Self> {
        let fits = !source.is_zero() && is_rate(start) && growth <= MAX_GROWTH;
        fits.then_some(Self { source, selector, start, growth, from })
    }

    /// The rate (WAD) from which the cap grows.
    #[must_use]
    pub const fn start(&self) -> u128 {
        self.start
    }

    /// How much the cap grows in a year, of its start.
    #[must_use]
    pub const fn growth(&self) -> Bps {
        self.growth
    }

    /// When the cap was at its start.
    #[must_use]
    pub const fn from(&self) -> Timestamp {
        self.from
    }

    /// The cap (WAD): start·(1 + growth·n), rounded down.
    ///
    /// # Errors
    /// [`Overflow`], which the bounds of a rate rule out.
    pub fn at(&self, now: Timestamp) -> Result<u128, Overflow> {
        let seconds = u128::from(now.since(self.from).map_or(0, |age| age.0));
        let grown = seconds.checked_mul(u128::from(self.growth.0)).ok_or(Overflow)?;
        self.start.checked_add(mul_div_floor(self.start, grown, BPS * YEAR)?).ok_or(Overflow)
    }
}

/// Whether a number can be a rate: 0 < rate < 2^100.
#[must_use]
pub const fn is_rate(rate: u128) -> bool {
    rate > 0 && rate < 1 << 100
}
