//! Sums that say when they do not work out, and prices of shares in 256 bits.

use super::Fault;
use weir_chain::U256;

/// Shares that belong to nobody and are part of every price (10^6), and the unit that nobody paid in.
const VIRTUAL: (u128, u128) = (1, 1_000_000);

fn fault(what: &str) -> Fault {
    Fault { asset: None, what: what.to_owned() }
}

/// Adds in place.
pub(super) fn add(place: &mut u128, more: u128) -> Result<(), Fault> {
    *place = place.checked_add(more).ok_or_else(|| fault("an event brings more than fits"))?;
    Ok(())
}

/// Takes away in place.
pub(super) fn take(place: &mut u128, less: u128) -> Result<(), Fault> {
    *place = place.checked_sub(less).ok_or_else(|| fault("an event takes more than there is"))?;
    Ok(())
}

/// The difference of two parts of one event.
pub(super) fn rest(whole: u128, part: u128) -> Result<u128, Fault> {
    whole.checked_sub(part).ok_or_else(|| fault("a part of an event is larger than the whole"))
}

/// Which way a division is rounded.
#[derive(Clone, Copy)]
pub(super) enum Round {
    Down,
    Up,
}

/// What shares are worth at totals (assets, shares), rounded down.
pub(super) fn worth(totals: (u128, u128), shares: u128) -> Result<u128, Fault> {
    ratio(shares, totals.0, VIRTUAL.0, totals.1, VIRTUAL.1, Round::Down)
}

/// The shares for an amount of assets at totals (assets, shares).
pub(super) fn shares_for(totals: (u128, u128), assets: u128, round: Round) -> Result<u128, Fault> {
    ratio(assets, totals.1, VIRTUAL.1, totals.0, VIRTUAL.0, round)
}

/// number · (above + above_virtual) / (below + below_virtual)
fn ratio(
    number: u128,
    above: u128,
    above_virtual: u128,
    below: u128,
    below_virtual: u128,
    round: Round,
) -> Result<u128, Fault> {
    let above = U256::from(above) + U256::from(above_virtual);
    let below = U256::from(below) + U256::from(below_virtual);
    // 128 bits times at most 129 bits may be 257 bits long.
    let product =
        U256::from(number).checked_mul(above).ok_or_else(|| fault("an amount is too large"))?;
    let (quotient, remainder) = product.div_rem(below);
    let up = matches!(round, Round::Up) && !remainder.is_zero();
    u128::try_from(quotient + U256::from(up)).map_err(|_| fault("an amount is too large"))
}
