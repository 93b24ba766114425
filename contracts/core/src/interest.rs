//! Interest: how much a debt grows, and how it is booked.
//!
//! Booking never fails. A reserve that could not accrue could not be repaid or liquidated either, so whatever does not
//! fit is clamped to what does, and said so in [`Booked::clamped`].

use crate::{
    math::{mul_add_div, mul_div_floor},
    shares::{Totals, VIRTUAL_ASSETS, VIRTUAL_SHARES},
    units::{Assets, Seconds, Shares, WAD, Wad},
};

/// Three terms of e^x − 1: a + ⌊a²/2⌋ + ⌊b·a/3⌋ in WAD, b being the second term. Never fails: what does not fit
/// becomes the largest value.
///
/// It lies below the exponential by less than (a⁴/24)·e^a (a in units of 1) and three units of truncation.
#[inline]
#[must_use]
pub fn taylor3(a: Wad) -> Wad {
    let second = mul_div_floor(a.0, a.0, 2 * WAD);
    let third = second.and_then(|second| mul_div_floor(second, a.0, 3 * WAD));
    match (second, third) {
        (Ok(second), Ok(third)) => {
            a.0.checked_add(second).and_then(|sum| sum.checked_add(third)).map_or(Wad::MAX, Wad)
        }
        _ => Wad::MAX,
    }
}

/// The growth of a debt over `elapsed` at a rate per second, see [`taylor3`]. Rounded down, never fails.
#[inline]
#[must_use]
pub fn growth_taylor3(rate_per_second: Wad, elapsed: Seconds) -> Wad {
    match rate_per_second.0.checked_mul(u128::from(elapsed.0)) {
        Some(a) => taylor3(Wad(a)),
        None => Wad::MAX,
    }
}

/// What [`book_interest`] works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accrual {
    /// Total debt.
    pub debt: Assets,
    /// Total supply and its shares.
    pub supply: Totals,
    /// The fraction of a unit that earlier bookings lost, in 10^-18 of a unit.
    pub rem: u64,
    /// Share of the interest that belongs to the protocol; above 1 counts as 1.
    pub fee: Wad,
}

/// What [`book_interest`] returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Added to the debt and to the supply.
    pub interest: Assets,
    /// The part of it that belongs to the protocol.
    pub fee_assets: Assets,
    /// The shares minted for that part.
    pub fee_shares: Shares,
    /// Total debt after the booking.
    pub debt: Assets,
    /// Total supply after the booking, `fee_shares` included.
    pub supply: Totals,
    /// The fraction of a unit to carry to the next booking, in 10^-18 of a unit.
    pub rem: u64,
    /// Something did not fit and less was booked than was due.
    pub clamped: bool,
}

/// Books the interest of `elapsed` at `rate_per_second`: ⌊(debt·growth + rem)/WAD⌋ to debt and supply, and the fee part
/// of it as supply shares at the price after the interest. Interest and fee are rounded down; never fails.
#[inline]
#[must_use]
pub fn book_interest(before: &Accrual, rate_per_second: Wad, elapsed: Seconds) -> Booked {
    book_growth(before, growth_taylor3(rate_per_second, elapsed))
}

/// [`book_interest`] for a growth that is already known.
#[must_use]
pub fn book_growth(before: &Accrual, growth: Wad) -> Booked {
    let (due, rem) = match mul_add_div(before.debt.0, growth.0, u128::from(before.rem), WAD) {
        // A remainder of a division by WAD is below 2^60.
        Ok((due, rem)) => (due, u64::try_from(rem).unwrap_or(0)),
        Err(_) => (u128::MAX, 0),
    };
    let room = head_room(before.debt.0, 0).min(head_room(before.supply.assets.0, VIRTUAL_ASSETS));
    let interest = due.min(room);
    let fee_part = before.fee.0.min(WAD);
    // A part of the interest always fits.
    let fee = mul_div_floor(interest, fee_part, WAD).unwrap_or(0);
    // Nor can the sums fail, because `interest` and the shares are within the head-room of what they are added to.
    let assets = before.supply.assets.0 + interest;
    let (fee_shares, shares_clamped) = fee_shares(before.supply.shares.0, assets - fee, fee);
    Booked {
        interest: Assets(interest),
        fee_assets: Assets(fee),
        fee_shares: Shares(fee_shares),
        debt: Assets(before.debt.0 + interest),
        supply: Totals {
            assets: Assets(assets),
            shares: Shares(before.supply.shares.0 + fee_shares),
        },
        rem: if due > room { 0 } else { rem },
        clamped: due > room || shares_clamped,
    }
}

/// Shares for `fee` assets on top of `others`, rounded down, and whether there was less room than that.
fn fee_shares(shares: u128, others: u128, fee: u128) -> (u128, bool) {
    if fee == 0 {
        return (0, false);
    }
    let totals = Totals { assets: Assets(others), shares: Shares(shares) };
    let due = totals.to_shares_floor(Assets(fee)).unwrap_or(Shares::MAX).0;
    let room = head_room(shares, VIRTUAL_SHARES);
    (due.min(room), due > room)
}

/// How much can be added to `total` so that `reserved` more still fits.
fn head_room(total: u128, reserved: u128) -> u128 {
    u128::MAX.checked_sub(reserved).and_then(|most| most.checked_sub(total)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
