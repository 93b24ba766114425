//! What an account is worth, owes, and may do.
//!
//! Weighted values are sums of value · ratio in WAD times basis points, not divided back: 2^128 / 10^4 leaves room for
//! 3·10^16 US dollars in one account, and the feed's prices are bounded so that the caps stay far below that.

use crate::{
    address::Address,
    book::Book,
    error::{Code, Refusal, Word, refuse},
    host::Host,
    math::{cmp_products, div_floor, mul_div_floor},
    pricing::{self, LIQUIDATION, NEW_RISK},
    state::{Account, Reserve, ReserveId, SupplyLeg, account::Debts},
    units::{BPS, Bps, Overflow, Price, Timestamp, Value, WAD, WAD_PER_BPS, Wad},
};

/// With which prices and ratios an account is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Collateral at its low price and ltv, debt at its high price; prices must be fit for new risk. Collateral that
    /// supports nothing needs no price.
    Ltv,
    /// The same prices, collateral at its threshold.
    Threshold,
    /// Medians and thresholds; the prices of these two reserves must be fit for liquidation, any other without such a
    /// price gets the benefit of the doubt.
    Liquidation {
        /// The reserve that is repaid.
        debt: ReserveId,
        /// The reserve that is seized.
        collateral: ReserveId,
    },
    /// As for a liquidation, but no price has to be fit: every leg without one gets the benefit of the doubt.
    WriteOff,
    /// The last accepted medians, however old, and thresholds.
    LastAccepted,
}

/// What an account is worth and owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// Collateral that counts, each leg rounded down.
    pub collateral: Value,
    /// The same, each leg times its ratio in basis points.
    pub weighted: u128,
    /// Debt, each leg rounded up.
    pub debt: Value,
}

impl Values {
    /// Σ value · ratio / Σ debt in WAD, rounded down; the largest number without debt, or where it does not fit.
    #[must_use]
    pub fn health_factor(&self) -> Wad {
        if self.debt.is_zero() {
            return Wad::MAX;
        }
        mul_div_floor(self.weighted, WAD_PER_BPS, self.debt.0).map_or(Wad::MAX, Wad)
    }

    /// Whether the weighted collateral covers the debt. Exact, without a division; exactly 1 is covered.
    #[must_use]
    pub fn covers(&self) -> bool {
        cmp_products(self.weighted, 1, self.debt.0, u128::from(BPS)).is_ge()
    }

    /// Weighted collateral in US dollars, rounded down.
    #[must_use]
    pub fn supported(&self) -> Value {
        Value(div_floor(self.weighted, BPS.into()))
    }
}

/// Values an account, whose reserves must be in the book.
///
/// # Errors
/// What is wrong with a price that the view needs; `Overflow` if a sum does not fit.
pub fn values(
    account: &Account,
    book: &Book,
    now: Timestamp,
    view: View,
) -> Result<Values, Refusal> {
    let mut values = Values::default();
    for leg in account.supplies() {
        if leg.opted_out {
            continue;
        }
        let reserve = book.get(leg.reserve)?;
        let ratio = match view {
            View::Ltv => reserve.ltv_at(account.category, now),
            _ => reserve.risk.threshold_at(account.category, now),
        };
        if ratio.is_zero() {
            continue;
        }
        let price = collateral_price(reserve, leg.reserve, now, view)?;
        let value = leg_value(reserve, leg, price)?;
        values.collateral = values.collateral.checked_add(value)?;
        values.weighted = weighted_sum(values.weighted, value, ratio)?;
    }
    for leg in account.debts() {
        let reserve = book.get(leg.reserve)?;
        let price = debt_price(reserve, leg.reserve, now, view)?;
        let owed = reserve.balances.debt_cost(leg.shares)?.paid;
        let value = pricing::value_ceil(owed, price, reserve.decimals)?;
        values.debt = values.debt.checked_add(value)?;
    }
    Ok(values)
}

fn weighted_sum(sum: u128, value: Value, ratio: Bps) -> Result<u128, Overflow> {
    let weighted = value.0.checked_mul(u128::from(ratio.0)).ok_or(Overflow)?;
    sum.checked_add(weighted).ok_or(Overflow)
}

/// What a leg is worth at a price: its supply and what it protects, rounded down.
///
/// # Errors
/// [`Overflow`] if the value does not fit.
pub fn leg_value(reserve: &Reserve, leg: &SupplyLeg, price: Price) -> Result<Value, Overflow> {
    let supplied = reserve.balances.supply.to_assets_floor(leg.shares)?;
    pricing::value_floor(supplied.checked_add(leg.protected)?, price, reserve.decimals)
}

/// What a unit of a collateral counts for in this view.
pub(crate) fn collateral_price(
    reserve: &Reserve,
    id: ReserveId,
    now: Timestamp,
    view: View,
) -> Result<Price, Refusal> {
    let price = &reserve.price;
    Ok(match view {
        View::Ltv | View::Threshold => {
            NEW_RISK.check(id, price, &reserve.ages, now)?;
            pricing::low(price)
        }
        View::Liquidation { .. } | View::WriteOff if !usable(reserve, id, now, view)? => {
            pricing::doubt_collateral(price)
        }
        _ => price.median,
    })
}

fn debt_price(
    reserve: &Reserve,
    id: ReserveId,
    now: Timestamp,
    view: View,
) -> Result<Price, Refusal> {
    let price = &reserve.price;
    Ok(match view {
        View::Ltv | View::Threshold => {
            NEW_RISK.check(id, price, &reserve.ages, now)?;
            pricing::high(price)
        }
        View::Liquidation { .. } | View::WriteOff if !usable(reserve, id, now, view)? => {
            pricing::doubt_debt(price)
        }
        _ => price.median,
    })
}

/// Whether the price is fit for a liquidation. For the two reserves of the liquidation it has to be.
fn usable(reserve: &Reserve, id: ReserveId, now: Timestamp, view: View) -> Result<bool, Refusal> {
    let checked = LIQUIDATION.check(id, &reserve.price, &reserve.ages, now);
    match view {
        View::Liquidation { debt, collateral } if id == debt || id == collateral => {
            checked.map(|()| true)
        }
        _ => Ok(checked.is_ok()),
    }
}

/// Lets an account through that took on no risk it cannot carry: its collateral supports its debt by the ltv, **or** no
/// debt grew and the ratio of threshold-weighted collateral to debt did not fall. Whoever reduces his risk is never held
/// back. The reserves of `after` must be in the book; the account before, and its reserves, are looked up as the host
/// still has them.
///
/// # Errors
/// `InsufficientCollateral`, or what is wrong with a price.
pub(crate) fn check_new_risk<H: Host>(
    host: &mut H,
    (who, owed_before): (&Address, &Debts),
    after: &Account,
    book: &Book,
    now: Timestamp,
) -> Result<(), Refusal> {
    if !after.has_debt() {
        return Ok(());
    }
    let supported = values(after, book, now, View::Ltv)?;
    if supported.covers() {
        return Ok(());
    }
    let grew = after.debts().iter().any(|leg| leg.shares > owed_before.of(leg.reserve));
    if !grew {
        let was = values_as_stored(host, who, now)?;
        let is = values(after, book, now, View::Threshold)?;
        if cmp_products(is.weighted, was.debt.0, was.weighted, is.debt.0).is_ge() {
            return Ok(());
        }
    }
    Err(insufficient(&supported))
}

/// Lets an account through that is healthy at prices fit for new risk. Asked of whoever takes out what does not count as
/// collateral: a liquidation takes that too once the rest is gone, and a bankrupt borrower must not be first.
///
/// # Errors
/// `InsufficientCollateral`, or what is wrong with a price.
pub(crate) fn check_recourse(
    account: &Account,
    book: &Book,
    now: Timestamp,
) -> Result<(), Refusal> {
    let values = values(account, book, now, View::Threshold)?;
    if values.covers() { Ok(()) } else { Err(insufficient(&values)) }
}

#[inline(never)]
fn insufficient(values: &Values) -> Refusal {
    refuse(Code::InsufficientCollateral, Word::from(values.supported()), Word::from(values.debt))
}

/// An account as it was before the call, at the totals of then: nothing is stored until every check has passed. Out of
/// line, because few calls need it and it takes a second book.
#[inline(never)]
fn values_as_stored<H: Host>(
    host: &mut H,
    who: &Address,
    now: Timestamp,
) -> Result<Values, Refusal> {
    let before = host.load_account(who)?;
    let mut book = Book::new();
    book.load_all(host, &before)?;
    values(&before, &book, now, View::Threshold)
}

/// Whether a leg counts as collateral for accounts of this category, now or at the end of a ramp.
#[must_use]
pub fn counts(reserve: &Reserve, leg: &SupplyLeg, category: u8, now: Timestamp) -> bool {
    let threshold = reserve.risk.threshold_of(category);
    !leg.opted_out
        && (!threshold.target.is_zero() || !threshold.at(&reserve.risk.ramp, now).is_zero())
}

/// A health factor of 1.
pub const HEALTHY: Wad = Wad(WAD);

#[cfg(test)]
mod tests;
