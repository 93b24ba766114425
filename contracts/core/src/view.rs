//! What an account and a reserve look like right now, for people and programs.

use crate::{
    address::Address,
    book::Book,
    error::{Code, Refusal, Word, refuse_one},
    health::{Values, View, leg_value, values},
    host::Host,
    math::{mul_div_ceil, mul_div_floor},
    pricing::value_ceil,
    rates::{RateModel as _, utilisation},
    state::{Account, MAX_DEBTS, MAX_SUPPLIES, Reserve, ReserveId, Root},
    units::{Assets, BPS, Price, Timestamp, Value, Wad, YEAR},
};

/// A reserve in which an account is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LegData {
    /// Which reserve.
    pub reserve: ReserveId,
    /// Its token.
    pub token: Address,
    /// Supply, rounded down.
    pub supplied: Assets,
    /// Protected tokens.
    pub protected: Assets,
    /// Debt, rounded up.
    pub owed: Assets,
    /// Whether the supply and what is protected count as collateral.
    pub collateral: bool,
    /// The price at which the account becomes liquidatable if only this price moves; zero where no price does it.
    pub liquidation_price: Price,
}

/// An account at the last accepted prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountData {
    /// Collateral that counts (USD, WAD).
    pub collateral_value: Value,
    /// Debt (USD, WAD).
    pub debt_value: Value,
    /// What the collateral supports at its low price and ltv; zero if a price is not fit for new risk.
    pub borrow_capacity: Value,
    /// Health factor; the largest number without debt.
    pub health_factor: Wad,
    /// Whether it is below 1.
    pub liquidatable: bool,
    /// The account as it is stored.
    pub account: Account,
    legs: [LegData; MAX_LEGS],
    leg_count: usize,
}

const MAX_LEGS: usize = MAX_SUPPLIES + MAX_DEBTS;

impl AccountData {
    /// The reserves in which it is, supplies first.
    #[must_use]
    pub fn legs(&self) -> &[LegData] {
        self.legs.get(..self.leg_count).unwrap_or_default()
    }
}

/// Looks at an account at the last accepted prices, with interest up to now.
///
/// # Errors
/// What the host says of an item; `Overflow` if a sum does not fit.
pub fn account_data<H: Host>(host: &mut H, who: &Address) -> Result<AccountData, Refusal> {
    let account = host.load_account(who)?;
    let mut book = Book::new();
    book.load_all(host, &account)?;
    account_data_of(&account, &book, host.now())
}

/// The same for an account whose reserves are in the book.
///
/// # Errors
/// As [`account_data`].
pub fn account_data_of(
    account: &Account,
    book: &Book,
    now: Timestamp,
) -> Result<AccountData, Refusal> {
    let totals = values(account, book, now, View::LastAccepted)?;
    let capacity = values(account, book, now, View::Ltv);
    let mut data = AccountData {
        collateral_value: totals.collateral,
        debt_value: totals.debt,
        borrow_capacity: capacity.map_or(Value::ZERO, |values| values.supported()),
        health_factor: totals.health_factor(),
        liquidatable: !totals.covers(),
        account: account.clone(),
        legs: [LegData::default(); MAX_LEGS],
        leg_count: 0,
    };
    let debts = account.debts().iter().map(|leg| leg.reserve);
    for id in account.supplies().iter().map(|leg| leg.reserve).chain(debts) {
        let known = data.legs().iter().any(|leg| leg.reserve == id);
        if let (false, Some(place)) = (known, data.legs.get_mut(data.leg_count)) {
            *place = leg_data(account, book.get(id)?, id, now, &totals)?;
            data.leg_count += 1;
        }
    }
    Ok(data)
}

fn leg_data(
    account: &Account,
    reserve: &Reserve,
    id: ReserveId,
    now: Timestamp,
    totals: &Values,
) -> Result<LegData, Refusal> {
    let mut data = LegData { reserve: id, token: reserve.token, ..LegData::default() };
    let price = reserve.price.median;
    let mut weighted = 0;
    if let Some(leg) = account.supply(id) {
        data.supplied = reserve.balances.supply.to_assets_floor(leg.shares)?;
        data.protected = leg.protected;
        let threshold = reserve.risk.threshold_at(account.category, now);
        data.collateral = !leg.opted_out && !threshold.is_zero();
        if data.collateral {
            let value = leg_value(reserve, leg, price)?;
            weighted = value.0.saturating_mul(u128::from(threshold.0));
        }
    }
    let shares = account.debt(id);
    let mut owed = 0;
    if !shares.is_zero() {
        data.owed = reserve.balances.debt_cost(shares)?.paid;
        let value = value_ceil(data.owed, price, reserve.decimals)?;
        owed = value.0.saturating_mul(u128::from(BPS));
    }
    data.liquidation_price = liquidation_price(totals, price, weighted, owed);
    Ok(data)
}

/// The price p' at which Σ weighted = Σ debt if this leg's part of both moves with p'/p and nothing else does:
/// p' = p · (D − d − (W − w)) / (w − d), in value times basis points. Zero if there is none above zero.
fn liquidation_price(totals: &Values, price: Price, weighted: u128, owed: u128) -> Price {
    let all_owed = totals.debt.0.saturating_mul(u128::from(BPS));
    if all_owed == 0 {
        return Price::ZERO;
    }
    let others_weighted = totals.weighted.saturating_sub(weighted);
    let others_owed = all_owed.saturating_sub(owed);
    let moved = if weighted > owed && others_owed > others_weighted {
        // The collateral side: liquidatable below this price, rounded up.
        mul_div_ceil(price.0, others_owed - others_weighted, weighted - owed)
    } else if owed > weighted && others_weighted > others_owed {
        // The debt side: liquidatable above this price, rounded down.
        mul_div_floor(price.0, others_weighted - others_owed, owed - weighted)
    } else {
        Ok(0)
    };
    moved.map_or(Price::ZERO, Price)
}

/// A reserve with its interest up to now, and its rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReserveData {
    /// Its number.
    pub id: ReserveId,
    /// All its fields, interest booked.
    pub reserve: Reserve,
    /// Debt / (cash + debt).
    pub utilisation: Wad,
    /// What borrowers pay per year, simple interest.
    pub borrow_rate: Wad,
    /// What suppliers earn per year, simple interest.
    pub supply_rate: Wad,
}

/// Looks at a reserve.
///
/// # Errors
/// `UnknownAsset`, or what the host says of an item.
pub fn reserve_data<H: Host>(
    host: &mut H,
    root: &Root,
    asset: &Address,
) -> Result<ReserveData, Refusal> {
    let mut book = Book::new();
    let Some(id) = root.find(asset) else {
        return Err(refuse_one(Code::UnknownAsset, Word::from(asset)));
    };
    book.load(host, id)?;
    let reserve = **book.get(id)?;
    if reserve.token != *asset {
        return Err(refuse_one(Code::UnknownAsset, Word::from(asset)));
    }
    let used = utilisation(reserve.balances.debt.assets, reserve.balances.cash);
    let second = reserve.rates.rate_now(used);
    let borrow_rate = Wad(second.0.saturating_mul(u128::from(YEAR)));
    let supply_rate = crate::rates::supply_rate(borrow_rate, used, reserve.fees.fee.to_wad())?;
    Ok(ReserveData { id, reserve, utilisation: used, borrow_rate, supply_rate })
}

#[cfg(test)]
mod tests;
