//! The relations between the parameters of a reserve.

use super::{BucketConfig, Field, Invalid, ReserveConfig, Steering, ValidConfig};
use crate::{
    math::pow10,
    rates::{InvalidRate, Rates},
    shares::MAX_TOTAL_ASSETS,
    state::{Flags, limits::Cap},
    units::{Assets, BPS, Bps},
};

/// Most decimals of a token. More make prices of a smallest unit vanish.
pub const MAX_DECIMALS: u8 = 24;
/// Largest liquidation bonus: 50 %.
pub const MAX_BONUS: Bps = Bps(5_000);
/// Largest part of the interest for the protocol: 50 %.
pub const MAX_FEE: Bps = Bps(5_000);
/// Dearest flash loan: 10 %.
pub const MAX_FLASH_FEE: Bps = Bps(1_000);

impl Steering {
    /// Checks rates, caps and flow limits, for a token of so many decimals; the rate model, and the caps in smallest
    /// units in the order of [`ValidConfig::caps`].
    ///
    /// # Errors
    /// The first parameter that is out of its bounds.
    pub fn validate(&self, decimals: u8) -> Result<(Rates, [Cap; 6]), Invalid> {
        let rates = self.rates.build().map_err(|invalid| {
            let field = match invalid {
                InvalidRate::Optimal => Field::RateOptimal,
                InvalidRate::Slopes => Field::RateSlope2,
                InvalidRate::FullRate => Field::RateBase,
                InvalidRate::RateAtTarget => Field::RateModel,
            };
            Invalid { field, value: 0 }
        })?;
        check_bucket(self.inflow, Field::InflowMinutes)?;
        check_bucket(self.outflow, Field::OutflowMinutes)?;
        let cap = |amount, field| cap(amount, decimals, field);
        let [supply, borrow, protected, flash] = self.caps;
        let caps = [
            cap(supply, Field::SupplyCap)?,
            cap(borrow, Field::BorrowCap)?,
            cap(protected, Field::ProtectedCap)?,
            cap(flash, Field::FlashCap)?,
            cap(self.inflow.cap, Field::InflowCap)?,
            cap(self.outflow.cap, Field::OutflowCap)?,
        ];
        Ok((rates, caps))
    }
}

impl ReserveConfig {
    /// Checks every relation, for a token of so many decimals in a pool with this target health:
    /// ltv < threshold; threshold·(1 + bonus_max) < 1 < target health; bonus_min ≤ bonus_max;
    /// threshold·(1 + bonus_max) ≤ health for the largest bonus < 1; the same for the category; fees, rates, ages and
    /// caps within bounds.
    ///
    /// # Errors
    /// The first parameter that breaks one.
    pub fn validate(&self, decimals: u8, target_health: Bps) -> Result<ValidConfig, Invalid> {
        ensure(decimals <= MAX_DECIMALS, Field::Decimals, decimals)?;
        ensure(target_health > Bps(BPS), Field::TargetHealth, target_health.0)?;
        self.check_flags()?;
        self.check_bonus()?;
        self.check_ratios()?;
        self.check_category()?;
        self.check_fees()?;
        ensure(self.ages.strict > 0, Field::StrictAge, self.ages.strict)?;
        ensure(self.ages.long >= self.ages.strict, Field::LongAge, self.ages.long)?;
        let (rates, caps) = self.steering().validate(decimals)?;
        Ok(ValidConfig { config: *self, decimals, rates, caps })
    }

    fn check_flags(&self) -> Result<(), Invalid> {
        let flags = self.flags;
        let known = flags.0 & !Flags::CONFIGURED == 0;
        let isolated_is_collateral = !flags.has(Flags::ISOLATED) || flags.has(Flags::COLLATERAL);
        ensure(known && isolated_is_collateral, Field::Flags, flags.0)
    }

    fn check_bonus(&self) -> Result<(), Invalid> {
        let terms = &self.liquidation;
        ensure(terms.bonus_max <= MAX_BONUS, Field::BonusMax, terms.bonus_max.0)?;
        ensure(terms.bonus_min <= terms.bonus_max, Field::BonusMin, terms.bonus_min.0)?;
        let health = terms.health_for_max_bonus;
        ensure(health < Bps(BPS), Field::HealthForMaxBonus, health.0)?;
        ensure(terms.insurance_cut <= Bps(BPS), Field::InsuranceCut, terms.insurance_cut.0)
    }

    fn check_ratios(&self) -> Result<(), Invalid> {
        if !self.flags.has(Flags::COLLATERAL) {
            ensure(self.ltv.is_zero(), Field::Ltv, self.ltv.0)?;
            return ensure(self.threshold.is_zero(), Field::Threshold, self.threshold.0);
        }
        ensure(self.ltv < self.threshold, Field::Ltv, self.ltv.0)?;
        let seized = with_bonus(self.threshold, self.liquidation.bonus_max);
        ensure(seized < ONE, Field::Threshold, self.threshold.0)?;
        let health = self.liquidation.health_for_max_bonus;
        ensure(in_square(health) >= seized, Field::HealthForMaxBonus, health.0)
    }

    fn check_category(&self) -> Result<(), Invalid> {
        let category = &self.category;
        if category.id == 0 {
            let empty = *category == super::CategoryConfig::default();
            return ensure(empty, Field::Category, category.id);
        }
        let collateral = self.flags.has(Flags::COLLATERAL);
        ensure(collateral || category.threshold.is_zero(), Field::Category, category.id)?;
        let ltv_fits = category.ltv < category.threshold || category.threshold.is_zero();
        ensure(ltv_fits, Field::CategoryLtv, category.ltv.0)?;
        ensure(
            category.threshold >= self.threshold,
            Field::CategoryThreshold,
            category.threshold.0,
        )?;
        let bonus = category.bonus_max;
        let bonus_fits = bonus <= MAX_BONUS && bonus >= self.liquidation.bonus_min;
        ensure(bonus_fits, Field::CategoryBonusMax, bonus.0)?;
        let seized = with_bonus(category.threshold, bonus);
        ensure(seized < ONE, Field::CategoryThreshold, category.threshold.0)?;
        let health = self.liquidation.health_for_max_bonus;
        ensure(in_square(health) >= seized, Field::HealthForMaxBonus, health.0)
    }

    fn check_fees(&self) -> Result<(), Invalid> {
        let fees = &self.fees;
        ensure(fees.fee <= MAX_FEE, Field::Fee, fees.fee.0)?;
        ensure(fees.flash_fee <= MAX_FLASH_FEE, Field::FlashFee, fees.flash_fee.0)?;
        ensure(fees.flash_split <= Bps(BPS), Field::FlashSplit, fees.flash_split.0)?;
        let target = fees.insurance_target;
        ensure(target <= Bps(BPS), Field::InsuranceTarget, target.0)?;
        let cut = self.volatility.cut_max;
        ensure(cut <= Bps(BPS), Field::VolatilityCutMax, cut.0)
    }
}

/// One in squared basis points.
const ONE: u32 = 100_000_000;

/// ratio · (1 + bonus) in squared basis points.
fn with_bonus(ratio: Bps, bonus: Bps) -> u32 {
    // At most 65 535 · 15 000 < 2^30 (the bonus is bounded first).
    u32::from(ratio.0) * (u32::from(BPS) + u32::from(bonus.0))
}

fn in_square(ratio: Bps) -> u32 {
    u32::from(ratio.0) * u32::from(BPS)
}

fn check_bucket(bucket: BucketConfig, field: Field) -> Result<(), Invalid> {
    let fits = bucket.cap == 0 || bucket.refill_minutes > 0;
    ensure(fits, field, bucket.refill_minutes)
}

/// A cap in smallest units, not above what a total can hold.
fn cap(tokens: u64, decimals: u8, field: Field) -> Result<Cap, Invalid> {
    let amount =
        pow10(decimals).ok().and_then(|scale| scale.checked_mul(u128::from(tokens))).map(Assets);
    match amount {
        Some(amount) if amount <= MAX_TOTAL_ASSETS => Ok(Cap::floor(amount)),
        _ => Err(Invalid { field, value: tokens }),
    }
}

fn ensure(holds: bool, field: Field, value: impl Into<u64>) -> Result<(), Invalid> {
    if holds { Ok(()) } else { Err(Invalid { field, value: value.into() }) }
}
