//! How much is repaid and seized, and for which bonus. Nothing changes here.

use super::Case;
use crate::{
    actions::repay::affordable,
    error::{Code, Refusal, Word, refuse, refuse_one},
    health::{self, Values, View, values},
    host::Host,
    liquidation_math::{Terms, bonus_linear, target_health_repay_value},
    math::{cmp_products, mul_div_ceil, mul_div_floor},
    pricing::{LIQUIDATION, amount_ceil, amount_floor, value_ceil, value_floor},
    state::{Reserve, SupplyLeg},
    units::{Assets, BPS, Bps, Overflow, Shares, Value, WAD, Wad},
};

/// The terms of a liquidation that passes every check.
pub(super) struct Quote {
    /// Debt shares to retire.
    pub shares: Shares,
    /// What they cost.
    pub paid: Assets,
    /// Protected tokens that the borrower loses.
    pub seized_protected: Assets,
    /// Supply that he loses, in assets.
    pub seized_assets: Assets,
    /// He loses all that he has in this reserve, to the last share.
    pub seizes_all: bool,
    /// The insurance's part, out of the supply first.
    pub cut: Assets,
    /// The bonus.
    pub bonus: Wad,
}

/// What can be seized, and what is there.
struct Collateral {
    /// Within reach: all that is protected, and what the cash allows of the supply.
    reach: Assets,
    /// All that the borrower holds.
    held: Assets,
    /// The value of all of it, rounded down.
    value: Value,
    /// What repays for all within reach, each step rounded up.
    pays_for: Value,
}

impl<H: Host> Case<'_, H> {
    pub(super) fn quote(&self) -> Result<Quote, Refusal> {
        let (debt, collateral) = (self.book.get(self.debt)?, self.book.get(self.collateral)?);
        for (id, reserve) in [(self.debt, debt), (self.collateral, collateral)] {
            LIQUIDATION.check(id, &reserve.price, &reserve.ages, self.now)?;
        }
        let view = View::Liquidation { debt: self.debt, collateral: self.collateral };
        let totals = values(&self.account, self.book, self.now, view)?;
        if totals.covers() {
            return Err(refuse_one(Code::Healthy, Word::from(totals.health_factor())));
        }
        let leg = self.leg()?;
        let terms = self.terms(collateral, &leg, &totals)?;
        let target =
            target_health_repay_value(totals.debt, totals.supported(), &terms, Value::MAX)?;
        let side = self.collateral_side(collateral, &leg, terms.bonus)?;
        let owed = self.account.debt(self.debt);
        let shares = self.size(debt, owed, target, &side, terms.bonus)?;
        let paid = debt.balances.debt_cost(shares)?.paid;
        self.seizure(debt, collateral, &leg, &side, (shares, paid), terms.bonus)
    }

    fn leg(&self) -> Result<SupplyLeg, Refusal> {
        match self.account.supply(self.collateral) {
            Some(leg) => Ok(*leg),
            None => Err(self.nothing()),
        }
    }

    fn nothing(&self) -> Refusal {
        refuse_one(Code::NothingToSeize, Word::from(self.collateral))
    }

    /// Threshold and bonus of the seized collateral, and the target.
    fn terms(
        &self,
        collateral: &Reserve,
        leg: &SupplyLeg,
        totals: &Values,
    ) -> Result<Terms, Refusal> {
        let target = self.root.target_health.to_wad();
        let floor = collateral.liquidation.bonus_min.to_wad();
        let threshold = self.threshold(collateral, leg);
        if threshold.is_zero() {
            self.check_recourse()?;
            return Ok(Terms { target, threshold: Wad::ZERO, bonus: floor });
        }
        let most =
            collateral.risk.bonus_max(self.account.category, collateral.liquidation.bonus_max);
        let linear = bonus_linear(
            totals.health_factor(),
            floor,
            most.to_wad().max(floor),
            collateral.liquidation.health_for_max_bonus.to_wad(),
        )?;
        // No more than the collateral of the account bears, and never less than the floor.
        let spare = totals.collateral.checked_sub(totals.debt).unwrap_or(Value::ZERO);
        let bearable = mul_div_floor(spare.0, WAD, totals.debt.0).map_or(Wad::MAX, Wad);
        let bonus = linear.min(bearable).max(floor);
        Ok(Terms { target, threshold: threshold.to_wad(), bonus })
    }

    fn threshold(&self, reserve: &Reserve, leg: &SupplyLeg) -> Bps {
        if leg.opted_out {
            return Bps::ZERO;
        }
        reserve.risk.threshold_at(self.account.category, self.now)
    }

    /// What does not count as collateral is seized only once nothing worth more than dust is left of what does.
    fn check_recourse(&self) -> Result<(), Refusal> {
        for leg in self.account.supplies() {
            let reserve = self.book.get(leg.reserve)?;
            if !self.threshold(reserve, leg).is_zero()
                && health::leg_value(reserve, leg, reserve.price.median)? >= self.root.dust
            {
                return Err(self.nothing());
            }
        }
        Ok(())
    }

    fn collateral_side(
        &self,
        reserve: &Reserve,
        leg: &SupplyLeg,
        bonus: Wad,
    ) -> Result<Collateral, Refusal> {
        let supplied = reserve.balances.supply.to_assets_floor(leg.shares)?;
        let held = leg.protected.checked_add(supplied)?;
        let reach = if self.order.receive_shares {
            held
        } else {
            leg.protected.checked_add(supplied.min(reserve.balances.cash))?
        };
        if reach.is_zero() {
            return Err(self.nothing());
        }
        let price = reserve.price.median;
        let value = value_floor(held, price, reserve.decimals)?;
        let worth = value_ceil(reach, price, reserve.decimals)?;
        let pays_for = Value(mul_div_ceil(worth.0, WAD, with_bonus(bonus)?)?);
        Ok(Collateral { reach, held, value, pays_for })
    }

    /// The debt shares to retire: what the target asks for, bounded by both sides, all of a side that would be left as
    /// dust, and no more than the caller pays.
    fn size(
        &self,
        debt: &Reserve,
        owed: Shares,
        target: Value,
        side: &Collateral,
        bonus: Wad,
    ) -> Result<Shares, Refusal> {
        let dust = self.root.dust;
        let price = debt.price.median;
        let cost = debt.balances.debt_cost(owed)?.paid;
        let leg = value_ceil(cost, price, debt.decimals)?;
        let most = leg.min(side.pays_for);
        let mut wanted = target.min(most);
        if self.leaves_dust(wanted, leg, side, bonus)? {
            wanted = most;
        }
        let needed = if wanted >= leg {
            owed
        } else {
            let amount = amount_ceil(wanted, price, debt.decimals)?;
            debt.balances.debt.to_shares_ceil(amount)?.min(owed)
        };
        let shares = affordable(&debt.balances, needed, self.order.max_repay)?;
        if shares < needed {
            let paid = debt.balances.debt_cost(shares)?.paid;
            let worth = value_floor(paid, price, debt.decimals)?;
            let least = wanted.min(dust);
            if worth < least || shares.is_zero() {
                return Err(refuse(Code::BelowMinimum, Word::from(worth), Word::from(least)));
            }
            if self.leaves_dust(worth, leg, side, bonus)? {
                let needed = Word::from(debt.balances.debt_cost(needed)?.paid);
                return Err(refuse(Code::DustLeft, needed, Word::from(self.order.max_repay)));
            }
        }
        Ok(shares)
    }

    /// Whether a repayment of this value would leave a rest below dust of the debt or of the collateral.
    fn leaves_dust(
        &self,
        repaid: Value,
        leg: Value,
        side: &Collateral,
        bonus: Wad,
    ) -> Result<bool, Overflow> {
        let dust = self.root.dust;
        let seized = Value(mul_div_floor(repaid.0, with_bonus(bonus)?, WAD)?);
        let debt_left = leg.checked_sub(repaid).unwrap_or(Value::ZERO);
        let collateral_left = side.value.checked_sub(seized).unwrap_or(Value::ZERO);
        Ok([debt_left, collateral_left].iter().any(|left| !left.is_zero() && *left < dust))
    }

    /// What is seized for what is paid, down at each step; the insurance's part of the bonus, up.
    fn seizure(
        &self,
        debt: &Reserve,
        collateral: &Reserve,
        leg: &SupplyLeg,
        side: &Collateral,
        (shares, paid): (Shares, Assets),
        bonus: Wad,
    ) -> Result<Quote, Refusal> {
        let with_bonus = with_bonus(bonus)?;
        let repaid = value_floor(paid, debt.price.median, debt.decimals)?;
        let due = Value(mul_div_floor(repaid.0, with_bonus, WAD)?);
        let due = amount_floor(due, collateral.price.median, collateral.decimals)?;
        let seized = due.min(side.reach);
        let without_bonus = Assets(mul_div_floor(seized.0, WAD, with_bonus)?);
        let gain = seized.checked_sub(without_bonus)?;
        let part = u128::from(collateral.liquidation.insurance_cut.0);
        let cut = Assets(mul_div_ceil(gain.0, part, u128::from(BPS))?).min(gain);
        let received = seized.checked_sub(cut)?;
        let (wanted, bound) = (self.order.min_seized.0, self.order.max_repay.0);
        if cmp_products(received.0, bound, wanted, paid.0).is_lt() {
            let wanted = mul_div_ceil(wanted, paid.0, bound)?;
            return Err(refuse(Code::SeizedTooLittle, Word::from(received), Word::from(wanted)));
        }
        let seized_protected = seized.min(leg.protected);
        Ok(Quote {
            shares,
            paid,
            seized_protected,
            seized_assets: seized.checked_sub(seized_protected)?,
            seizes_all: seized == side.held,
            cut,
            bonus,
        })
    }
}

fn with_bonus(bonus: Wad) -> Result<u128, Overflow> {
    WAD.checked_add(bonus.0).ok_or(Overflow)
}
